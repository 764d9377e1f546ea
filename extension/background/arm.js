import { api } from "./api.js";

/** Id of the registered script. */
const ID = "armed";
/** Without it, a bank's page would be seen before it is judged. */
const SCRIPT = "content/armed.js";

/**
 * Covers pages of these match patterns from their first moment; an empty list disarms.
 *
 * @param {string[]} matches
 */
export async function arm(matches) {
  const registered = await api.scripting.getRegisteredContentScripts({ ids: [ID] });
  if (matches.length === 0) {
    if (registered.length > 0) await api.scripting.unregisterContentScripts({ ids: [ID] });
    return;
  }
  const script = {
    id: ID,
    matches,
    js: [SCRIPT],
    runAt: /** @type {const} */ ("document_start"),
    // What arms is in storage.session and ends with the browser; so does this.
    persistAcrossSessions: false,
  };
  if (registered.length > 0) await api.scripting.updateContentScripts([script]);
  else await api.scripting.registerContentScripts([script]);
}
