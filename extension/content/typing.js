/* global DoorchainDom */
/**
 * Watches what is typed where people write: search boxes, messages, editors. The text
 * goes to the core in one message and is kept nowhere.
 *
 * Never read: passwords, cards, one-time codes, and whatever stands beside a password or
 * a card in the same form.
 */
const DoorchainTyping = (() => {
  const { plain } = DoorchainDom;

  /** Quiet time after a key before the text is handed on, in milliseconds. */
  const QUIET = 300;
  /** Somebody who types without a pause is heard this often, in milliseconds. */
  const AT_LEAST = 1_500;
  /** Last part of a long text, in UTF-16 code units. */
  const TAIL = 500;
  /** Shorter texts say nothing. */
  const SHORTEST = 4;
  /** An editor with no more than this in it is the person's own from then on, in UTF-16 code units; one with more holds the page's words. */
  const OWN = 100;

  const INPUTS = new Set(["text", "search", "url"]);
  /** Words of `autocomplete` for what is never read. */
  const SECRET_AUTOCOMPLETE = /(^|\s)(cc-\S+|one-time-code|current-password|new-password|transaction-amount)(\s|$)/i;
  /** Names that developers give such fields, as whole words within them. */
  const SECRET_NAME =
    /(^|[^a-z])(pass(word|wd|code|phrase|number)?|pwd|pin|otp|totp|mfa|2fa|tan|cvv2?|cvc2?|cid|csc|secret|memorable|security[^a-z]?(code|answer|number)|one[^a-z]?time|verification[^a-z]?code|card[^a-z]?(no|num|number)?|iban|ssn|sort[^a-z]?code|account[^a-z]?(no|num|number))([^a-z]|$)/i;
  /** What goes on after this is no name but prose, in UTF-16 code units. */
  const LABEL_CAP = 100;
  /** A field for a short number, whatever it is called. */
  const CODE_LENGTH = 8;
  /** As many digits as a card has, however they are grouped, are not handed on. */
  const CARD = /\d(?:[ -]?\d){11,}/g;
  const FIELDS_BESIDE = "input[type=password], input[autocomplete*='cc-'], input[autocomplete*='one-time-code']";

  /** Fields that were a password's once, whatever a "show" button made of them. @type {WeakSet<Element>} */
  const passwords = new WeakSet();

  /** Editors in which somebody wrote, and whether the text in them is that person's. @type {WeakMap<Element, boolean>} */
  const editors = new WeakMap();

  /**
   * Whether what stands in an element was written by the person: that is scored as typed text
   * and is no text of the page.
   *
   * @param {Element} element
   */
  const isWritten = (element) => editors.get(element) === true;

  /** The names that stand beside a field on the screen. @param {HTMLInputElement | HTMLTextAreaElement} field */
  function labelsOf(field) {
    const root = plain(/** @type {Document | ShadowRoot} */ (field.getRootNode()));
    const ids = field.getAttribute("aria-labelledby")?.match(/\S+/g) ?? [];
    return [...(field.labels ?? []), ...ids.map((id) => root.getElementById?.(id))].map((label) =>
      ((label && plain(label).textContent) ?? "").replace(/\s+/g, " ").trim().slice(0, LABEL_CAP),
    );
  }

  /** @param {HTMLInputElement | HTMLTextAreaElement} field */
  function isSecret(field) {
    if (passwords.has(field)) return true;
    if (field.type === "password") {
      passwords.add(field);
      return true;
    }
    if (SECRET_AUTOCOMPLETE.test(field.getAttribute("autocomplete") ?? "")) return true;
    const apart = (/** @type {string} */ name) => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2");
    const names = [field.name, field.id, field.getAttribute("aria-label") ?? "", field.placeholder, ...labelsOf(field)];
    if (names.some((name) => SECRET_NAME.test(apart(name)))) return true;
    if (field instanceof HTMLTextAreaElement) return masked(field);
    const digits = /^(numeric|decimal)$/i.test(field.inputMode) || /^\W*\\d|\[0-9\]/.test(field.pattern);
    if (digits && (field.maxLength < 0 || field.maxLength <= CODE_LENGTH)) return true;
    if (field.maxLength === 1) return true;
    // Beside it is what shares its form; fields of no form share having none.
    const beside = field.form ?? field.getRootNode();
    const query = beside instanceof Element ? Element.prototype.querySelectorAll
      : beside instanceof Document ? Document.prototype.querySelectorAll : DocumentFragment.prototype.querySelectorAll;
    for (const other of query.call(/** @type {any} */ (beside), FIELDS_BESIDE))
      if (/** @type {HTMLInputElement} */ (other).form === field.form) return true;
    return masked(field);
  }

  /** Shown as dots by style alone. @param {Element} field */
  function masked(field) {
    const mask = getComputedStyle(field).getPropertyValue("-webkit-text-security");
    return mask !== "" && mask !== "none";
  }

  /**
   * The end of what stands in an editor before the caret, its blocks apart.
   *
   * @param {HTMLElement} editor
   */
  function editorText(editor) {
    const caret = getSelection()?.focusNode;
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    if (caret && plain(editor).contains(caret)) {
      walker.currentNode = caret;
      // From an element, its last text; from a text, that text itself.
      if (caret.nodeType !== Node.TEXT_NODE) walker.lastChild();
    } else {
      while (walker.lastChild());
    }
    let text = "";
    /** @type {Node | null} */
    let node = walker.currentNode.nodeType === Node.TEXT_NODE ? walker.currentNode : walker.previousNode();
    for (; node && text.length < TAIL; node = walker.previousNode())
      text = `${/** @type {CharacterData} */ (node).data.slice(-TAIL)}\n${text}`;
    return text;
  }

  /**
   * The text of the editable that an event is about.
   *
   * @param {EventTarget | undefined} target
   * @returns {string | null} none where it is not to be read
   */
  function textOf(target) {
    let text;
    if (target instanceof HTMLInputElement) {
      if (!INPUTS.has(target.type) || isSecret(target)) return null;
      const end = target.selectionEnd ?? target.value.length;
      text = target.value.length > TAIL ? target.value.slice(Math.max(0, end - TAIL), end) : target.value;
    } else if (target instanceof HTMLTextAreaElement) {
      if (isSecret(target)) return null;
      const end = target.selectionEnd;
      text = target.value.length > TAIL ? target.value.slice(Math.max(0, end - TAIL), end) : target.value;
    } else if (target instanceof HTMLElement && plain(target).isContentEditable) {
      if (masked(target)) return null;
      text = editorText(target);
    } else {
      return null;
    }
    return text.slice(-TAIL).replace(CARD, (digits) => digits.replace(/\d/g, "0")).toWellFormed();
  }

  /**
   * Watches the document.
   *
   * @param {(text: string) => void} typed called with the text of an editable when it rests
   * @returns {{ listen: () => void, end: () => void }} begins the watch, again where the
   *   document was opened anew and lost its listeners; ends it
   */
  function watch(typed) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    let waitingSince = 0;
    let last = "";

    /** @param {Event} event */
    function onInput(event) {
      if (!event.isTrusted) return;
      const target = event.composedPath()[0];
      clearTimeout(timer);
      waitingSince ||= Date.now();
      const wait = Math.max(0, Math.min(QUIET, waitingSince + AT_LEAST - Date.now()));
      timer = setTimeout(() => {
        waitingSince = 0;
        const text = textOf(target);
        if (text === null || text === last || (text.trim().length < SHORTEST && last === "")) return;
        last = text.trim().length < SHORTEST ? "" : text;
        typed(last);
      }, wait);
    }

    /** Before the first key or paste, an editor shows whose text it holds. @param {Event} event */
    function onBefore(event) {
      const target = event.composedPath()[0];
      if (!event.isTrusted || !(target instanceof HTMLElement) || editors.has(target)) return;
      const whole = target === document.body || target === document.documentElement;
      editors.set(target, !whole && (plain(target).textContent ?? "").trim().length <= OWN);
    }

    /** A password shown later has been one before. @param {Event} event */
    function onFocus(event) {
      const target = event.composedPath()[0];
      if (target instanceof HTMLInputElement && target.type === "password") passwords.add(target);
    }

    return {
      listen() {
        addEventListener("beforeinput", onBefore, true);
        addEventListener("input", onInput, true);
        addEventListener("focusin", onFocus, true);
      },
      end() {
        clearTimeout(timer);
        removeEventListener("beforeinput", onBefore, true);
        removeEventListener("input", onInput, true);
        removeEventListener("focusin", onFocus, true);
      },
    };
  }

  return { isWritten, watch };
})();
