/**
 * The family PIN on the extension's own pages. What is typed never leaves the page: the
 * background gets what PBKDF2 makes of it.
 *
 * @typedef {import("../types").Change} Change
 * @typedef {import("../types").PinHash} PinHash
 * @typedef {import("../types").PinStatus} PinStatus
 * @typedef {import("../types").Status} Status
 */

import { ask, clock, make, say } from "./page.js";

/** Rounds of PBKDF2 with HMAC-SHA-256: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2 */
const ROUNDS = 600_000;
/** Length of the salt, in bytes. */
const SALT = 16;
/** Length of what comes out, in bits. */
const HASH = 256;
/** Fewest digits of a PIN. */
export const SHORTEST = 4;

/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

/**
 * @param {string} pin
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} rounds
 */
async function derive(pin, salt, rounds) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, key, HASH);
  return base64(new Uint8Array(bits));
}

/**
 * What is kept of a new PIN.
 *
 * @param {string} pin
 * @returns {Promise<PinHash>}
 */
export async function keep(pin) {
  const salt = crypto.getRandomValues(new Uint8Array(SALT));
  return { salt: base64(salt), rounds: ROUNDS, hash: await derive(pin, salt, ROUNDS) };
}

/** @param {PinStatus} pin */
const isClosed = ({ closedUntil }) => typeof closedUntil === "number" && closedUntil > Date.now();

/**
 * What came of a try.
 *
 * @typedef {object} Outcome
 * @property {PinStatus} pin as it is now
 * @property {string} told why nothing came of it; empty where the change was made
 */

/** When the next PIN can be typed. @param {PinStatus} pin */
const wait = (pin) => say("pin_wait", clock(Number(pin.closedUntil)));

/**
 * Makes a change that the family PIN guards: asks for it where one is set, until it is right
 * or the person gives up.
 *
 * @param {Status | undefined} status
 * @param {Change} change
 * @returns {Promise<boolean>} whether the PIN, where one was asked for, was right
 */
export async function changeWithPin(status, change) {
  if (!status?.pin || status.frozen) {
    await ask({ message: "change", change, proof: null });
    return true;
  }
  return changeByPin(status.pin, change);
}

/**
 * Makes a change with the family PIN: asks for it until it is right or the person gives up.
 *
 * @param {PinStatus} pin
 * @param {Change} change
 * @returns {Promise<boolean>} whether it was right
 */
export async function changeByPin(pin, change) {
  return enter(pin, async (pin, typed) => {
    const salt = Uint8Array.from(atob(pin.salt), (byte) => byte.charCodeAt(0));
    const proof = await derive(typed, salt, pin.rounds);
    const asked = Date.now();
    const answer = await ask({ message: "change", change, proof });
    if (answer.answer === "off") return { pin, told: say("off_why") };
    const { pin: now, timeline } = answer.status;
    // Then no PIN was looked at, and the count of wrong ones is an older one.
    const refused = timeline.some(({ at, what }) => what.what === "refused" && at >= asked);
    if (refused) return { pin: now ?? pin, told: say(change.change === "alarmOff" ? "alarm_off_waits" : "frozen") };
    if (now && isClosed(now)) return { pin: now, told: wait(now) };
    return { pin: now ?? pin, told: now && now.wrong > pin.wrong ? say("pin_wrong") : "" };
  });
}

/**
 * Shows the form.
 *
 * @param {PinStatus} first
 * @param {(pin: PinStatus, typed: string) => Promise<Outcome>} tried
 * @returns {Promise<boolean>} when the form is gone: whether the PIN was right
 */
function enter(first, tried) {
  let pin = first;
  const field = /** @type {HTMLInputElement} */ (
    make("input", { id: "pin-field", class: "dc-select", type: "password", inputmode: "numeric", autocomplete: "off", autofocus: "" })
  );
  const told = make("p", { id: "pin-told", class: "dc-text dc-strong", role: "alert" });
  const ok = make("button", { type: "submit", id: "pin-ok", class: "dc-button dc-first" }, say("pin_ok"));
  const cancel = make("button", { type: "button", id: "pin-cancel", class: "dc-button" }, say("pin_cancel"));
  const form = make(
    "form", { class: "dc-stack" },
    make("h2", { class: "dc-head", id: "pin-title" }, say("pin_ask_title")),
    make("p", { class: "dc-text" }, say("pin_ask_why")),
    make("label", { class: "dc-field" }, say("pin_title"), field),
    told,
    make("div", { class: "dc-actions" }, ok, cancel),
  );
  const dialog = /** @type {HTMLDialogElement} */ (
    make("dialog", { class: "dc-dialog", "aria-labelledby": "pin-title" }, form)
  );
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let opening;
  /** The wait is over, and nothing is typed yet that could be wrong. */
  const open = () => {
    show("");
    field.focus();
  };
  const show = (/** @type {string} */ words) => {
    clearTimeout(opening);
    if (isClosed(pin)) opening = setTimeout(open, Number(pin.closedUntil) - Date.now());
    told.textContent = words;
    field.value = "";
    field.toggleAttribute("disabled", isClosed(pin));
    ok.toggleAttribute("disabled", isClosed(pin));
  };
  let right = false;
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      clearTimeout(opening);
      dialog.remove();
      done(right);
    });
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!event.isTrusted || field.value === "" || isClosed(pin)) return;
      ok.toggleAttribute("disabled", true);
      const came = await tried(pin, field.value);
      right = came.told === "";
      if (right) {
        dialog.close();
        return;
      }
      pin = came.pin;
      show(came.told);
      field.focus();
    });
    document.body.append(dialog);
    show(isClosed(pin) ? wait(pin) : "");
    dialog.showModal();
  });
}
