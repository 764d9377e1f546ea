/* global DoorchainDom */
/**
 * Watches the amounts on a bank's page while somebody else may hold the mouse: the caller
 * edits a balance in the page, so that it looks as if too much had been paid back.
 *
 * What the bank does itself looks different: an answer came over the network, somebody
 * pressed something in the page, many amounts changed at once, or one goes on changing.
 * An edit made from outside of the page is one large change in one place, out of nothing,
 * while the keyboard is elsewhere: in the browser's tools or its address bar. A page that
 * was made editable is told by that alone.
 */
const DoorchainBalance = (() => {
  const { hearing, plain } = DoorchainDom;

  /** An answer of the network explains what changes within this time, in milliseconds. */
  const ANSWERED = 10_000;
  /** A press or a key in the page does, in milliseconds; a page may ask a server before it shows. */
  const TOUCHED = 5_000;
  /** So long a change has to stay the only one before it is told, in milliseconds. */
  const HOLD = 4_000;
  /** Places that change together are the page's own doing. */
  const TOGETHER = 4;
  /** Amounts drift by themselves: rates, shares, interest. Share of the old amount that is no drift. */
  const DRIFT = 0.1;
  /** Changes below this many whole units of money deceive nobody. */
  const SMALL = 20;
  /** A page that is filling itself shows nought first; in milliseconds. */
  const FILLING = 30_000;
  /** By what somebody presses or writes in the page, or goes about in it. */
  const TOUCHES = ["pointerdown", "click", "keydown", "input", "change", "pageshow", "popstate"];
  /** Text around a bare number in which its currency stands, in UTF-16 code units. */
  const NEAR = 60;
  /** Longer texts are no place for a balance. */
  const LONG = 400;

  const CURRENCY = /[$€£¥₹₩₽₺₪฿₫₴₦₱]|\b(?:[A-Z]{3}|kr|zł|Kč|Ft|Rs)\b/u;
  /** Digits in groups, with or without decimals; no dates, times, sort codes or account numbers. */
  const NUMBER = /(?<![\d.,:/–-]|\d )\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d{2})?(?![\d:/]|[.,–-]\d)|(?<![\d.,:/–-])\d+(?:[.,]\d{2})?(?![\d:/]|[.,–-]\d)/gu;

  /**
   * @typedef {object} Amount
   * @property {number} value in units of whatever money it is
   * @property {string} money the currency beside it, empty where none is
   */

  /** @param {string} digits */
  function valueOf(digits) {
    const parts = /^(.*?)(?:[.,](\d{2}))?$/u.exec(digits);
    return Number(`${(parts?.[1] ?? "").replace(/\D/g, "")}.${parts?.[2] ?? "0"}`);
  }

  /**
   * The amounts of money in a text.
   *
   * @param {string} text
   * @param {string} around text near it, where the currency may stand
   * @returns {Amount[]}
   */
  function amounts(text, around) {
    if (text.length > LONG || !/\d/.test(text)) return [];
    const money = (CURRENCY.exec(text) ?? CURRENCY.exec(around))?.[0] ?? "";
    const found = text.match(NUMBER) ?? [];
    return found
      .filter((digits) => money !== "" || /[.,]\d{2}$/u.test(digits))
      .map((digits) => ({ value: valueOf(digits), money }));
  }

  /** @param {Node | null} node */
  function around(node) {
    const parent = node && plain(node).parentNode;
    const near = (parent && plain(parent).parentNode) ?? parent;
    const text = (near && plain(near).textContent) ?? "";
    return text.length <= NEAR ? text : "";
  }

  /** Where in the page, so that rows of one list are one place. @param {Node} node */
  function kindOf(node) {
    const names = [];
    let at = node instanceof Element ? node : plain(node).parentElement;
    for (let up = 0; at && up < 4; up += 1) {
      const element = plain(at);
      names.push(`${element.localName}.${element.getAttribute("class") ?? ""}`);
      at = element.parentElement;
    }
    return names.join("<");
  }

  /** Somebody made this part of the page, or all of it, editable. @param {Node} node */
  function isEditable(node) {
    const element = node instanceof HTMLElement ? node : plain(node).parentElement;
    return document.designMode === "on" || (element !== null && plain(element).isContentEditable);
  }

  /**
   * Where amounts changed.
   *
   * @typedef {object} Place
   * @property {string} kind of place, so that the rows of one list are one
   * @property {boolean} large the change could deceive somebody
   * @property {boolean} edited it was made in an editor
   */

  /**
   * Starts the watch.
   *
   * @param {() => void} changed called once, when amounts were changed from outside
   * @returns {() => void} ends it
   */
  function watch(changed) {
    let answeredAt = performance.now();
    let touchedAt = -Infinity;
    let over = false;
    /** Kinds of places that change by themselves. @type {Set<string>} */
    const restless = new Set();
    /** A change that nothing explains, until it is told. @type {{ kind: string, timer: ReturnType<typeof setTimeout> } | null} */
    let held = null;

    const network = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { responseEnd } = /** @type {PerformanceResourceTiming} */ (entry);
        answeredAt = Math.max(answeredAt, responseEnd || entry.startTime);
      }
    });
    network.observe({ type: "resource", buffered: true });

    const touched = () => {
      touchedAt = performance.now();
    };
    const touches = hearing(TOUCHES.map((type) => [window, type, touched]));
    touches.listen();

    function tell() {
      if (over) return;
      end();
      changed();
    }

    /** @param {Amount} old @param {Amount} now */
    function isLarge(old, now) {
      if (old.money !== now.money) return false;
      if (old.value === 0 && performance.now() < FILLING) return false;
      const change = Math.abs(now.value - old.value);
      return change >= SMALL && change >= old.value * DRIFT;
    }

    /** Whether the bank or the person at the page had a hand in what changed then. @param {number} at */
    function isExplained(at) {
      return at - answeredAt < ANSWERED || at - touchedAt < TOUCHED;
    }

    /** @param {number} at */
    function judge(at) {
      held = null;
      // The browser tells of an answer later than the page shows it.
      if (!isExplained(at)) tell();
    }

    /** @param {MutationRecord[]} records */
    function look(records) {
      // `document.open()` takes every listener away.
      if (records.some(({ target }) => target === document)) touches.listen();
      /** @type {Map<Node, { old: string, now: string }>} */
      const texts = new Map();
      for (const { type, target, oldValue, addedNodes, removedNodes } of records) {
        if (type === "characterData") {
          const old = texts.get(target)?.old ?? oldValue ?? "";
          texts.set(target, { old, now: plain(target).textContent ?? "" });
        } else if (addedNodes.length > 0 && removedNodes.length > 0) {
          const text = (/** @type {NodeList} */ nodes) => [...nodes].map((node) => plain(node).textContent).join(" ");
          texts.set(target, { old: texts.get(target)?.old ?? text(removedNodes), now: text(addedNodes) });
        }
      }
      /** @type {Place[]} */
      const places = [];
      for (const [node, { old, now }] of texts) {
        if (old === now || old.length > LONG || now.length > LONG) continue;
        const near = around(node);
        const before = amounts(old, near);
        const after = amounts(now, near);
        // Dots instead of digits, or another number of amounts, is another thing to show.
        if (before.length === 0 || before.length !== after.length) continue;
        const differ = before.map((amount, index) => [amount, /** @type {Amount} */ (after[index])]);
        if (differ.every(([a, b]) => a?.value === b?.value)) continue;
        const large = differ.some(([a, b]) => isLarge(/** @type {Amount} */ (a), /** @type {Amount} */ (b)));
        places.push({ kind: kindOf(node), large, edited: isEditable(node) });
      }
      if (places.length > 0) weigh(places);
    }

    /** @param {Place[]} places */
    function weigh(places) {
      if (places.some(({ large, edited }) => large && edited)) {
        tell();
        return;
      }
      const now = performance.now();
      if (isExplained(now)) return;
      const again = held && places.some(({ kind }) => kind === held?.kind);
      if (document.hasFocus() || places.length > TOGETHER || again) {
        // Nobody did this: the page does it by itself, and will again.
        for (const { kind } of places) restless.add(kind);
        if (held && restless.has(held.kind)) {
          clearTimeout(held.timer);
          held = null;
        }
        return;
      }
      const place = places.find(({ kind, large }) => large && !restless.has(kind));
      if (place && !held) held = { kind: place.kind, timer: setTimeout(judge, HOLD, now) };
    }

    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, characterData: true, characterDataOldValue: true });

    function end() {
      over = true;
      if (held) clearTimeout(held.timer);
      observer.disconnect();
      network.disconnect();
      touches.end();
    }
    return end;
  }

  return { watch };
})();
