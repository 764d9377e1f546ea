import { api } from "./api.js";
import { message } from "./error.js";

/** @typedef {import("../types").Event} Event */
/** @typedef {import("../types").CompanionHealth} CompanionHealth */
/** @typedef {import("../types").CompanionResponse} CompanionResponse */
/** @typedef {import("../types").CompanionRequest} CompanionRequest */
/** @typedef {Extract<CompanionResponse, { status: "ok" }>} Answer */
/** @typedef {{ ask: "hello" } | { ask: "sessions" } | { ask: "end", finding: string }} Ask */

/** Longest wait for an answer, in milliseconds; ending a session includes the check that it is gone. */
const PATIENCE = 15_000;
/** Pauses before connecting again while following, in milliseconds; the last one repeats. */
const BACKOFF = [1_000, 2_000, 5_000, 15_000, 30_000];

/**
 * The one place that speaks the companion's protocol (PROTOCOL.md).
 *
 * It is connected only while the core follows it or asks it something; disconnecting
 * ends its process.
 */
export class Companion {
  /** @type {chrome.runtime.Port | null} */
  #port = null;
  /** Questions that wait for their answer. @type {Map<number, Waiting>} */
  #waiting = new Map();
  #lastId = 0;
  #following = false;
  #everyMs = 0;
  #failures = 0;
  /** This connection has answered `sessions`; `end` knows only what was reported on it. */
  #reported = false;
  /** Connecting or asking goes on. @type {Promise<void> | null} */
  #round = null;
  /** Endings that go on. */
  #ending = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {{ host: string, version: number }} protocol name of the native host and version of the language
   * @param {(event: Event) => Promise<unknown>} emit rejects when the core cannot read the event
   */
  constructor(protocol, emit) {
    this.protocol = protocol;
    this.emit = emit;
  }

  /**
   * Keeps asking, or stops.
   *
   * @param {boolean} on
   * @param {number} everyMs pause between an answer and the next question, in milliseconds
   */
  follow(on, everyMs) {
    this.#everyMs = everyMs;
    if (on === this.#following) return;
    this.#following = on;
    clearTimeout(this.#timer);
    this.#failures = 0;
    if (on) this.ask();
    else this.#rest();
  }

  /** Asks once, now: one round of connecting where needed and `sessions`. */
  ask() {
    if (this.#round) return;
    clearTimeout(this.#timer);
    this.#round = this.#look().then((pause) => {
      this.#round = null;
      this.#again(pause);
    });
  }

  /**
   * Asks for the end of a session and tells how that went.
   *
   * @param {string} finding
   */
  async end(finding) {
    let gone = false;
    let cameBack = false;
    this.#ending += 1;
    try {
      await this.#round;
      await this.#connect();
      if (!this.#reported) await this.#sessions();
      const { answer } = await this.#question({ ask: "end", finding });
      if (answer.answer === "end") {
        gone = answer.gone === true;
        cameBack = answer.cameBack === true;
      }
    } catch (error) {
      if (!(error instanceof Refused)) await this.#fail(error);
    }
    this.#ending -= 1;
    try {
      await this.emit({ event: "ended", finding, gone, cameBack });
    } finally {
      this.#rest();
    }
  }

  /** @returns {Promise<number>} pause until the next question, in milliseconds */
  async #look() {
    try {
      await this.#connect();
      await this.#sessions();
      this.#failures = 0;
      return this.#everyMs;
    } catch (error) {
      await this.#fail(error);
      const pause = BACKOFF[Math.min(this.#failures, BACKOFF.length - 1)];
      this.#failures += 1;
      return /** @type {number} */ (pause);
    }
  }

  /** @param {number} ms */
  #again(ms) {
    clearTimeout(this.#timer);
    if (this.#following) this.#timer = setTimeout(() => this.ask(), ms);
    else this.#rest();
  }

  /** Lets the companion go when nobody needs it. */
  #rest() {
    if (!this.#following && !this.#round && this.#ending === 0) this.#disconnect();
  }

  async #sessions() {
    const { answer } = await this.#question({ ask: "sessions" });
    if (answer.answer !== "sessions") throw new Broken(`answered ${answer.answer} to sessions`);
    try {
      await this.emit({ event: "report", report: answer.report });
    } catch (error) {
      throw new Broken(`sent a report of an unknown shape: ${message(error)}`);
    }
    this.#reported = true;
  }

  async #connect() {
    if (this.#port) return;
    const port = api.runtime.connectNative(this.protocol.host);
    this.#port = port;
    this.#reported = false;
    port.onMessage.addListener((frame) => this.#receive(port, frame));
    port.onDisconnect.addListener((closed) => {
      // Firefox tells on the port what Chrome tells in `lastError`.
      const error = /** @type {{ error?: { message?: string } }} */ (closed).error;
      this.#lost(port, error?.message ?? api.runtime.lastError?.message ?? "it went away");
    });
    const { answer } = await this.#question({ ask: "hello" });
    if (answer.answer !== "hello" || typeof answer.release !== "string")
      throw new Broken("did not answer hello");
    await this.#tell({ is: "well", release: answer.release });
  }

  /**
   * @param {Ask} ask
   * @returns {Promise<{ answer: Answer }>}
   */
  #question(ask) {
    const port = this.#port;
    if (!port) return Promise.reject(new Broken("it is not connected"));
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Broken("it does not answer"));
      }, PATIENCE);
      this.#waiting.set(id, {
        resolve: (answer) => {
          clearTimeout(timer);
          resolve({ answer });
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      try {
        /** @type {CompanionRequest} */
        const request = { version: this.protocol.version, id, ...ask };
        port.postMessage(request);
      } catch (error) {
        this.#waiting.delete(id);
        clearTimeout(timer);
        reject(new Broken(message(error)));
      }
    });
  }

