/**
 * What the browser keeps from Doorchain, and how a person gives it.
 *
 * @typedef {import("../types").Status} Status
 */

import { api, byId, keepFocus, make, offerOff, say } from "./page.js";

/** Firefox draws its question under an open popup, and opens its own pages for nobody. */
export const isFirefox = "getBrowserInfo" in api.runtime;

/** Asks the browser to let pages be seen; only in answer to a click. */
export const askForPages = () => api.permissions.request({ origins: ["<all_urls>"] });

/** Puts cards for what is off and what is kept at the head of the page, and fills its `#private`. */
export function offerAccess() {
  const give = make("button", { type: "button", id: "access-give", class: "dc-button dc-first" }, say("access_give"));
  give.addEventListener("click", (event) => {
    if (event.isTrusted) void askForPages();
  });
  const open = make("button", { type: "button", id: "private-open", class: "dc-button" }, say("private_open"));
  open.addEventListener("click", () => {
    void api.tabs.create({ url: `chrome://extensions/?id=${api.runtime.id}` });
  });
  document.querySelector("main")?.prepend(
    make(
      "section", { id: "access", class: "dc-card", "data-level": "stop", role: "alert", hidden: "" },
      make("h2", { class: "dc-head" }, say("access_title")),
      make("p", { class: "dc-text" }, say("access_why")),
      make("div", { class: "dc-actions" }, give),
    ),
  );
  offerOff();
  byId("private").append(
    make("p", { id: "private-is", class: "dc-text dc-soft" }),
    make(
      "div", { id: "private-do", class: "dc-stack" },
      make("p", { id: "private-how", class: "dc-text" }),
      make("div", { id: "private-row", class: "dc-actions" }, open),
    ),
  );
}

/** @param {Status} status */
export function drawAccess({ access }) {
  const card = byId("access");
  keepFocus(card, () => { card.hidden = access.sites; }, () => document.querySelector("h1"));
  byId("private-is").textContent = say(access.privateWindows ? "private_on" : "private_off");
  byId("private-do").hidden = access.privateWindows;
  byId("private-how").textContent = say(isFirefox ? "private_how_firefox" : "private_how");
  byId("private-row").hidden = isFirefox;
}
