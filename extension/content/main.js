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
  /** The same where a slow computer did not get to all of the screen, which is tried twice more. */
  const AGAIN_REST = 1_000;
  /**
   * What a style reveals changes nothing that could be observed: a document that rests is read all the same, first
   * after the first of these times, then each time after twice as long, and at most after the second, in milliseconds.
   */
  const GLANCES = /** @type {const} */ ([5_000, 60_000]);
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
  /** How often a prerendered page is asked whether it is shown, in milliseconds. */
  const SHOWN_YET = 250;

  const { hearing, plain, trusted } = DoorchainDom;

  // What a page calls its elements by id stands on this object, too, but is not its own.
  const own = /** @type {{ DoorchainHere?: boolean, DoorchainArmed?: boolean }} */ (globalThis);
  // The background asks for this mark before it runs the scripts in a page that has none.
  if (Object.hasOwn(own, "DoorchainHere")) return;
  own.DoorchainHere = true;

  const isTop = window === window.top;
  /** By what the background knows this document when it comes back. @type {ContentMessage} */
  const HELLO = { message: "hello", document: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0 };
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
  /** Amounts on this page were changed, which is told once a watch. */
  let numbersChanged = false;

  function tellNumbers() {
    tell({ message: "numbersChanged", again: numbersChanged });
    numbersChanged = true;
  }

  /** @param {boolean} on */
  function watchBalance(on) {
    if (on) balance ??= DoorchainBalance.watch(tellNumbers);
    else {
      balance?.();
      balance = null;
      numbersChanged = false;
    }
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let lifting;
  /** While the background does not know this document yet: what it has shown is for the one before. @type {object | null} */
  let greeting = null;
  let known = false;

  function liftLater() {
    clearTimeout(lifting);
    lifting = setTimeout(() => carryOut({ order: "show", view: { view: "nothing" }, style: "" }), LIFT);
  }

  /**
   * Makes this document known to the background.
   *
   * @param {boolean} [anew] it may have been known, and something said of it
   */
  async function greet(anew = false) {
    const mine = (greeting = {});
    known = false;
    const tries = await beKnown(() => over || greeting !== mine);
    if (greeting !== mine) return;
    greeting = null;
    // A greeting that was heard without an answer has made the next one forget what was said between them.
    if (known && (anew || tries > 1)) catchUp();
  }

  /** Says again what the background forgot of this document, or never heard. */
  function catchUp() {
    followed?.again();
    if (numbersChanged) tellNumbers();
  }

  /** There is a sign that the background is up, or a person who looks. */
  function greetIfUnknown() {
    if (!known && !greeting) void greet(true);
  }

  /**
   * @param {() => boolean} isOver
   * @returns {Promise<number>} how often it was tried
   */
  async function beKnown(isOver) {
    const waits = [...AGAIN, 0];
    let tries = 0;
    liftLater();
    while (waits.length > 0) {
      tries += 1;
      const order = await hello();
      if (isOver()) break;
      if (order?.order === "notYet") {
        liftLater();
        continue;
      }
      if (order) {
        known = true;
        carryOut(order);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, waits.shift()));
    }
    return tries;
  }

  /** One greeting; no answer where the background is not up yet. */
  async function hello() {
    try {
      return await send(HELLO);
    } catch {
      if (!chrome.runtime?.id) end();
      return undefined;
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
    if (!isTop && followed?.said()) tell(HELLO);
  }

  /** A document that comes back as it was left is new to the background. @param {PageTransitionEvent} event */
  function onShow(event) {
    if (event.persisted) void greet(true);
  }

  /**
   * Notices that something in the document changed.
   *
   * @param {() => void} changed
   */
  function watchChanges(changed) {
    const observer = new MutationObserver(() => {
      // Told once, it is deaf until it is aimed again: a page that changes a thousand times
      // a second costs one call.
      observer.disconnect();
      changed();
    });
    return {
      /** @param {Iterable<Node>} roots */
      aim(roots) {
        observer.disconnect();
        for (const root of roots)
          observer.observe(root, {
            subtree: true,
            childList: true,
            characterData: true,
            attributes: true,
            attributeFilter: ["class", "style", "hidden", "open"],
          });
      },
      end: () => observer.disconnect(),
    };
  }

  /** When the document is read next: soon after it changed, not without rest, and now and then in any case. */
  function keepPace() {
    let changedAt = 0;
    let firstChangeAt = 0;
    let notBefore = 0;
    let readAt = 0;
    /** @type {number} */
    let glance = GLANCES[0];
    return {
      changed() {
        changedAt = Date.now();
        firstChangeAt ||= changedAt;
        glance = GLANCES[0];
      },
      /** Something was done that may reveal what no observer tells of. */
      touched() {
        glance = GLANCES[0];
      },
      /** @param {boolean} dirty it has changed since the last time */
      begun(dirty) {
        firstChangeAt = 0;
        readAt = Date.now();
        if (!dirty) glance = Math.min(glance * 2, GLANCES[1]);
      },
      /** @param {number} time in milliseconds */
      rest(time) {
        notBefore = Date.now() + time;
      },
      /** Milliseconds until then. @param {boolean} dirty */
      wait(dirty) {
        const due = dirty ? Math.min(changedAt + SETTLE, firstChangeAt + AT_LATEST) : readAt + glance;
        return Math.max(due, notBefore) - Date.now();
      },
    };
  }

  /**
   * Hands the background what was read, where that is another page than it was.
   *
   * @param {(judged: boolean) => void} free called when it may be given more
   */
  function handOn(free) {
    /** What was sent last, digits apart; empty before the first time. */
    let sent = "";
    /** What was sent and is not judged yet: a background that is busy is given no more. @type {object | null} */
    let unjudged = null;

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
      // The background died over it.
      if (!judged) sent = "";
      free(judged);
    }

    return {
      /** @param {{ facts: PageFacts, keep: () => void }} result */
      hand({ facts, keep }) {
        // A clock or a counter that goes on is no other page.
        const digest = JSON.stringify(facts).replace(/\d/g, "0");
        if (digest === sent) return;
        const empty = facts.text === "" && facts.forms.length === 0 && facts.looseFields.length === 0;
        if (sent === "" && empty && !isTop) return;
        sent = digest;
        keep();
        void judge(facts);
      },
      isBusy: () => unjudged !== null,
      said: () => sent !== "",
      forget() {
        sent = "";
        // What is asked when a page is put away gets no answer in Firefox.
        unjudged = null;
      },
    };
  }

  /** Reads the document now and whenever it may have changed enough. */
  function follow() {
    let reading = false;
    /** Changed since the last reading began. */
    let dirty = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @type {Set<Node>} */
    let roots = new Set([document]);
    /** What was read depends on what is on the screen. */
    let byScreen = false;

    const changes = watchChanges(changed);
    const pace = keepPace();
    const handing = handOn((judged) => {
      if (judged) greetIfUnknown();
      else {
        dirty = true;
        // One that cannot start is not asked without rest.
        pace.rest(LONGEST_REST);
      }
      plan();
    });

    function changed() {
      dirty = true;
      pace.changed();
      plan();
    }

    function plan() {
      clearTimeout(timer);
      if (over || reading || handing.isBusy() || document.visibilityState === "hidden") return;
      timer = setTimeout(() => void look(), pace.wait(dirty));
    }

    async function look() {
      if (reading || over || !isSeen()) return;
      reading = true;
      pace.begun(dirty);
      dirty = false;
      // What changes from here on may have been read already.
      changes.aim(roots);
      try {
        const result = await DoorchainReader.read(() => over || document.visibilityState === "hidden");
        if (!result) {
          dirty = true;
          return;
        }
        pace.rest(Math.min(result.work / SHARE, result.again ? AGAIN_REST : LONGEST_REST));
        roots = new Set([document, ...result.roots]);
        byScreen = result.facts.gaveUp;
        dirty ||= result.again;
        handing.hand(result);
      } finally {
        reading = false;
        if (!over) {
          // `document.open()` may have taken them away.
          listeners.listen();
          typing.listen();
          changes.aim(roots);
        }
        plan();
      }
    }

    /** A frame without room shows nothing. */
    const isSeen = () => isTop || (innerWidth > 1 && innerHeight > 1);

    function onVisible() {
      if (document.visibilityState === "visible") greetIfUnknown();
      plan();
    }
    function onScroll() {
      if (byScreen) changed();
    }
    /** Sound of an element that is there already. @param {Event} event */
    function onPlay({ target }) {
      if (target instanceof HTMLMediaElement && !target.muted) changed();
    }
    /** What has just been revealed or hidden by a style alone. */
    function onStyle() {
      if (!dirty) changed();
    }
    function onTouch() {
      pace.touched();
      plan();
    }

    const listeners = hearing([
      [document, "visibilitychange", onVisible],
      [document, "fullscreenchange", changed],
      [window, "play", onPlay],
      [window, "volumechange", onPlay],
      [window, "scrollend", onScroll],
      [window, "resize", plan],
      [window, "animationend", onStyle],
      [window, "transitionend", onStyle],
      [window, "toggle", onStyle],
      [window, "change", onStyle],
      [window, "click", onTouch],
      [window, "load", ({ target }) => target === document && changed()],
      [window, "pageshow", onShow],
      [window, "pagehide", onHide],
    ]);
    endings.push(() => {
      changes.end();
      clearTimeout(timer);
      listeners.end();
      typing.end();
    });

    listeners.listen();
    typing.listen();
    changes.aim(roots);
    plan();
    return {
      /** Whether the background was handed anything. */
      said: handing.said,
      /** The background forgot this document, or never heard of it. */
      again() {
        handing.forget();
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
      document.addEventListener("DOMContentLoaded", trusted(start));
      // A page may show its text and keep its end waiting for ever.
      setTimeout(start, AT_LATEST);
    } else {
      start();
    }
  }

  /** The event alone would not do: `document.open()` takes its listener away. */
  function beginWhenShown() {
    const isPrerendered = () => /** @type {any} */ (plain(document)).prerendering === true;
    if (!isPrerendered()) {
      begin();
      return;
    }
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    function look() {
      clearTimeout(timer);
      if (isPrerendered()) timer = setTimeout(look, SHOWN_YET);
      else {
        document.removeEventListener("prerenderingchange", look);
        begin();
      }
    }
    document.addEventListener("prerenderingchange", look);
    look();
  }

  if (isTop && isArmed()) DoorchainSurface.wait();
  beginWhenShown();
})();
