// Which ports are taken for open, by what the browsers call the error of a look at them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

/** What comes of a look at each port: an error's name; empty for an answer. @type {Record<number, string>} */
let errors = {};
/** @type {((details: { url: string, error: string }) => void)[]} */
let heard = [];
Object.assign(globalThis, {
  chrome: {
    webRequest: {
      onErrorOccurred: {
        addListener: (/** @type {typeof heard[0]} */ on) => void heard.push(on),
        removeListener: (/** @type {typeof heard[0]} */ on) => { heard = heard.filter((other) => other !== on); },
      },
    },
  },
  fetch: async (/** @type {string} */ url) => {
    const error = errors[Number(new URL(url).port)];
    if (!error) return {};
    for (const on of heard) on({ url, error });
    throw new TypeError('Failed to fetch');
  },
});
const { openPorts } = await import(new URL('../../extension/background/listeners.js', import.meta.url).href);

// As both browsers name them, of sockets that do so.
for (const error of [
  '', 'net::ERR_EMPTY_RESPONSE', 'net::ERR_INVALID_HTTP_RESPONSE', 'net::ERR_CONNECTION_RESET', 'net::ERR_SOCKET_NOT_CONNECTED',
  'net::ERR_RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH', 'NS_ERROR_NET_RESET', 'NS_ERROR_CORRUPTED_CONTENT',
]) {
  test(`takes a port for open at ${error || 'an answer'}`, async () => {
    errors = { 7070: error };
    assert.deepEqual(await openPorts([7070]), [7070]);
    assert.deepEqual(heard, []);
  });
}

for (const error of [
  'net::ERR_CONNECTION_REFUSED', 'net::ERR_NETWORK_CHANGED', 'net::ERR_INTERNET_DISCONNECTED', 'net::ERR_BLOCKED_BY_CLIENT',
  'net::ERR_CONNECTION_TIMED_OUT', 'NS_ERROR_CONNECTION_REFUSED', 'NS_ERROR_OFFLINE', 'NS_ERROR_PROXY_CONNECTION_REFUSED', 'NS_BINDING_ABORTED',
]) {
  test(`knows nothing of a port at ${error}`, async () => {
    errors = { 7070: error };
    assert.deepEqual(await openPorts([7070]), []);
  });
}
