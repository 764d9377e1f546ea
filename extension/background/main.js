/**
 * The background: hands every event to the core, stores the state that comes back and
 * carries out the effects, one event after the other. It decides nothing.
 *
 * The browser may end it between any two lines. What it has to know again lies in the
 * storage, and the core's answer to `started` repeats what an ended background owed.
 */

import { notify, speak } from "./alert.js";
import { api } from "./api.js";
import { arm } from "./arm.js";
import { showBlind, showLevel, showOff } from "./badge.js";
import { Companion } from "./companion.js";
import { companionProtocol, loadEngine } from "./engine.js";
import { message } from "./error.js";
import { openPorts } from "./listeners.js";
import { Queue } from "./queue.js";
import { reach, reachAll } from "./reach.js";
import { Store } from "./store.js";
import { isWake, keepFollowing, wakeAt } from "./wake.js";

/** @typedef {import("../types").Access} Access */
/** @typedef {import("../types").ContentMessage} ContentMessage */
/** @typedef {import("../types").Effect} Effect */
/** @typedef {import("../types").Event} Event */
/** @typedef {import("../types").Order} Order */
/** @typedef {import("../types").PageAnswer} PageAnswer */
/** @typedef {import("../types").PageMessage} PageMessage */
/** @typedef {import("../types").State} State */
/** @typedef {import("../types").View} View */

/** Pause before what failed is tried again, in milliseconds. */
const RETRY = 10_000;
/**
 * So long ago a finished download began at most that is told of now, in milliseconds: a browser
 * that starts tells of all that it remembers.
 */
const JUST_BEGUN = 60_000;
/** Until a document whose greeting waits is told that it does, in milliseconds: well before it lifts its cover. */
const PATIENCE = 10_000;
/** Folder of this extension as an address. */
const HOME = api.runtime.getURL("");

const store = new Store();
/** @type {import("./engine.js").Engine | null} */
let engine = null;
/** @type {State | null} */
let state = null;
/** @type {Companion | null} */
let companion = null;
/** Text of the stylesheet of everything drawn in pages. */
let style = "";
/** Text of the stylesheet of marked words. */
let markStyle = "";
/** Why protection is off, in English; empty while it is on. */
let off = "";
/** When starting was last tried, in milliseconds since 1970. */
let triedAt = 0;

/** Nothing in it waits for a page or a person: whatever came later would wait with it. */
const queue = new Queue();

/**
 * Tells the console of the failure of what nobody waits for.
 *
 * @param {string} what
 * @param {Promise<unknown>} work
 */
function logged(what, work) {
  work.catch((error) => console.error(`doorchain: ${what}: ${message(error)}`));
}

/**
 * Tells the person that protection is off, or on again (an empty reason).
 *
 * @param {string} why
 */
async function setOff(why) {
  if (why === off) return;
  off = why;
  if (why) console.error(`doorchain: protection is off: ${why}`);
  await showOff(why !== "").catch(() => {});
}

/** Loads the core and the state; once, and again later if that failed. */
async function start() {
  if (engine && state) return;
  if (Date.now() - triedAt < RETRY) return;
  triedAt = Date.now();
  try {
    engine ??= await loadEngine();
    companion ??= new Companion(companionProtocol(), (event) => queue.add(() => handle(event)));
    style ||= await readStyle("ui/doorchain.css");
    markStyle ||= await readStyle("content/mark.css");
    state = await restore(engine);
    await setOff("");
    await apply({ event: "started", language: api.i18n.getUILanguage() });
    const access = await readAccess();
    if (access) await apply({ event: "access", access });
    await forgetTabs();
  } catch (error) {
    state = null;
    await setOff(message(error));
    return;
  }
  // Chrome runs nothing in the pages that were open before this extension was switched on.
  // Not waited for: a page that sleeps does not answer.
  if (store.fresh) logged("reach", reachAll());
}

/**
 * What was stored, without a part that can no longer be read: memory is of this hour and may go,
 * settings are the person's and are laid aside.
 *
 * @param {import("./engine.js").Engine} engine
 * @returns {Promise<State>}
 */
