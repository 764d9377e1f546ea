/**
 * The extension API under its one name in Chrome (`chrome`) and in Firefox (`browser`);
 * both give promises in Manifest V3.
 *
 * @type {typeof chrome}
 */
export const api = /** @type {any} */ (globalThis).browser ?? chrome;
