/**
 * What the extension's own pages have in common.
 *
 * @typedef {import("../types").Change} Change
 * @typedef {import("../types").PageAnswer} PageAnswer
 * @typedef {import("../types").PageMessage} PageMessage
 * @typedef {import("../types").Reason} Reason
 * @typedef {import("../types").SessionLine} SessionLine
 * @typedef {import("../types").Status} Status
 */

/** @type {typeof chrome} */
export const api = /** @type {any} */ (globalThis).browser ?? chrome;

const SVG = "http://www.w3.org/2000/svg";

/** Drawn in 32 units: two door posts and the chain between them. */
const MARK = [
  "M5 4v24",
  "M27 4v24",
  "M5 16h3.5",
  "M23.5 16h3.5",
  "M17.2 13.7a4 4 0 0 0-3.2-1.7h-1.5a4 4 0 0 0 0 8h1.5",
  "M14.8 18.3a4 4 0 0 0 3.2 1.7h1.5a4 4 0 0 0 0-8h-1.5",
];

/**
 * The words of a key in the person's language; empty where there are none.
 *
 * @param {string} key
 * @param {...string} parts take the places of `$1` and so on
 */
export const say = (key, ...parts) => api.i18n.getMessage(key, parts);

/**
 * A sentence that may begin with a tool: a name stays as it is written, our own words for one
 * without a name begin small.
 *
 * @param {string} text
 * @param {string | null | undefined} tool
 */
export const sentence = (text, tool) => (tool ? text : text.charAt(0).toLocaleUpperCase() + text.slice(1));

/**
 * Sentences in a row, which Japanese writes without spaces.
 *
 * @param {string[]} sentences
 */
export const inRow = (sentences) => sentences.join(say("language").startsWith("ja") ? "" : " ");

/** The words of reasons, in a row. @param {string[]} codes */
export const reasonsInRow = (codes) => inRow(codes.map((code) => say(`reason_${code}`) || say("reason_other")));

/** Locale for dates and numbers; none, which is the default one, where `Intl` does not take its name. */
export function locale() {
  try {
    return Intl.getCanonicalLocales(say("@@ui_locale").replaceAll("_", "-"));
  } catch {
    return [];
  }
}

/** Direction of the words: left to right where they are not in the browser's language but in English. */
function direction() {
  const [browser, words] = [say("@@ui_locale"), say("language")].map((name) => name.split(/[_-]/u)[0]);
  return browser === words ? say("@@bidi_dir") : "ltr";
}

/**
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string | false | null | undefined)} children
 * @returns {HTMLElement}
 */
export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
  for (const child of children) if (child) element.append(child);
  return element;
}

/** The mark, as an element of the stylesheet's `.dc-mark`. */
export function mark() {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: "0 0 32 32", fill: "none", stroke: "currentColor", "stroke-width": "2.75",
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const d of MARK) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return make("span", { class: "dc-mark" }, svg);
}

/**
 * Words the page: `data-say` names the key of an element's text, `data-label` that of its
 * accessible name, `data-mark` gets the mark.
 */
export function word() {
  document.documentElement.lang = say("language");
  document.documentElement.dir = direction();
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.getAttribute("data-say") ?? "");
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.getAttribute("data-label") ?? ""));
  }
  for (const element of document.querySelectorAll("[data-mark]")) element.replaceChildren(...mark().childNodes);
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
    return { answer: "off", why: error instanceof Error ? error.message : String(error) };
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

/** @param {number} at milliseconds since 1970 */
export const clock = (at) => new Intl.DateTimeFormat(locale(), { hour: "numeric", minute: "2-digit" }).format(at);

/** @param {number} at milliseconds since 1970 */
export const day = (at) => new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(at);

/**
 * A reason in words, with the page's own words quoted.
 *
 * @param {Reason} reason
 */
export function reasonLine(reason) {
  // A telephone number stays on one line.
  const words = reason.words[0]?.text.replace(/\s+/gu, " ").trim().replace(/(?<=\d) (?=\d)/gu, "\u00a0") ?? "";
  const short = words.length > 90 ? `${words.slice(0, 88)}…` : words;
  return make(
    "li", {}, `${say(`reason_${reason.code}`) || say("reason_other")} `,
    short !== "" && make("q", { class: "dc-quote", dir: "auto" }, short),
  );
}

/**
 * A session in words.
 *
 * @param {SessionLine} line
 */
export function sessionLine(line) {
  const told = typeof line.since === "number" ? say("session_since", clock(line.since)) : say("session_on");
  return make("li", {}, make("span", { class: "dc-strong" }, line.name), make("span", {}, told));
}

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
