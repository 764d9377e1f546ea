/**
 * What the browser keeps from Doorchain, and how a person gives it.
 *
 * @typedef {import("../types").Status} Status
 */

import { api, byId, say } from "./page.js";

/** Firefox draws its question under an open popup, and opens its own pages for nobody. */
export const isFirefox = "getBrowserInfo" in api.runtime;

/** Asks the browser to let pages be seen; only in answer to a click. */
export const askForPages = () => api.permissions.request({ origins: ["<all_urls>"] });

/** Makes the buttons of a page's `#access` and `#private` do what they say. */
export function offerAccess() {
  byId("access-give").addEventListener("click", (event) => {
    if (event.isTrusted) void askForPages();
  });
  byId("private-open").addEventListener("click", () => {
    void api.tabs.create({ url: `chrome://extensions/?id=${api.runtime.id}` });
  });
}

/** @param {Status} status */
export function drawAccess({ access }) {
  byId("access").hidden = access.sites;
  byId("private-is").textContent = say(access.privateWindows ? "private_on" : "private_off");
  byId("private-do").hidden = access.privateWindows;
  byId("private-how").textContent = say(isFirefox ? "private_how_firefox" : "private_how");
  byId("private-row").hidden = isFirefox;
}
