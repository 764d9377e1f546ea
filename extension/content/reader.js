/* global DoorchainDom, DoorchainSurface, DoorchainTyping */
/**
 * Reads a document in slices, so that the page never waits for it, and keeps the map
 * from the text that it read to the page's own text nodes.
 *
 * Everything in the page may be hostile. The scripts of the page run in another world
 * and cannot change what is called here, but names of its elements shadow properties of
 * forms (`<input name="firstChild">`): what is read of every element is read by getters
 * that are taken once, the rest through DoorchainDom.
 *
 * @typedef {import("../types").PageFacts} PageFacts
 * @typedef {import("../types").Field} Field
 * @typedef {import("../types").Form} Form
 * @typedef {import("../types").Trap} Trap
 * @typedef {import("../types").Words} Words
 */
const DoorchainReader = (() => {
  const { hearing, plain, rootIn } = DoorchainDom;
  const page = plain(document);
  const isTop = window === window.top;

  /** Longest time on the main thread in one go, in milliseconds; less where the browser has less to give. */
  const SLICE = 6;
  /** Steps between two looks at the clock. */
  const STEPS = 8;
  /** Time on the main thread for one document, in milliseconds. */
  const WORK_CAP = 1_000;
  /** The same where no more text fits, and only forms and links are left to be found; and for the end. */
  const FULL_CAP = 250;
  /** The same for what is on the screen, at first. */
  const SCREEN_WORK_CAP = 500;
  /** So many times as long it may take each time it was too much for a slow computer, and in the end so many times. */
  const PATIENCE_STEP = 4;
  const PATIENCE_CAP = 16;
  /** Time until the reader gives up all the same, in milliseconds; and for each of the end and what is on the screen. */
  const WALL_CAP = 12_000;
  const LATE_CAP = 3_000;
  /** Text, in UTF-16 code units: from the document's beginning, and where there is more, of its end and of what is on the screen. */
  const TEXT_CAP = 165_000;
  const END_CAP = 20_000;
  const SCREEN_CAP = 15_000;
  const HIDDEN_CAP = 20_000;
  /** Points that are looked at on the screen, down and across. */
  const ROWS = 32;
  const COLUMNS = 5;
  /** How often they go over the screen. */
  const PASSES = 4;
  /** One value of an attribute or a label, in UTF-16 code units. */
  const VALUE_CAP = 200;
  /** Entries of one list. */
  const LIST_CAP = 300;
  /** Labels of fields. */
  const LABEL_CAP = 2_000;
  /** Elements within each other. */
  const DEPTH_CAP = 4_000;
  /** Shadow roots that are watched. */
  const ROOT_CAP = 200;
  /** Elements among which is looked for what lies behind a text of the colour of its ground. */
  const BEHIND_CAP = 400;
  /** Opacity of what nobody sees. */
  const FAINT = 0.05;
  /** Height of letters that nobody reads, in CSS pixels. */
  const TINY = 2;

  /** HTML elements that stand for something else: what is in them is not drawn. */
  const REPLACED = new Set(["canvas", "embed", "audio", "video", "iframe", "img"]);
  /** HTML elements that are not drawn where no style says otherwise. */
  const BACKSTAGE = new Set([
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "base", "datalist",
  ]);
  /** Elements of a drawing that are not drawn where they stand. */
  const UNDRAWN = new Set(["script", "style", "title", "desc", "metadata", "defs", "symbol"]);
  const XHTML = "http://www.w3.org/1999/xhtml";
  const SVG = "http://www.w3.org/2000/svg";
  /** Field types that ask for nothing. */
  const NO_FIELD = new Set(["submit", "button", "image", "reset"]);
  /** Field types whose value is written out, where it is the page's. */
  const WRITTEN_OUT = new Set(["", "text", "search", "url", "tel", "email"]);

  const BOX = String.raw`\b(?:alert|confirm|prompt)\b`;
  const EVER = String.raw`\s*\(\s*(?:true|1|!0)\s*\)`;
  /** Scripts that ask whoever leaves to stay. */
  const BLOCKS_EXIT = /\bonbeforeunload\s*=|addEventListener\(\s*["']beforeunload["']/;
  /**
   * Scripts that show one box after the other: for ever, or again and again with nothing before it. A
   * loop that shows one where something is wrong with a field is none.
   */
  const SHOWS_BOXES = new RegExp([
    String.raw`(?:\bwhile${EVER}|\bfor\s*\(\s*;\s*;\s*\))[^}]{0,200}${BOX}\s*\(`,
    String.raw`\bdo\s*\{[^}]{0,200}${BOX}\s*\([^}]{0,200}\}\s*while${EVER}`,
    String.raw`\bfor\s*\((?:[^;{}]{0,80};){2}[^;{}]{0,80}\)\s*(?:\{\s*)?(?:window\.)?${BOX}\s*\(`,
    String.raw`\bsetInterval\s*\(\s*(?:function\b[^{]{0,40}\{\s*|\([^()]{0,40}\)\s*=>\s*(?:\{\s*)?|["'\x60]\s*)?(?:window\.)?${BOX}`,
  ].join("|"));

  /**
   * The getter of a property that the page's element names cannot shadow.
   *
   * @template {object} T
   * @template {keyof T} K
   * @param {{ prototype: T }} of
   * @param {K} name
   * @returns {(target: object) => T[K]}
   */
  function getter(of, name) {
    const get = Object.getOwnPropertyDescriptor(of.prototype, name)?.get;
    if (!get) throw new TypeError(`no getter ${String(name)}`);
    return (target) => get.call(target);
  }
  const firstChild = getter(Node, "firstChild");
  const lastChild = getter(Node, "lastChild");
  const nextSibling = getter(Node, "nextSibling");
  const previousSibling = getter(Node, "previousSibling");
  const parentNode = getter(Node, "parentNode");
  const nodeType = getter(Node, "nodeType");
  const isConnected = getter(Node, "isConnected");
  const localName = getter(Element, "localName");
  const namespace = getter(Element, "namespaceURI");
  const shadowRoot = getter(Element, "shadowRoot");
  const assignedSlot = getter(Element, "assignedSlot");
  const firstElement = getter(Element, "firstElementChild");
  const textContent = getter(Node, "textContent");
  const offsetParent = getter(HTMLElement, "offsetParent");
  const scrollWidth = getter(Element, "scrollWidth");
  const scrollHeight = getter(Element, "scrollHeight");
  const clientWidth = getter(Element, "clientWidth");
  const clientHeight = getter(Element, "clientHeight");
  const bodyOf = getter(Document, "body");
  const hostnameOf = { a: getter(HTMLAnchorElement, "hostname"), area: getter(HTMLAreaElement, "hostname") };
  const control = getter(HTMLLabelElement, "control");
  const formOf = Object.fromEntries(
    /** @type {const} */ ([
      ["input", HTMLInputElement],
      ["select", HTMLSelectElement],
      ["textarea", HTMLTextAreaElement],
      ["button", HTMLButtonElement],
    ]).map(([name, of]) => [name, getter(/** @type {{ prototype: HTMLInputElement }} */ (of), "form")]),
  );

  /** @param {Element} element @param {string} name */
  const attribute = (element, name) =>
    Element.prototype.getAttribute.call(element, name)?.slice(0, VALUE_CAP) ?? "";

  /** Half a surrogate pair is no character, and does not survive the way to the core. @param {string} text */
  const whole = (text) => text.toWellFormed();

  /** @param {string} url @param {string} base */
  function host(url, base) {
    try {
      return new URL(url, base).hostname;
    } catch {
      return "";
    }
  }

  /** Elements this near to the root are looked into whatever is in them. */
  const SHALLOW = 5;

  /**
   * The shadow root of an element, closed ones too: a page could hide from the reader there.
   * Asking for a closed one is dear, so only where one is likely.
   *
   * @param {Element} element
   * @param {number} depth elements around it
   * @returns {ShadowRoot | null}
   */
  function rootBelow(element, depth) {
    const open = shadowRoot(element);
    if (open) return open;
    if (depth > SHALLOW && firstElement(element) && !localName(element).includes("-")) return null;
    return rootIn(element);
  }

  /** What the extension itself has drawn is no part of the page. @param {Element} element */
  const isOurs = (element) => isTop && DoorchainSurface.isOurs(element);

  /** What the person writes is scored as typed text, and forgotten. @param {Element} element */
  const isWritten = (element) => typeof DoorchainTyping !== "undefined" && DoorchainTyping.isWritten(element);

  /** Fields in which somebody wrote; of a closed shadow root only the host is told. @type {WeakSet<EventTarget>} */
  const fields = new WeakSet();
  const { listen } = hearing([[window, "input", onWriting]]);
  listen();

  /** @param {Event} event */
  function onWriting(event) {
    const [target] = event.composedPath();
    if (target) fields.add(target);
  }

  /** Whether somebody wrote in a field, or in a closed shadow root around it. @param {Element} field */
  function isFilled(field) {
    /** @type {Element | null} */
    let at = field;
    for (; at; at = hostOf(at)) if (fields.has(at)) return true;
    return false;
  }

  /**
   * The text that the page itself put into a field, as long as that alone stands in it; none where
   * somebody wrote in it, or where it is for a password, a card, an account or a code.
   *
   * @param {Element} element
   * @param {string} name
   */
  function valueOf(element, name) {
    const field = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (element);
    const shown = name === "textarea" || (field.readOnly && WRITTEN_OUT.has(attribute(field, "type").toLowerCase()));
    if (!shown || field.value !== field.defaultValue || isFilled(field)) return "";
    return typeof DoorchainTyping !== "undefined" && DoorchainTyping.isSecret(field) ? "" : field.value;
  }

  /** Whether nothing in an element is text of the page. @param {Element} element @param {string} name */
  function isSilent(element, name) {
    if (namespace(element) === SVG) return UNDRAWN.has(name);
    if (namespace(element) !== XHTML) return false;
    if (BACKSTAGE.has(name)) return getComputedStyle(element).display === "none";
    // Closed, a list shows what the person chose in it.
    if (name === "select") return !element.hasAttribute("multiple") && !(Number(attribute(element, "size")) > 1);
    // What is in it is shown where it has nothing to show.
    if (name === "object") return boxOf(element).height === 0;
    return REPLACED.has(name);
  }

  /**
   * What is known of an element's looks.
   *
   * @typedef {object} Looks
   * @property {boolean} none nothing of it is drawn, as in a closed menu
   * @property {CSSStyleDeclaration | null} style its own, as it is now; none where nothing is drawn
   * @property {Element | null} cut what cuts all of it off
   * @property {string} flow `block`, `cell` or `inline`
   * @property {string} ground colour behind it; empty where that cannot be known
   * @property {Element | null} painted what has that colour; none for the document
   * @property {number} opacity of it and all around it, 0 to 1
   */
  /** @type {Looks} */
  const PLAIN = { none: false, style: null, cut: null, flow: "block", ground: "rgb(255, 255, 255)", painted: null, opacity: 1 };
  /** Around what lies above the page. @type {Looks} */
  const ABOVE = { ...PLAIN, ground: "" };

  const CLEAR = /^rgba\(.*,\s*0\)$|^transparent$|\/\s*0\)$/;
  /** @param {string} colour */
  const isClear = (colour) => colour === "rgba(0, 0, 0, 0)" || CLEAR.test(colour);

  /** @param {Element} element @param {Looks} outer @returns {Looks} */
  function looksOf(element, outer) {
    // Each value that is asked for costs about a microsecond.
    const style = getComputedStyle(element);
    const flow = flowOf(style.display);
    if (flow === "none" || (flow !== "inline" && style.contentVisibility === "hidden")) return { ...PLAIN, none: true };
    const around = (outer.cut || outer.opacity < FAINT) && isOnTop(element) ? ABOVE : outer;
    const opacity = around.opacity * Number(style.opacity || 1);
    let { ground, painted, cut } = around;
    if (style.backgroundImage !== "none") ground = "";
    else if (!isClear(style.backgroundColor)) [ground, painted] = [style.backgroundColor, element];
    // The browser's own ground is dark then.
    else if (around === PLAIN && isRoot(element) && style.colorScheme.includes("dark")) ground = "";
    if (cut && escapes(element, style, cut)) cut = null;
    if (!cut && cuts(element, style, flow)) cut = element;
    return { none: false, style, cut, flow, ground, painted, opacity };
  }

  /** Whether an element is the document's own. @param {Element} element */
  const isRoot = (element) => parentNode(element) === document;

  /** @param {string} display */
  function flowOf(display) {
    if (display === "block" || display === "none") return display;
    if (display === "inline" || display === "contents" || display.endsWith("math")) return "inline";
    return /^(inline|ruby|table-cell$)/.test(display) ? "cell" : "block";
  }

  /** Whether an element lies in the top layer, which nothing around it hides. @param {Element} element */
  const isOnTop = (element) => Element.prototype.matches.call(element, ":modal, :popover-open, :fullscreen");

  /** Whether an element is drawn outside of what cuts off all around it. @param {Element} element @param {CSSStyleDeclaration} style @param {Element} cut */
  function escapes(element, { position }, cut) {
    if (position === "fixed") return true;
    return position === "absolute" && element instanceof HTMLElement && !Node.prototype.contains.call(cut, offsetParent(element));
  }

  /** Whether nothing is left to be seen of an element and all in it. @param {Element} element @param {CSSStyleDeclaration} style @param {string} flow */
  function cuts(element, style, flow) {
    if ((style.position === "absolute" || style.position === "fixed") && /^rect\(0(px)?,? 0(px)?,? 0(px)?,? 0(px)?\)$/.test(style.clip)) return true;
    if (/^inset\((50|100)%\)$/.test(style.clipPath)) return true;
    if (flow === "inline" || style.overflow === "visible") return false;
    // What overflows the page itself is to be scrolled to.
    if (isRoot(element) || element === bodyOf(document)) return false;
    const { width, height } = Element.prototype.getBoundingClientRect.call(element);
    if (width > 1 && height > 1) return false;
    const { overflowX, overflowY } = style;
    if (style.overflowClipMargin && style.overflowClipMargin !== "0px") return false;
    return (overflowX !== "visible" && width <= 1) || (overflowY !== "visible" && height <= 1);
  }

  /**
   * How the text right in an element is: `seen`; `away` where only its own place tells whether it
   * can be seen; `hidden`; or `none`, not drawn. Where that is in doubt it is seen: such
   * text is read in full.
   *
   * @param {Element} element
   * @param {Looks} looks
   * @param {Node} text the first in it
   */
  function textIs(element, looks, text) {
    const style = looks.style ?? getComputedStyle(element);
    const drawn = style.visibility === "visible";
    const hidden = !drawn || looks.cut || looks.opacity < FAINT || isTiny(style, text) || isBlank(element, style, looks);
    if (!hidden || isMoving(element)) return isAway(element, style) ? "away" : "seen";
    return drawn ? "hidden" : "none";
  }

  /** How far the page is scrolled, which stays so while a slice lasts. */
  let scrolled = { x: 0, y: 0 };

  /** Whether an element, or its first line, lies beyond the page's beginning. @param {Element} element @param {CSSStyleDeclaration} style */
  function isAway(element, { textIndent }) {
    const { right, bottom } = Element.prototype.getBoundingClientRect.call(element);
    return right + scrolled.x <= 0 || bottom + scrolled.y <= 0 || textIndent.startsWith("-");
  }

  /** Whether an animation may bring an element into sight. @param {Element} element */
  function isMoving(element) {
    /** @type {Element | null} */
    let at = element;
    for (; at; at = parentOf(at)) if (Element.prototype.getAnimations.call(at).length > 0) return true;
    return false;
  }

  /** Letters may be small and drawn large. @param {CSSStyleDeclaration} style @param {Node} text */
  function isTiny(style, text) {
    if (parseFloat(style.fontSize) >= TINY) return false;
    const [line] = rangeIn(text).getClientRects();
    return line !== undefined && Math.min(line.width, line.height) <= TINY;
  }

  /** Whether the letters of an element cannot be told from what is behind them. @param {Element} element @param {CSSStyleDeclaration} style @param {Looks} looks */
  function isBlank(element, style, { ground, painted }) {
    const color = style.webkitTextFillColor || style.color;
    const clear = isClear(color);
    // Clipped to a gradient, clear letters are the way to colour them.
    if (clear ? ground === "" : color !== ground) return false;
    if (style.textShadow !== "none" || parseFloat(style.webkitTextStrokeWidth) > 0) return false;
    const root = rootOf(element);
    /** @type {Element | null} */
    let at = element;
    for (; at; at = parentOf(at)) {
      if (recolours(at, at === painted)) return false;
      if (at === painted) break;
    }
    return clear || (rootOf(painted ?? element) === root && !isSomethingBehind(element, painted ?? page.documentElement));
  }

  /** Whether letters in an element may have another colour than their style says, or another ground. @param {Element} element @param {boolean} isGround */
  function recolours(element, isGround) {
    const style = getComputedStyle(element);
    if (style.filter !== "none" || style.mixBlendMode !== "normal" || style.backgroundClip === "text") return true;
    if (style.boxShadow.includes("inset") || (!isGround && style.zIndex !== "auto")) return true;
    return getComputedStyle(element, "::first-line").color !== style.color ||
      ["::before", "::after"].some((part) => paints(getComputedStyle(element, part)));
  }

  /** @param {CSSStyleDeclaration} style */
  const paints = (style) => style.backgroundImage !== "none" || !isClear(style.backgroundColor);

  /** Whether something may lie between an element and its ground. @param {Element} element @param {Element} painted */
  function isSomethingBehind(element, painted) {
    const others = Element.prototype.querySelectorAll.call(painted, "*");
    if (others.length > BEHIND_CAP) return true;
    const box = Element.prototype.getBoundingClientRect.call(element);
    return [...others].some((other) =>
      other !== element && meets(box, Element.prototype.getBoundingClientRect.call(other)) &&
      !Node.prototype.contains.call(other, element) && !Node.prototype.contains.call(element, other) &&
      (REPLACED.has(localName(other)) || namespace(other) !== XHTML || paints(getComputedStyle(other)) || rootIn(other)));
  }

  /** @param {DOMRect} a @param {DOMRect} b */
  const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  /** Whether a text stands where nobody can scroll to it. @param {Node} text @param {Element} element */
  function isOutOfReach(text, element) {
    const { right, bottom, width, height } = boxOf(text);
    if ((right + scrolled.x > 0 && bottom + scrolled.y > 0) || (width === 0 && height === 0)) return false;
    const back = scrolledBy(element);
    return (right + back.x <= 0 || bottom + back.y <= 0) && !isMoving(element);
  }

  /** How far what stands in an element can be scrolled to the right and down, at most. @param {Element} element */
  function scrolledBy(element) {
    let { x, y } = scrolled;
    for (let at = parentOf(element); at; at = parentOf(at)) {
      const whole = isRoot(at);
      const style = getComputedStyle(at);
      // It begins at the right.
      if (!whole || style.direction === "rtl" || style.writingMode.endsWith("rl")) x += scrollWidth(at) - clientWidth(at);
      if (!whole) y += scrollHeight(at) - clientHeight(at);
    }
    return { x, y };
  }

  /** Text as it grows, with where each piece comes from. */
  class Text {
    /** @param {number} cap @param {boolean} [back] it grows from its end, until it is turned */
    constructor(cap, back = false) {
      this.cap = cap;
      this.back = back;
      /** There was no room for all that was to be added. */
      this.cut = false;
      /** @type {string[]} */
      this.pieces = [];
      /** What stands before each piece. @type {string[]} */
      this.gaps = [];
      this.length = 0;
      /** What stands between the last word and the next: nothing, a space or a new line. */
      this.gap = "";
      /** Starts of pieces in the text, ascending. @type {number[]} */
      this.starts = [];
      /** @type {CharacterData[]} */
      this.nodes = [];
      /** Where the piece begins in its node. @type {number[]} */
      this.offsets = [];
    }

    get full() {
      return this.length >= this.cap;
    }

    /** @param {" " | "\n"} gap */
    separate(gap) {
      if (this.length > 0 && this.gap !== "\n") this.gap = gap;
    }

    /**
     * @param {CharacterData} node
     * @param {boolean} kept white space is as it stands
     * @param {number} [from] where its text begins that is to be added
     */
    add(node, kept, from = 0) {
      // One node may hold the text of a whole book.
      const most = 2 * (this.cap - this.length);
      const start = this.back ? Math.max(from, node.length - most) : from;
      const data = node.substringData(start, most);
      this.cut ||= start > from || start + data.length < node.length;
      const found = [...data.matchAll(kept ? /[^\r\n]+/g : /\S+(?:[ \u00a0]\S+)*/g)];
      if (this.back) found.reverse();
      // White space that was skipped is one separator, whatever it was made of.
      const skip = (/** @type {number} */ begin, /** @type {number} */ end) => {
        if (end > begin) this.separate(kept && /[\r\n]/.test(data.slice(begin, end)) ? "\n" : " ");
      };
      let at = this.back ? data.length : 0;
      for (const { 0: words, index } of found) {
        const left = this.cap - this.length;
        this.cut ||= words.length > left;
        if (left <= 0) return;
        const end = index + words.length;
        if (this.back) skip(end, at);
        else skip(at, index);
        at = this.back ? index : end;
        const lost = this.back ? Math.max(0, words.length - left) : 0;
        this.push(words.slice(lost, lost + left), node, start + index + lost);
      }
      if (this.back) skip(0, at);
      else skip(at, data.length);
    }

    /** @param {string} words @param {CharacterData} node @param {number} offset */
    push(words, node, offset) {
      this.gaps.push(this.gap);
      this.length += this.gap.length;
      this.gap = "";
      this.starts.push(this.length);
      this.nodes.push(node);
      this.offsets.push(offset);
      this.pieces.push(words);
      this.length += words.length;
    }

    /** Several texts as one. @param {Text[]} texts */
    static of(texts) {
      const all = new Text(Infinity);
      for (const { back, pieces, gaps, nodes, offsets } of texts) {
        all.separate("\n");
        for (let at = 0; at < pieces.length; at += 1) {
          const from = back ? pieces.length - 1 - at : at;
          // Read from its end, a piece has behind it what stood before it.
          if (at > 0) all.gap = /** @type {string} */ (gaps[back ? from + 1 : from]);
          all.push(
            /** @type {string} */ (pieces[from]),
            /** @type {CharacterData} */ (nodes[from]),
            /** @type {number} */ (offsets[from]),
          );
        }
      }
      return all;
    }

    toString() {
      return whole(this.pieces.map((words, at) => this.gaps[at] + words).join(""));
    }

    /**
     * The places of words in the page, as it is now; none where it has changed.
     *
     * @param {Words} words
     * @returns {Range[]} one, or more where the words cross the border of a shadow root
     */
    ranges({ start, end, text }) {
      const from = this.#find(start);
      const to = this.#find(end - 1);
      if (from < 0 || to < 0 || end <= start) return [];
      const first = /** @type {CharacterData} */ (this.nodes[from]);
      const last = /** @type {CharacterData} */ (this.nodes[to]);
      if (!isConnected(first) || !isConnected(last)) return [];
      const a = start - /** @type {number} */ (this.starts[from]) + /** @type {number} */ (this.offsets[from]);
      const b = end - /** @type {number} */ (this.starts[to]) + /** @type {number} */ (this.offsets[to]);
      if (first === last)
        return same(first.data.slice(a, b), text) ? [rangeOf(first, a, last, b)] : [];
      if (b > last.length || a >= first.length) return [];
      const between = this.nodes.slice(from, to + 1);
      const root = rootOf(first);
      if (between.every((node) => rootOf(node) === root)) return [rangeOf(first, a, last, b)];
      return between.map((node) =>
        rangeOf(node, node === first ? a : 0, node, node === last ? b : node.length),
      );
    }

    /** Index of the piece that holds an offset. @param {number} offset */
    #find(offset) {
      let low = 0;
      let high = this.starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (/** @type {number} */ (this.starts[middle]) <= offset) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    }
  }

  /** @param {Node} node */
  const rootOf = (node) => Node.prototype.getRootNode.call(node);

  /** @param {Node} from @param {number} start @param {Node} to @param {number} end */
  function rangeOf(from, start, to, end) {
    const range = page.createRange();
    range.setStart(from, start);
    range.setEnd(to, end);
    return range;
  }

  /** @param {string} a @param {string} b */
  const same = (a, b) => a.replace(/\s+/g, "") === b.replace(/\s+/g, "");

  /** A set of short values that cannot grow without end. */
  class Values {
    /** @type {Set<string>} */
    #values = new Set();

    /** @param {string | null | undefined} value */
    add(value) {
      if (value && this.#values.size < LIST_CAP) this.#values.add(whole(value.slice(0, VALUE_CAP)));
    }

    get list() {
      return [...this.#values];
    }
  }

  /**
   * Lets the page go on, and comes back when it has nothing urgent to do.
   *
   * @returns {Promise<number>} milliseconds that may be used now
   */
  function pause() {
    return new Promise((resolve) => {
      if (typeof requestIdleCallback === "function")
        requestIdleCallback(
          (deadline) => resolve(deadline.didTimeout ? SLICE / 2 : Math.min(SLICE, deadline.timeRemaining())),
          { timeout: 200 },
        );
      else setTimeout(() => resolve(SLICE), 16);
    });
  }

  /**
   * One element on the way down.
   *
   * @typedef {object} Place
   * @property {Node | null} next the child that comes next
   * @property {boolean} back the last child comes first
   * @property {Node[] | null} slotted children that come instead, from the page around a shadow root
   * @property {number} at index into them
   * @property {Element | null} element
   * @property {Looks} looks
   * @property {string} text what its own text is, as {@link textIs} has it; empty until asked
   * @property {boolean} kept its white space is as it stands
   * @property {number} heading where the text of this heading began; -1 for what is none
   */

  /** One reading of one document. */
  class Reading {
    /** What is being read: the beginning, the end, or what is on the screen. @type {"begin" | "end" | "screen"} */
    stretch = "begin";
    begin = new Text(TEXT_CAP);
    seen = this.begin;
    hidden = new Text(HIDDEN_CAP);
    /** Texts that were read already. @type {Set<CharacterData>} */
    known = new Set();
    /** The texts of fields. @type {Map<Element, CharacterData>} */
    values = new Map();
    /** The end has come to where the beginning stopped. */
    met = false;
    /** Elements that stand at a point of the screen. @type {Set<Element>} */
    boxes = new Set();
    /** Of what is on the screen, only what is in none of them is left to be read. */
    inLines = false;
    /** There is more than was read. */
    gaveUp = false;
    /** @type {string[]} */
    heading = [];
    /** @type {[number, number][]} */
    headingPlaces = [];
    /** @type {Map<Element, Form>} */
    forms = new Map();
    /** @type {Field[]} */
    loose = [];
    /** @type {Set<Element>} */
    asked = new Set();
    /** The first label of each field, in each document and shadow root. @type {Map<Node, Map<Element, Element>>} */
    labels = new Map();
    images = new Values();
    styles = new Values();
    links = new Values();
    ids = new Values();
    alts = new Values();
    /** @type {Set<Trap>} */
    traps = new Set();
    /** @type {ShadowRoot[]} */
    roots = [];
    sender = "";
    /** Time on the main thread, in milliseconds. */
    work = 0;
    /** What is on the screen was not read to its end. */
    hurried = false;

    constructor() {
      this.base = page.baseURI;
    }

    /**
     * Goes through the document; where that is more than can be read, through its end and what is on
     * the screen, too.
     *
     * @param {() => boolean} cancelled
     * @returns {Promise<boolean>} false where it was cancelled
     */
    async run(cancelled) {
      const root = page.documentElement;
      if (!root) return true;
      const looks = looksOf(root, PLAIN);
      const whole = await this.slices(this.walk([place(root, looks, null)]), WORK_CAP, WALL_CAP, cancelled);
      if (!whole || this.begin.cut || this.gaveUp) {
        this.known = new Set(this.begin.nodes);
        const end = new Text(END_CAP, true);
        this.turnTo("end", end);
        const met = await this.slices(this.walk([place(root, looks, null, true)]), FULL_CAP, LATE_CAP, cancelled);
        for (const node of end.nodes) this.known.add(node);
        this.gaveUp ||= !met || end.cut || end.full;
        const screen = new Text(SCREEN_CAP);
        if (this.gaveUp) {
          this.turnTo("screen", screen);
          this.hurried = !(await this.slices(this.screen(), SCREEN_WORK_CAP * patience, LATE_CAP * patience, cancelled));
        }
        this.seen = Text.of([screen, this.begin, end]);
      }
      this.page();
      return !cancelled();
    }

    /** @param {"end" | "screen"} stretch @param {Text} text */
    turnTo(stretch, text) {
      this.stretch = stretch;
      this.met = false;
      this.seen = text;
    }

    /**
     * Runs steps in slices.
     *
     * @param {Iterator<void>} steps
     * @param {number} most milliseconds on the main thread
     * @param {number} wall milliseconds until it is given up all the same
     * @param {() => boolean} cancelled
     * @returns {Promise<boolean>} whether they came to their end
     */
    async slices(steps, most, wall, cancelled) {
      const begun = performance.now();
      let worked = 0;
      for (;;) {
        if (cancelled()) return false;
        const budget = await pause();
        const sliceBegun = performance.now();
        scrolled = { x: scrollX, y: scrollY };
        let over = false;
        for (let step = 1; !over; step += 1) {
          over = steps.next().done === true;
          if (step % STEPS === 0 && performance.now() - sliceBegun >= budget) break;
        }
        const now = performance.now();
        worked += now - sliceBegun;
        this.work += now - sliceBegun;
        if (over) return true;
        if (worked > (this.begin.full && this.stretch === "begin" ? FULL_CAP : most) || now - begun > wall) return false;
      }
    }

    /** Goes through what is below places, the last of them first. @param {Place[]} stack @returns {Generator<void>} */
    *walk(stack) {
      while (stack.length > 0 && !this.met) {
        const top = /** @type {Place} */ (stack[stack.length - 1]);
        const node = take(top);
        if (!node) {
          this.leave(top);
          stack.pop();
        } else {
          try {
            this.visit(node, stack);
          } catch {
            // One node that cannot be read must not hide the others.
            this.gaveUp = true;
          }
        }
        yield;
      }
    }

    /** @param {Node} node @param {Place[]} stack on whose last place it was taken */
    visit(node, stack) {
      const top = /** @type {Place} */ (stack[stack.length - 1]);
      const type = nodeType(node);
      if (type === Node.TEXT_NODE || type === Node.CDATA_SECTION_NODE) this.text(/** @type {CharacterData} */ (node), top);
      if (type !== Node.ELEMENT_NODE) return;
      const below = this.enter(/** @type {Element} */ (node), top, stack.length);
      if (below && stack.length < DEPTH_CAP) stack.push(below);
      else if (below) this.gaveUp = true;
    }

    /**
     * Reads what is on the screen, wherever in the document it stands: what is at the points of a
     * grid, with all around it as far as that is no more than fits; then the lines of what holds more.
     *
     * @returns {Generator<void>}
     */
    *screen() {
      /** @type {Map<Element, Looks>} */
      const known = new Map();
      /** Whether an element's text fits. @type {Map<Element, boolean>} */
      const small = new Map();
      /** @param {Element} element */
      const isSmall = (element) => {
        const is = small.get(element) ?? (textContent(element)?.length ?? 0) <= SCREEN_CAP;
        small.set(element, is);
        return is;
      };
      /** @type {Set<Element>} */
      const lines = new Set();
      /** @type {Set<Element>} */
      const hit = new Set();
      let asked = 0;
      for (const { x, y } of points()) {
        yield;
        // Where a page lets no pointer meet anything but its root, each point costs a look at all of it, and all
        // of it is read line by line.
        if (asked++ === (ROWS / PASSES) * COLUMNS && hit.size === 1 && lines.size === 1) break;
        for (const element of hits(page, x, y, hit)) {
          try {
            let at = element;
            for (let above = parentOf(at); above; above = parentOf(at)) {
              if (looksWithin(at, known).flow !== "inline" && !isSmall(above)) break;
              at = above;
              yield;
            }
            if (!isSmall(at)) lines.add(at);
            else if (!this.boxes.has(at)) yield* this.below(at, looksWithin(at, known));
            this.boxes.add(at);
          } catch {
            // As in a walk.
          }
        }
      }
      this.inLines = true;
      for (const element of lines) yield* this.below(element, looksWithin(element, known));
    }

    /** Reads an element in the midst of the document. @param {Element} element @param {Looks} looks */
    *below(element, looks) {
      if (looks.none || isSilent(element, localName(element)) || isOurs(element) || isWritten(element)) return;
      this.separate("block");
      yield* this.walk([place(element, looks, rootBelow(element, 0))]);
    }

    /** @param {CharacterData} node @param {Place} at */
    text(node, at) {
      if (!/\S/.test(node.substringData(0, VALUE_CAP)) && !/\S/.test(node.data)) {
        this.seen.separate(" ");
        return;
      }
      let from = 0;
      if (this.stretch === "screen") {
        if (this.known.has(node) || !isOnScreen(boxOf(node))) return;
        this.known.add(node);
      } else if (this.known.has(node)) {
        // Another one the page has moved here since.
        const last = this.begin.nodes.length - 1;
        if (node !== this.begin.nodes[last]) return;
        this.met = true;
        // The beginning may have stopped within it, and the page may have shortened it since.
        from = Math.min(node.length, Number(this.begin.offsets[last]) + Number(this.begin.pieces[last]?.length));
      }
      if (at.text === "" && at.element) {
        at.text = textIs(at.element, at.looks, node);
        at.kept = at.looks.style?.whiteSpaceCollapse?.startsWith("preserve") ?? false;
      }
      const isSeen = at.text === "seen" || (at.text === "away" && at.element && !isOutOfReach(node, at.element));
      if (isSeen) this.seen.add(node, at.kept, from);
      else if (at.text !== "none" && this.stretch === "begin") this.hidden.add(node, at.kept);
      this.met ||= this.stretch === "end" && this.seen.full;
    }

    /**
     * @param {Element} element
     * @param {Place} around
     * @param {number} depth elements around it
     * @returns {Place | null} where to go on below; none where nothing is to be read there
     */
    enter(element, around, depth) {
      if (isOurs(element)) return null;
      const name = localName(element);
      this.note(element, name);
      if (name === "br") {
        this.seen.separate("\n");
        this.hidden.separate("\n");
        return null;
      }
      if (isSilent(element, name) || isWritten(element)) return null;
      if (this.stretch === "screen" && !isOnScreen(Element.prototype.getBoundingClientRect.call(element))) return null;
      const looks = around.looks.none ? around.looks : looksOf(element, around.looks);
      // Fields and links of a closed menu are facts of the page all the same.
      if (looks.none) return { ...place(element, looks, null), text: "none" };
      this.noteSender(element, looks);
      this.separate(looks.flow);
      if (this.inLines && this.boxes.has(element)) return null;
      if ((name === "input" || name === "textarea") && namespace(element) === XHTML) {
        this.value(element, name, looks);
        return null;
      }
      const root = rootBelow(element, depth);
      if (root && this.roots.length < ROOT_CAP) this.roots.push(root);
      const below = place(element, looks, root, around.back);
      if (this.stretch !== "begin") return below;
      if (name === "h1" || name === "h2" || name === "h3") below.heading = this.seen.length;
      return below;
    }

    /** What the page wrote into a field, on which no mark can be put. @param {Element} element @param {string} name @param {Looks} looks */
    value(element, name, looks) {
      const value = valueOf(element, name);
      if (value === "") return;
      const node = this.values.get(element) ?? page.createTextNode(value);
      this.values.set(element, node);
      this.text(node, place(element, looks, null));
      this.separate(looks.flow);
    }

    /** @param {Place} place */
    leave({ element, looks, heading }) {
      if (!element || looks.none) return;
      if (heading >= 0 && this.headingPlaces.length < LIST_CAP && this.seen.length > heading)
        this.headingPlaces.push([heading, this.seen.length]);
      this.separate(looks.flow);
    }

    /** @param {string} flow */
    separate(flow) {
      if (flow === "inline") return;
      this.seen.separate(flow === "block" ? "\n" : " ");
      this.hidden.separate(flow === "block" ? "\n" : " ");
    }

    /** Facts that are no text. @param {Element} element @param {string} name */
    note(element, name) {
      const id = attribute(element, "id");
      if (id) this.ids.add(id);
      switch (name) {
        case "a":
        case "area": {
          const href = attribute(element, "href");
          // In a drawing, what has this name has no host of its own.
          if (href && !href.startsWith("#")) this.links.add(namespace(element) === XHTML ? hostnameOf[name](element) : host(href, this.base));
          break;
        }
        case "img":
          if (attribute(element, "src")) this.images.add(host(attribute(element, "src"), this.base));
          this.alts.add(attribute(element, "alt"));
          break;
        case "form":
          this.form(element);
          break;
        case "button":
        case "input":
        case "select":
        case "textarea":
          // In a drawing, what has this name is no field.
          if (namespace(element) !== XHTML) break;
          this.sent(element, name);
          if (name !== "button") this.field(element, name);
          break;
        case "audio":
        case "video": {
          const media = /** @type {HTMLMediaElement} */ (element);
          if ((media.loop || media.autoplay) && !media.paused && !media.muted && media.volume > 0)
            this.traps.add("loopingSound");
          break;
        }
        case "body":
          if (attribute(element, "onbeforeunload")) this.traps.add("blockedExit");
          this.script(attribute(element, "onload"));
          break;
        case "script":
          this.script(textContent(element)?.slice(0, 20_000));
          break;
        default:
      }
    }

    /** Webmail keeps the sender's address beside the name that is shown. @param {Element} element @param {Looks} looks */
    noteSender(element, looks) {
      if (this.sender !== "") return;
      const address = attribute(element, "email") || attribute(element, "data-email");
      // Of one without a word in it nobody sees whose it is.
      if (!address.includes("@") || !textContent(element)?.trim() || boxOf(element).width === 0) return;
      const is = textIs(element, looks, element);
      if (is === "seen" || (is === "away" && !isOutOfReach(element, element))) this.sender = `${attribute(element, "name")} <${address}>`.trim();
    }

    /** A page that asks not to be left, in its own words. @param {string} [text] */
    script(text) {
      if (text && (BLOCKS_EXIT.test(text) || SHOWS_BOXES.test(text))) this.traps.add("blockedExit");
    }

    /** @param {Element} element */
    form(element) {
      let form = this.forms.get(element);
      if (!form && this.forms.size < LIST_CAP) {
        form = { fields: [], targets: [] };
        this.forms.set(element, form);
        this.target(form, attribute(element, "action"));
      }
      return form;
    }

    /** A button may send its form elsewhere. @param {Element} element @param {string} name */
    sent(element, name) {
      const action = attribute(element, "formaction");
      const form = action && formOf[name]?.(element);
      if (form) this.target(this.form(form), action);
    }

    /** @param {Form | undefined} form @param {string} action */
    target(form, action) {
      const to = action && host(action, this.base);
      if (form && to && form.targets.length < LIST_CAP && !form.targets.includes(to)) form.targets.push(to);
    }

    /** The text of a field's first label. The field itself looks for it in the whole page. @param {Element} field */
    labelOf(field) {
      const root = rootOf(field);
      let labels = this.labels.get(root);
      if (!labels) {
        labels = new Map();
        const all = plain(/** @type {ParentNode & Node} */ (root)).querySelectorAll("label");
        for (let at = 0; at < Math.min(all.length, LABEL_CAP); at += 1) {
          const label = /** @type {Element} */ (all[at]);
          const labelled = namespace(label) === XHTML && control(label);
          if (labelled && !labels.has(labelled)) labels.set(labelled, label);
        }
        this.labels.set(root, labels);
      }
      const label = labels.get(field);
      return (label && textContent(label)?.trim()) ?? "";
    }

    /** @param {Element} element @param {string} name */
    field(element, name) {
      const type = name === "input" ? attribute(element, "type").toLowerCase() || "text" : name;
      if (NO_FIELD.has(type) || this.asked.size >= LIST_CAP || this.asked.has(element)) return;
      this.asked.add(element);
      const label = attribute(element, "aria-label") || this.labelOf(element);
      /** @type {Field} */
      const field = {
        type: whole(type),
        name: whole(attribute(element, "name")),
        id: whole(attribute(element, "id")),
        label: whole(label.replace(/\s+/g, " ").slice(0, VALUE_CAP)),
        placeholder: whole(attribute(element, "placeholder")),
        autocomplete: whole(attribute(element, "autocomplete")),
      };
      const form = formOf[name]?.(element);
      if (form) this.form(form)?.fields.push(field);
      else this.loose.push(field);
    }

    /** What belongs to the document as a whole. */
    page() {
      for (const sheet of page.styleSheets) {
        if (sheet.href) this.styles.add(host(sheet.href, this.base));
      }
      const full = page.fullscreenElement;
      // A film that fills the screen holds nobody.
      if (full && localName(full) !== "video" && !plain(full).querySelector("video")) this.traps.add("fullScreen");
    }

    /** @returns {PageFacts} */
    facts() {
      const text = this.seen.toString();
      const begin = this.seen === this.begin ? text : this.begin.toString();
      return {
        title: whole(page.title.slice(0, 1_000)),
        text,
        hiddenText: this.hidden.toString(),
        heading: this.headingPlaces.map(([from, to]) => begin.slice(from, to).trim().slice(0, VALUE_CAP).toWellFormed()),
        from: whole(this.sender || shownSender(text)),
        forms: [...this.forms.values()],
        looseFields: this.loose,
        imageHosts: this.images.list,
        styleHosts: this.styles.list,
        linkHosts: this.links.list,
        ids: this.ids.list,
        imageAlts: this.alts.list,
        traps: [...this.traps],
        gaveUp: this.gaveUp,
      };
    }
  }

  const MAILBOX = String.raw`<[^\s<>@]{1,100}@[^\s<>@]{1,200}\.[^\s<>@.]{2,63}>`;
  /** Begun by what is seldom: what stands before it is looked at where it is found. */
  const SENDER = new RegExp(String.raw`${MAILBOX}(?:[^\n<>]{0,100}${MAILBOX}){0,3}`);

  /**
   * `Name <name@example.org>` as mail programs show it, in the first line where it stands; of several
   * addresses there the last, since a name may look like an address.
   *
   * @param {string} text
   */
  function shownSender(text) {
    const found = SENDER.exec(text.slice(0, 20_000));
    if (!found) return "";
    const before = /[^\n<>]*$/.exec(text.slice(Math.max(0, found.index - 100), found.index));
    // "From:" in any language.
    return `${before?.[0] ?? ""}${found[0]}`.trim().replace(/^[^:<]{1,20}:\s*/u, "");
  }

  /**
   * Elements at a point of the screen, the topmost first, in shadow roots too.
   *
   * @param {DocumentOrShadowRoot} root
   * @param {number} x
   * @param {number} y
   * @param {Set<Element>} hit those that were given before
   * @returns {Generator<Element>}
   */
  function* hits(root, x, y, hit) {
    for (const element of root.elementsFromPoint(x, y)) {
      if (hit.has(element)) continue;
      hit.add(element);
      const inner = rootBelow(element, 0);
      if (inner) yield* hits(inner, x, y, hit);
      yield element;
    }
  }

  /** Points of a grid over the screen, all over it before they come close. */
  function* points() {
    for (const first of [0, 2, 1, 3])
      for (let row = first; row < ROWS; row += PASSES)
        for (let column = 0; column < COLUMNS; column += 1)
          yield { x: ((column + 0.5) / COLUMNS) * innerWidth, y: ((row + 0.5) / ROWS) * innerHeight };
  }

  /** One for all: each would be kept up to date by the page. */
  const inside = page.createRange();

  /** What stands in a node, until another is asked for. @param {Node} node */
  function rangeIn(node) {
    inside.selectNodeContents(node);
    return inside;
  }

  /** @param {Node} node */
  const boxOf = (node) => rangeIn(node).getBoundingClientRect();

  /** What has no box, its parts may have. @param {DOMRect} box */
  const isOnScreen = ({ left, top, right, bottom, width, height }) =>
    (bottom > 0 && right > 0 && top < innerHeight && left < innerWidth) || (width === 0 && height === 0);

  /** The element whose shadow root holds one. @param {Element} element */
  function hostOf(element) {
    const root = rootOf(element);
    return root instanceof ShadowRoot ? root.host : null;
  }

  /** The element that one is drawn in. @param {Element} element */
  function parentOf(element) {
    const parent = assignedSlot(element) ?? parentNode(element);
    return parent instanceof ShadowRoot ? parent.host : parent instanceof Element ? parent : null;
  }

  /** Looks of an element, with those of all around it. @param {Element} element @param {Map<Element, Looks>} known */
  function looksWithin(element, known) {
    const chain = [];
    /** @type {Element | null} */
    let at = element;
    for (; at && !known.has(at); at = parentOf(at)) chain.push(at);
    let looks = (at && known.get(at)) ?? PLAIN;
    for (const one of chain.reverse()) {
      if (!looks.none) looks = looksOf(one, looks);
      known.set(one, looks);
    }
    return looks;
  }

  /**
   * @param {Element} element
   * @param {Looks} looks
   * @param {ShadowRoot | null} root
   * @param {boolean} [back] from its last child on
   * @returns {Place}
   */
  function place(element, looks, root, back = false) {
    const slotted = localName(element) === "slot" && element instanceof HTMLSlotElement ? element.assignedNodes() : [];
    if (back) slotted.reverse();
    return {
      next: slotted.length > 0 ? null : (back ? lastChild : firstChild)(root ?? element),
      back,
      slotted: slotted.length > 0 ? slotted : null,
      at: 0,
      element,
      looks,
      text: "",
      kept: false,
      heading: -1,
    };
  }

  /** @param {Place} place @returns {Node | null} */
  function take(place) {
    if (place.slotted) return place.slotted[place.at++] ?? null;
    const node = place.next;
    if (node) place.next = (place.back ? previousSibling : nextSibling)(node);
    return node;
  }

  /** The text of the last facts that were given out, for `mark`. @type {Text | null} */
  let last = null;

  /** How many times as long the screen may take as at first. */
  let patience = 1;

  /**
   * Reads the document.
   *
   * @param {() => boolean} cancelled asked between two slices
   * @returns {Promise<{ facts: PageFacts, roots: ShadowRoot[], work: number, again: boolean, keep: () => void } | null>}
   *   the facts, the open shadow roots, the milliseconds on the main thread, whether another reading
   *   would take longer over the screen and may find more, and what makes this the reading that marks
   *   refer to; none where it was cancelled
   */
  async function read(cancelled) {
    listen();
    const reading = new Reading();
    if (!(await reading.run(cancelled))) return null;
    const again = reading.hurried && patience < PATIENCE_CAP;
    if (again) patience *= PATIENCE_STEP;
    await pause();
    const facts = reading.facts();
    await pause();
    return {
      facts,
      roots: reading.roots,
      work: reading.work,
      again,
      keep: () => {
        last = reading.seen;
      },
    };
  }

  /**
   * Marks words of the last reading in the page; none clears the marks. No node of the
   * page is touched.
   *
   * @param {Words[]} words
   */
  function mark(words) {
    if (typeof Highlight !== "function" || !CSS.highlights) return;
    const ranges = words.flatMap((place) => last?.ranges(place) ?? []);
    if (ranges.length > 0) CSS.highlights.set("doorchain", new Highlight(...ranges));
    else CSS.highlights.delete("doorchain");
  }

  return { read, mark };
})();
