/* global DoorchainBalance, DoorchainDom, DoorchainReader, DoorchainSurface, DoorchainTyping */
/**
 * The content script: greets the background, reads the document when it settles and when
 * it has changed, hands on what is typed, and draws what it is told to.
 */
(() => {
  /** @typedef {import("../types").ContentMessage} ContentMessage */
  /** @typedef {import("../types").Order} Order */
  /** @typedef {import("../types").PageFacts} PageFacts */
  /** @typedef {import("../types").Press} Press */

  /** Quiet time before a changed document is read again, in milliseconds. */
  const SETTLE = 500;
  /** A document that never rests is read after this time all the same, in milliseconds. */
  const AT_LATEST = 2_500;
  /** Reading may take this share of the main thread in the long run: a document that is dear to read is read seldom. */
  const SHARE = 0.03;
  /** However dear the reading was, a new line in a chat waits no longer than this, in milliseconds. */
  const LONGEST_REST = 10_000;
  /** Pauses before a greeting that nobody answered is said again, in milliseconds. */
  const AGAIN = [200, 1_000, 3_000, 10_000];
  /** An armed cover that nobody answers is lifted after this time: a broken extension must not break the page. In milliseconds. */
  const LIFT = 30_000;

  /** Views that cover the page. */
  const COVERS = new Set(["pause", "stop"]);
  /** Views of a bank's page during a session: then somebody may change what it says. */
  const WATCHED = new Set(["stop", "bar"]);
  /** Views in which the background must not stay dead: a session may begin or end meanwhile. */
  const HELD = new Set(["pause", "stop", "bar"]);

  /** Pause before a line that was cut is laid again, in milliseconds: a background that cannot start must not be started without rest. */
  const LINE_AGAIN = 500;

  // What a page calls its elements by id stands on this object, too, but is not its own.
  const own = /** @type {{ DoorchainHere?: boolean, DoorchainArmed?: boolean }} */ (globalThis);
  // The background asks for this mark before it runs the scripts in a page that has none.
  if (Object.hasOwn(own, "DoorchainHere")) return;
  own.DoorchainHere = true;

  const isTop = window === window.top;
  /** Whether armed.js ran here: a bank's page while somebody may be in the computer. */
  const isArmed = () => own.DoorchainArmed === true;

  let over = false;
  /** @type {(() => void)[]} */
  const endings = [];

  /** After an update of the extension this script is nobody's, and goes. */
  function end() {
    if (over) return;
    over = true;
    for (const ending of endings) ending();
    watchBalance(false);
    holdLine(false);
    if (isTop) DoorchainSurface.show({ view: "nothing" }, { style: "", press });
    DoorchainReader.mark([]);
  }

  /**
   * @param {ContentMessage} message
   * @returns {Promise<Order | undefined>}
   */
  async function send(message) {
    if (over) return undefined;
    if (!chrome.runtime?.id) {
      end();
      return undefined;
    }
    return chrome.runtime.sendMessage(message);
  }

  /** @param {ContentMessage} message */
  function tell(message) {
    send(message).catch(() => {
      if (!chrome.runtime?.id) end();
    });
  }

  /** @param {Press} press */
  function press(press) {
    tell({ message: "pressed", press });
  }

  /** @type {chrome.runtime.Port | null} */
  let line = null;
  let lineWanted = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let lineTimer;

  /**
   * Keeps a line open to the background. Nothing is said on it: it is cut when the
   * background dies, and to lay it again starts another one at once.
   *
   * @param {boolean} on
   */
  function holdLine(on) {
    lineWanted = on;
    clearTimeout(lineTimer);
    if (on) layLine();
    else {
      line?.disconnect();
      line = null;
    }
  }

  function layLine() {
    if (line || !lineWanted || !chrome.runtime?.id) return;
    const laid = chrome.runtime.connect();
    line = laid;
    laid.onDisconnect.addListener(() => {
      // Chrome wants to be asked why, or complains in the console.
      void chrome.runtime?.lastError;
      if (line !== laid) return;
      line = null;
      lineTimer = setTimeout(layLine, LINE_AGAIN);
    });
  }

  /** @param {Order | undefined} order */
  function carryOut(order) {
    if (over || !order) return;
    if (order.order === "show" && isTop) {
      clearTimeout(lifting);
      DoorchainSurface.show(order.view, { style: order.style, press });
      watchBalance(WATCHED.has(order.view.view));
      holdLine(isArmed() || HELD.has(order.view.view));
    } else if (order.order === "mark") {
      DoorchainReader.mark(order.words);
    }
  }

  /** @type {(() => void) | null} */
  let balance = null;

  /** @param {boolean} on */
  function watchBalance(on) {
    if (on) balance ??= DoorchainBalance.watch(() => tell({ message: "numbersChanged" }));
    else {
      balance?.();
      balance = null;
    }
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let lifting;
  /** The background does not know this document yet: what it has shown is for the one before. */
  let greeting = false;

  async function greet() {
    greeting = true;
    await beKnown();
    greeting = false;
  }

  async function beKnown() {
    clearTimeout(lifting);
    lifting = setTimeout(() => carryOut({ order: "show", view: { view: "nothing" }, style: "" }), LIFT);
    for (const wait of [...AGAIN, 0]) {
      try {
        const order = await send({ message: "hello" });
        if (order || over) {
          carryOut(order);
          return;
        }
      } catch {
        // The background may not be up yet.
        if (!chrome.runtime?.id) {
          end();
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  const typing = DoorchainTyping.watch((text) => tell({ message: "typed", text }));

  /** @type {ReturnType<typeof follow> | undefined} */
  let followed;

  /** @param {PageTransitionEvent} event */
  function onHide(event) {
    // A page that is kept for going back must not be kept from it, nor hold the line.
    if (event.persisted) holdLine(false);
    // Nobody else says that a frame was taken out of its page: what it said is over.
    if (!isTop && followed?.said()) tell({ message: "hello" });
  }

  /** A document that comes back as it was left is new to the background. @param {PageTransitionEvent} event */
  function onShow(event) {
    if (!event.persisted) return;
    void greet();
    followed?.again();
  }

  /** Reads the document now and whenever it has changed enough. */
  function follow() {
    /** What was sent last, digits apart; empty before the first time. */
    let sent = "";
    let reading = false;
    /** Changed since the last reading began. */
    let dirty = true;
    let changedAt = 0;
    let firstChangeAt = 0;
    let notBefore = 0;
    /** What was sent and is not judged yet: a background that is busy is given no more. @type {object | null} */
    let unjudged = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @type {Set<Node>} */
    let roots = new Set([document]);
    /** What was read depends on what is on the screen. */
    let byScreen = false;

    const observer = new MutationObserver(() => {
      // Told once that something changed, it is deaf until the next reading: a page that
      // changes a thousand times a second costs one call.
      observer.disconnect();
      changed();
    });

    function observe() {
      observer.disconnect();
      for (const root of roots)
        observer.observe(root, {
          subtree: true,
          childList: true,
          characterData: true,
          attributes: true,
          attributeFilter: ["class", "style", "hidden", "open"],
        });
    }

    function changed() {
      dirty = true;
      changedAt = Date.now();
      firstChangeAt ||= changedAt;
      plan();
    }

    function plan() {
      clearTimeout(timer);
      if (over || !dirty || reading || unjudged || document.visibilityState === "hidden") return;
      const due = Math.min(changedAt + SETTLE, firstChangeAt + AT_LATEST);
      timer = setTimeout(() => void look(), Math.max(due, notBefore) - Date.now());
    }

    async function look() {
      if (reading || over || !isSeen()) return;
      reading = true;
      dirty = false;
      firstChangeAt = 0;
      // What changes from here on may have been read already.
      observe();
      try {
        const result = await DoorchainReader.read(() => over || document.visibilityState === "hidden");
        if (!result) {
          dirty = true;
          return;
        }
        notBefore = Date.now() + Math.min(result.work / SHARE, LONGEST_REST);
        roots = new Set([document, ...result.roots]);
        byScreen = result.facts.gaveUp;
        hand(result);
      } finally {
        reading = false;
        listen();
        observe();
        if (dirty) plan();
      }
    }

    /** @param {{ facts: PageFacts, keep: () => void }} result */
    function hand({ facts, keep }) {
      // A clock or a counter that goes on is no other page.
      const digest = JSON.stringify(facts).replace(/\d/g, "0");
      if (digest === sent) return;
      const empty = facts.text === "" && facts.forms.length === 0 && facts.looseFields.length === 0;
      if (sent === "" && empty && !isTop) return;
      sent = digest;
      keep();
      void judge(facts);
    }

    /** @param {PageFacts} facts */
    async function judge(facts) {
      const mine = (unjudged = {});
      let judged = true;
      try {
        await send({ message: "read", facts });
      } catch {
        judged = false;
        if (!chrome.runtime?.id) end();
      }
      if (unjudged !== mine) return;
      unjudged = null;
      if (!judged) {
        // The background died over it. One that cannot start is not asked without rest.
        sent = "";
        dirty = true;
        notBefore = Date.now() + LONGEST_REST;
      }
      plan();
    }

    /** A frame without room shows nothing. */
    const isSeen = () => isTop || (innerWidth > 1 && innerHeight > 1);

    const onVisible = () => plan();
    const onScroll = () => {
      if (byScreen) changed();
    };
    /** Sound of an element that is there already. @param {Event} event */
    const onPlay = ({ target }) => {
      if (target instanceof HTMLMediaElement && !target.muted) changed();
    };
    /** The same listeners again where `document.open()` took them away. */
    function listen() {
      if (over) return;
      document.addEventListener("visibilitychange", onVisible);
      document.addEventListener("fullscreenchange", changed);
      addEventListener("play", onPlay, true);
      addEventListener("volumechange", onPlay, true);
      addEventListener("scrollend", onScroll, true);
      addEventListener("resize", onVisible);
      addEventListener("pageshow", onShow);
      addEventListener("pagehide", onHide);
      typing.listen();
    }
    endings.push(() => {
      observer.disconnect();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
      document.removeEventListener("fullscreenchange", changed);
      removeEventListener("play", onPlay, true);
      removeEventListener("volumechange", onPlay, true);
      removeEventListener("scrollend", onScroll, true);
      removeEventListener("resize", onVisible);
      removeEventListener("pageshow", onShow);
      removeEventListener("pagehide", onHide);
      typing.end();
    });

    listen();
    observe();
    plan();
    return {
      changed,
      /** Whether the background was handed anything. */
      said: () => sent !== "",
      /** The background forgot this document, or never heard of it. */
      again() {
        sent = "";
        // What is asked when a page is put away gets no answer in Firefox.
        unjudged = null;
        changed();
      },
    };
  }

  /** Runs when the document is the one that is shown. */
  function begin() {
    chrome.runtime.onMessage.addListener((order, sender) => {
      if (sender.id !== chrome.runtime.id || sender.tab) return;
      // A cover is drawn all the same; nothing else may take the place of one that waits.
      if (greeting && order.order === "show" && !COVERS.has(order.view.view)) return;
      carryOut(/** @type {Order} */ (order));
    });
    void greet();
    typing.listen();

    const start = () => {
      followed ??= follow();
    };
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", start, { once: true });
      // A page may show its text and keep its end waiting for ever.
      setTimeout(start, AT_LATEST);
    } else {
      start();
    }
    addEventListener("load", () => followed?.changed(), { once: true });
  }

  if (isTop && isArmed()) DoorchainSurface.wait();
  if (/** @type {any} */ (DoorchainDom.plain(document)).prerendering)
    document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
