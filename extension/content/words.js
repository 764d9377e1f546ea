/**
 * Words and elements that the surfaces in pages and the extension's own pages have in common.
 */
const DoorchainWords = (() => {
  const XHTML = "http://www.w3.org/1999/xhtml";
  const SVG = "http://www.w3.org/2000/svg";

  /** Quoted words are cut here, in UTF-16 code units: a warning is no place for a paragraph. */
  const QUOTE_CAP = 90;

  /** Drawn in 32 units: two door posts and the chain between them. */
  const MARK = [
    "M5 4v24",
    "M27 4v24",
    "M5 16h3.5",
    "M23.5 16h3.5",
    "M17.2 13.7a4 4 0 0 0-3.2-1.7h-1.5a4 4 0 0 0 0 8h1.5",
    "M14.8 18.3a4 4 0 0 0 3.2 1.7h1.5a4 4 0 0 0 0-8h-1.5",
  ];
  const CROSS = ["M8 8l16 16", "M24 8L8 24"];

  /**
   * The words of a key in the person's language; empty where there are none.
   *
   * @param {string} key
   * @param {...string} parts take the places of `$1` and so on
   */
  const say = (key, ...parts) => chrome.i18n.getMessage(key, parts);

  /**
   * An element of HTML, in documents of other kinds too.
   *
   * @param {string} name
   * @param {Record<string, string>} [attributes]
   * @param {...(Node | string | false | null | undefined)} children
   * @returns {HTMLElement}
   */
  function make(name, attributes, ...children) {
    const element = /** @type {HTMLElement} */ (document.createElementNS(XHTML, name));
    for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
    for (const child of children) if (child) element.append(child);
    return element;
  }

  /** @param {string[]} paths */
  function drawing(paths) {
    const svg = document.createElementNS(SVG, "svg");
    for (const [key, value] of Object.entries({
      viewBox: "0 0 32 32", fill: "none", stroke: "currentColor", "stroke-width": "2.75",
      "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false",
    })) svg.setAttribute(key, value);
    for (const d of paths) {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", d);
      svg.append(path);
    }
    return svg;
  }

  /** The mark, as an element of the stylesheet's `.dc-mark`. */
  const mark = () => make("span", { class: "dc-mark" }, drawing(MARK));

  /**
   * A sentence that may begin with a tool: a name stays as it is written, our own words for
   * one without a name begin small.
   *
   * @param {string} text
   * @param {string | null | undefined} tool
   */
  const sentence = (text, tool) => (tool ? text : text.charAt(0).toLocaleUpperCase() + text.slice(1));

  /** Sentences in a row, which Japanese writes without spaces. @param {string[]} sentences */
  const inRow = (sentences) => sentences.join(say("language").startsWith("ja") ? "" : " ");

  /** Locale for dates and numbers; none, which is the default one, where `Intl` does not take its name. */
  function locale() {
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

  /** @param {number} at milliseconds since 1970 */
  const clock = (at) => new Intl.DateTimeFormat(locale(), { hour: "numeric", minute: "2-digit" }).format(at);

  /** A text with its telephone numbers each on one line. @param {string} text */
  const unbroken = (text) => text.replace(/(?<=\d\)?) (?=\(?\d)/gu, "\u00a0");

  /** The step that calls the bank. @param {string | null | undefined} number */
  const bankStep = (number) => (number ? say("stop_step_bank", unbroken(number)) : say("stop_step_bank_card"));

  /** @param {string} text */
  function quoted(text) {
    const flat = unbroken(text.replace(/\s+/gu, " ").trim());
    if (flat.length <= QUOTE_CAP) return flat;
    const cut = flat.slice(0, QUOTE_CAP);
    return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), QUOTE_CAP - 20))}…`;
  }

  /** @param {string} code of a reason */
  const reasonWords = (code) => say(`reason_${code}`) || say("reason_other");

  /** A reason in words, with the page's own words quoted. @param {import("../types").Reason} reason */
  function reasonLine({ code, words: [first] }) {
    const words = quoted(first?.text ?? "");
    return make("li", {}, `${reasonWords(code)} `, words !== "" && make("q", { class: "dc-quote", dir: "auto" }, words));
  }

  /** A session in words. @param {import("../types").SessionLine} line */
  function sessionLine({ name, since }) {
    const told = typeof since === "number" ? say("session_since", clock(since)) : say("session_on");
    return make("li", {}, make("span", { class: "dc-strong" }, name), make("span", {}, told));
  }

  /**
   * How the ending of a session stands: what is told of it, the key of the button's words, and
   * whether it was tried in vain.
   *
   * @param {import("../types").Ending} ending
   */
  function endingWords(ending) {
    const again = ending === "failed" || ending === "cameBack";
    return {
      told: again ? say(ending === "failed" ? "ending_failed" : "ending_came_back") : "",
      key: ending === "asked" ? "ending_asked" : again ? "end_again" : "end_session",
      again,
    };
  }

  return {
    CROSS, MARK, bankStep, clock, direction, drawing, endingWords, inRow, locale, make, mark, reasonLine, reasonWords, say, sentence, sessionLine, unbroken,
  };
})();
