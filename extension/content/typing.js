/* global DoorchainDom */
/**
 * Watches what is typed where people write: search boxes, messages, editors. The text
 * goes to the core in one message and is kept nowhere.
 *
 * Not read: fields that say, by their type, `autocomplete` or a name known here, that they are
 * for a password, a card, an account or a code, and whatever stands beside a password or a card
 * in the same form.
 */
const DoorchainTyping = (() => {
  const { hearing, plain, rootIn } = DoorchainDom;

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
  /**
   * Names of such fields, as developers write them and people read them: whole words, as
   * {@link apart} has them. A space stands for up to three signs between words, or none.
   */
  const SECRET_WORDS = [
    "pass(word|wd|code|phrase|number)?|pwd|pin|otp|totp|mfa|2fa|(push|sms|chip|photo|qr|[im])?tan|token|secret|memorable|security (code|answer|number)|one time",
    "cvv2?|cvc2?|cid|csc|(credit|debit|bank)? card( (no|num|number|details))?|cc(no|num|number)|iban|ssn|sort code|(account|acct|routing) (no|num|number)",
    // German and Dutch join words.
    "(sms|auth|login|access|pin|verify|verification|confirm|confirmation|activation|sicherheits|bestatigungs|bestaetigungs|verifizierungs|zugangs|einmal|freischalt|freigabe|aktivierungs|anmelde|prue?f|beveiligings|verificatie|bevestigings|toegangs|inlog|controle|activatie)codes?",
    "[^-2]*(passwort|kennwort|geheimzahl|kontonummer|kartennummer|kreditkarte|bankleitzahl|prue?fziffer|prue?fnummer|wachtwoord|rekeningnummer|pasnummer|kaartnummer|bankpas)|blz",
    "mots? de passe|mdp|cryptogramme|carte (bancaire|bleue|de credit)|(numero|num|no|n-) (de )?(la |votre )?(carte|compte)",
    "contrasena|(?<!palabras?[-2])clave|(numero|num|no|nº) (de |da |do )?(la |su |tu )?(tarjeta|cuenta|cartao|conta)|tarjeta|cartao|senha|palavra passe",
    "carta di credito|(numero|num) (di |del |della )?(carta|conto)|ha[sł][lł]o|(numer|nr) (karty|konta|rachunku)|karta (kredytowa|p[lł]atnicza|debetowa)",
    "पासवर्ड|पिन|ओटीपी|सीवीवी|(कार्ड|खाता|अकाउंट) (नंबर|संख्या)",
  ];
  const CODE = "codes?|codigo|codice|kod|कोड";
  /** What makes a code one that everybody may know, before the word or, in some languages, behind it. */
  const OPEN_BEFORE =
    "post|postal|zip|promo|promotion|promotional|country|discount|coupon|voucher|offer|area|dial|dial+ing|region|state|city|currency|language|product|produkt|item|article|artikel|store|referral|invite|invitation|source|search|qr|bar|colou?r|dress|error|status|airport|tracking|tax|group|class|course|campaign|swift|bic|plus|html|css|morse|पोस्टल|प्रोमो|कूपन|देश|क्यूआर";
  const OPEN_BEHIND =
    "((d|da|de|del|della|di|do|du|of) (la |el |il )?)?(postale?|pocztowy|promo|promotionnel|promocional|promozionale|promocyjny|rabatowy|reduction|remise|descuento|desconto|sconto|avantage|parrainage|pays|pais|paese|kraju|area|region|fiscale?|produit|producto|produto|prodotto|produktu|article|articulo|civil|penale?|qr|barras?|barre|review|search|block|snippet|editor|conduct)";
  /** Japanese runs on without a sign between words. */
  const SECRET_JAPANESE = /パスワード|暗証|認証(コード|番号)|確認(コード|番号)|ワンタイム|セキュリティ.?コード|カード番号|口座番号|合言葉|桁の(コード|番号|数字)|^コード$/u;

  const SIGNS = "[-2]{0,3}";
  /** @param {string} words */
  const inWords = (words) => `(?<![^-2])(?:${words.replaceAll(" ", SIGNS)})(?![^-2])`;
  const SECRET_NAME = new RegExp(inWords(SECRET_WORDS.join("|")), "u");
  const SECRET_CODE = new RegExp(`(?<!${inWords(OPEN_BEFORE)}${SIGNS})${inWords(CODE)}(?!${SIGNS}${inWords(OPEN_BEHIND)})`, "u");

  /** Longer labels go on to something else, in UTF-16 code units. */
  const LABEL = 80;
  /** A field for a short number, whatever it is called. */
  const CODE_LENGTH = 8;
  /** As many digits as a card has, however they are grouped, are not handed on. */
  const CARD = /\d(?:[ -]?\d){11,}/g;
  const FIELDS_BESIDE = "input[type=password], input[autocomplete*='cc-'], input[autocomplete*='one-time-code']";

  /** Fields that were a password's once, whatever a "show" button made of them. @type {WeakSet<Element>} */
  const passwords = new WeakSet();

  /**
   * Editors in which somebody wrote, and how much of the text in them may be that person's, in
   * UTF-16 code units; 0 for the page's words.
   *
   * @type {WeakMap<Element, number>}
   */
  const editors = new WeakMap();

  /** What takes text of its own: around it is no editor but a page. A list to tick has the others. */
  const FIELDS_WITHIN = "textarea, select, input:not([type=checkbox], [type=radio])";

  /** How much text stands in an element, white space apart. @param {Element} element */
  const lengthIn = (element) => (plain(element).textContent ?? "").replace(/\s+/g, "").length;

  /** The editor that an element is a part of. @param {HTMLElement} part */
  function editorOf(part) {
    let editor = part;
    for (let around = plain(editor).parentElement; around && plain(around).isContentEditable; around = plain(editor).parentElement)
      editor = around;
    return editor;
  }

  /** How much text an event brings, in UTF-16 code units. @param {Event} event */
  function broughtBy(event) {
    const { data, dataTransfer, clipboardData } = /** @type {InputEvent & ClipboardEvent} */ (event);
    return data?.length ?? (dataTransfer ?? clipboardData)?.getData("text/plain").length ?? 0;
  }

  /**
   * Whether what stands in an element was written by the person: that is scored as typed text
   * and is no text of the page. What the page adds later makes it the page's.
   *
   * @param {Element} element
   */
  function isWritten(element) {
    const own = editors.get(element);
    if (!own || rootIn(element) || plain(element).querySelector(FIELDS_WITHIN)) return false;
    return lengthIn(element) <= own;
  }

  /**
   * A name with its words apart, small and without accents, and a hyphen for each sign and each
   * digit but 2, which stands in some: to look for letters of all scripts in every pattern would
   * cost each frame milliseconds.
   *
   * @param {string} name
   */
  const apart = (name) =>
    name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC")
      .toLowerCase().replace(/[^\p{L}\p{M}2]/gu, "-");

  /** The names that stand beside a field on the screen. @param {HTMLInputElement | HTMLTextAreaElement} field */
  function labelsOf(field) {
    const root = plain(/** @type {Document | ShadowRoot} */ (field.getRootNode()));
    const ids = field.getAttribute("aria-labelledby")?.match(/\S+/g) ?? [];
    return [...(field.labels ?? []), ...ids.map((id) => root.getElementById?.(id))].map((label) =>
      ((label && plain(label).textContent) ?? "").replace(/\s+/g, " ").trim().slice(0, LABEL),
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
    const names = [field.name, field.id, field.getAttribute("aria-label") ?? "", field.placeholder].map(apart);
    if (names.some((name) => SECRET_NAME.test(name) || SECRET_JAPANESE.test(name))) return true;
    // In a text of many lines a code is a program's, and its label may warn of what not to write in it.
    if (field instanceof HTMLTextAreaElement) return masked(field);
    names.push(...labelsOf(field).map(apart));
    if (names.some((name) => SECRET_NAME.test(name) || SECRET_JAPANESE.test(name))) return true;
    if (field.type !== "search" && names.some((name) => SECRET_CODE.test(name))) return true;
    const digits = /^(numeric|decimal)$/i.test(field.inputMode) || /^\W*\\d|\[0-9\]/.test(field.pattern);
    if (digits && (field.maxLength < 0 || field.maxLength <= CODE_LENGTH)) return true;
    if (field.maxLength === 1) return true;
    // Beside it is what shares its form; fields of no form share having none, where both are shown: a
    // log-in that nobody opened is no reason to leave the whole page unread.
    const beside = field.form ?? field.getRootNode();
    const query = beside instanceof Element ? Element.prototype.querySelectorAll
      : beside instanceof Document ? Document.prototype.querySelectorAll : DocumentFragment.prototype.querySelectorAll;
    for (const other of query.call(/** @type {any} */ (beside), FIELDS_BESIDE))
      if (/** @type {HTMLInputElement} */ (other).form === field.form && (field.form || other.checkVisibility())) return true;
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
    /** The editable whose text waits to be handed on. @type {EventTarget | undefined} */
    let target;
    let waitingSince = 0;
    let last = "";

    /** @param {Event} event */
    function onInput(event) {
      [target] = event.composedPath();
      clearTimeout(timer);
      waitingSince ||= Date.now();
      const wait = Math.max(0, Math.min(QUIET, waitingSince + AT_LEAST - Date.now()));
      timer = setTimeout(hand, wait);
    }

    function hand() {
      clearTimeout(timer);
      waitingSince = 0;
      const text = textOf(target);
      target = undefined;
      if (text === null || text === last || (text.trim().length < SHORTEST && last === "")) return;
      last = text.trim().length < SHORTEST ? "" : text;
      typed(last);
    }

    /** What is sent may be gone from its field at once. */
    function onSend() {
      if (target) hand();
    }

    /** @param {KeyboardEvent} event */
    function onKey(event) {
      if (event.key === "Enter") onSend();
    }

    /** Before the first key or paste, an editor shows whose text it holds. @param {Event} event */
    function onBefore(event) {
      // Of a closed shadow root it is the host, which is no editor; a field in an editor is none either.
      const target = event.composedPath()[0];
      if (!(target instanceof HTMLElement) || !plain(target).isContentEditable) return;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
      const editor = editorOf(target);
      const whole = editor === document.body || editor === document.documentElement;
      const own = editors.get(editor) ?? (!whole && lengthIn(editor) <= OWN ? OWN : 0);
      editors.set(editor, own && own + broughtBy(event));
    }

    /** A password shown later has been one before. @param {Event} event */
    function onFocus(event) {
      const target = event.composedPath()[0];
      if (target instanceof HTMLInputElement && target.type === "password") passwords.add(target);
    }

    const listeners = hearing([
      // Many an editor takes what is pasted or dropped for itself.
      [window, "beforeinput", onBefore],
      [window, "paste", onBefore],
      [window, "drop", onBefore],
      [window, "input", onInput],
      [window, "focusin", onFocus],
      [window, "keydown", onKey],
      [window, "pointerdown", onSend],
      [window, "submit", onSend],
      [window, "focusout", onSend],
    ]);
    return {
      listen: listeners.listen,
      end() {
        clearTimeout(timer);
        listeners.end();
      },
    };
  }

  return { isSecret, isWritten, watch };
})();
