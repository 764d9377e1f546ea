// The door of Firefox's developer tools, for what WebDriver BiDi has no words for in every Firefox
// that is supported: to end an add-on's background, as the button in about:debugging does.

import { createConnection } from 'node:net';
import { freePort } from './processes.js';
import { until } from './wait.js';

/** Prepares it; gives the port, and what Firefox must be started with. */
export async function prepareDevtools() {
  const port = await freePort();
  return {
    port,
    args: ['--start-debugger-server', String(port)],
    prefs: {
      'devtools.debugger.remote-enabled': true,
      'devtools.chrome.enabled': true,
      'devtools.debugger.prompt-connection': false,
    },
  };
}

/**
 * Ends the background of an add-on.
 * https://firefox-source-docs.mozilla.org/devtools/backend/protocol.html
 * @param {number} port
 * @param {string} id The add-on's.
 */
export async function endBackground(port, id) {
  const socket = await until('the developer tools', () => connect(port));
  try {
    const ask = talk(socket);
    const { addons } = await ask({ to: 'root', type: 'listAddons' });
    const addon = addons.find((/** @type {{ id: string }} */ addon) => addon.id === id);
    await ask({ to: addon.actor, type: 'terminateBackgroundScript' });
  } finally {
    socket.destroy();
  }
}

/** @param {number} port @returns {Promise<import('node:net').Socket>} */
function connect(port) {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
}

/**
 * One packet out, one in: a length, a colon and JSON.
 * @param {import('node:net').Socket} socket
 */
function talk(socket) {
  /** @type {{ resolve: (packet: any) => void, reject: (error: Error) => void } | undefined} */
  let waiting;
  /** Whose answer is waited for. */
  let from = '';
  let kept = Buffer.alloc(0);
  socket.on('data', (data) => {
    kept = Buffer.concat([kept, data]);
    for (;;) {
      const colon = kept.indexOf(':');
      const length = Number(kept.subarray(0, colon));
      if (colon < 0 || kept.length < colon + 1 + length) return;
      const packet = JSON.parse(kept.subarray(colon + 1, colon + 1 + length).toString());
      kept = kept.subarray(colon + 1 + length);
      // What is told unasked has a type, or is the greeting; an answer is neither.
      if (packet.from !== from || packet.type || packet.applicationType) continue;
      if (packet.error) waiting?.reject(new Error(`${packet.error}: ${packet.message}`));
      else waiting?.resolve(packet);
    }
  });
  socket.on('close', () => waiting?.reject(new Error('the developer tools have gone')));
  return (/** @type {{ to: string, type: string }} */ packet) => {
    from = packet.to;
    const answer = new Promise((resolve, reject) => {
      waiting = { resolve, reject };
    });
    const body = Buffer.from(JSON.stringify(packet));
    socket.write(Buffer.concat([Buffer.from(`${body.length}:`), body]));
    return /** @type {Promise<any>} */ (answer);
  };
}
