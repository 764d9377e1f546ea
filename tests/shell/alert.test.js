// Which voice speaks the stop: one of this computer, and never one of the network; and where a notice leads.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** @type {{ voiceName: string, lang?: string, remote?: boolean }[]} */
let voices = [];
/** @type {{ voiceName?: string, lang?: string, enqueue?: boolean }[]} */
let spoken = [];
/** @type {(about: string) => void} */
let press = () => {};
/** @type {string[]} */
const opened = [];
/** @type {string[]} */
const cleared = [];
Object.assign(globalThis, {
  chrome: {
    runtime: { getURL: (/** @type {string} */ path) => path },
    tabs: { create: async (/** @type {{ url: string }} */ { url }) => void opened.push(url) },
    notifications: {
      onClicked: { addListener: (/** @type {typeof press} */ on) => { press = on; } },
      clear: async (/** @type {string} */ about) => void cleared.push(about),
    },
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

test('a notice that is pressed opens what it speaks of, and goes', () => {
  const types = readFileSync(new URL('../../extension/types.d.ts', import.meta.url), 'utf8');
  const notices = [...(/export type Notice = ([^;]*);/.exec(types)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(([, name]) => name);
  for (const about of notices) press(about);
  assert.ok(notices.length >= 4 && opened.length === notices.length, opened.join());
  assert.deepEqual(cleared, notices);
  for (const url of opened) assert.ok(existsSync(new URL(`../../extension/${url.split('#')[0]}`, import.meta.url)), url);
});
