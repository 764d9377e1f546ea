// What the content script says to the background, and when. The script is a page's, so a document,
// a clock and a background are played for it.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { createContext, runInContext } from 'node:vm';

const SCRIPT = ['dom', 'main']
  .map((name) => readFileSync(new URL(`../../extension/content/${name}.js`, import.meta.url), 'utf8'))
  .join('');

/** @typedef {import('../../extension/types.js').ContentMessage} ContentMessage */
/** @typedef {import('../../extension/types.js').Order} Order */
/** @typedef {import('../../extension/types.js').View} View */

/** @param {string} view @returns {Order} */
const show = (view) => ({ order: 'show', view: /** @type {View} */ ({ view }), style: '' });

/** What a background that does not come up gives. */
const dead = () => Promise.reject(new Error('no receiver'));
/** @param {ContentMessage} message */
const answers = async ({ message }) => (message === 'hello' ? show('nothing') : undefined);

/** Lets what was promised happen. */
async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** @param {number} ms */
async function pass(ms) {
  for (let left = ms; left > 0; left -= 50) {
    mock.timers.tick(50);
    await settle();
  }
}

/**
 * A page in which the script runs.
 *
 * @param {{ background?: (message: ContentMessage) => Promise<Order | undefined>, framed?: boolean, prerendering?: boolean }} [given]
 */
async function open({ background = answers, framed = false, prerendering = false } = {}) {
  const page = {
    background,
    text: 'hello',
    prerendering,
    visible: true,
    /** Names of what was said to the background. @type {string[]} */
    said: [],
    /** @type {ContentMessage[]} */
    messages: [],
    /** Views that were drawn. @type {string[]} */
    drawn: [],
    /** @type {() => void} */
    changeNumbers: () => {},
    heard: /** @type {Map<string, Set<(event: object) => void>>} */ (new Map()),
    /** @param {string} type @param {object} [event] */
    async happens(type, event = {}) {
      for (const hear of [...(page.heard.get(type) ?? [])]) hear({ isTrusted: true, ...event });
      await settle();
    },
    /** What `document.open()` does. */
    forget: () => page.heard.clear(),
  };
  const target = {
    addEventListener: (/** @type {string} */ type, /** @type {(event: object) => void} */ hear) => {
      page.heard.set(type, (page.heard.get(type) ?? new Set()).add(hear));
    },
    removeEventListener: (/** @type {string} */ type, /** @type {(event: object) => void} */ hear) => page.heard.get(type)?.delete(hear),
  };
  class Document {
    get prerendering() {
      return page.prerendering;
    }
    get visibilityState() {
      return page.visible ? 'visible' : 'hidden';
    }
  }
  const document = Object.assign(new Document(), target, { readyState: 'complete' });
  const window = { ...target, top: {} };
  if (!framed) window.top = window;
  const context = createContext({
    window, document,
    innerWidth: 100, innerHeight: 100,
    Element: class {}, HTMLMediaElement: class {},
    MutationObserver: class {
      observe() {}
      disconnect() {}
    },
    chrome: {
      runtime: {
        id: 'doorchain',
        onMessage: { addListener() {} },
        connect: () => ({ onDisconnect: { addListener() {} }, disconnect() {} }),
        sendMessage: (/** @type {ContentMessage} */ message) => {
          page.said.push(message.message);
          page.messages.push(message);
          return page.background(message);
        },
      },
    },
    DoorchainReader: {
      mark() {},
      read: async () => ({ facts: { text: page.text, forms: [], looseFields: [], gaveUp: false }, roots: [], work: 1, keep() {} }),
    },
    DoorchainSurface: { show: (/** @type {View} */ { view }) => void page.drawn.push(view), wait: () => void page.drawn.push('waiting') },
    DoorchainTyping: { watch: () => ({ listen() {}, end() {} }) },
    DoorchainBalance: {
      watch: (/** @type {() => void} */ changed) => {
        page.changeNumbers = changed;
        return () => {};
      },
    },
    setTimeout, clearTimeout, Date, crypto,
  });
  runInContext(SCRIPT, context);
  await settle();
  return page;
}

