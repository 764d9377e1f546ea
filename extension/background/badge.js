import { api } from "./api.js";

/** @typedef {import("../types").Level} Level */

/** Signs and colours, none where nothing is to be said. @type {Record<Level, { text: string, color: string } | null>} */
const BADGE = {
  quiet: null,
  notice: { text: "i", color: "#2f5f98" },
  caution: { text: "!", color: "#a85b00" },
  pause: { text: "!", color: "#a85b00" },
  stop: { text: "!", color: "#b3261e" },
};
/** Protection is off: unlike every level. */
const OFF = { text: "×", color: "#5f6368" };

/**
 * Shows a level on the button of a tab.
 *
 * @param {number} tabId
 * @param {Level} level
 */
export async function showLevel(tabId, level) {
  const badge = BADGE[level];
  await Promise.all([
    api.action.setBadgeText({ tabId, text: badge?.text ?? "" }),
    badge && api.action.setBadgeBackgroundColor({ tabId, color: badge.color }),
    badge && api.action.setBadgeTextColor({ tabId, color: "#ffffff" }),
  ]);
}

/**
 * Shows on every tab that protection is off, or no longer.
 *
 * @param {boolean} off
 */
export async function showOff(off) {
  const text = off ? OFF.text : "";
  if (off) {
    await api.action.setBadgeBackgroundColor({ color: OFF.color });
    await api.action.setBadgeTextColor({ color: "#ffffff" });
  }
  await api.action.setBadgeText({ text });
  const tabs = await api.tabs.query({});
  // A tab's own text hides the one for all.
  await Promise.allSettled(
    tabs.map(({ id: tabId }) => tabId !== undefined && api.action.setBadgeText({ tabId, text })),
  );
}
