// Which voice speaks the stop: one of this computer, and never one of the network.

import assert from 'node:assert/strict';
import { test } from 'node:test';

/** @type {{ voiceName: string, lang?: string, remote?: boolean }[]} */
let voices = [];
/** @type {{ voiceName?: string, lang?: string, enqueue?: boolean }[]} */
let spoken = [];
Object.assign(globalThis, {
  chrome: {
    i18n: { getMessage: (/** @type {string} */ key) => (key === 'language' ? 'de-DE' : key) },
    tts: {
      getVoices: async () => voices,
      speak: async (/** @type {string} */ _, /** @type {typeof spoken[0]} */ how) => void spoken.push(how),
    },
  },
});
const { speak } = await import(new URL('../../extension/background/alert.js', import.meta.url).href);

const ONLINE = { voiceName: 'online', lang: 'de-DE', remote: true };
const AUSTRIAN = { voiceName: 'austrian', lang: 'de_AT', remote: false };
const GERMAN = { voiceName: 'german', lang: 'de-de', remote: false };
const ENGLISH = { voiceName: 'english', lang: 'en-US' };

/** Lets what was begun come to its end. @param {import('node:test').TestContext} context @param {number} passes time for each turn, in milliseconds */
async function settle(context, passes) {
  for (let turn = 0; turn < 20; turn += 1) {
    await Promise.resolve();
    context.mock.timers.tick(passes);
  }
}

for (const [what, known, name] of /** @type {const} */ ([
  ['one of its own language and country', [ONLINE, ENGLISH, AUSTRIAN, GERMAN], 'german'],
  ['one of its own language', [ONLINE, ENGLISH, AUSTRIAN], 'austrian'],
  ['one of another language rather than one of the network', [ONLINE, ENGLISH], 'english'],
  ['what the browser has where it names none', [], undefined],
])) {
  test(`takes ${what}`, async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    voices = [...known];
    spoken = [];
    speak();
    await settle(context, 1_000);
    assert.deepEqual(spoken.map(({ voiceName, enqueue }) => [voiceName, enqueue]), [[name, false], [name, true]]);
  });
}

test('says nothing where all voices are of the network', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  voices = [ONLINE];
  spoken = [];
  speak();
  await settle(context, 1_000);
  assert.deepEqual(spoken, []);
});

test('waits for voices that are known late', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  voices = [];
  spoken = [];
  speak();
  await settle(context, 0);
  assert.deepEqual(spoken, []);
  voices = [GERMAN];
  await settle(context, 1_000);
  assert.equal(spoken.length, 2);
});
