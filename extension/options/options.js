import { drawAccess, offerAccess } from "../ui/access.js";
import { SHORTEST, changeWithPin, keep } from "../ui/pin.js";
import { adviceFacts, api, byId, change, companionWords, day, download, drawOff, follow, keepFocus, locale, make, reasonsInRow, say, clock, word } from "../ui/page.js";

/** @typedef {import("../types").Change} Change */
/** @typedef {import("../types").PageAnswer} PageAnswer */
/** @typedef {import("../types").Settings} Settings */
/** @typedef {import("../types").Status} Status */

/** Longest and shortest time a helper's tool is allowed for, in minutes, and what is in between. */
const HELPER_MINUTES = [30, 60, 120, 240, 480, 720];
/** What lies in the storage beside what the core knows of: the ticks of happened.js, and what store.js laid aside. */
const BESIDE = ["checklist", "unreadableSettings"];
/** @type {{ key: "strict" | "voice" | "listeners" }[]} */
const SWITCHES = [{ key: "strict" }, { key: "voice" }, { key: "listeners" }];

word();
offerAccess();
document.title = `${say("options_title")} – ${say("app_name")}`;
byId("version").textContent = say("version", api.runtime.getManifest().version);
if (navigator.platform.startsWith("Win")) byId("companion-command").textContent = ".\\doorchain-companion install";
/** @type {Status | undefined} */
let status;
/** Whether the core was told to clear, and what lies beside is to go when it did. */
let clears = false;
const renew = follow({ message: "status", tab: null }, draw);

/** The settings were shown, and with them what the address points to. */
let begun = false;

/** @param {PageAnswer} answer */
function draw(answer) {
  const off = drawOff(answer);
  byId("settings").hidden = off;
  if (off) return;
  status = answer.status;
  byId("frozen").hidden = !status.frozen;
  drawAccess(status);
  drawCompanion(status);
  drawSwitches(status);
  drawHelpers(status);
  drawPin(status);
  drawSites(status);
  drawCountry(status);
  drawWrong(status);
  byId("forget").toggleAttribute("disabled", status.frozen);
  if (status.frozen) byId("forget-sure").hidden = true;
  clearBeside();
  if (!begun) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  begun = true;
}

/** A clearing may wait for the companion's word, and be refused by it. */
function clearBeside() {
  if (!clears || status?.timeline.length !== 0) return;
  clears = false;
  void api.storage.local.remove(BESIDE);
}

/** @param {Status} now */
function drawCompanion(now) {
  const { text, well } = companionWords(now);
  byId("companion-is").textContent = text;
  byId("companion-is").dataset.level = well ? "quiet" : "caution";
  // Nobody is to type commands while a caller may be listening.
  byId("companion-how").hidden = now.companion.is === "well" || now.frozen;
}

/** @param {Status} now */
function drawSwitches(now) {
  const list = byId("switches");
  for (const { key } of SWITCHES) {
    let button = document.getElementById(`switch-${key}`);
    if (!button) {
      button = make("button", {
        type: "button", id: `switch-${key}`, class: "dc-switch", role: "switch",
        "aria-labelledby": `label-${key}`, "aria-describedby": `what-${key}`,
      });
      button.addEventListener("click", (event) => void turn(key, event));
      list.append(
        make(
          "li", { class: "dc-row" },
          make("span", {}, make("span", { class: "dc-strong", id: `label-${key}` }, say(`${key}_title`)),
            make("span", { class: "dc-soft dc-line", id: `what-${key}` }, say(`${key}_what`))),
          button,
        ),
      );
    }
    button.setAttribute("aria-checked", String(now.settings[key]));
    // A caller could lock the person into strict mode, which is not to be left while they are there.
    button.toggleAttribute("disabled", now.frozen && (now.settings[key] || key === "strict"));
  }
}

/**
 * @param {"strict" | "voice" | "listeners"} key
 * @param {Event} event
 */
