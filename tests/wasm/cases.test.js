// Every case of tests/cases gets the verdict that the native engine gives, to the last bit.
// `cargo xtask test wasm` writes the native verdicts and names their file.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Doorchain, initSync } from '../../target/web/package/engine/doorchain_wasm.js';

/** @typedef {import('../../extension/types.js').PageFacts} PageFacts */
/** @typedef {import('../../extension/types.js').Verdict} Verdict */
/** @typedef {{ id: string, kind: string, url?: string, title?: string, from?: string, text?: string, facts?: Partial<PageFacts> }} Case */

const engineFolder = new URL('../../target/web/package/engine/', import.meta.url);
initSync({ module: readFileSync(new URL('doorchain_wasm_bg.wasm', engineFolder)) });
const engine = new Doorchain();

const verdictFile = process.env.DOORCHAIN_VERDICTS;
assert.ok(verdictFile, 'run `cargo xtask test wasm`');
/** @type {Map<string, Verdict>} */
const native = new Map(lines(verdictFile).map(({ id, verdict }) => [id, verdict]));

/**
 * @param {string | URL} file
 * @returns {any[]}
 */
function lines(file) {
  const text = readFileSync(file, 'utf8').trim();
  return text.split('\n').map((line) => JSON.parse(line));
}

/** @param {Case} case_ @returns {Verdict} */
function judge({ kind, url = '', title = '', from = '', text = '', facts = {} }) {
  switch (kind) {
    case 'typed':
      return engine.judgeTyped(url, text);
    case 'host':
      return engine.judgeAddress(url);
    default:
      return engine.judgePage(url, { ...facts, title, from, text });
  }
}

const casesFolder = new URL('../cases/', import.meta.url);
for (const name of readdirSync(casesFolder).sort()) {
  if (!name.endsWith('.jsonl')) continue;
  test(name, () => {
    const cases = lines(new URL(name, casesFolder));
    assert.ok(cases.length > 0);
    for (const case_ of cases) assert.deepStrictEqual(judge(case_), native.get(case_.id), case_.id);
  });
}
