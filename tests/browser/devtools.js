// The door of Firefox's developer tools, for what WebDriver BiDi has no words for in every Firefox
// that is supported: to run something with the browser's rights.

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
 * Runs in Firefox's main process, with the browser's rights.
 * https://firefox-source-docs.mozilla.org/devtools/backend/protocol.html
 * @param {number} port
 * @param {string} text JavaScript; what it comes to is a string, a number, true or false.
 * @returns {Promise<unknown>}
 */
export async function runInFirefox(port, text) {
  const socket = await until('the developer tools', () => connect(port));
  try {
    const { ask, hear } = talk(socket);
    const { processDescriptor } = await ask({ to: 'root', type: 'getProcess', id: 0 });
    const { process } = await ask({ to: processDescriptor.actor, type: 'getTarget' });
    const { resultID } = await ask({ to: process.consoleActor, type: 'evaluateJSAsync', text });
    const done = await hear((packet) => packet.resultID === resultID && 'result' in packet);
    if (done.hasException) throw new Error(String(done.exceptionMessage));
    return done.result;
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
 * Packets there and back: a length, a colon and JSON.
 * @param {import('node:net').Socket} socket
 */
function talk(socket) {
  /** @type {any[]} */
  const heard = [];
  /** @type {Error | undefined} */
  let lost;
  /** Looks again whether what is waited for has come. */
  let look = () => {};
  let kept = Buffer.alloc(0);
  socket.on('data', (data) => {
    kept = Buffer.concat([kept, data]);
    for (;;) {
      const colon = kept.indexOf(':');
      const length = Number(kept.subarray(0, colon));
      if (colon < 0 || kept.length < colon + 1 + length) break;
      heard.push(JSON.parse(kept.subarray(colon + 1, colon + 1 + length).toString()));
      kept = kept.subarray(colon + 1 + length);
    }
    look();
  });
  socket.on('close', () => {
    lost = new Error('the developer tools have gone');
    look();
  });

  /** @param {(packet: any) => boolean} wanted @returns {Promise<any>} */
  function hear(wanted) {
    return new Promise((resolve, reject) => {
      look = () => {
        const at = heard.findIndex(wanted);
        if (at >= 0) resolve(heard.splice(at, 1)[0]);
        else if (lost) reject(lost);
      };
      look();
    });
  }

  /** @param {{ to: string, type: string, [more: string]: unknown }} packet */
  async function ask(packet) {
    const body = Buffer.from(JSON.stringify(packet));
    socket.write(Buffer.concat([Buffer.from(`${body.length}:`), body]));
    // What is told unasked has a type, or is the greeting; an answer is neither.
    const answer = await hear((heard) => heard.from === packet.to && !heard.type && !heard.applicationType);
    if (answer.error) throw new Error(`${answer.error}: ${answer.message}`);
    return answer;
  }
  return { ask, hear };
}