async function turn(key, event) {
  if (!event.isTrusted || !status) return;
  const on = !status.settings[key];
  // The browser asks for it only in answer to a click, so before anything else.
  if (key === "listeners" && on && !(await mayListen())) return;
  if (on) await apply({ change: key, on });
  else await loosen({ change: key, on });
}

/** Whether the person lets the ports be looked at. */
const mayListen = () => api.permissions.request({ permissions: ["webRequest"] }).catch(() => false);

/** A change for which the family PIN is asked, where one is set. @param {Change} wanted */
async function loosen(wanted) {
  const proved = await changeWithPin(status, wanted);
  await renew();
  return proved;
}

/** @param {Change} wanted */
async function apply(wanted) {
  await change(wanted);
  // A change may have to wait for the companion's word; what counts is the status.
  await renew();
}

/** What each list was last made of. @type {Map<string, string>} */
const listed = new Map();

/**
 * Fills a list where it is another: made anew it throws out the keyboard's focus, which then goes
 * to the row in the place of the one that had it, or to the title of a list that is empty now.
 *
 * @template T
 * @param {string} id
 * @param {T[]} lines
 * @param {(line: T) => HTMLElement} row
 */
function list(id, lines, row) {
  const text = JSON.stringify(lines);
  if (listed.get(id) === text) return;
  listed.set(id, text);
  const rows = byId(id);
  const at = [...rows.children].findIndex((child) => child.contains(document.activeElement));
  keepFocus(
    rows,
    () => rows.replaceChildren(...lines.map(row)),
    () => rows.children[Math.min(at, lines.length - 1)]?.querySelector("button") ?? rows.closest("section")?.querySelector("h2") ?? null,
  );
}

/** @param {number} minutes */
function span(minutes) {
  const hours = minutes >= 60;
  return new Intl.NumberFormat(locale(), {
    style: "unit", unit: hours ? "hour" : "minute", unitDisplay: "long",
  }).format(hours ? minutes / 60 : minutes);
}

/** @param {Status} now */
function drawHelpers(now) {
  const names = new Map(now.tools.map(({ id, name }) => [id, name]));
  list("helpers", now.settings.helpers, ({ tool, until }) => {
    const name = names.get(tool) ?? tool;
    const remove = make("button", { type: "button", class: "dc-button", "aria-label": say("helper_remove_named", name) }, say("helper_remove"));
    remove.addEventListener("click", (event) => {
      if (event.isTrusted) void apply({ change: "forbidHelper", tool });
    });
    return make(
      "li", { class: "dc-row" },
      make("span", {}, make("span", { class: "dc-strong" }, name),
        make("span", { class: "dc-soft dc-small dc-line" }, say("helper_until", `${day(until)}, ${clock(until)}`))),
      remove,
    );
  });
  const tools = byId("helper-tool");
  if (tools.childElementCount !== now.tools.length) {
    const sorted = [...now.tools].sort((a, b) => a.name.localeCompare(b.name, locale()));
    tools.replaceChildren(...sorted.map(({ id, name }) => make("option", { value: id }, name)));
    byId("helper-time").replaceChildren(
      ...HELPER_MINUTES.map((minutes) => make("option", { value: String(minutes) }, span(minutes))),
    );
  }
  for (const id of ["helper-tool", "helper-time", "helper-add"]) byId(id).toggleAttribute("disabled", now.frozen);
}

byId("helper-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!event.isTrusted) return;
  const tool = /** @type {HTMLSelectElement} */ (byId("helper-tool")).value;
  const minutes = Number(/** @type {HTMLSelectElement} */ (byId("helper-time")).value);
  if (tool) void loosen({ change: "allowHelper", tool, minutes });
});

