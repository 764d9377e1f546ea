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

/** Speaks the stop aloud, twice, in the language of the warning. */
export function speak() {
  const text = say("stop_spoken");
  // The language of the words, which is not the browser's where a translation is missing.
  const lang = say("language");
  if (api.tts) {
    api.tts.speak(text, { lang, rate: 0.9, volume: 1 });
    api.tts.speak(text, { lang, rate: 0.9, volume: 1, enqueue: true });
  } else if (typeof speechSynthesis !== "undefined") {
    speechSynthesis.cancel();
    for (let time = 0; time < 2; time += 1) {
      const words = new SpeechSynthesisUtterance(text);
      words.lang = lang;
      words.rate = 0.9;
      words.volume = 1;
      speechSynthesis.speak(words);
    }
  }
}

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
