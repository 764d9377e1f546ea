import { api } from "./api.js";

/** @param {string} key */
const say = (key) => api.i18n.getMessage(key);

/** Keys of the titles. @type {Record<import("../types").Notice, string>} */
const TITLES = {
  stop: "stop_title_may_be",
  uncovered: "stop_title_said",
  pinForgotten: "pin_title",
  pinGone: "pin_title",
};

/** What each leads to. @type {Record<string, string>} */
const PAGES = {
  stop: "happened/happened.html",
  uncovered: "happened/happened.html",
  pinForgotten: "options/options.html#pin",
  pinGone: "options/options.html#pin",
};

/** How slowly and how loudly the stop is spoken. */
const MANNER = { rate: 0.9, volume: 1 };
/** A browser may know its voices only some time after it was first asked, in milliseconds. */
const VOICES_WAIT = 1_000;

/** Speaks the stop aloud, twice, in the language of the warning. */
export function speak() {
  const text = say("stop_spoken");
  // The language of the words, which is not the browser's where a translation is missing.
  const lang = say("language");
  if (api.tts) {
    speakOffline(text, lang).catch((error) => console.error(`doorchain: speak: ${error}`));
  } else if (typeof speechSynthesis !== "undefined") {
    // Firefox has the operating system's voices alone, and calls only some of them local.
    speechSynthesis.cancel();
    for (let time = 0; time < 2; time += 1)
      speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { ...MANNER, lang }));
  }
}

/**
 * Chrome and Edge have voices of the network, too: by one of them the warning would leave this
 * computer, and be silent without a network. Where only such voices are there, nothing is spoken.
 *
 * @param {string} text
 * @param {string} lang
 */
async function speakOffline(text, lang) {
  let voices = await api.tts.getVoices();
  if (!voices.some((voice) => !voice.remote && sameLanguage(voice.lang, lang))) {
    await new Promise((later) => setTimeout(later, VOICES_WAIT));
    voices = await api.tts.getVoices();
  }
  const local = voices.filter(({ remote }) => !remote);
  if (local.length === 0 && voices.length > 0) return;
  // One that nobody understands still makes people look up.
  const voice = local.find((voice) => tag(voice.lang) === tag(lang)) ?? local.find((voice) => sameLanguage(voice.lang, lang)) ?? local[0];
  for (const enqueue of [false, true])
    await api.tts.speak(text, { ...MANNER, lang, voiceName: voice?.voiceName, extensionId: voice?.extensionId, enqueue });
}

/** A language's tag, which systems write in several ways. */
const tag = (lang = "") => lang.replaceAll("_", "-").toLowerCase();

/** @param {string | undefined} one @param {string} other */
const sameLanguage = (one, other) => tag(one).split("-")[0] === tag(other).split("-")[0];

/**
 * Raises a notification of the operating system.
 *
 * @param {import("../types").Notice} about
 */
export async function notify(about) {
  await api.notifications.create(about, {
    type: "basic",
    iconUrl: api.runtime.getURL("icons/128.png"),
    title: say(TITLES[about]),
    message: say(`notice_${about}`),
    priority: 2,
  });
}

api.notifications.onClicked.addListener((about) => {
  const page = PAGES[about];
  if (page) void api.tabs.create({ url: api.runtime.getURL(page) });
  void api.notifications.clear(about);
});
