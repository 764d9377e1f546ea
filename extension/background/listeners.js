import { api } from "./api.js";

/** A connection that is refused is refused at once; a program that says nothing is waited for this long, in milliseconds. */
const PATIENCE = 1_500;
/** Questions at a time. */
const AT_ONCE = 8;
/** What Chrome and Firefox call a port on which nobody listens. */
const REFUSED = /ERR_CONNECTION_REFUSED|NS_ERROR_CONNECTION_REFUSED/;

/**
 * Which of these ports of this machine somebody listens on.
 *
 * A page's script cannot tell a closed port from one that speaks no HTTP; `webRequest`
 * names the error. Without that permission, which the person gives with the switch,
 * nothing is asked and none is found.
 *
 * @param {number[]} ports
 * @returns {Promise<number[]>}
 */
export async function openPorts(ports) {
  if (!api.webRequest) return [];
  const left = [...ports];
  /** @type {number[]} */
  const open = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let port = left.shift(); port !== undefined; port = left.shift())
        if (await isOpen(port)) open.push(port);
    }),
  );
  return open.sort((a, b) => a - b);
}

/** @param {number} port */
async function isOpen(port) {
  const url = `http://127.0.0.1:${port}/`;
  let error = "";
  /** @param {{ error: string }} details */
  const note = (details) => {
    error = details.error;
  };
  api.webRequest.onErrorOccurred.addListener(note, { urls: [`http://127.0.0.1/*`], types: ["xmlhttprequest", "other"] });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    await fetch(url, { mode: "no-cors", credentials: "omit", cache: "no-store", redirect: "manual", signal: stop.signal });
    return true;
  } catch {
    return !REFUSED.test(error);
  } finally {
    clearTimeout(timer);
    api.webRequest.onErrorOccurred.removeListener(note);
  }
}
