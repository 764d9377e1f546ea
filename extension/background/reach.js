import { api } from "./api.js";

/** @typedef {{ js?: string[], all_frames?: boolean }} Script */

/**
 * Runs the content scripts in those documents of a tab that have none: they loaded before the
 * browser could run them.
 *
 * @param {number} tabId
 * @returns {Promise<boolean>} whether the browser lets anything be drawn on the tab's page. Where
 *   no page could be loaded, so that the browser shows one of its own instead, there is nothing
 *   that it keeps anybody from.
 */
export async function reach(tabId) {
  try {
    const documents = await api.scripting.executeScript({
      target: { tabId, allFrames: true },
      func: () => Object.hasOwn(globalThis, "DoorchainHere"),
      injectImmediately: true,
    });
    const bare = documents.filter(({ result }) => result === false).map(({ frameId }) => frameId);
    await greet(tabId, bare);
    return documents.some(({ frameId, result }) => frameId === 0 && result !== undefined);
  } catch (error) {
    return /error page/u.test(String(error)) || (await isOwnPage(tabId));
  }
}

/** Runs the content scripts in all open pages that have none. */
export async function reachAll() {
  const tabs = await api.tabs.query({ discarded: false });
  await Promise.all(tabs.map(({ id, url }) => id !== undefined && url && reach(id)));
}

/**
 * @param {number} tabId
 * @param {number[]} bare frames
 */
async function greet(tabId, bare) {
  /** @type {Script[]} */
  const scripts = api.runtime.getManifest().content_scripts ?? [];
  for (const { js: files = [], all_frames: everywhere = false } of scripts) {
    const frameIds = everywhere ? bare : bare.filter((frame) => frame === 0);
    if (frameIds.length === 0) continue;
    await api.scripting
      .executeScript({ target: { tabId, frameIds }, files, injectImmediately: true })
      .catch(() => {
        // A frame that went meanwhile.
      });
  }
}

/**
 * Whether Firefox shows a page of its own under the address that could not be loaded: its icon
 * is one that no page of the web can have. Chrome says so in its error.
 *
 * @param {number} tabId
 */
async function isOwnPage(tabId) {
  const tab = await api.tabs.get(tabId).catch(() => null);
  return tab?.favIconUrl?.startsWith("chrome://") ?? false;
}
