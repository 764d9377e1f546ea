/* global DoorchainWords */
/**
 * What the extension's own pages have in common; content/words.js has been run before.
 *
 * @typedef {import("../types").Change} Change
 * @typedef {import("../types").PageAnswer} PageAnswer
 * @typedef {import("../types").PageMessage} PageMessage
 * @typedef {import("../types").Status} Status
 */

import { api } from "../background/api.js";
import { message as wordsOf } from "../background/error.js";

export { api };
export const { bankStep, clock, endingWords, inRow, locale, make, reasonLine, say, sentence, sessionLine, unbroken } = DoorchainWords;

/** The words of reasons, in a row. @param {string[]} codes */
export const reasonsInRow = (codes) => inRow(codes.map(DoorchainWords.reasonWords));

/**
 * Words the page: `data-say` names the key of an element's text, `data-label` that of its
 * accessible name, `data-mark` gets the mark.
 */
export function word() {
  document.documentElement.lang = say("language");
  document.documentElement.dir = DoorchainWords.direction();
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.getAttribute("data-say") ?? "");
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.getAttribute("data-label") ?? ""));
  }
  for (const element of document.querySelectorAll("[data-mark]")) element.replaceChildren(DoorchainWords.drawing(DoorchainWords.MARK));
}

/**
 * Asks the background. A background that cannot be reached means that protection is off.
 *
 * @param {PageMessage} message
 * @returns {Promise<PageAnswer>}
 */
export async function ask(message) {
  try {
    return (await api.runtime.sendMessage(message)) ?? { answer: "off", why: "no answer" };
  } catch (error) {
    return { answer: "off", why: wordsOf(error) };
  }
}

/** @param {Change} change that needs no family PIN */
export const change = (change) => ask({ message: "change", change, proof: null });

/**
 * An element of the page that must be there.
 *
 * @param {string} id
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Puts a card at the head of the page, shown while protection is off. */
export function offerOff() {
  document.querySelector("main")?.prepend(
    make(
      "section", { id: "off", class: "dc-card", "data-level": "stop", role: "alert", hidden: "" },
      make("h2", { class: "dc-head" }, say("off_title")),
      make("p", { class: "dc-text" }, say("off_why")),
      make("p", { class: "dc-text dc-small dc-soft" }, say("off_helper"), " ", make("span", { id: "off-reason", lang: "en" })),
    ),
  );
}

/**
 * Shows that card where it is needed.
 *
 * @param {PageAnswer} answer
 * @returns {answer is Extract<PageAnswer, { answer: "off" }>} whether protection is off
 */
export function drawOff(answer) {
  const off = answer.answer === "off";
  byId("off").hidden = !off;
  if (off) byId("off-reason").textContent = answer.why;
  return off;
}

/**
 * Draws a part of the page; where what had the focus in it is shown no more, another gets it.
 *
 * @param {HTMLElement} part
 * @param {() => void} draw
 * @param {() => HTMLElement | null} next
 */
export function keepFocus(part, draw, next) {
  const had = document.activeElement !== document.body && part.contains(document.activeElement);
  draw();
  const now = document.activeElement;
  if (!had || (now && part.contains(now) && now.checkVisibility())) return;
  const element = next();
  if (element && element.tabIndex < 0) element.tabIndex = -1;
  element?.focus();
}

/** The number of the bank. @param {import("../types").Advice[]} advice */
export const bankPhone = (advice) => advice.find(({ kind }) => kind === "bankPhone")?.value;

/** @param {number} at milliseconds since 1970 */
export const day = (at) => new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(at);

/**
 * How the companion is, in words, and whether that is good.
 *
 * @param {Status} status
 * @returns {{ text: string, well: boolean }}
 */
export function companionWords({ companion }) {
  if (companion.is === "wrongVersion") return { text: say("companion_wrongVersion", String(companion.version)), well: false };
  if (companion.is === "well") return { text: say("companion_well"), well: true };
  return { text: say(`companion_${companion.is}`), well: companion.is === "unasked" };
}

/**
 * Keeps a page in step with the background: asks now, after every call, and once a second
 * while somebody looks.
 *
 * @param {PageMessage} message
 * @param {(answer: PageAnswer) => void} draw called only when the answer is another one
 * @returns {(answer?: PageAnswer) => Promise<void>} draws the given answer, or asks for one
 */
export function follow(message, draw) {
  let last = "";
  /** @param {PageAnswer} [given] */
  const renew = async (given) => {
    const answer = given ?? (await ask(message));
    const text = JSON.stringify(answer);
    if (text === last) return;
    last = text;
    draw(answer);
  };
  void renew();
  setInterval(() => {
    if (document.visibilityState === "visible") void renew();
  }, 1000);
  return renew;
}

/**
 * Advice as pairs of a description list.
 *
 * @param {import("../types").Advice[]} advice
 */
export const adviceFacts = (advice) =>
  advice.flatMap(({ kind, name, value }) => [
    make("dt", {}, name ? say(`advice_${kind}_named`, name) || say(`advice_${kind}`) : say(`advice_${kind}`)),
    make("dd", {}, make("span", { class: "dc-strong", dir: "ltr" }, value)),
  ]);

/**
 * Saves a text as a file of the person's.
 *
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: url, download: name }).click();
  // The download has begun with the click; its address is needed no longer than that.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
