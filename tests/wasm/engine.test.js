// The engine as it ships, without a browser: the border between JavaScript and Rust.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Doorchain, initSync } from '../../target/web/package/engine/doorchain_wasm.js';

/** @typedef {import('../../extension/types.js').Event} Event */
/** @typedef {import('../../extension/types.js').State} State */
/** @typedef {import('../../extension/types.js').Step} Step */

const folder = new URL('../../target/web/package/engine/', import.meta.url);
initSync({ module: await readFile(new URL('doorchain_wasm_bg.wasm', folder)) });
const engine = new Doorchain();

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

/**
 * One event after the other, the state stored as text in between, as the browser stores it.
 * @param {Event[]} events
 * @returns {Step}
 */
function play(events) {
  /** @type {Step} */
  let step = { state: /** @type {State} */ ({}), effects: [] };
  events.forEach((event, index) => {
    step = engine.step(JSON.parse(JSON.stringify(step.state)), event, NOW + index * 1000);
  });
  return step;
}

test('a state of nothing is a state to begin with', () => {
  const { state } = play([{ event: 'started' }]);
  assert.equal(state.settings.voice, true);
  assert.deepEqual(state.memory.tabs, {});
});

test('tabs and times survive the storage', () => {
  const { state } = play([
    { event: 'opened', tab: 7, url: 'https://www.example.org/', private: false },
    { event: 'opened', tab: 4294967295, url: 'https://example.com/', private: false },
    { event: 'page', page: { message: 'alarm' } },
  ]);
  assert.deepEqual(Object.keys(state.memory.tabs), ['7', '4294967295']);
  assert.equal(state.settings.kept?.alarm, NOW + 2000);
});

test('a bank during a session is covered', () => {
  const { effects } = play([
    {
      event: 'report',
      report: {
        state: 'active',
        findings: [
          {
            id: 'x11vnc-1',
            tool: 'x11vnc',
            name: 'x11vnc',
            direction: 'inbound',
            since: null,
            evidence: 'a connection',
            confidence: 'proof',
            pids: [1],
          },
        ],
        failed: [],
      },
    },
    { event: 'opened', tab: 1, url: 'https://www.barclays.co.uk/', private: false },
  ]);
  const views = effects.flatMap((effect) => (effect.effect === 'show' ? [effect.view.view] : []));
  assert.deepEqual(views, ['stop']);
});

test('what has not the shape of its type is refused with a reason', () => {
  const bad = /** @type {any[]} */ ([null, 7, 'x', [], {}, { event: 'nonsense' }, { event: 'opened', tab: -1 }]);
  for (const event of bad) {
    assert.throws(() => engine.step({}, event, NOW), { message: /^event: / }, JSON.stringify(event));
  }
  assert.throws(() => engine.step({ memory: 3 }, { event: 'started' }, NOW), { message: /^state: / });
});

test('words of a long text lead to their place in it, whatever letters stand before them', () => {
  const scam =
    'Your Amazon Prime renews today for £139.99. Call 0808 157 0142 at once, install AnyDesk and read us the code on your screen.';
  for (const before of ['The council met. ', 'Grüße, ', '橋の工事。', '😀 ', '\ud800 ', '\u0000']) {
    for (const units of [200, 256, 257, 5000]) {
      const text = before.repeat(Math.ceil(units / before.length)).slice(0, units) + scam;
      const verdict = engine.judgePage('https://www.example.org/', { text });
      assert.equal(verdict.level, 'caution', `${before}, ${units}`);
      const words = verdict.reasons.flatMap((/** @type {any} */ { words }) => words);
      assert.ok(words.length > 2);
      for (const { text: told, start, end } of words) assert.equal(text.slice(start, end), told);
    }
  }
});

test('no text breaks the judge', () => {
  const texts = ['', '\u0000', '\uD800', '\uDFFF\uD800', '\u202E\u200B'.repeat(1000), 'amazon '.repeat(20000)];
  for (const text of texts) {
    for (const url of ['', 'https://', 'https://xn--/', 'about:blank', text]) {
      assert.equal(typeof engine.judgeTyped(url, text).level, 'string');
      assert.equal(typeof engine.judgePage(url, { title: text, text }).level, 'string');
      assert.equal(typeof engine.judgeAddress(url).level, 'string');
    }
  }
});

test('an address is judged as the browser writes it, though it may not be asked', () => {
  const schemes = ['https://', 'http://', 'HTTPS://', 'https:/', 'https:', 'https:///', 'https:\\\\', ' https://', 'ht\ntp://', 'ftp://'];
  const hosts = [
    'amazon-refund.example',
    'Amazon-Refund.example',
    'ama\tzon-refund.example',
    'amazon-refund.example.',
    'amazon-refund..example',
    '.amazon-refund.example',
    'amazon-refund.example:443',
    'amazon-refund.example:8443',
    'amazon-refund.example:99999',
    'amazon-refund.exa mple',
    'amazon-refund.0x7f',
    'amazon-refund.7',
    'amazon%2drefund.example',
    'amazon-refund\u3002example',
    'xn--mazon-refund-0xe.example',
    'xn--.amazon-refund.example',
    'ab--cd.amazon-refund.example',
    'a_b.amazon-refund.example',
    '-.amazon-refund.example',
    `${'a'.repeat(64)}.amazon-refund.example`,
    `${'a.'.repeat(130)}amazon-refund.example`,
    'amazon.com@news.example',
    'news.example@amazon-refund.example',
    'news.example\\amazon-refund.example',
    'news.example?amazon-refund.example',
    'news.example#@amazon-refund.example',
    '0x7f000001',
    '2130706433',
    '198.51.100.7',
    '198.51.100.07',
    '198.3303175',
    '[::1]',
    '[2001:db8::1]',
    '',
  ];
  const tails = [
    '',
    '/',
    '/a',
    '/www.amazon.com',
    '/www.amazon.com/..',
    '/www.amazon.com/../a',
    '/www.amazon.com/.%2E',
    '/b/./../www.amazon.com',
    '\\www.amazon.com',
    '/www.ama\tzon.com',
    '/www.amazon.com\n',
    '/ www.amazon.com',
    '/<www.amazon.com',
    '//www.amazon.com',
    '?www.amazon.com',
    "?'www.amazon.com",
    '?u=https%3A%2F%2Fwww.amazon.com',
    '#www.amazon.com',
    `/${'a'.repeat(3000)}/www.amazon.com`,
  ];
  const href = (/** @type {string} */ url) => (URL.canParse(url) ? new URL(url).href : '');
  for (const scheme of schemes) {
    for (const host of hosts) {
      for (const tail of tails) {
        const url = scheme + host + tail;
        assert.deepStrictEqual(engine.judgeAddress(url), engine.judgeAddress(href(url)), JSON.stringify(url));
      }
    }
  }
});