  /**
   * @param {chrome.runtime.Port} port
   * @param {unknown} frame anything: it comes from another program
   */
  #receive(port, frame) {
    if (port !== this.#port) return;
    const response = /** @type {Partial<CompanionResponse>} */ (
      typeof frame === "object" && frame !== null ? frame : {}
    );
    if (!isVersion(response.version)) {
      this.#abandon(new Broken("sent a frame of an unknown shape"));
    } else if (response.version !== this.protocol.version) {
      this.#abandon(new WrongVersion(response.version));
    } else if (response.status === "ok" && typeof response.id === "number") {
      this.#take(response.id)?.resolve(/** @type {Answer} */ (response));
    } else if (response.status === "error") {
      const why = `error ${response.number}: ${response.message}`;
      if (typeof response.id === "number") this.#take(response.id)?.reject(new Refused(why));
      else this.#abandon(new Broken(why));
    } else {
      this.#abandon(new Broken("sent a frame of an unknown shape"));
    }
  }

  /** @param {number} id */
  #take(id) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  /**
   * @param {chrome.runtime.Port} port
   * @param {string} why
   */
  #lost(port, why) {
    if (port !== this.#port) return;
    // Chrome and Firefox have these two sentences for a host that is not installed.
    const missing = /host not found|no such native application/i.test(why);
    this.#abandon(missing ? new Missing(why) : new Broken(why));
    // Between two questions nobody waits for an answer that would tell of the loss.
    if (!this.#round) this.#again(/** @type {number} */ (BACKOFF[0]));
  }

  /** @param {Error} error */
  #abandon(error) {
    this.#disconnect();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  #disconnect() {
    const port = this.#port;
    this.#port = null;
    port?.disconnect();
  }

  /** Does not reject: whoever asks goes on also where the core does not take it. @param {unknown} error */
  async #fail(error) {
    this.#disconnect();
    try {
      await this.#tell(healthOf(error));
    } catch (untold) {
      console.error(`doorchain: companion: ${message(untold)}`);
    }
  }

  /** @param {CompanionHealth} health */
  async #tell(health) {
    await this.emit({ event: "companion", health });
  }
}

/**
 * @typedef {object} Waiting
 * @property {(answer: Answer) => void} resolve
 * @property {(error: Error) => void} reject
 */

/** The native host is not installed. */
class Missing extends Error {}

/** It is there and does not do as it should. */
class Broken extends Error {}

/** It answered with an error of the protocol. */
class Refused extends Error {}

/** It speaks another version. */
class WrongVersion extends Error {
  /** @param {number} version */
  constructor(version) {
    super(`it speaks version ${version}`);
    this.version = version;
  }
}

/** @param {unknown} error @returns {CompanionHealth} */
function healthOf(error) {
  if (error instanceof Missing) return { is: "missing" };
  if (error instanceof WrongVersion) return { is: "wrongVersion", version: error.version };
  return { is: "broken", why: message(error) };
}

/**
 * Whether this is a version: the core takes no other number.
 *
 * @param {unknown} value
 * @returns {value is number}
 */
const isVersion = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
