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
/** Protection is off, or sees no pages: unlike every level. */
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
    setText({ tabId, text: badge?.text ?? null }),
    badge && api.action.setBadgeBackgroundColor({ tabId, color: badge.color }),
    badge && api.action.setBadgeTextColor({ tabId, color: "#ffffff" }),
  ]);
}

/**
 * Without a text of its own a tab has the one for all.
 *
 * @param {{ tabId?: number, text: string | null }} badge
 */
const setText = (badge) => api.action.setBadgeText(/** @type {chrome.action.BadgeTextDetails} */ (badge));

/**
 * Shows on every tab without a sign of its own that pages cannot be seen, or no longer.
 *
 * @param {boolean} on
 */
export async function showBlind(on) {
  if (on) {
    await api.action.setBadgeBackgroundColor({ color: OFF.color });
    await api.action.setBadgeTextColor({ color: "#ffffff" });
  }
  await setText({ text: on ? OFF.text : "" });
}

/**
 * Shows on every tab that protection is off, or no longer.
 *
 * @param {boolean} off
 */
export async function showOff(off) {
  await showBlind(off);
  if (!off) return;
  // The sign for all stands where a tab has none of its own.
  const tabs = await api.tabs.query({});
  await Promise.allSettled(
    tabs.map(({ id: tabId }) => tabId !== undefined && setText({ tabId, text: null })),
  );
}
