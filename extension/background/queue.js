/** So many events overtake a reading that waits: a page that makes events without end is judged all the same. */
const OVERTAKE = 50;

/** What is no tab's. */
const NO_TAB = -1;

/**
 * Does one thing after the other: of each tab in the order in which it came, and the tabs in turn, so that one in
 * which much happens keeps no other from its cover. What pages hold is judged after all else that waits: a page
 * could make others wait by what it gives to read.
 */
export class Queue {
  /** What happened in each tab. @type {Map<number, Happening[]>} */
  #tabs = new Map();
  /** The newest reading of each frame, in the order in which they came. @type {Map<string, Reading>} */
  #readings = new Map();
  #running = false;
  /** Events since the last reading. */
  #overtook = 0;
  #done = 0;

  /** How much has been done so far. */
  get done() {
    return this.#done;
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @param {number} [tab]
   * @returns {Promise<T>}
   */
  add(work, tab = NO_TAB) {
    return new Promise((resolve, reject) => this.#push(tab, { work: () => work().then(resolve, reject) }));
  }

  /**
   * Adds the greeting of a new document. What waits of the one before it in its frame, or with frame 0 in the
   * whole tab, is dropped.
   *
   * @param {number} tab
   * @param {number} frame
   * @param {() => Promise<void>} work
   * @returns {Promise<boolean>} false when it was dropped
   */
  addHello(tab, frame, work) {
    this.drop(tab, frame);
    return new Promise((resolve, reject) =>
      this.#push(tab, {
        work: () => work().then(() => resolve(true), reject),
        greets: { frame, drop: () => resolve(false) },
      }),
    );
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
   * Drops the greetings and readings that wait of a frame, or with frame 0 of the whole tab: their documents are gone.
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
    const kept = this.#tabs.get(tab)?.filter(({ greets }) => {
      const goes = greets && (frame === 0 || greets.frame === frame);
      if (goes) greets.drop();
      return !goes;
    });
    if (kept?.length) this.#tabs.set(tab, kept);
    else this.#tabs.delete(tab);
  }

  /**
   * @param {number} tab
   * @param {Happening} happening
   */
  #push(tab, happening) {
    const before = this.#tabs.get(tab);
    if (before) before.push(happening);
    else this.#tabs.set(tab, [happening]);
    void this.#run();
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    for (let work = this.#take(); work; work = this.#take()) {
      await work();
      this.#done += 1;
    }
    this.#running = false;
  }

  #take() {
    const [first] = this.#readings;
    if (!first || (this.#tabs.size > 0 && this.#overtook < OVERTAKE)) {
      this.#overtook += 1;
      return this.#takeInTurn();
    }
    this.#overtook = 0;
    const [key, { work }] = first;
    this.#readings.delete(key);
    return work;
  }

  /** The first of the tab that has waited longest for its turn. */
  #takeInTurn() {
    const [turn] = this.#tabs;
    if (!turn) return undefined;
    const [tab, waiting] = turn;
    const next = waiting.shift();
    this.#tabs.delete(tab);
    if (waiting.length > 0) this.#tabs.set(tab, waiting);
    return next?.work;
  }
}

/**
 * @typedef {object} Happening
 * @property {() => Promise<void>} work
 * @property {{ frame: number, drop: () => void }} [greets] a document that may be gone meanwhile
 */

/**
 * @typedef {object} Reading
 * @property {number} tab
 * @property {number} frame
 * @property {() => Promise<void>} work
 * @property {() => void} drop
 */
