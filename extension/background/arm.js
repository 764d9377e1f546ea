import { api } from "./api.js";

/** @typedef {chrome.scripting.RegisteredContentScript} Script */

// What arms outlives the browser. So do these: pages that a browser opens by itself when it
// starts come before the background does.
const AT_START = /** @type {const} */ ({ runAt: "document_start", persistAcrossSessions: true });

// A page can ask for the screen in a frame without an address of its own, too.
/** @satisfies {Partial<Script>} */
const EVERYWHERE = { matches: ["<all_urls>"], allFrames: true, matchOriginAsFallback: true };

// Firefox alone has this call. It tells the background who shares the screen, and a page that
// nothing is run in for that has nothing to find.
const TELLS = "getBrowserInfo" in api.runtime;

/** @type {Script[]} */
const SHARING = TELLS
  ? []
  : [
      { id: "hook", js: ["content/hook.js"], world: "MAIN", ...EVERYWHERE, ...AT_START },
      { id: "sharing", js: ["content/sharing.js"], ...EVERYWHERE, ...AT_START },
    ];

/** @param {string[]} banks match patterns @returns {Script[]} */
const scripts = (banks) => [
  // Without it, a bank's page would be seen before it is judged.
  { id: "armed", matches: banks, js: ["content/armed.js"], ...AT_START },
  ...SHARING,
];

/**
 * What tells scripts from others, in one text.
 *
 * @param {Script[]} scripts
 */
const sum = (scripts) =>
  scripts
    .map(({ id, matches = [], js = [] }) => [id, ...js, ...matches.toSorted()].join(" "))
    .toSorted()
    .join("\n");

/**
 * Covers pages of these match patterns from their first moment, and notices pages that
 * share the screen; an empty list ends both.
 *
 * @param {string[]} matches
 */
export async function arm(matches) {
  const registered = await api.scripting.getRegisteredContentScripts();
  const wanted = matches.length > 0 ? scripts(matches) : [];
  // A bank that opens between the two calls below would not be covered.
  if (sum(registered) === sum(wanted)) return;
  if (registered.length > 0)
    await api.scripting.unregisterContentScripts({ ids: registered.map(({ id }) => id) });
  if (wanted.length > 0) await api.scripting.registerContentScripts(wanted);
}
