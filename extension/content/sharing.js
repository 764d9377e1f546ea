/**
 * The other end of hook.js: hands it a port before any script of the page runs, so that
 * no page can listen in or speak in its name, and tells the background what comes back.
 * Registered with it, and in either order: that is the browser's choice.
 */
(() => {
  // Only where no script of the page can have run yet: not in a document that somebody else
  // made, and not in one that was there before this script was registered.
  const fresh = document.readyState === "loading" && !document.documentElement?.firstElementChild;
  // A frame that may run no scripts stays open: hook.js is one, and the page around the frame can
  // ask for the screen by it all the same.
  if (!fresh || !window.isSecureContext) return;

  const { port1, port2 } = new MessageChannel();
  let shares = false;

  /** @param {boolean} live */
  function tell(live) {
    shares = live;
    /** @type {import("../types").ContentMessage} */
    const message = { message: "sharesScreen", live };
    chrome.runtime.sendMessage(message).catch(() => {
      // The background is not up, or the extension was updated: nobody to tell.
    });
  }
  port1.onmessage = ({ data }) => tell(data === true);
  // A frame that is taken out of its page takes its streams with it, and says nothing else.
  addEventListener("pagehide", ({ isTrusted }) => isTrusted && shares && tell(false));

  /** @returns {boolean} whether the hook was there and took the port */
  const offer = () =>
    !window.dispatchEvent(new MessageEvent("doorchain-port", { ports: [port2], cancelable: true }));
  if (offer()) return;
  const ready = new AbortController();
  window.addEventListener(
    "doorchain-ready",
    (event) => {
      event.stopImmediatePropagation();
      ready.abort();
      offer();
    },
    { capture: true, signal: ready.signal },
  );
  document.addEventListener("readystatechange", () => ready.abort(), { once: true });
})();