/** @param {Status} now */
function drawPin({ pin, frozen }) {
  const goes = typeof pin?.goesAt === "number" ? pin.goesAt : null;
  byId("pin-state").textContent = goes === null ? say("pin_is") : say("pin_goes", `${day(goes)}, ${clock(goes)}`);
  keepFocus(
    byId("pin"),
    () => {
      byId("pin-form").hidden = Boolean(pin);
      byId("pin-is").hidden = !pin;
      byId("pin-keep").hidden = goes === null;
      byId("pin-forgot").hidden = goes !== null;
    },
    () => byId(goes === null ? "pin-head" : "pin-keep"),
  );
  for (const id of ["pin-new", "pin-again", "pin-set", "pin-remove", "pin-forgot"]) byId(id).toggleAttribute("disabled", frozen);
}

byId("pin-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!event.isTrusted) return;
  const first = /** @type {HTMLInputElement} */ (byId("pin-new"));
  const again = /** @type {HTMLInputElement} */ (byId("pin-again"));
  const short = first.value.length < SHORTEST;
  const differ = first.value !== again.value;
  byId("pin-fault").textContent = short ? say("pin_short") : differ ? say("pin_differ") : "";
  if (short || differ) {
    (short ? first : again).focus();
    return;
  }
  const pin = await keep(first.value);
  first.value = again.value = "";
  await apply({ change: "pin", pin });
});
byId("pin-remove").addEventListener("click", (event) => {
  if (event.isTrusted) void loosen({ change: "pin", pin: null });
});
byId("pin-forgot").addEventListener("click", (event) => {
  if (event.isTrusted) void apply({ change: "forgetPin", on: true });
});
byId("pin-keep").addEventListener("click", (event) => {
  if (event.isTrusted) void apply({ change: "forgetPin", on: false });
});

/** @param {Status} now */
function drawSites(now) {
  byId("sites-none").hidden = now.settings.quietSites.length > 0;
  list("sites", now.settings.quietSites, (site) => {
    const again = make("button", { type: "button", class: "dc-button", "aria-label": `${say("site_again")}: ${site}` }, say("site_again"));
    again.addEventListener("click", (event) => {
      if (event.isTrusted) void apply({ change: "site", site, quiet: false });
    });
    return make("li", { class: "dc-row" }, make("span", {}, site), again);
  });
}

/** @param {Status} now */
function drawCountry(now) {
  const select = /** @type {HTMLSelectElement} */ (byId("country"));
  if (select.childElementCount === 0) {
    const names = new Intl.DisplayNames(locale(), { type: "region" });
    const options = now.countries
      .map((code) => ({ code, name: names.of(code) ?? code }))
      .sort((a, b) => a.name.localeCompare(b.name, locale()));
    select.append(
      make("option", { value: "" }, say("country_auto")),
      ...options.map(({ code, name }) => make("option", { value: code }, name)),
    );
    select.addEventListener("change", () => void apply({ change: "country", code: select.value || null }));
  }
  select.value = now.settings.country ?? "";
  byId("country-what").textContent = say(now.advice.length > 0 ? "country_what" : "country_none");
  byId("advice").replaceChildren(...adviceFacts(now.advice));
}

/** @param {Status} now */
function drawWrong(now) {
  list("wrong", now.settings.wrong, ({ site, codes, at }) =>
    make("li", {}, make("span", { class: "dc-strong" }, site),
      make("span", { class: "dc-soft dc-small dc-line" }, `${day(at)} · ${reasonsInRow(codes)}`)));
  byId("wrong-export").toggleAttribute("disabled", now.settings.wrong.length === 0);
}

byId("wrong-export").addEventListener("click", () => {
  if (status) download("doorchain-wrong.json", "application/json", `${JSON.stringify(status.settings.wrong, null, 2)}\n`);
});

byId("forget").addEventListener("click", () => {
  byId("forget-sure").hidden = false;
  byId("forget-sure").focus();
});
byId("forget-sure").addEventListener("click", async (event) => {
  if (!event.isTrusted) return;
  byId("forget-sure").hidden = true;
  byId("forget").focus();
  clears = await loosen({ change: "clear" });
  clearBeside();
});
