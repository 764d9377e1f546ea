// What the extension's pages make of the browser's language.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';

/** @type {Record<string, string>} */
let words = {};
/** @type {{ lang?: string, dir?: string }} */
const element = {};
Object.assign(globalThis, {
  chrome: { i18n: { getMessage: (/** @type {string} */ key) => words[key] ?? '' } },
  document: { documentElement: element, querySelectorAll: () => [] },
});
runInThisContext(readFileSync(new URL('../../extension/content/words.js', import.meta.url), 'utf8'));
const { clock, day, inRow, locale, sentence, word } = await import(new URL('../../extension/ui/page.js', import.meta.url).href);

for (const [name, tags] of /** @type {const} */ ([
  ['en_GB', ['en-GB']],
  ['sr_Latn_RS', ['sr-Latn-RS']],
  ['ca_ES_VALENCIA', ['ca-ES-valencia']],
  ['sr_RS@latin', []],
  ['', []],
])) {
  test(`writes times and days in a browser of “${name}”`, () => {
    words = { '@@ui_locale': name };
    assert.deepEqual(locale(), tags);
    assert.match(clock(0), /\d/);
    assert.match(day(0), /19(70|69)/);
  });
}

for (const [browser, browserDir, language, dir] of /** @type {const} */ ([
  ['ar', 'rtl', 'en-GB', 'ltr'],
  ['ar_EG', 'rtl', 'ar', 'rtl'],
  ['pt_BR', 'ltr', 'pt-BR', 'ltr'],
])) {
  test(`runs ${dir} with words in ${language} in a browser of ${browser}`, () => {
    words = { '@@ui_locale': browser, '@@bidi_dir': browserDir, language };
    word();
    assert.equal(element.dir, dir);
  });
}

test('begins a sentence with a capital, but writes a tool as it is named', () => {
  assert.equal(sentence('an app that lets others in is running.', null), 'An app that lets others in is running.');
  assert.equal(sentence('x11vnc is running.', 'x11vnc'), 'x11vnc is running.');
});

test('puts no space between Japanese sentences', () => {
  words = { language: 'ja-JP' };
  assert.equal(inRow(['終わりました。', '安全です。']), '終わりました。安全です。');
  words = { language: 'en-GB' };
  assert.equal(inRow(['It ended.', 'You are safe.']), 'It ended. You are safe.');
});