async function restore(engine) {
  const stored = await store.load();
  if (engine.reads(stored)) return stored;
  const { settings, memory } = stored;
  const none = /** @type {any} */ ({});
  const readsSettings = engine.reads({ settings, memory: none });
  const readsMemory = engine.reads({ settings: none, memory });
  if (!readsSettings) await store.setAside(settings);
  return { settings: readsSettings ? settings : none, memory: readsMemory ? memory : none };
}

/**
 * What the browser lets this extension see, where it says so.
 *
 * @returns {Promise<Access | null>}
 */
async function readAccess() {
  try {
    const [sites, privateWindows] = await Promise.all([
      api.permissions.contains({ origins: ["<all_urls>"] }),
      api.extension.isAllowedIncognitoAccess(),
    ]);
    return { sites, privateWindows };
  } catch (error) {
    console.error(`doorchain: access: ${message(error)}`);
    return null;
  }
}

/** Forgets the tabs that went while nobody heard of it. */
async function forgetTabs() {
  const open = await api.tabs.query({}).catch(() => null);
  if (!open || !state) return;
  const live = new Set(open.filter(({ discarded }) => !discarded).map(({ id }) => id));
  for (const tab of Object.keys(state.memory.tabs).map(Number))
    if (!live.has(tab)) await apply({ event: "closed", tab });
}

/**
 * A stylesheet; warnings without it are plain, and better than none.
 *
 * @param {string} path
 */
async function readStyle(path) {
  try {
    return await (await fetch(api.runtime.getURL(path))).text();
  } catch (error) {
    console.error(`doorchain: ${path}: ${message(error)}`);
    return "";
  }
}

/**
 * One event: step, store, effects.
 *
 * @param {Event} event
 * @param {number} [asker] tab of a document that is answered with its view
 * @throws {Error} when the event has not the shape of its type
 */
async function handle(event, asker) {
  await start();
  await apply(event, asker);
}

/**
 * @param {Event} event
 * @param {number} [asker]
 */
async function apply(event, asker) {
  if (!engine || !state) return;
  const step = next(event);
  if (!step) return;
  state = step.state;
  try {
    await store.save(state);
    if (off) {
      await setOff("");
      // The sign for "off" stands where the tabs' own signs were.
      tell({ event: "started" });
    }
  } catch (error) {
    // The warnings go on from memory, but what they rest on may be forgotten.
    await setOff(`storage: ${message(error)}`);
  }
  for (const effect of step.effects) {
    if (effect.effect === "show" && effect.tab === asker) continue;
    await carryOut(effect).catch((error) => {
      console.error(`doorchain: ${effect.effect}: ${message(error)}`);
    });
  }
}

/**
 * The core's answer.
 *
 * @param {Event} event
 */
function next(event) {
  if (!engine || !state) return null;
  try {
    return engine.step(state, event, Date.now());
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      // An instance that trapped cannot be trusted any more. What stopped it is not tried again.
      console.error(`doorchain: the engine stopped: ${message(error)}`);
      engine = state = null;
      triedAt = 0;
      logged("start", queue.add(start));
    }
    throw error;
  }
}

/** @param {Effect} effect */
async function carryOut(effect) {
  switch (effect.effect) {
    case "show":
      // Not waited for: a page that hangs must not hold up the others.
      void order(effect.tab, 0, show(effect.view));
      break;
    case "mark":
      void mark(effect.tab, effect.frame, effect.words);
      break;
    case "badge":
      if (!off) await showLevel(effect.tab, effect.level).catch(() => {});
      break;
    case "blind":
      if (!off) await showBlind(effect.on);
      break;
    case "greet":
      // Not waited for: a page that sleeps does not answer.
      logged("reach", reachAll());
      break;
    case "reach": {
      const { tab } = effect;
      // Not waited for: a page that hangs does not answer.
      logged("reach", reach(tab).then((does) => does || tell({ event: "unreached", tab })));
      break;
    }
    case "arm":
      await arm(effect.matches);
      break;
    case "follow":
      companion?.follow(effect.on, effect.everyMs);
      await keepFollowing(effect.on);
      break;
    case "ask":
      companion?.ask();
      break;
    case "endSession":
      if (companion) logged("end", companion.end(effect.finding));
      break;
    case "findListeners":
      logged("ports", openPorts(effect.ports).then((ports) => tell({ event: "listening", ports })));
      break;
    case "wakeAt":
      await wakeAt(effect.at, () => tell({ event: "woke" }));
      break;
    case "notify":
      logged("notify", notify(effect.about));
      break;
    case "speak":
      speak();
      break;
    case "closeTab":
      // Not waited for: a page may ask the person whether it is to be left.
      logged("close", closeTab(effect.tab));
      break;
    case "openHappened":
      logged("open", api.tabs.create({ url: api.runtime.getURL("happened/happened.html") }));
      break;
    case "openExplain":
      logged("open", api.tabs.create({ url: api.runtime.getURL("explain/explain.html") }));
      break;
  }
}

