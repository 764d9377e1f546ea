import { api } from "./api.js";

/**
 * Whether the browser lets anything be drawn on a tab's page. Where no page could be loaded, so
 * that the browser shows one of its own instead, there is nothing that it keeps anybody from.
 *
 * @param {number} tabId
 */
export async function reaches(tabId) {
  try {
    await api.scripting.executeScript({ target: { tabId }, func: () => {}, injectImmediately: true });
    return true;
  } catch (error) {
    return /error page/u.test(String(error)) || (await isOwnPage(tabId));
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
