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
  const { plain, rootIn } = DoorchainDom;
  const page = plain(document);

  /** Longest time on the main thread in one go, in milliseconds; less where the browser has less to give. */
  const SLICE = 6;
  /** Steps between two looks at the clock. */
  const STEPS = 8;
  /** Time on the main thread for one document, in milliseconds. */
  const WORK_CAP = 1_000;
  /** The same where no more text fits, and only forms and links are left to be found. */
  const FULL_CAP = 250;
  /** Time until the reader gives up all the same, in milliseconds. */
  const WALL_CAP = 12_000;
  /** Text, in UTF-16 code units. */
  const TEXT_CAP = 200_000;
  const HIDDEN_CAP = 20_000;
  /** One value of an attribute or a label, in UTF-16 code units. */
  const VALUE_CAP = 200;
  /** Entries of one list. */
  const LIST_CAP = 300;
  /** Elements within each other. */
  const DEPTH_CAP = 4_000;
  /** Shadow roots that are watched. */
  const ROOT_CAP = 200;

  /** Elements whose text is no text of the page. */
  const SILENT = new Set([
    "script", "style", "noscript", "template", "head", "title", "meta", "link", "base",
    "datalist", "select", "textarea", "canvas", "object", "embed", "audio", "video",
    "math", "desc", "metadata", "defs", "symbol",
  ]);
  /** Field types that ask for nothing. */
  const NO_FIELD = new Set(["submit", "button", "image", "reset"]);

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
  const nextSibling = getter(Node, "nextSibling");
  const nodeType = getter(Node, "nodeType");
  const isConnected = getter(Node, "isConnected");
  const localName = getter(Element, "localName");
  const shadowRoot = getter(Element, "shadowRoot");
  const firstElement = getter(Element, "firstElementChild");
  const formOf = Object.fromEntries(
    /** @type {const} */ ([
      ["input", HTMLInputElement],
      ["select", HTMLSelectElement],
      ["textarea", HTMLTextAreaElement],
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
  const isOurs = (element) => window === window.top && DoorchainSurface.isOurs(element);

  /** What the person writes is scored as typed text, and forgotten. @param {Element} element */
  const isWritten = (element) => typeof DoorchainTyping !== "undefined" && DoorchainTyping.isWritten(element);

  /**
   * What is known of an element's looks.
   *
   * @typedef {object} Looks
   * @property {boolean} none nothing of it is drawn, as in a closed menu
   * @property {boolean} tricked it is drawn so that nobody sees it
   * @property {string} flow `block`, `cell` or `inline`
   * @property {string} ground colour behind it; empty where that cannot be known
   * @property {number} opacity of it and all around it, 0 to 1
   */
  /** @type {Looks} */
  const PLAIN = { none: false, tricked: false, flow: "block", ground: "rgb(255, 255, 255)", opacity: 1 };

  const CLEAR = /^rgba\(.*,\s*0\)$|^transparent$|\/\s*0\)$/;

  /** @param {Element} element @param {Looks} around @returns {Looks} */
  function looksOf(element, around) {
    const style = getComputedStyle(element);
    const display = style.display;
    if (display === "none" || style.contentVisibility === "hidden") return { ...PLAIN, none: true };
    const flow = display.startsWith("inline") || display === "contents" || display.startsWith("ruby")
      ? (display === "inline" || display === "contents" ? "inline" : "cell")
      : display === "table-cell" ? "cell" : "block";
    const opacity = around.opacity * Number(style.opacity || 1);
    let ground = around.ground;
    if (style.backgroundImage !== "none") ground = "";
    else if (!CLEAR.test(style.backgroundColor)) ground = style.backgroundColor;
    return { none: false, tricked: around.tricked || isTricked(style), flow, ground, opacity };
  }

  /** Drawn out of sight, and with everything in it. @param {CSSStyleDeclaration} style */
  function isTricked(style) {
    const away = (/** @type {string} */ length) => parseFloat(length) <= -999;
    if (style.position === "absolute" || style.position === "fixed") {
      if (away(style.left) || away(style.top)) return true;
      if (/^rect\(0(px)?,? 0(px)?,? 0(px)?,? 0(px)?\)$/.test(style.clip)) return true;
    }
    if (style.textIndent !== "0px" && away(style.textIndent)) return true;
    if (/^inset\((50|100)%/.test(style.clipPath)) return true;
    if (style.overflowX !== "visible" && style.display !== "inline")
      return parseFloat(style.width) <= 1 || parseFloat(style.height) <= 1;
    return false;
  }

  /** Whether the text right in an element can be seen. @param {Element} element @param {Looks} looks */
  function textIs(element, looks) {
    const style = getComputedStyle(element);
    if (style.visibility !== "visible") return "none";
    if (looks.tricked || looks.opacity < 0.05) return "hidden";
    if (parseFloat(style.fontSize) < 2) return "hidden";
    const color = style.webkitTextFillColor || style.color;
    // Clipped to a gradient, clear letters are the way to colour them.
    if (CLEAR.test(color)) return style.backgroundClip === "text" || looks.ground === "" ? "seen" : "hidden";
    return color === looks.ground ? "hidden" : "seen";
  }

  /** Text as it grows, with where each piece comes from. */
  class Text {
    /** @param {number} cap */
    constructor(cap) {
      this.cap = cap;
      /** @type {string[]} */
      this.pieces = [];
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

    /** @param {CharacterData} node @param {boolean} kept white space is as it stands */
    add(node, kept) {
      const left = this.cap - this.length;
      // One node may hold the text of a whole book.
      const data = node.length > 2 * left ? node.substringData(0, 2 * left) : node.data;
      const words = kept ? /[^\r\n]+/g : /\S+(?:[ \u00a0]\S+)*/g;
      let end = 0;
      for (let found = words.exec(data); found && !this.full; found = words.exec(data)) {
        // White space that was skipped is one separator, whatever it was made of.
        if (found.index > end) this.separate(kept && /[\r\n]/.test(data.slice(end, found.index)) ? "\n" : " ");
        end = found.index + found[0].length;
        this.push(found[0].slice(0, this.cap - this.length), node, found.index);
      }
      if (end < data.length && !this.full) this.separate(kept && /[\r\n]/.test(data.slice(end)) ? "\n" : " ");
    }

    /** @param {string} words @param {CharacterData} node @param {number} offset */
    push(words, node, offset) {
      if (this.gap) {
        this.pieces.push(this.gap);
        this.length += 1;
        this.gap = "";
      }
      this.starts.push(this.length);
      this.nodes.push(node);
      this.offsets.push(offset);
      this.pieces.push(words);
      this.length += words.length;
    }

    toString() {
      return whole(this.pieces.join(""));
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
   * @property {Node[] | null} slotted children that come instead, from the page around a shadow root
   * @property {number} at index into them
   * @property {Element | null} element
   * @property {Looks} looks
   * @property {string} text what its own text is: `seen`, `hidden`, `none`, or empty until asked
   * @property {boolean} kept its white space is as it stands
   * @property {number} heading where the text of this heading began; -1 for what is none
   */

  /** One reading of one document. */
  class Reading {
    seen = new Text(TEXT_CAP);
    hidden = new Text(HIDDEN_CAP);
    /** @type {string[]} */
    heading = [];
    /** @type {[number, number][]} */
    headingPlaces = [];
    /** @type {Map<Element, Form>} */
    forms = new Map();
    /** @type {Field[]} */
    loose = [];
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
    fields = 0;
    /** Time on the main thread, in milliseconds. */
    work = 0;

    constructor() {
      this.base = page.baseURI;
    }

    /**
     * Goes through the document.
     *
     * @param {() => boolean} cancelled
     * @returns {Promise<boolean>} false where it was cancelled
     */
    async run(cancelled) {
      const root = page.documentElement;
      if (!root) return true;
      const begun = performance.now();
      let worked = 0;
      let budget = await pause();
      let sliceBegun = performance.now();
      let steps = 0;
      /** @type {Place[]} */
      const stack = [place(root, looksOf(root, PLAIN), null)];
      while (stack.length > 0) {
        if ((steps += 1) % STEPS === 0) {
          const now = performance.now();
          const spent = now - sliceBegun;
          if (spent >= budget) {
            worked += spent;
            if (worked > (this.seen.full ? FULL_CAP : WORK_CAP) || now - begun > WALL_CAP) {
              break;
            }
            budget = await pause();
            if (cancelled()) return false;
            sliceBegun = performance.now();
          }
        }
        const top = /** @type {Place} */ (stack[stack.length - 1]);
        const node = take(top);
        if (!node) {
          this.leave(top);
          stack.pop();
        } else {
          const type = nodeType(node);
          if (type === Node.TEXT_NODE || type === Node.CDATA_SECTION_NODE)
            this.text(/** @type {CharacterData} */ (node), top);
          else if (type === Node.ELEMENT_NODE) {
            const below = this.enter(/** @type {Element} */ (node), top, stack.length);
            if (below && stack.length < DEPTH_CAP) stack.push(below);
          }
        }
      }
      this.work = worked + performance.now() - sliceBegun;
      this.page();
      return true;
    }

    /** @param {CharacterData} node @param {Place} at */
    text(node, at) {
      if (!/\S/.test(node.substringData(0, VALUE_CAP)) && !/\S/.test(node.data)) {
        this.seen.separate(" ");
        return;
      }
      if (at.text === "" && at.element) {
        at.text = textIs(at.element, at.looks);
        at.kept = getComputedStyle(at.element).whiteSpaceCollapse?.startsWith("preserve") ?? false;
      }
      if (at.text === "seen") this.seen.add(node, at.kept);
      else if (at.text === "hidden") this.hidden.add(node, at.kept);
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
      if (SILENT.has(name) || isWritten(element)) return null;
      const looks = around.looks.none ? around.looks : looksOf(element, around.looks);
      // Fields and links of a closed menu are facts of the page all the same.
      if (looks.none) return { ...place(element, looks, null), text: "none" };
      this.separate(looks.flow);
      const root = rootBelow(element, depth);
      if (root && this.roots.length < ROOT_CAP) this.roots.push(root);
      const below = place(element, looks, root);
      if (name === "h1" || name === "h2" || name === "h3") below.heading = this.seen.length;
      return below;
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
          if (href && !href.startsWith("#")) this.links.add(host(href, this.base));
          break;
        }
        case "img":
          if (attribute(element, "src")) this.images.add(host(attribute(element, "src"), this.base));
          this.alts.add(attribute(element, "alt"));
          break;
        case "form":
          this.form(element);
          break;
        case "input":
        case "select":
        case "textarea":
          this.field(element, name);
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
          break;
        case "script":
          this.script(element);
          break;
        default:
      }
      if (this.sender === "") {
        // Webmail keeps the sender's address beside the name that is shown.
        const address = attribute(element, "email") || attribute(element, "data-email");
        if (address.includes("@")) this.sender = `${attribute(element, "name")} <${address}>`.trim();
      }
    }

    /** Alerts without end, or a page that asks not to be left, in its own words. @param {Element} element */
    script(element) {
      const data = /** @type {CharacterData | null} */ (firstChild(element))?.data;
      if (!data) return;
      const text = data.slice(0, 20_000);
      if (/\bonbeforeunload\s*=|addEventListener\(\s*["']beforeunload["']/.test(text)) this.traps.add("blockedExit");
      else if (/(?:while\s*\(\s*(?:true|1|!0)\s*\)|for\s*\(\s*;\s*;\s*\))[^}]{0,200}\b(?:alert|confirm|prompt)\s*\(/.test(text))
        this.traps.add("blockedExit");
    }

    /** @param {Element} element */
    form(element) {
      let form = this.forms.get(element);
      if (!form && this.forms.size < LIST_CAP) {
        form = { fields: [] };
        this.forms.set(element, form);
      }
      return form;
    }

    /** @param {Element} element @param {string} name */
    field(element, name) {
      const type = name === "input" ? attribute(element, "type").toLowerCase() || "text" : name;
      if (NO_FIELD.has(type) || this.fields >= LIST_CAP) return;
      this.fields += 1;
      const input = /** @type {HTMLInputElement} */ (element);
      const label = attribute(element, "aria-label") || input.labels?.[0]?.textContent?.trim() || "";
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
      return {
        title: whole(page.title.slice(0, 1_000)),
        text,
        hiddenText: this.hidden.toString(),
        heading: this.headingPlaces.map(([from, to]) => text.slice(from, to).trim().slice(0, VALUE_CAP).toWellFormed()),
        from: whole(this.sender || shownSender(text)),
        forms: [...this.forms.values()],
        looseFields: this.loose,
        imageHosts: this.images.list,
        styleHosts: this.styles.list,
        linkHosts: this.links.list,
        ids: this.ids.list,
        imageAlts: this.alts.list,
        traps: [...this.traps],
      };
    }
  }

  /** `Name <name@example.org>` as mail programs show it, in the first lines where it stands. @param {string} text */
  function shownSender(text) {
    const found = /([^\n<>]{0,100})<([^\s<>@]{1,100}@[^\s<>@]{1,200}\.[^\s<>@.]{2,63})>/.exec(text.slice(0, 20_000));
    // "From:" in any language.
    return found ? found[0].trim().replace(/^[^:<]{1,20}:\s*/u, "") : "";
  }

  /** @param {Element} element @param {Looks} looks @param {ShadowRoot | null} root @returns {Place} */
  function place(element, looks, root) {
    const slotted = localName(element) === "slot"
      ? /** @type {HTMLSlotElement} */ (element).assignedNodes() : [];
    return {
      next: slotted.length > 0 ? null : firstChild(root ?? element),
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
    if (node) place.next = nextSibling(node);
    return node;
  }

  /** The text of the last facts that were given out, for `mark`. @type {Text | null} */
  let last = null;

  /**
   * Reads the document.
   *
   * @param {() => boolean} cancelled asked between two slices
   * @returns {Promise<{ facts: PageFacts, roots: ShadowRoot[], work: number, keep: () => void } | null>}
   *   the facts, the open shadow roots, the milliseconds on the main thread, and what makes
   *   this the reading that marks refer to; none where it was cancelled
   */
  async function read(cancelled) {
    const reading = new Reading();
    if (!(await reading.run(cancelled))) return null;
    await pause();
    const facts = reading.facts();
    await pause();
    return {
      facts,
      roots: reading.roots,
      work: reading.work,
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
