/**
 * Notices that a page shares the screen. Runs in the page's own world, because Chrome has
 * no other way to tell; Firefox tells the background, and this file does nothing there.
 * A page can see the difference, so it is registered only while the banks are armed.
 *
 * No script of the page has run when this one does. It is handed a port by sharing.js at
 * once; afterwards nothing of it can be reached from the page.
 */
(() => {
  // Firefox alone has this name on its windows.
  if (typeof MediaDevices === "undefined" || "mozInnerScreenX" in window) return;
  const own = Object.getOwnPropertyDescriptor(MediaDevices.prototype, "getDisplayMedia");
  if (!own?.value) return;

  // What the page may replace later.
  const { apply } = Reflect;
  const { then } = Promise.prototype;
  const { postMessage } = MessagePort.prototype;
  const { getTracks } = MediaStream.prototype;
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

  /** @param {MediaStream} stream */
  function follow(stream) {
    for (const track of apply(getTracks, stream, [])) {
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

  Object.defineProperty(MediaDevices.prototype, "getDisplayMedia", {
    ...own,
    // A proxy keeps the name, the length and every other mark of the function.
    value: new Proxy(own.value, {
      apply(target, self, given) {
        const promise = apply(target, self, given);
        apply(then, promise, [follow, () => {}]);
        return promise;
      },
    }),
  });
})();
