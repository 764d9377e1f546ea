/* global DoorchainDom, DoorchainWords */
/**
 * Draws what the background decided: banner, cover and bar.
 *
 * Everything stands in one closed shadow root under the document's element. The
 * scripts of the page run in another world and came later: the listeners below
 * are the first on the window, so that while a cover is up no event reaches the
 * page, and no handler of the page can swallow one that is meant for a button.
 *
 * @typedef {import("../types").View} View
 * @typedef {import("../types").Press} Press
 * @typedef {import("../types").SessionLine} SessionLine
 * @typedef {{ style: string, press: (press: Press) => void }} Means
 */
const DoorchainSurface = (() => {
  const { plain, rootIn, trusted } = DoorchainDom;
  const { CROSS, MARK, bankStep, direction, drawing, endingWords, inRow, make, mark, reasonLine, say, sentence, sessionLine } = DoorchainWords;
  const SVG = "http://www.w3.org/2000/svg";

  /** How often a surface looks whether it is still there and on top, in milliseconds. */
  const LOOK_MS = 300;
  /** Longest search for shadow roots in one go, in milliseconds, and elements between two looks at the clock. */
  const SEARCH_MS = 8;
  const STEPS = 16;
  /** Beside a banner the page lives on: the search may take this share of the main thread. */
  const SEARCH_SHARE = 0.03;
  /** Times it may be raised at once within so many milliseconds; after that once a second, so that two scripts cannot fight. */
  const RAISES = 60;
  const RAISES_MS = 10_000;
  /** A page that has a cover raised so many times within that fights it. */
  const FIGHT = 10;
  /** Until a cover that waits says that it waits, and that it waits too long, in milliseconds. */
  const WAIT_MS = 500;
  const WAIT_LONG_MS = 10_000;
  /** What may be changed in the style of the document's element. */
  const IMPOSED = /** @type {const} */ (["margin-top", "display", "content-visibility", "zoom", "filter", "interactivity"]);

  /** What reaches the page through its window; while a cover is up, none of it does. */
  const INPUT = [
    "keydown", "keypress", "keyup", "beforeinput", "input", "change", "submit", "reset",
    "compositionstart", "compositionupdate", "compositionend",
    "pointerdown", "pointermove", "pointerup", "pointercancel", "pointerover", "pointerout",
    "gotpointercapture", "lostpointercapture",
    "mousedown", "mousemove", "mouseup", "mouseover", "mouseout",
    "click", "dblclick", "auxclick", "contextmenu",
    "touchstart", "touchmove", "touchend", "touchcancel", "wheel",
    "dragstart", "drag", "dragenter", "dragover", "dragleave", "dragend", "drop",
    "copy", "cut", "paste", "selectstart", "focusin", "focusout", "focus", "blur",
  ];
  /**
   * Listened for only under a cover: Chromium makes the one at each move of the mouse where somebody
   * listens, and the other keeps pages out of the memory of those to go back to.
   */
  const INPUT_UNDER_COVER = ["pointerrawupdate", "beforeunload"];
  /** What a pointer does to a page that it presses. */
  const PRESSES = new Set([
    "pointerdown", "pointerup", "mousedown", "mouseup", "click", "dblclick", "auxclick", "contextmenu",
    "touchstart", "touchend",
  ]);
  const PASSIVE = new Set(["touchstart", "touchmove", "wheel"]);
  const TAKEN_FROM_PAGE = new Set([
    "keydown", "keypress", "beforeinput", "drop", "dragstart", "paste", "cut", "submit", "contextmenu",
  ]);

  /** @type {HTMLElement | undefined} */
  let host;
  /** @type {ShadowRoot | undefined} */
  let root;
  /** @type {HTMLElement | undefined} the `.dc` element that holds tokens and direction */
  let shell;
  /** @type {HTMLElement | undefined} what is drawn: banner, bar or dialog */
  let surface;
  /** @type {View} */
  let shown = { view: "nothing" };
  /** @type {Means | undefined} */
  let means;
  let styleText = "";
  /** @type {MutationObserver | undefined} */
  let watch;
  /** @type {number | undefined} */
  let looking;
  /** @type {number | undefined} */
  let searching;
  /** @type {number | undefined} */
  let counting;
  /** @type {number[]} */
  let waiting = [];
  let raises = 0;
  let raisedAt = 0;
  /** Since when they are counted. */
  let raisedSince = 0;
  /** The page fights for the top layer. */
  let fought = false;
  /** What the document's element had in its own style before it was changed. @type {Map<string, [value: string, priority: string]>} */
  const spared = new Map();
  /** @type {ResizeObserver | undefined} */
  let sized;

  /** @param {Press} press @param {string} key @param {string} [look] */
  function button(press, key, look = "") {
    return make("button", { type: "button", class: `dc-button ${look}`.trim(), "data-press": press }, say(key));
  }

  /** Who says it: pages that cheat show warnings, too. */
  const from = () => make("p", { class: "dc-text dc-from" }, say("app_name"));

  /** @param {Extract<View, { view: "banner" }>} view */
  function banner(view) {
    const care = view.level === "caution";
    const key = view.typed ? "banner_typed" : care ? "banner_caution" : "banner_notice";
    const tool = view.tool || say("a_tool");
    const close = make(
      "button", { type: "button", class: "dc-close", "data-press": "dismiss", "aria-label": say("dismiss") },
      drawing(CROSS),
    );
    // The reasons of what was typed carry no words and are no one's claim: the title says it all.
    const reasons = view.typed || !care ? [] : view.reasons.slice(0, 3);
    const words = make(
      "div", { class: "dc-banner-words" },
      from(),
      make("h2", { class: "dc-head", id: "dc-title" }, sentence(say(`${key}_title`, tool), view.tool)),
      reasons.length > 0 && make("ul", { class: "dc-list dc-reasons" }, ...reasons.map(reasonLine)),
      make("p", { class: "dc-text dc-strong" }, say(`${key}_do`)),
    );
    return make(
      "section",
      {
        class: "dc-banner", "data-level": view.level, popover: "manual",
        role: care ? "alert" : "status", "aria-labelledby": "dc-title",
      },
      make(
        "div", { class: "dc-banner-in" },
        mark(), words, close,
        make(
          "div", { class: "dc-actions" },
          button("onThePhone", "on_the_phone", "dc-first"),
          // A question wants an answer; a claim may be wrong.
          ...(key === "banner_notice"
            ? [button("dismiss", "no_one_asked"), button("explain", "what_is_this", "dc-plain")]
            : [button("explain", "what_is_this"), button("wrong", "this_is_wrong", "dc-plain")]),
        ),
      ),
    );
  }

  /** Whether it was seen or only said that somebody is there. @param {SessionLine[]} lines */
  const standing = (lines) => (lines.length > 0 ? "sure" : "said");

  /** @param {Extract<View, { view: "bar" }>} view */
  function bar(view) {
    const names = [...new Set(view.sessions.map((line) => line.name))].join(", ");
    return make(
      "section", { class: "dc-bar", "data-level": "stop", popover: "manual", role: "alert", "aria-label": say("app_name") },
      drawing(MARK),
      make(
        "div", { class: "dc-bar-words" },
        from(),
        // What is new stands first.
        view.numbersChanged && make("p", { class: "dc-numbers" }, inRow([say("bar_numbers"), say("stop_step_bank_card")])),
        make("p", {}, say(`bar_${standing(view.sessions)}`, names)),
      ),
    );
  }

  const top = () => make("p", { class: "dc-text dc-name" }, mark(), say("app_name"));

  /** @param {string} level @param {...(Node | false)} children */
  function dialog(level, ...children) {
    return make(
      "dialog",
      {
        class: "dc-cover", "data-level": level, role: "alertdialog", "aria-modal": "true",
        "aria-labelledby": "dc-title", "aria-describedby": "dc-why",
      },
      make("div", { class: "dc-cover-in" }, ...children),
      make("p", { class: "dc-off-screen", role: "status", "data-part": "said" }),
    );
  }

  /** @param {string} text */
  const title = (text) => make("h1", { class: "dc-title", id: "dc-title", tabindex: "-1", autofocus: "" }, text);

  /** @param {Extract<View, { view: "pause" }>} view */
  function pause(view) {
    const how = view.exposure[0];
    const tool = view.tool || say("a_tool");
    return dialog(
      "pause",
      make(
        "div", { class: "dc-cover-top" },
        top(),
        title(say("pause_title")),
        make("p", { class: "dc-lead dc-soft", id: "dc-why" },
          inRow([...(how ? [sentence(say(`pause_why_${how}`, tool), view.tool)] : []), say("pause_why", view.bank)])),
      ),
      make("ol", { class: "dc-asks" }, make("li", {}, say("pause_ask_screen")), make("li", {}, say("pause_ask_phone"))),
      make(
        "div", { class: "dc-actions dc-main" },
        button("notAlone", "pause_yes", "dc-first dc-big"),
        button("alone", "pause_no", "dc-big"),
      ),
      make("div", { class: "dc-actions" }, button("leave", "leave", "dc-plain")),
    );
  }

  /** @param {Extract<View, { view: "stop" }>} view */
  function stop(view) {
    const stand = standing(view.sessions);
    const canEnd = view.ending !== "impossible";
    const { told, key, again } = endingWords(view.ending);
    // What did not work is offered again, but no longer as the thing to do.
    const end = button("endSession", key, again ? "dc-big" : "dc-first dc-big");
    // Disabled, it would lose the focus.
    if (view.ending === "asked") end.setAttribute("aria-disabled", "true");
    const leave = button("leave", "leave", canEnd && !again ? "dc-big" : "dc-first dc-big");
    const steps = [
      say("stop_step_phone"),
      say("stop_step_off"),
      bankStep(view.bankPhone),
    ];
    return dialog(
      "stop",
      make(
        "div", { class: "dc-cover-top" },
        top(),
        title(say(`stop_title_${stand}`)),
        make("p", { class: "dc-lead dc-soft", id: "dc-why" }, say("stop_why", view.bank)),
      ),
      view.sessions.length > 0 && make("ul", { class: "dc-who" }, ...view.sessions.map(sessionLine)),
      make("p", { class: "dc-text dc-strong", "data-part": "ending" }, told),
      make(
        "div", { class: "dc-actions dc-main" },
        ...(again ? [leave, end] : [canEnd && end, leave]),
      ),
      make(
        "div", { class: "dc-list" },
        make("h2", { class: "dc-head" }, say("stop_now")),
        make("ol", { class: "dc-steps" }, ...steps.map((step) => make("li", {}, step))),
      ),
      make(
        "div", { class: "dc-wait", "data-part": "wait" },
        make("p", { class: "dc-text dc-soft dc-count", "data-part": "count" }),
        make("div", { class: "dc-track", "data-part": "track", "aria-hidden": "true" }, make("span")),
        make("div", { class: "dc-actions", "data-part": "go" }),
      ),
    );
  }

  /** @param {string} name @returns {HTMLElement | undefined} */
  const part = (name) => surface?.querySelector(`[data-part="${name}"]`) ?? undefined;

  /** Has words read out. A status that comes with its words is mostly not read: it stays, and is given new ones. @param {string} text */
  function announce(text) {
    const said = part("said");
    if (said && said.textContent !== text) said.textContent = text;
  }

  /** The count that is drawn: when it ends, what of it was left at first, in seconds, and whether its end was told. */
  let counted = { at: 0, whole: 0, told: false };

  /** Draws what is left of the count; the background keeps it. */
  function count() {
    if (shown.view !== "stop") return;
    const text = part("count");
    const track = part("track");
    const go = part("go");
    if (!text || !track || !go) return;
    const at = shown.goOnAt;
    if (at === null || at === undefined) {
      text.textContent = say("go_on_never");
      track.hidden = true;
      go.replaceChildren();
      return;
    }
    const left = Math.ceil((at - Date.now()) / 1000);
    if (counted.at !== at) counted = { at, whole: left, told: false };
    track.hidden = left <= 0;
    if (left > 0) {
      text.textContent = say("go_on_in", String(left));
      const bar = /** @type {HTMLElement} */ (track.firstChild);
      bar.style.transform = `scaleX(${Math.min(1, Math.max(0, (left - 1) / counted.whole))})`;
      go.replaceChildren();
    } else if (!go.firstChild) {
      text.textContent = say("go_on_now");
      // Now it is read before a button is pressed.
      text.classList.remove("dc-soft");
      go.append(button("goOn", "go_on", "dc-plain"));
      if (!counted.told) announce(say("go_on_now"));
      counted.told = true;
    }
  }

  /** @param {HTMLElement} element @param {Record<string, string>} style */
  function styled(element, style) {
    for (const [key, value] of Object.entries(style)) element.style.setProperty(key, value);
    return element;
  }

  /** The cover of an armed page: drawn before any stylesheet is there, so with the system's colours. */
  function waitCover() {
    const text = styled(make("p", { role: "status", id: "dc-title" }), { margin: "0" });
    const svg = drawing(MARK);
    svg.style.setProperty("width", "2em");
    const name = styled(make("p", {}, svg, say("app_name")), {
      margin: "0", display: "none", "align-items": "center", "justify-content": "center", gap: "0.5em", "font-weight": "700",
    });
    const leave = styled(button("leave", "leave"), {
      display: "none", "justify-self": "center", "min-height": "2.75em", padding: "0 0.5em", border: "0", background: "none",
      color: "LinkText", font: "inherit", "text-decoration": "underline", cursor: "pointer",
    });
    const cover = styled(make("dialog", { "aria-labelledby": "dc-title", tabindex: "-1" }, name, text, leave), {
      position: "fixed", inset: "0", width: "100%", height: "100%", "max-width": "none", "max-height": "none",
      margin: "0", padding: "2em", border: "0", "box-sizing": "border-box", display: "grid", "place-content": "center",
      gap: "1em", "text-align": "center", background: "Canvas", color: "CanvasText", "color-scheme": "light dark",
      font: "500 large/1.5 system-ui, sans-serif", outline: "none",
    });
    waiting = [
      // Mostly it is gone before: nothing is to flash.
      setTimeout(() => {
        text.textContent = say("wait");
        name.style.setProperty("display", "flex");
        leave.style.setProperty("display", "inline-block");
      }, WAIT_MS),
      setTimeout(() => { text.textContent = say("wait_long"); }, WAIT_LONG_MS),
    ];
    return cover;
  }

  /** Whether the whole page is covered: by a cover, or until it is known whether one is needed. */
  const fills = () => shown.view === "pause" || shown.view === "stop" || shown.view === "waiting";
  
  /** @param {string} text */
  function dress(text) {
    if (!root || text === "" || (text === styleText && isDressed())) return;
    styleText = text;
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      root.adoptedStyleSheets = [sheet];
    } catch {
      // Firefox 140. Text that a content script sets is not bound by the page's CSP; a node is.
      const style = root.querySelector("style") ?? make("style");
      style.textContent = text;
      root.prepend(style);
    }
  }

  /** A journey through another document takes an adopted sheet away. */
  const isDressed = () => root !== undefined && (root.adoptedStyleSheets.length > 0 || root.querySelector("style") !== null);

  function build() {
    host = make("div");
    root = host.attachShadow({ mode: "closed" });
    shell = make("div", { class: "dc", lang: say("language"), dir: direction() });
    root.append(shell);
    root.addEventListener("click", (event) => pressed(/** @type {MouseEvent} */ (event)), true);
  }

  /** The document's element, whatever it is called: it may be a form. */
  const outermost = () => document.documentElement && plain(document.documentElement);

  /** Puts the host where it belongs: before the body, so that it is first in the order of focus. */
  function settle() {
    const element = document.documentElement;
    if (!host || !element) return;
    let parent = /** @type {Element} */ (element);
    if (element.namespaceURI === SVG) {
      // An SVG document draws HTML only in a foreignObject.
      parent = host.parentElement?.localName === "foreignObject" ? host.parentElement : document.createElementNS(SVG, "foreignObject");
      parent.setAttribute("width", "100%");
      parent.setAttribute("height", "100%");
      if (parent.parentNode !== element) plain(element).append(parent);
    }
    if (host.parentNode !== parent) {
      plain(parent).insertBefore(host, parent === element ? document.body : null);
    }
    for (const name of host.getAttributeNames()) host.removeAttribute(name);
  }

  /** Lifts the surface over everything that is in the top layer. */
  function raise() {
    if (!surface || !host) return;
    const now = Date.now();
    if (now - raisedSince > RAISES_MS) {
      raises = 0;
      raisedSince = now;
    }
    if (raises >= RAISES && now - raisedAt < 1000) return;
    raises += 1;
    raisedAt = now;
    if (!fought && raises >= (fills() ? FIGHT : RAISES)) fight();
    settle();
    if (!host.isConnected) return;
    dress(styleText);
    const focused = /** @type {HTMLElement | null} */ (root?.activeElement ?? null);
    try {
      if (surface.localName === "dialog") {
        const cover = /** @type {HTMLDialogElement} */ (surface);
        if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
        if (document.pointerLockElement) document.exitPointerLock();
        if (cover.open) cover.close();
        cover.showModal();
      } else {
        if (surface.matches(":popover-open")) surface.hidePopover();
        surface.showPopover();
      }
    } catch {
      // The document is going away or is not drawn; the next look tries again.
    }
    focused?.focus({ preventScroll: true });
  }

  /** From now on the page is asked before it shows something in the top layer, in its shadow roots too. */
  function fight() {
    fought = true;
    if (sight) search();
  }

  /** Whether the cover is there, modal and on top at nine points of the window. */
  function holds() {
    if (!surface || !host || !root || !host.isConnected) return false;
    const element = document.documentElement;
    if (host.parentNode !== element && host.parentNode?.parentNode !== element) return false;
    if (!surface.matches(surface.localName === "dialog" ? ":modal" : ":popover-open")) return false;
    if (surface.localName !== "dialog") return true;
    for (const x of [0.02, 0.5, 0.98]) {
      for (const y of [0.02, 0.5, 0.98]) {
        const hit = document.elementFromPoint(innerWidth * x, innerHeight * y);
        if (hit !== host) return false;
      }
    }
    return true;
  }

  /**
   * Changes the style of the document's element, until {@link release}.
   *
   * @param {typeof IMPOSED[number]} property
   * @param {string} value
   */
  function impose(property, value) {
    const style = outermost()?.style;
    if (!style) return;
    if (!spared.has(property)) {
      spared.set(property, [style.getPropertyValue(property), style.getPropertyPriority(property)]);
    }
    if (style.getPropertyValue(property) !== value || style.getPropertyPriority(property) !== "important") {
      style.setProperty(property, value, "important");
    }
  }

  /** Gives the document's element one property of its own back. @param {string} property */
  function unimpose(property) {
    const own = spared.get(property);
    if (own) outermost()?.style?.setProperty(property, ...own);
    spared.delete(property);
  }

  /** Gives the document's element its own style back. */
  function release() {
    for (const property of [...spared.keys()]) unimpose(property);
  }

  /** How much larger an element is drawn than it says. @param {Element} element */
  const zoomOf = (element) =>
    /** @type {{ currentCSSZoom?: number }} */ (/** @type {unknown} */ (element)).currentCSSZoom ?? 1;

  /** Firefox shows a bare XML file in a view of its own, which ends when a node is put into the document. */
  function unveil() {
    if (!host || host.checkVisibility()) return;
    host.remove();
    raise();
  }

  /** A page can hide its own element, and with it everything under it. */
  function unhide() {
    const element = outermost();
    if (!element || !host) return;
    if (!element.style) {
      unveil();
      return;
    }
    if (element.hasAttribute("inert")) element.removeAttribute("inert");
    if (document.designMode === "on") document.designMode = "off";
    const style = getComputedStyle(document.documentElement);
    if (style.getPropertyValue("interactivity") === "inert") impose("interactivity", "auto");
    // Firefox filters the top layer together with the element.
    if (fills() && style.filter !== "none") impose("filter", "none");
    if (host.checkVisibility && !host.checkVisibility()) {
      impose("display", "block");
      impose("content-visibility", "visible");
    }
    // What is drawn too small or too large is no page's style but a fight.
    if (zoomOf(host) < 0.5 || zoomOf(host) > 2) impose("zoom", "1");
    const zoom = zoomOf(host);
    if (surface && zoom > 0 && zoom !== 1) surface.style.setProperty("zoom", String(1 / zoom));
    else surface?.style.removeProperty("zoom");
  }

  /**
   * Tells that something is drawn over the surface, whatever it is. Chrome alone can.
   *
   * @type {IntersectionObserver | undefined}
   */
  const sight = "trackVisibility" in IntersectionObserver.prototype
    ? new IntersectionObserver(onSight, /** @type {IntersectionObserverInit} */ ({ trackVisibility: true, delay: 100 }))
    : undefined;

  /** @param {IntersectionObserverEntry[]} entries */
  function onSight(entries) {
    const { isIntersecting, isVisible } = /** @type {IntersectionObserverEntry & { isVisible: boolean }} */ (entries.at(-1));
    if (!surface || !isIntersecting || isVisible) return;
    raise();
    // What is over it again at once would be no change.
    sight?.unobserve(surface);
    sight?.observe(surface);
  }

  // ---- where no browser tells what lies over it, or the page fights: pop-ups in its shadow roots ----

  /** Shadow roots of the page that were found. @type {Set<ShadowRoot>} */
  const roots = new Set();
  /** Elements of the top layer in them, as they were at the last look. @type {Set<Element>} */
  let below = new Set();

  /** @param {EventTarget | null} target */
  const isInTopLayer = (target) => target instanceof Element && plain(target).matches(":popover-open, :modal");

  /** Asks each element of the page for a shadow root, and each in those. @returns {Generator<void>} */
  function* findRoots() {
    const lists = [document.querySelectorAll("*")];
    for (const list of lists) {
      for (let at = 0; at < list.length; at += 1) {
        const element = /** @type {Element} */ (list[at]);
        const root = element === host ? null : rootIn(element);
        if (root) {
          roots.add(root);
          // Hidden and shown again between two looks, it is told of inside alone.
          root.addEventListener("toggle", onLayer, { capture: true });
          root.addEventListener("beforetoggle", onBeforeLayer, { capture: true });
          lists.push(root.querySelectorAll("*"));
        }
        yield;
      }
    }
  }

  /**
   * Searches the page for shadow roots in short goes, again and again: that an element is given one
   * later changes nothing that could be watched.
   *
   * @param {Generator<void>} steps
   * @param {number} before milliseconds that this round took so far
   */
  function search(steps = findRoots(), before = 0) {
    const begun = performance.now();
    let over = false;
    do {
      for (let left = STEPS; left > 0 && !over; left -= 1) over = steps.next().done === true;
    } while (!over && performance.now() - begun < SEARCH_MS);
    const worked = before + performance.now() - begun;
    searching = over
      ? setTimeout(search, fills() ? LOOK_MS : Math.max(LOOK_MS, worked / SEARCH_SHARE))
      : setTimeout(search, 0, steps, worked);
  }

  /**
   * Whether something in a shadow root came into the top layer since the last look. What is inert
   * is not hit by any point, and the events of a shadow root stay in it.
   */
  function isOver() {
    const before = below;
    below = new Set();
    for (const root of roots) {
      if (!root.isConnected) roots.delete(root);
      else for (const element of root.querySelectorAll(":popover-open, :modal")) below.add(element);
    }
    return [...below].some((element) => !before.has(element));
  }

  /** How long a transition between two views may last, in looks. */
  const TRANSITION_LOOKS = 3;
  let transitionLooks = 0;

  /** While one view of the page goes over into another, pictures of both lie over the top layer. */
  function endTransition() {
    const element = outermost();
    if (!element || !CSS.supports("selector(:active-view-transition)") || !element.matches(":active-view-transition")) {
      transitionLooks = 0;
      return;
    }
    transitionLooks += 1;
    if (!fills() && transitionLooks <= TRANSITION_LOOKS) return;
    const { activeViewTransition: active } =
      /** @type {{ activeViewTransition?: ViewTransition | null }} */ (/** @type {unknown} */ (plain(document)));
    // One that begins ends the one before.
    const last = active ?? document.startViewTransition();
    last.ready.catch(() => {});
    last.skipTransition();
  }

  function look() {
    if (!surface) return;
    if (isLeft()) {
      end();
      return;
    }
    if (isOver()) raise();
    endTransition();
    unhide();
    if (fills()) {
      hush();
      refocus();
    }
    if (!holds()) raise();
    else place();
  }

  function hush() {
    // Windows of the page's own above all others.
    const page = plain(document);
    if (page.pictureInPictureElement) void page.exitPictureInPicture().catch(() => {});
    if (Object.hasOwn(window, "documentPictureInPicture"))
      /** @type {{ documentPictureInPicture?: { window: Window | null } }} */ (window).documentPictureInPicture?.window?.close();
    for (const media of document.querySelectorAll("video, audio")) {
      /** @type {HTMLMediaElement} */ (media).pause?.();
    }
  }

  function guard() {
    if (watch) return;
    watch = new MutationObserver(() => {
      if (isLeft()) {
        end();
        return;
      }
      listen();
      if (host?.hasAttributes()) settle();
      if (surface && !holds()) raise();
    });
    aim();
    looking = setInterval(look, LOOK_MS);
    if (!sight) search();
  }

  function aim() {
    if (!watch || !host) return;
    watch.disconnect();
    watch.observe(document, { childList: true });
    if (document.documentElement) watch.observe(document.documentElement, { childList: true, attributeFilter: ["inert", "style", "class", "hidden"] });
    watch.observe(host, { attributes: true });
    sight?.disconnect();
    if (surface) sight?.observe(surface);
  }

  function clear() {
    watch?.disconnect();
    watch = undefined;
    sight?.disconnect();
    clearInterval(looking);
    clearTimeout(searching);
    clearInterval(counting);
    waiting.forEach(clearTimeout);
    waiting = [];
    sized?.disconnect();
    sized = undefined;
    if (surface?.localName === "dialog" && /** @type {HTMLDialogElement} */ (surface).open) {
      // Closing gives the focus back to where it was.
      /** @type {HTMLDialogElement} */ (surface).close();
    }
    surface = undefined;
    fought = false;
    roots.clear();
    below = new Set();
    release();
    if (host) takeOut(host);
    host = root = shell = undefined;
  }

  /** @param {Element} host */
  function takeOut(host) {
    const outer = host.parentElement?.localName === "foreignObject" ? host.parentElement : host;
    outer.remove();
  }

  /** Draws nothing any more. */
  function end() {
    shown = { view: "nothing" };
    clear();
    listenUnderCover();
  }

  /** Whether the extension was switched off or updated: nobody is left who hears a press. */
  const isLeft = () => !chrome.runtime?.id;

  /** Takes away what another run of this script left here: Firefox ends one without telling it. */
  function sweep() {
    const element = outermost();
    if (!element) return;
    for (const old of element.querySelectorAll(":scope > div, :scope > foreignObject > div")) {
      if (!rootIn(old)?.querySelector(".dc")) continue;
      takeOut(old);
      for (const property of IMPOSED)
        if (element.style.getPropertyPriority(property) === "important") element.style.removeProperty(property);
    }
  }
  sweep();

  // ---- banner and bar: room for them, below what the page holds at its top ----

  /** Makes room above the page, so that it is pushed down and not painted over. */
  function place() {
    if (!surface || surface.localName === "dialog") return;
    const element = document.documentElement;
    if (!element || !outermost()?.style) return;
    const height = surface.offsetHeight;
    const atFoot = isDialogAbove(height);
    surface.toggleAttribute("data-foot", atFoot);
    if (atFoot) {
      unimpose("margin-top");
      for (const property of ["position", "top"]) surface.style.removeProperty(property);
      return;
    }
    const scrolls = !/hidden|clip/u.test(getComputedStyle(element).overflowY) &&
      !(document.body && /hidden|clip/u.test(getComputedStyle(document.body).overflowY));
    if (scrolls) {
      impose("margin-top", `${height}px`);
    }
    // A tall banner goes with the page, so that a small window keeps room for it.
    const tall = height > innerHeight * 0.4;
    surface.style.setProperty("position", tall && scrolls && scrollY < height ? "absolute" : "fixed");
    surface.style.setProperty("top", tall ? "0" : `${headBottom()}px`);
  }

  /**
   * Whether a modal dialog of the page lies under a surface at the top and not, or less, under one
   * at the foot: its title and its first fields are at its top, and no margin moves it.
   *
   * @param {number} height
   */
  function isDialogAbove(height) {
    const boxes = modals().map((dialog) => plain(dialog).getBoundingClientRect());
    /** @param {number} from @param {number} to */
    const under = (from, to) => Math.max(0, ...boxes.map(({ top, bottom }) => Math.min(to, bottom) - Math.max(from, top)));
    return under(0, height) > under(innerHeight - height, innerHeight);
  }

  /** Modal dialogs of the page. One in a shadow root is found where it is hit: its backdrop is, everywhere. */
  function modals() {
    const found = [...document.querySelectorAll(":modal")];
    let hit = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    for (let root = hit && rootIn(hit); root && hit !== host; root = hit && rootIn(hit)) {
      found.push(...root.querySelectorAll(":modal"));
      hit = root.elementFromPoint(innerWidth / 2, innerHeight / 2);
      // Of what it does not hold itself a root gives what holds it.
      if (hit === root.host) break;
    }
    return found;
  }

  /** Lower edge of a header that the page holds at the top of the window, in CSS pixels; 0 where it has none. */
  function headBottom() {
    const found = document.elementsFromPoint(innerWidth / 2, 1).find((element) => element !== host);
    for (let element = found; element; element = plain(element).parentElement ?? undefined) {
      const held = getComputedStyle(element).position;
      if (held !== "fixed" && held !== "sticky") continue;
      const box = plain(element).getBoundingClientRect();
      return box.top <= 1 && box.height < innerHeight * 0.3 ? Math.max(0, Math.round(box.bottom)) : 0;
    }
    return 0;
  }

  let moved = false;
  const onMove = trusted(() => {
    if (moved || !surface || surface.localName === "dialog") return;
    moved = true;
    requestAnimationFrame(() => {
      moved = false;
      place();
    });
  });

  // ---- input ----

  /** @param {Element} element @param {{ clientX: number, clientY: number }} point */
  function isAt(element, { clientX: x, clientY: y }) {
    const box = element.getBoundingClientRect();
    return x >= box.left && x < box.right && y >= box.top && y < box.bottom;
  }

  /**
   * Whether a press on the banner went through it: what stands outside of the page's modal dialog
   * is dead to every pointer, though it is seen.
   *
   * @param {Event} event
   */
  function fellThrough(event) {
    if (!event.isTrusted || !surface || !host || fills() || event.target === host || !PRESSES.has(event.type)) return false;
    // By the keyboard nothing is pressed at a place, though the event has one.
    if (event.type === "click" && /** @type {MouseEvent} */ (event).detail === 0) return false;
    const { changedTouches: [touch] = [] } = /** @type {TouchEvent} */ (event);
    const point = touch ?? /** @type {MouseEvent} */ (event);
    return isAt(surface, point) && !document.elementsFromPoint(point.clientX, point.clientY).includes(host);
  }

  /** @param {MouseEvent} event @returns {HTMLElement | undefined} */
  function buttonOf(event) {
    if (!root || !surface) return undefined;
    if (fellThrough(event)) {
      const buttons = /** @type {HTMLElement[]} */ ([...surface.querySelectorAll("[data-press]")]);
      return buttons.find((button) => isAt(button, event));
    }
    const inner = event.target instanceof Element && surface.contains(event.target) ? event.target : undefined;
    const hit = inner ?? (event.detail > 0 ? root.elementFromPoint(event.clientX, event.clientY) : root.activeElement);
    return /** @type {HTMLElement | undefined} */ (hit?.closest("[data-press]") ?? undefined);
  }

  /** @param {MouseEvent} event @returns {boolean} whether it was for a button */
  function pressed(event) {
    if (!event.isTrusted) return false;
    const target = buttonOf(event);
    if (!target || target.ariaDisabled === "true") return false;
    event.stopImmediatePropagation();
    // Whoever would close the tab has not answered yet.
    if (shown.view === "waiting") location.replace("about:blank");
    else means?.press(/** @type {Press} */ (target.dataset.press));
    return true;
  }

  /** @param {KeyboardEvent} event */
  function turn(event) {
    if (!root || !surface) return;
    const stops = /** @type {HTMLElement[]} */ ([...surface.querySelectorAll("button:not(:disabled)")]);
    if (stops.length === 0) {
      event.preventDefault();
      return;
    }
    const at = stops.indexOf(/** @type {HTMLElement} */ (root.activeElement));
    const last = stops.length - 1;
    if (event.shiftKey ? at <= 0 : at === last) {
      event.preventDefault();
      stops[event.shiftKey ? last : 0]?.focus();
    }
  }

  let refocused = 0;

  /** A frame that takes the focus would take the keys. */
  function refocus() {
    const now = Date.now();
    if (now - refocused < 30 || !document.hasFocus() || document.activeElement === host) return;
    refocused = now;
    focus();
    /** @type {HTMLElement | null | undefined} */ (surface?.querySelector("[autofocus]") ?? surface)?.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  function onInput(event) {
    if (!host || !surface) return;
    if (!event.isTrusted) {
      // What the page makes itself moves nothing here.
      if (fills()) event.stopImmediatePropagation();
      return;
    }
    if (event.type === "blur" && event.target === window && fills()) setTimeout(refocus);
    const ours = event.target === host;
    if (!fills()) {
      // A banner shares the page: only what is done in it is kept from the page.
      if (ours && event.type === "click") pressed(/** @type {MouseEvent} */ (event));
      else if (fellThrough(event)) {
        event.stopImmediatePropagation();
        if (event.cancelable) event.preventDefault();
        if (event.type === "click") pressed(/** @type {MouseEvent} */ (event));
      } else if (ours) event.stopImmediatePropagation();
      return;
    }
    if (event.type === "click" && ours && pressed(/** @type {MouseEvent} */ (event))) return;
    if (event.type === "click" && ours) return;
    event.stopImmediatePropagation();
    if (event.type === "keydown") {
      const key = /** @type {KeyboardEvent} */ (event);
      if (key.key === "Escape") event.preventDefault();
      if (key.key === "Tab") turn(key);
    }
    if (!ours && event.cancelable && TAKEN_FROM_PAGE.has(event.type)) {
      const key = /** @type {KeyboardEvent} */ (event);
      // The browser's own shortcuts stay the person's.
      if (!(event.type === "keydown" && (key.ctrlKey || key.metaKey || key.altKey || /^F\d+$|^Tab$/u.test(key.key)))) {
        event.preventDefault();
      }
    }
    if (!ours && event.type === "focusin" && event.target instanceof Node) raise();
  }

  /** @param {Event} event */
  function onLayer(event) {
    if (!event.isTrusted || !surface || event.target === host) return;
    if (event.type === "play" || event.type === "playing") {
      if (fills() && event.target instanceof HTMLMediaElement) event.target.pause();
      return;
    }
    // Drawn anew, a banner is read out anew: only for what came over it.
    if (event.type === "toggle" && !fills() && !isInTopLayer(event.target)) return;
    raise();
  }

  /**
   * What a page shows anew in each frame would always be painted last: where it fights, nothing of it
   * comes into the top layer any more.
   *
   * @param {Event} event
   */
  function onBeforeLayer(event) {
    if (!event.isTrusted || !surface || !fought || event.target === host) return;
    if (/** @type {ToggleEvent} */ (event).newState === "open") event.preventDefault();
  }

  function listenUnderCover() {
    for (const type of INPUT_UNDER_COVER) {
      if (fills()) addEventListener(type, onInput, { capture: true });
      else removeEventListener(type, onInput, { capture: true });
    }
  }

  /** Also called again: `document.open()` takes every listener away. */
  function listen() {
    for (const type of INPUT) {
      addEventListener(type, onInput, { capture: true, passive: PASSIVE.has(type) });
    }
    listenUnderCover();
    for (const type of ["toggle", "fullscreenchange", "pointerlockchange", "enterpictureinpicture", "play", "playing"]) {
      addEventListener(type, onLayer, { capture: true });
    }
    addEventListener("beforetoggle", onBeforeLayer, { capture: true });
    addEventListener("scroll", onMove, { capture: true, passive: true });
    addEventListener("resize", onMove, { passive: true });
  }
  listen();

  /** @param {HTMLElement} next */
  function draw(next) {
    const before = surface;
    // `document.open()` may have taken them away while nothing was drawn.
    listen();
    if (!host) build();
    const focused = /** @type {HTMLElement | null} */ (root?.activeElement ?? null)?.dataset.press;
    if (before?.localName === "dialog" && next.localName === "dialog") {
      // The same modal goes on: between two covers there is no moment without one.
      const [inner, outer] = [before, next].map((cover) => cover.querySelector(".dc-cover-in"));
      if (inner && outer) inner.replaceWith(outer);
      else before.replaceChildren(...next.childNodes);
      before.removeAttribute("style");
      for (const name of before.getAttributeNames()) if (name !== "open") before.removeAttribute(name);
      for (const name of next.getAttributeNames()) before.setAttribute(name, next.getAttribute(name) ?? "");
      surface = before;
    } else {
      if (before?.localName === "dialog") /** @type {HTMLDialogElement} */ (before).close();
      before?.remove();
      shell?.append(next);
      surface = next;
    }
    surface.addEventListener("cancel", (event) => event.preventDefault());
    surface.addEventListener("close", () => { if (surface?.localName === "dialog" && fills() && !holds()) raise(); });
    settle();
    if (surface !== before) raise();
    aim();
    const again = focused && surface.querySelector(`[data-press="${focused}"]:not(:disabled)`);
    if (surface.localName === "dialog") {
      /** @type {HTMLElement | null} */ (again || surface.querySelector("[autofocus]"))?.focus({ preventScroll: true });
    } else if (again) {
      /** @type {HTMLElement} */ (again).focus({ preventScroll: true });
    }
  }

  /** Covers the page at once, before anything is known of it. */
  function wait() {
    if (fills()) return;
    clear();
    shown = { view: "waiting" };
    draw(waitCover());
    guard();
    hush();
  }

  /**
   * Draws a view instead of what is drawn; `nothing` takes everything away.
   * @param {View} view
   * @param {Means} given style: text of the one stylesheet; press: told of each trusted press
   */
  function show(view, given) {
    if (view.view === "waiting") {
      wait();
      return;
    }
    if (view.view === "nothing") {
      end();
      return;
    }
    const same = JSON.stringify(view) === JSON.stringify(shown);
    means = given;
    if (same) return;
    waiting.forEach(clearTimeout);
    clearInterval(counting);
    shown = view;
    if (!host) build();
    dress(given.style);
    const next = { banner, bar, pause, stop }[view.view](/** @type {never} */ (view));
    draw(next);
    guard();
    if (fills()) {
      release();
      unhide();
      hush();
    } else {
      place();
      sized?.disconnect();
      sized = new ResizeObserver(place);
      if (surface) sized.observe(surface);
    }
    if (view.view === "stop") {
      const { told } = endingWords(view.ending);
      if (told !== "" || view.ending === "asked") announce(told);
      count();
      counting = setInterval(count, 250);
    }
  }

  /** Whether an element is the one that everything here is drawn in. @param {Element} element */
  const isOurs = (element) => element === host;

  return { isOurs, show, wait };
})();
