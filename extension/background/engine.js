import * as first from "../engine/doorchain_wasm.js";
// @ts-expect-error: TypeScript knows no file of this name; for the browser it is the same once more.
import * as spare from "../engine/doorchain_wasm.js?spare";
import { api } from "./api.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Event} Event */
/** @typedef {import("../types").Step} Step */
/** @typedef {import("../types").Status} Status */

/** Where the wasm file lies in the extension. */
const WASM = "engine/doorchain_wasm_bg.wasm";

/**
 * The script that goes with the file, in copies that were not used yet: each takes one instance.
 *
 * @type {(typeof first)[]}
 */
const scripts = [first, spare];

/**
 * Loads the core; anew each time that it is asked for, twice at most.
 *
 * @returns {Promise<Engine>}
 * @throws {Error} when the file is missing, damaged or may not run, and the third time
 */
export async function loadEngine() {
  const [script] = scripts;
  if (!script) throw new Error("the engine stopped twice");
  const answer = await fetch(api.runtime.getURL(WASM));
  if (!answer.ok) throw new Error(`${WASM}: status ${answer.status}`);
  // From bytes: streaming wants a media type that not every browser gives its own files.
  await script.default({ module_or_path: await answer.arrayBuffer() });
  const engine = new Engine(new script.Doorchain());
  scripts.shift();
  return engine;
}

/** A tab that no browser has: their numbers begin with 1 in Chrome and Firefox. */
const NO_TAB = 0;

/** The core with its types. */
export class Engine {
  /** @param {first.Doorchain} core */
  constructor(core) {
    this.core = core;
  }

  /**
   * Whether a state has the shape of its type: one that was stored may be damaged, or of another version.
   *
   * @param {State} state
   */
  reads(state) {
    try {
      // Asked of a tab, the answer is without the list of all tools.
      this.status(state, NO_TAB, Date.now());
      return true;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      console.error(`doorchain: ${error}`);
      return false;
    }
  }

  /**
   * @param {State} state
   * @param {Event} event
   * @param {number} now milliseconds since 1970
   * @returns {Step}
   * @throws {Error} `state: …` or `event: …` when one has not the shape of its type
   */
  step(state, event, now) {
    return this.core.step(state, event, now);
  }

  /**
   * @param {State} state
   * @param {number | null} tab
   * @param {number} now milliseconds since 1970
   * @returns {Status}
   */
  status(state, tab, now) {
    return this.core.status(state, tab ?? undefined, now);
  }
}

/** Name of the companion's native host and version of its language; the engine must be loaded. */
export function companionProtocol() {
  return { host: first.companionHost(), version: first.companionVersion() };
}
