import { api } from "./api.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Settings} Settings */
/** @typedef {import("../types").Memory} Memory */

/**
 * The state in the browser's storage: the settings outlive the browser, the memory only
 * the background.
 */
export class Store {
  /** Settings as they were last written or read, to write them only when they change. */
  #settings = "";
  /** Memory likewise. */
  #memory = "";
  /** Nothing was remembered: this browser, or this extension in it, has just begun. */
  fresh = false;

  /**
   * What was stored; empty parts where nothing was, which the core fills with its defaults.
   *
   * @returns {Promise<State>}
   * @throws {Error} when the storage cannot be read
   */
  async load() {
    const [local, session] = await Promise.all([
      api.storage.local.get("settings"),
      api.storage.session.get("memory"),
    ]);
    const settings = /** @type {Settings} */ (local["settings"] ?? {});
    const memory = /** @type {Memory} */ (session["memory"] ?? {});
    this.#settings = JSON.stringify(settings);
    this.#memory = JSON.stringify(memory);
    this.fresh = session["memory"] === undefined;
    return { settings, memory };
  }

  /**
   * Writes what changed.
   *
   * @param {State} state
   * @throws {Error} when the storage cannot be written
   */
  async save({ settings, memory }) {
    const settingsText = JSON.stringify(settings);
    const memoryText = JSON.stringify(memory);
    /** @type {Promise<void>[]} */
    const writes = [];
    if (settingsText !== this.#settings) writes.push(api.storage.local.set({ settings }));
    if (memoryText !== this.#memory) writes.push(api.storage.session.set({ memory }));
    await Promise.all(writes);
    this.#settings = settingsText;
    this.#memory = memoryText;
  }

  /**
   * Lays settings aside that the core cannot read, so that nothing of them is lost.
   *
   * @param {Settings} settings
   */
  async setAside(settings) {
    await api.storage.local.set({ unreadableSettings: settings });
  }
}
