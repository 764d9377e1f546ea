import { api } from "./api.js";

/**
 * Longest wait, in milliseconds. A refusal is named well before it, also on Windows, which
 * knocks for two seconds; who has not refused by then has let the connection in.
 */
const PATIENCE = 4_000;
/** The error's name comes by another way than the error, and not later than this, in milliseconds. */
const NAMED_WITHIN = 1_000;
/** Questions at a time. */
const AT_ONCE = 8;
/**
 * What Chrome and Firefox call a connection that was let in, and then closed, or answered with what
 * is no HTTP. Any other error, as of a network that changes, tells nothing of the port.
 */
const LET_IN = new RegExp([
  String.raw`^net::ERR_(?:EMPTY_RESPONSE|INVALID_HTTP_RESPONSE|CONNECTION_RESET|CONNECTION_CLOSED|SOCKET_NOT_CONNECTED|RESPONSE_HEADERS_\w+)$`,
  "^NS_ERROR_(?:NET_RESET|NET_INTERRUPT|NET_EMPTY_RESPONSE|NET_PARTIAL_TRANSFER|CORRUPTED_CONTENT)$",
].join("|"));

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
  const error = waitForError(url);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    await fetch(url, {
      mode: "no-cors",
      credentials: "omit",
      cache: "no-store",
      redirect: "manual",
      signal: stop.signal,
    });
    return true;
  } catch {
    // A program that says nothing, or speaks no HTTP.
    return stop.signal.aborted || LET_IN.test(await error.name());
  } finally {
    clearTimeout(timer);
    error.end();
  }
}

/**
 * Listens for the error of one request.
 *
 * @param {string} url
 */
function waitForError(url) {
  /** @type {(name: string) => void} */
  let tell = () => {};
  /** @type {Promise<string>} */
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  /** @param {{ url: string, error: string }} details */
  const note = (details) => {
    if (details.url === url) tell(details.error);
  };
  // Match patterns have no ports in Chrome, so all of this machine's requests come here.
  api.webRequest.onErrorOccurred.addListener(note, { urls: ["http://127.0.0.1/*"] });
  return {
    /** What the browser calls the error; empty where it does not say. */
    name() {
      setTimeout(() => tell(""), NAMED_WITHIN);
      return told;
    },
    end: () => api.webRequest.onErrorOccurred.removeListener(note),
  };
}
