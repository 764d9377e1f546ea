// The words that people read: there for every code, in every language, whole and plain.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fleschKincaid } from 'flesch-kincaid';
import { syllable } from 'syllable';

const ROOT = new URL('../../', import.meta.url);
const LOCALES = new URL('extension/_locales/', ROOT);

/** Reading age that every English warning stays at or below, in years. */
const READING_AGE = 9;
/** A school grade of the United States begins at this age less one. */
const GRADE_BEGINS = 5;

/** @typedef {Record<string, { message: string, placeholders?: object }>} Messages */

/** @param {string} locale @returns {Messages} */
const messages = (locale) => JSON.parse(readFileSync(new URL(`${locale}/messages.json`, LOCALES), 'utf8'));
const locales = readdirSync(LOCALES);
const english = messages('en');

/** Rows of a data file of the core. @param {string} name */
const table = (name) =>
  readFileSync(new URL(`crate/core/data/${name}`, ROOT), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(1)
    .map((line) => line.split('\t'));

/** Members of a type of types.d.ts that is a choice of strings. @param {string} type */
function choices(type) {
  const types = readFileSync(new URL('extension/types.d.ts', ROOT), 'utf8');
  const found = new RegExp(`export type ${type} = ([^;{]*);`).exec(types)?.[1];
  assert.ok(found, `no type ${type}`);
  return [...found.matchAll(/"(\w+)"/g)].map(([, name]) => name);
}

/** Values of the tag of a type that is a choice of records. @param {string} type @param {string} tag */
function tags(type, tag) {
  const types = readFileSync(new URL('extension/types.d.ts', ROOT), 'utf8');
  const begin = types.indexOf(`export type ${type} = `);
  assert.ok(begin >= 0, `no type ${type}`);
  const end = types.indexOf('\n/**\n', begin);
  const body = types.slice(begin, end < 0 ? undefined : end);
  return [...new Set([...body.matchAll(new RegExp(`"${tag}": "(\\w+)"`, 'g'))].map(([, name]) => name))];
}

describe('the words', () => {
  it('are there for every reason of the core', () => {
    const missing = table('reasons.tsv').filter(([code]) => !english[`reason_${code}`]);
    assert.deepEqual(missing, []);
  });

  it('are there for everything the core can tell', () => {
    const exposures = choices('Exposure');
    const keys = [
      ...exposures.flatMap((how) => [`pause_why_${how}`, `happened_exposed_${how}`]),
      ...choices('Press').map((press) => `happened_pressed_${press}`),
      ...choices('AdviceKind').map((kind) => `advice_${kind}`),
      ...choices('Level').map((level) => `popup_${level}`),
      ...tags('CompanionHealth', 'is').map((is) => `companion_${is}`),
      ...tags('Happening', 'what').filter((what) => !['exposed', 'covered', 'pressed'].includes(what)).map((what) => `happened_${what}`),
      ...choices('Notice').map((about) => `notice_${about}`),
      'happened_covered_pause',
      'happened_covered_stop',
      'happened_warned_typed',
    ];
    assert.ok(exposures.length >= 8 && keys.length > 40, String(keys.length));
    assert.deepEqual(keys.filter((key) => !english[key]), []);
  });

  it('are there for every key that a script or a page names', () => {
    const folder = new URL('extension/', ROOT);
    const named = new Set(['app_name', 'app_description']);
    for (const path of /** @type {string[]} */ (readdirSync(folder, { recursive: true }))) {
      if (!/\.(js|html)$/.test(path)) continue;
      const text = readFileSync(new URL(path, folder), 'utf8');
      for (const [, key] of text.matchAll(/\bsay\("([a-zA-Z_]+)"/g)) named.add(key);
      for (const [, key] of text.matchAll(/data-(?:say|label)="([a-zA-Z_]+)"/g)) named.add(key);
      for (const [, key] of text.matchAll(/button\("\w+", "([a-zA-Z_]+)"/g)) named.add(key);
    }
    assert.ok(named.size > 100, String(named.size));
    assert.deepEqual([...named].filter((key) => !english[key]), []);
  });

  // “Don’t” at the end of a line leaves the next one to say the opposite.
  it('hold a “don’t” and its verb on one line', () => {
    const bans = ['banner_caution_do', 'popup_caution_more', 'alarm_step_bank', 'bar_sure', 'bar_said', 'bar_numbers'];
    const torn = locales.flatMap((locale) => {
      const own = messages(locale);
      return bans
        .filter((key) => /(?<!\p{L})(?:Don’t|Ne|No|Non|Não|Nie) /u.test(own[key]?.message ?? ''))
        .map((key) => `${locale} ${key}`);
    });
    assert.deepEqual(torn, []);
  });

  for (const locale of locales.filter((name) => name !== 'en')) {
    const own = messages(locale);
    // A dialect words only what it says otherwise than its language.
    const [spoken, dialect] = locale.split('_');
    it(`${locale}: the keys of English, with their places for values`, () => {
      const strange = Object.keys(own).filter((key) => !english[key]);
      const missing = dialect ? [] : Object.keys(english).filter((key) => !own[key]);
      assert.deepEqual({ strange, missing }, { strange: [], missing: [] });
      /** @param {string} text */
      const places = (text) => [...new Set(text.match(/\$\d/g))].sort().join();
      const other = Object.keys(own).filter((key) => places(own[key].message) !== places(english[key].message));
      assert.deepEqual(other, []);
    });

    it(`${locale}: names its own language`, () => {
      const [language] = Intl.getCanonicalLocales(own.language.message);
      assert.equal(language, own.language.message);
      assert.ok(language.startsWith(spoken), language);
    });

    if (dialect) {
      it(`${locale}: says nothing as its language does`, () => {
        const language = messages(spoken);
        assert.deepEqual(Object.keys(own).filter((key) => own[key].message === language[key].message), []);
      });
      continue;
    }
    it(`${locale}: no message was left in English`, () => {
      const same = Object.keys(own).filter((key) => own[key].message === english[key].message && /\w+ \w+ \w+/.test(own[key].message));
      assert.deepEqual(same, []);
    });
  }
});

/** What stands together on a surface is read together. @type {Record<string, string[]>} */
const SURFACES = {
  notice: ['banner_notice_title', 'banner_notice_do', 'on_the_phone', 'no_one_asked', 'what_is_this'],
  caution: ['banner_caution_title', 'banner_caution_do', 'on_the_phone', 'what_is_this', 'this_is_wrong'],
  typed: ['banner_typed_title', 'banner_typed_do'],
  waiting: ['wait', 'wait_long'],
  pause: Object.keys(english).filter((key) => key.startsWith('pause_')),
  stop: Object.keys(english).filter((key) => /^(stop_|notice_stop|session_|end|go_on)/.test(key)),
  pin: Object.keys(english).filter((key) => /^(pin_|notice_pin)/.test(key)),
  access: Object.keys(english).filter((key) => /^(access_|private_|notice_uncovered)/.test(key)),
  bar: Object.keys(english).filter((key) => key.startsWith('bar_')),
  popup: Object.keys(english).filter((key) => /^(popup_|alarm_|frozen|off_)/.test(key)),
  companion: Object.keys(english).filter((key) => key.startsWith('companion_')),
  settings: Object.keys(english).filter((key) => /^(strict|voice|listeners|helpers?|sites?|wrong|forget)_/.test(key)),
  welcome: Object.keys(english).filter((key) => /^(welcome_|privacy_|limits)/.test(key)),
  explain: Object.keys(english).filter((key) => key.startsWith('explain_')),
  happened: Object.keys(english).filter((key) => /^(happened_|hour_|check_|checks_)/.test(key)),
  reasons: Object.keys(english).filter((key) => key.startsWith('reason_')),
};

/**
 * Reading age in years by the Flesch-Kincaid grade: <https://en.wikipedia.org/wiki/Flesch–Kincaid_readability_tests>.
 *
 * @param {string[]} texts
 */
function readingAge(texts) {
  // A value is mostly a name, which is in the reader's life already.
  const sentences = texts
    .map((text) => text.replace(/\$\d/g, 'Bob').replace(/["“”…()]/g, ' '))
    .flatMap((text) => text.split(/(?<=[.!?:])\s+/))
    .filter((sentence) => /\w/.test(sentence));
  const words = sentences.flatMap((sentence) => sentence.match(/[\w'-]+/g) ?? []);
  const grade = fleschKincaid({
    sentence: sentences.length,
    word: words.length,
    syllable: words.reduce((sum, word) => sum + syllable(word), 0),
  });
  return grade + GRADE_BEGINS;
}

describe(`English warnings can be read at ${READING_AGE}`, () => {
  it('measures: a plain text is young, a lawyer is not', () => {
    assert.ok(readingAge(['Hang up the phone. Close this page.']) < 7);
    assert.ok(readingAge(['Notwithstanding the aforementioned provisions, unauthorised disbursement authorisation necessitates institutional verification.']) > 18);
  });

  for (const [surface, keys] of Object.entries(SURFACES)) {
    it(surface, () => {
      assert.ok(keys.length > 1, surface);
      const age = readingAge(keys.map((key) => english[key].message));
      assert.ok(age <= READING_AGE, `${age.toFixed(1)} years`);
    });
  }

  it('each sentence of a warning has at most 20 words', () => {
    const long = Object.entries(english).flatMap(([key, { message }]) =>
      message.split(/(?<=[.!?:])\s+/).filter((sentence) => (sentence.match(/[\w'$-]+/g) ?? []).length > 20).map((sentence) => `${key}: ${sentence}`),
    );
    assert.deepEqual(long, []);
  });
});