describe('the content script', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 }));
  afterEach(() => mock.timers.reset());

  it('greets, and reads when the page has settled', async () => {
    const page = await open();
    await pass(1_000);
    assert.deepEqual(page.said, ['hello', 'read']);
  });

  it('reads again after a greeting that took more than one try', async () => {
    let up = false;
    const page = await open({ background: (message) => (message.message === 'read' || up ? answers(message) : dead()) });
    await pass(1_000);
    assert.deepEqual(page.said, ['hello', 'read', 'hello']);
    up = true;
    await pass(2_000);
    assert.deepEqual(page.said.slice(3), ['hello', 'read']);
  });

  it('greets again when a reading is answered, after all tries were in vain', async () => {
    const page = await open({ background: dead });
    await pass(60_000);
    assert.equal(page.said.filter((what) => what === 'hello').length, 5);
    page.background = answers;
    page.said.length = 0;
    await pass(15_000);
    assert.deepEqual(page.said, ['read', 'hello', 'read']);
  });

  it('greets again when it comes into view, after all tries were in vain', async () => {
    const page = await open({ background: async () => undefined });
    await pass(20_000);
    page.background = answers;
    page.said.length = 0;
    await page.happens('visibilitychange');
    assert.deepEqual(page.said, ['hello']);
    await page.happens('visibilitychange');
    assert.deepEqual(page.said, ['hello']);
  });

  it('lifts a cover that nobody answers, and none while the background works', async () => {
    const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const page = await open({ background: (message) => (message.message === 'hello' ? wait(10_000).then(() => ({ order: /** @type {const} */ ('notYet') })) : answers(message)) });
    await pass(100_000);
    assert.deepEqual(page.drawn, []);
    page.background = () => new Promise(() => {});
    await pass(45_000);
    assert.deepEqual(page.drawn, ['nothing']);
  });

  it('shows that it waits where that is the answer', async () => {
    const page = await open({ background: async ({ message }) => (message === 'hello' ? show('waiting') : undefined) });
    await pass(20_000);
    assert.deepEqual(page.said, ['hello', 'read']);
    assert.deepEqual(page.drawn, ['waiting']);
  });

  it('says again that the numbers were changed to a background that is new to a page kept for going back', async () => {
    const page = await open({ background: async ({ message }) => (message === 'hello' ? show('bar') : undefined) });
    page.changeNumbers();
    await pass(1_000);
    assert.deepEqual(page.said, ['hello', 'numbersChanged', 'read']);
    await page.happens('pageshow', { persisted: true });
    await pass(1_000);
    assert.deepEqual(page.said.slice(3), ['hello', 'numbersChanged', 'read']);
    assert.deepEqual(page.messages[3], page.messages[0], 'it is the same document');
    assert.deepEqual(page.messages.flatMap((message) => (message.message === 'numbersChanged' ? [message.again] : [])), [false, true]);
  });

  it('has a number of its own in each document', async () => {
    const numbers = new Set();
    for (let turn = 0; turn < 3; turn += 1) {
      const [hello] = (await open()).messages;
      numbers.add(hello?.message === 'hello' && hello.document);
    }
    assert.equal(numbers.size, 3);
  });

  it('takes no page’s word that it was put away or came back', async () => {
    const page = await open({ framed: true });
    await pass(1_000);
    await page.happens('pagehide', { isTrusted: false });
    await page.happens('pageshow', { isTrusted: false, persisted: true });
    await pass(1_000);
    assert.deepEqual(page.said, ['hello', 'read']);
    await page.happens('pagehide');
    assert.deepEqual(page.said, ['hello', 'read', 'hello']);
  });

  it('begins when a prerendered page is shown, of which nobody tells it', async () => {
    const page = await open({ prerendering: true });
    page.forget();
    await pass(5_000);
    assert.deepEqual(page.said, []);
    page.prerendering = false;
    await pass(1_000);
    assert.deepEqual(page.said, ['hello', 'read']);
    await page.happens('prerenderingchange');
    await pass(1_000);
    assert.deepEqual(page.said, ['hello', 'read']);
  });

  for (const type of ['animationend', 'transitionend', 'toggle', 'change']) {
    it(`reads what is revealed when there is a trusted ${type}`, async () => {
      const page = await open();
      await pass(1_000);
      page.text = 'your refund is ready';
      await page.happens(type, { isTrusted: false });
      await pass(1_000);
      assert.deepEqual(page.said, ['hello', 'read']);
      await page.happens(type);
      await pass(1_000);
      assert.deepEqual(page.said, ['hello', 'read', 'read']);
    });
  }

  it('reads what is revealed without any sign, within a time that grows to a minute', async () => {
    const page = await open();
    await pass(1_000);
    page.text = 'your refund is ready';
    await pass(5_500);
    assert.deepEqual(page.said, ['hello', 'read', 'read']);
    await pass(600_000);
    assert.equal(page.said.length, 3, 'it is not told of what it knows');
    page.text = 'call us';
    await pass(61_000);
    assert.equal(page.said.length, 4);
  });

  it('reads nothing of a page that nobody sees', async () => {
    const page = await open();
    await pass(1_000);
    page.visible = false;
    await page.happens('visibilitychange');
    page.text = 'your refund is ready';
    await pass(600_000);
    assert.deepEqual(page.said, ['hello', 'read']);
    page.visible = true;
    await page.happens('visibilitychange');
    await pass(1_000);
    assert.deepEqual(page.said, ['hello', 'read', 'read']);
  });
});