/**
 * Closes a tab. The last one of a window leaves an empty one behind: some browsers end with
 * their last window.
 *
 * @param {number} tab
 */
async function closeTab(tab) {
  const { windowId } = await api.tabs.get(tab);
  const { length } = await api.tabs.query({ windowId });
  // A window without a row of tabs takes no other one.
  if (length === 1) await api.tabs.create({ windowId }).catch(() => {});
  await api.tabs.remove(tab);
}

/**
 * @param {View} view
 * @returns {Order}
 */
function show(view) {
  return { order: "show", view, style: view.view === "nothing" ? "" : style };
}

/**
 * @param {number} tab
 * @param {number} frame
 * @param {Order} order
 */
async function order(tab, frame, order) {
  // A page of the browser's own has nobody who listens, and neither has one that just left.
  await api.tabs.sendMessage(tab, order, { frameId: frame }).catch(() => {});
}

/**
 * @param {number} tab
 * @param {number} frame
 * @param {import("../types").Words[]} words
 */
async function mark(tab, frame, words) {
  if (words.length > 0) {
    // As the user's own style: no rule of the page sees or overrides it, and no CSP forbids it.
    /** @type {chrome.scripting.CSSInjection} */
    const sheet = { target: { tabId: tab, frameIds: [frame] }, css: markStyle, origin: "USER" };
    // One sheet a document, however often its words change.
    await api.scripting.removeCSS(sheet).catch(() => {});
    await api.scripting.insertCSS(sheet).catch(() => {});
  }
  await order(tab, frame, { order: "mark", words });
}

/**
 * Answers a document.
 *
 * @param {ContentMessage} content
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<Order | undefined>} once it was handled; to `hello`: what to show
 */
async function onContent(content, sender) {
  const tab = sender.tab?.id;
  const frame = sender.frameId;
  if (tab === undefined || frame === undefined) return undefined;
  const greets = content.message === "hello";
  const asker = greets && frame === 0 ? tab : undefined;
  /** @type {Event} */
  const event = { event: "content", tab, frame, url: address(sender), private: sender.tab?.incognito ?? false, content };
  const work = () => handle(event, asker);
  let greeted = false;
  try {
    if (content.message === "read") await queue.addReading(tab, frame, work);
    else if (!greets) await queue.add(work, tab);
    else {
      const heard = queue.addHello(tab, frame, work);
      if (await waitsInQueue(heard)) return { order: "notYet" };
      greeted = await heard;
    }
  } catch (error) {
    console.error(`doorchain: ${message(error)}`);
    return undefined;
  }
  // A page that gets no answer asks again, and keeps its cover meanwhile.
  if (!greeted || !engine || !state) return undefined;
  const shown = frame === 0 ? state.memory.tabs[tab]?.shown : undefined;
  return show(shown ?? { view: "nothing" });
}

/**
 * Waits for what is in the queue, but not for ever while the queue goes on.
 *
 * @param {Promise<unknown>} work
 * @returns {Promise<boolean>} whether it still waits
 */
async function waitsInQueue(work) {
  for (;;) {
    const { done } = queue;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE, true);
    });
    const isLate = await Promise.race([work.then(() => false), late]);
    clearTimeout(timer);
    if (!isLate || queue.done > done) return isLate;
  }
}

/**
 * Where a document stands, from the browser. One without an address of its own
 * (`about:srcdoc`, `blob:`) is what the page around it made.
 *
 * @param {chrome.runtime.MessageSender} sender
 */
function address(sender) {
  const web = /^(https?|file|ftp):/;
  if (sender.url && web.test(sender.url)) return sender.url;
  if (sender.origin && web.test(sender.origin)) return `${sender.origin}/`;
  return sender.tab?.url ?? sender.url ?? "";
}

