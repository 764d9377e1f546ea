/**
 * What a page cannot bend by the names of its elements. A form's own properties are hidden by
 * what its fields are called (`<input name="matches">`), in the worlds of extensions too, and so
 * are a document's that the browser does not have.
 */
const DoorchainDom = (() => {
  /**
   * An object as its interface has it.
   *
   * @template {object} T
   * @param {T} named an element that may be a form, or a document
   * @returns {T} to read, to set and to call; no browser takes it for the object itself
   */
  const plain = (named) =>
    new Proxy(/** @type {T} */ ({}), {
      get(_, name) {
        const value = Reflect.get(Object.getPrototypeOf(named), name, named);
        return typeof value === "function" ? value.bind(named) : value;
      },
      set: (_, name, value) => Reflect.set(Object.getPrototypeOf(named), name, value, named),
    });

  /** HTML elements that can hold a shadow root, the last in Firefox alone, beside those with a hyphen in their name. */
  const HOSTS = new Set([
    "article", "aside", "blockquote", "body", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "nav", "p",
    "section", "span", "search",
  ]);
  const localName = /** @type {(this: Element) => string} */ (Object.getOwnPropertyDescriptor(Element.prototype, "localName")?.get);

  // Firefox gives it as a property, Chrome by its API.
  const ownRoot = Object.getOwnPropertyDescriptor(Element.prototype, "openOrClosedShadowRoot")?.get;

  /**
   * The shadow root in an element, a closed one too.
   *
   * @param {Element} element
   * @returns {ShadowRoot | null}
   */
  function rootIn(element) {
    // To ask is dear.
    const name = localName.call(element);
    if (!HOSTS.has(name) && !name.includes("-")) return null;
    if (ownRoot) return ownRoot.call(element);
    // Chrome takes an element of HTML alone.
    if (!(element instanceof HTMLElement)) return null;
    return /** @type {ShadowRoot | null} */ (globalThis.chrome?.dom?.openOrClosedShadowRoot(element) ?? null);
  }

  /**
   * A listener that hears the browser alone: a page can make an event of any name.
   *
   * @template {Event} E
   * @param {(event: E) => void} hear
   * @returns {(event: Event) => void}
   */
  const trusted = (hear) => (event) => {
    if (event.isTrusted) hear(/** @type {E} */ (event));
  };

  /**
   * Trusted listeners before the page's own, which are named once.
   *
   * @param {[target: EventTarget, type: string, hear: (event: any) => void][]} heard
   * @returns {{ listen: () => void, end: () => void }} sets them, again where `document.open()`
   *   took them away; takes them off
   */
  function hearing(heard) {
    const options = { capture: true, passive: true };
    const all = heard.map(([target, type, hear]) => ({ target, type, hear: trusted(hear) }));
    return {
      listen() {
        for (const { target, type, hear } of all) target.addEventListener(type, hear, options);
      },
      end() {
        for (const { target, type, hear } of all) target.removeEventListener(type, hear, options);
      },
    };
  }

  return { hearing, plain, rootIn, trusted };
})();
