/**
 * The other end of hook.js: hands it a port at once, before any script of the page runs,
 * so that no page can listen in or speak in its name.
 */
const DoorchainSharing = (() => {
  /** @type {((live: boolean) => void) | undefined} */
  let tell;
  let live = false;

  // Only where no script of the page can have run yet: not in a document that somebody else
  // made, and not in one that was there before this extension.
  const fresh = document.readyState === "loading" && !document.documentElement?.firstElementChild;
  if (fresh && window.isSecureContext && location.protocol.startsWith("http")) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      live = data === true;
      tell?.(live);
    };
    window.dispatchEvent(new MessageEvent("doorchain-port", { ports: [port2] }));
  }

  return {
    /** @param {(live: boolean) => void} told called when the page begins or ends sharing the screen */
    watch(told) {
      tell = told;
      if (live) told(live);
    },
  };
})();