/**
 * Answers a page of the extension.
 *
 * @param {PageMessage} page
 * @returns {Promise<PageAnswer>}
 */
async function onPage(page) {
  try {
    await queue.add(() => handle({ event: "page", page }));
    if (off || !engine || !state) return { answer: "off", why: off || "it has not started" };
    const tab = page.message === "status" ? (page.tab ?? null) : null;
    return { answer: "status", status: engine.status(state, tab, Date.now()) };
  } catch (error) {
    return { answer: "off", why: off || message(error) };
  }
}

/**
 * Hands an event to the core that nobody waits for.
 *
 * @param {Event} event
 */
function tell(event) {
  logged(event.event, queue.add(() => handle(event), "tab" in event ? event.tab : undefined));
}

/**
 * The page of a tab is gone.
 *
 * @param {number} tab
 */
function tellClosed(tab) {
  queue.drop(tab, 0);
  tell({ event: "closed", tab });
}

api.runtime.onMessage.addListener((received, sender, answer) => {
  if (sender.id !== api.runtime.id || typeof received !== "object" || received === null) return;
  if (sender.url?.startsWith(HOME)) logged("answer", onPage(received).then(answer));
  // Of a page that is not shown yet nothing may be drawn; it says hello when it is.
  else if (sender.tab && sender.documentLifecycle !== "prerender")
    logged("answer", onContent(received, sender).then(answer));
  else return;
  return true;
});

// Says nothing and hears nothing: laying it starts a background that had died, and what
// that one owed is made good by starting.
api.runtime.onConnect.addListener((port) => {
  if (port.sender?.id === api.runtime.id) logged("start", queue.add(start));
});

api.tabs.onUpdated.addListener((tab, change, now) => {
  // A tab that was put to sleep has no page until it loads it anew.
  const isPrivate = now.incognito;
  if (now.discarded) tellClosed(tab);
  else if (change.url !== undefined) tell({ event: "opened", tab, url: change.url, private: isPrivate });
  // Pages of the browser's own do not show their address, and end the one that was here.
  else if (change.status === "loading" && now.url === undefined)
    tell({ event: "opened", tab, url: "", private: isPrivate });
  // Firefox alone knows which page shares the screen; elsewhere content/hook.js tells.
  const { sharingState } = /** @type {{ sharingState?: { screen?: string } }} */ (change);
  if (sharingState && now.url !== undefined) {
    const live = Boolean(sharingState.screen);
    const content = /** @type {const} */ ({ message: "sharesScreen", live });
    tell({ event: "content", tab, frame: 0, url: now.url, private: isPrivate, content });
  }
});
api.tabs.onRemoved.addListener((tab) => tellClosed(tab));
// Chrome may give a tab that is put to sleep another number, and tells of the old one only here.
api.tabs.onReplaced?.addListener((_, old) => tellClosed(old));

api.downloads.onCreated.addListener((item) => {
  const isNew = item.state === "in_progress" || Date.now() - Date.parse(item.startTime) < JUST_BEGUN;
  if (isNew) tell(downloaded(item, item.filename));
});
api.downloads.onChanged.addListener(({ id, filename }) => {
  const path = filename?.current;
  if (!path) return;
  logged("download", api.downloads.search({ id }).then(([item]) => item && tell(downloaded(item, path))));
});

/**
 * @param {chrome.downloads.DownloadItem} item
 * @param {string} path
 * @returns {Event}
 */
function downloaded(item, path) {
  const fileName = path.split(/[\\/]/).pop() ?? "";
  return { event: "downloaded", url: item.finalUrl || item.url, fileName, private: item.incognito };
}

api.alarms.onAlarm.addListener((alarm) => {
  if (isWake(alarm)) tell({ event: "woke" });
});

api.runtime.onInstalled.addListener(({ reason }) => {
  if (reason === "install") logged("open", api.tabs.create({ url: api.runtime.getURL("welcome/welcome.html") }));
});
for (const changed of [api.permissions.onAdded, api.permissions.onRemoved])
  changed.addListener(() => {
    logged("access", queue.add(async () => {
      const access = await readAccess();
      if (access) await handle({ event: "access", access });
    }));
  });
// A browser that starts has pages open before the first event; the armed ones wait for it.
api.runtime.onStartup.addListener(() => logged("start", queue.add(start)));

logged("start", queue.add(start));
