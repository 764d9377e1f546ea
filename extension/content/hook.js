/**
 * Notices that a page shares the screen. Runs in the page's own world, because Chrome has
 * no other way to tell; Firefox tells the background, and never runs this.
 * A page can see the difference, so it is registered only while the banks are armed.
 *
 * No script of the page has run when this one does. It is handed a port by sharing.js at
 * once; afterwards nothing of it can be reached from the page.
 */
(() => {
  if (typeof MediaDevices === "undefined") return;

  // What the page may replace later.
  const { apply, defineProperty, deleteProperty } = Reflect;
  const { then } = Promise.prototype;
  const { postMessage } = MessagePort.prototype;
  const { getTracks } = MediaStream.prototype;
  const { getSettings } = MediaStreamTrack.prototype;
  const { addEventListener: listen } = EventTarget.prototype;
  const found = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, "readyState")?.get;
  const { setInterval: every, clearInterval: stop } = window;
  if (!found) return;
  const state = found;

  /** `stop()` ends a track without an event. In milliseconds. */
  const LOOK = 1_000;
  /** @type {MessagePort | undefined} */
  let port;
  let live = 0;

  /** @param {number} by */
  function count(by) {
    live += by;
    if (port && (live === 0 || (by > 0 && live === by))) apply(postMessage, port, [live > 0]);
  }

  /** @param {MediaStreamTrack} track */
  function follow(track) {
    let on = true;
    count(1);
    const look = () => {
      if (!on || apply(state, track, []) === "live") return;
      on = false;
      stop(timer);
      count(-1);
    };
    const timer = every(look, LOOK);
    apply(listen, track, ["ended", look]);
  }

  /** @param {MediaStream} stream @param {(track: MediaStreamTrack) => void} each */
  function ofTracks(stream, each) {
    const tracks = apply(getTracks, stream, []);
    // What `for…of` walks by is the page's.
    for (let at = 0; at < tracks.length; at += 1) each(/** @type {MediaStreamTrack} */ (tracks[at]));
  }

  /** A copy goes on when what it was made of ends; whatever made that, it says what it shows. @param {MediaStreamTrack} track */
  function followCopy(track) {
    if (apply(state, track, []) === "live" && apply(getSettings, track, []).displaySurface) follow(track);
  }

  /**
   * Waits for a promise without asking the page's `constructor` what to make of it.
   *
   * @template T
   * @param {Promise<T>} promise
   * @param {(value: T) => void} done
   */
  function when(promise, done) {
    const none = /** @type {PropertyDescriptor} */ ({ __proto__: null, value: undefined, configurable: true });
    defineProperty(promise, "constructor", none);
    apply(then, promise, [done, () => {}]);
    deleteProperty(promise, "constructor");
  }

  addEventListener(
    "doorchain-port",
    (event) => {
      event.stopImmediatePropagation();
      event.preventDefault();
      port = /** @type {MessageEvent} */ (event).ports[0];
    },
    { capture: true, once: true },
  );
  dispatchEvent(new Event("doorchain-ready"));

  /**
   * Hears what a function of the page's world gives. A proxy keeps its name, its length and every other mark.
   *
   * @param {object} owner
   * @param {string} name
   * @param {(given: any) => void} hear
   */
  function hook(owner, name, hear) {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    if (!own?.value) return;
    const value = new Proxy(own.value, {
      apply(target, self, given) {
        const result = apply(target, self, given);
        hear(result);
        return result;
      },
    });
    Object.defineProperty(owner, name, { ...own, value });
  }
  hook(MediaDevices.prototype, "getDisplayMedia", (promise) => when(promise, (stream) => ofTracks(stream, follow)));
  hook(MediaStream.prototype, "clone", (stream) => ofTracks(stream, followCopy));
  hook(MediaStreamTrack.prototype, "clone", followCopy);
})();
