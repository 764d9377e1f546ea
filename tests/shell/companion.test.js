// The companion's end in the extension, with a native host that is played.

import assert from 'node:assert/strict';
import { test } from 'node:test';

/** @typedef {import('../../extension/types.js').Event} Event */
/** @typedef {{ id: number, version: number, ask: string }} Question */

/** What the played host answers to a question. @type {(question: Question) => object} */
let host = () => ({});
let connections = 0;
Object.assign(globalThis, {
  chrome: {
    runtime: {
      connectNative: () => {
        connections += 1;
        /** @type {(frame: object) => void} */
        let receive = () => {};
        return {
          onMessage: { addListener: (/** @type {typeof receive} */ on) => { receive = on; } },
          onDisconnect: { addListener: () => {} },
          postMessage: (/** @type {Question} */ question) => queueMicrotask(() => receive(host(question))),
          disconnect: () => {},
        };
      },
    },
  },
});
const { Companion } = await import(new URL('../../extension/background/companion.js', import.meta.url).href);

/** @type {(question: Question) => object} */
const well = ({ id, version, ask }) => ({
  status: 'ok', version, id, answer: ask, release: '1', system: 'linux',
  report: { state: 'none', findings: [], failed: [] },
});

/**
 * A companion that is spoken to by this host, and what the core was told.
 * @param {typeof host} answers
 * @param {(event: Event) => void} [refuses] throws what the core does not take
 */
function speak(answers, refuses = () => {}) {
  host = answers;
  connections = 0;
  /** @type {Event[]} */
  const told = [];
  const companion = new Companion({ host: 'test', version: 1 }, async (/** @type {Event} */ event) => {
    told.push(event);
    refuses(event);
  });
  return { companion, told };
}

/** Lets everything that was begun come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('goes on asking where the core does not take what it is told', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  context.mock.method(console, 'error', () => {});
  let refuse = true;
  const { companion, told } = speak(well, (event) => {
    if (refuse && event.event === 'companion') throw new Error('event: no');
  });
  companion.follow(true, 2_000);
  await settled();
  refuse = false;
  context.mock.timers.tick(60_000);
  await settled();
  assert.equal(connections, 2);
  assert.ok(told.some(({ event }) => event === 'report'));
});

for (const version of [-1, 1.5, 2 ** 32, NaN, '1', null, undefined]) {
  test(`takes ${JSON.stringify(version) ?? 'nothing'} for no version`, async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { companion, told } = speak((question) => ({ ...well(question), version }));
    companion.ask();
    await settled();
    assert.deepEqual(told.map((event) => event.event === 'companion' && event.health.is), ['broken']);
  });
}

test('tells of another version', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const { companion, told } = speak((question) => ({ ...well(question), version: 2 ** 32 - 1 }));
  companion.ask();
  await settled();
  assert.deepEqual(told, [{ event: 'companion', health: { is: 'wrongVersion', version: 2 ** 32 - 1 } }]);
});

test('takes an ending for none where the companion does not say so', async () => {
  const { companion, told } = speak((question) => ({ ...well(question), gone: 'yes' }));
  await companion.end('x');
  assert.deepEqual(told.at(-1), { event: 'ended', finding: 'x', gone: false, cameBack: false });
});
