/** So many events overtake a reading that waits: a page that makes events without end is judged all the same. */
const OVERTAKE = 50;

/**
 * Does one thing after the other. What pages hold is judged after all else that waits: a page
 * could make others wait for their cover by what it gives to read.
 */
export class Queue {
  /** @type {(() => Promise<void>)[]} */
  #events = [];
  /** The newest reading of each frame, in the order in which they came. @type {Map<string, Reading>} */
  #readings = new Map();
  #running = false;
  /** Events since the last reading. */
  #overtook = 0;

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  add(work) {
    return new Promise((resolve, reject) => {
      this.#events.push(() => work().then(resolve, reject));
      void this.#run();
    });
  }

  /**
   * Adds what may wait. It takes the place of an older reading of the frame.
   *
   * @param {number} tab
   * @param {number} frame
   * @param {() => Promise<void>} work
   * @returns {Promise<void>} settled also when it was dropped
   */
  addReading(tab, frame, work) {
    return new Promise((resolve, reject) => {
      const key = `${tab} ${frame}`;
      this.#readings.get(key)?.drop();
      if (this.#readings.size === 0) this.#overtook = 0;
      this.#readings.set(key, { tab, frame, work: () => work().then(resolve, reject), drop: resolve });
      void this.#run();
    });
  }

  /**
   * Drops the readings that wait of a frame, or with frame 0 of the whole tab: their documents are gone.
   *
   * @param {number} tab
   * @param {number} frame
   */
  drop(tab, frame) {
    for (const [key, reading] of this.#readings) {
      if (reading.tab !== tab || (frame !== 0 && reading.frame !== frame)) continue;
      this.#readings.delete(key);
      reading.drop();
    }
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    for (let work = this.#take(); work; work = this.#take()) await work();
    this.#running = false;
  }

  #take() {
    const [first] = this.#readings;
    if (!first || (this.#events.length > 0 && this.#overtook < OVERTAKE)) {
      this.#overtook += 1;
      return this.#events.shift();
    }
    this.#overtook = 0;
    const [key, { work }] = first;
    this.#readings.delete(key);
    return work;
  }
}

/**
 * @typedef {object} Reading
 * @property {number} tab
 * @property {number} frame
 * @property {() => Promise<void>} work
 * @property {() => void} drop
 */
