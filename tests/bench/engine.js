// What a judgement costs in Chromium: the module that ships, in a worker, beside the same
// cues as JavaScript's own regular expressions over the same text, in one run.
//
// usage: node tests/bench/engine.js [FOLDER]   (default dist/extension/engine; prints JSON)

import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import puppeteer from 'puppeteer-core';
import { EXTENSION, ROOT, findProgram } from '../browser/harness.js';

const ENGINE = process.argv[2] ?? join(EXTENSION, 'engine');
const CUES = join(ROOT, 'crate/core/data/cues');

/** Data lines of a table, without comments and heading. */
const rows = async (/** @type {string} */ file) =>
  (await readFile(join(CUES, file), 'utf8'))
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .slice(1)
    .map((line) => line.split('\t'));

/** The cues' patterns, their fragments written out. */
async function patterns() {
  /** @type {[string, string][]} */
  const fragments = (await rows('fragments.tsv')).map(([name, part]) => [`{${name}}`, `(?:${part})`]);
  const files = (await readdir(CUES)).filter((file) => file !== 'fragments.tsv');
  const all = await Promise.all(files.map(rows));
  return all.flat().map((cells) => {
    const whole = fragments.reduce((text, [name, part]) => text.replaceAll(name, part), cells[3] ?? '');
    return whole.normalize('NFD').replace(/[\u0300-\u036f]/g, '').normalize('NFC');
  });
}

/** Served to the browser, where it runs. */
function work() {
  const KB = 1024;
  const article =
    'The council met on Tuesday to talk about the bridge over the river. Repairs have cost more than was planned, and the works will go on until spring. People who live near it say that the noise keeps them awake. A spokeswoman said that the account would be settled within 30 days and that nobody would have to pay twice. The library opens again in May, with new hours and a larger room for children. ';
  const scam =
    'Thank you for choosing Amazon Prime. Your annual membership will renew automatically today and £139.99 will be charged to the card we hold. If you did not authorise this renewal, call our cancellation department at once on 0808 157 0142. An Amazon technician will connect to your computer with AnyDesk to cancel the charge and send the refund to your bank account. ';
  const fill = (/** @type {string} */ text, /** @type {number} */ size) =>
    text.repeat(Math.ceil(size / text.length)).slice(0, size);
  const endless = 'a press one amazon call ';
  const texts = {
    article: fill(article, 20 * KB),
    'scam, repeated': fill(scam, 20 * KB),
    'one endless sentence': fill(endless, 20 * KB),
    'one endless sentence, 200 KB': fill(endless, 200 * KB),
    'scam, repeated, 200 KB': fill(scam, 200 * KB),
    'disguised words': fill('A\u200bm\u0430zon a.m.a.z.o.n 4CCOUNT ', 20 * KB),
  };
  const typed = 'he says I must install teamviewer to cancel my amazon prime and not hang up';
  const url = 'https://www.example.org/';

  const middle = (/** @type {number[]} */ all) => all.sort((a, b) => a - b)[all.length >> 1] ?? NaN;
  /** Microseconds of one run: the median of batches that are long enough for the clock. */
  const time = (/** @type {() => void} */ run, batches = 15) => {
    let count = 1;
    for (;;) {
      const start = performance.now();
      for (let i = 0; i < count; i += 1) run();
      if (performance.now() - start > 20) break;
      count *= 2;
    }
    /** @type {number[]} */
    const each = [];
    for (let batch = 0; batch < batches; batch += 1) {
      const start = performance.now();
      for (let i = 0; i < count; i += 1) run();
      each.push(((performance.now() - start) / count) * 1000);
    }
    return middle(each);
  };
  const round = (/** @type {number} */ us) => Number(us.toPrecision(3));

  addEventListener('message', async () => {
    const { initSync, Doorchain } = await import(/** @type {string} */ ('/engine/doorchain_wasm.js'));
    const bytes = await (await fetch('/engine/doorchain_wasm_bg.wasm')).arrayBuffer();
    let start = performance.now();
    const module = await WebAssembly.compile(bytes);
    const compiled = (performance.now() - start) * 1000;
    start = performance.now();
    initSync({ module });
    const engine = new Doorchain();
    const firstReady = (performance.now() - start) * 1000;
    start = performance.now();
    engine.judgePage(url, { text: texts['scam, repeated'].slice(0, 2 * KB) });
    const firstScam = (performance.now() - start) * 1000;
    const ready = time(() => new Doorchain().free(), 9);

    const sources = await (await fetch('/patterns.json')).json();
    const scripts = sources.map((/** @type {string} */ source) => new RegExp(source));
    const script = (/** @type {string} */ text) => {
      const folded = text.normalize('NFKC').toLowerCase();
      let hits = 0;
      for (const pattern of scripts) if (pattern.test(folded)) hits += 1;
      return hits;
    };
    /** @type {Record<string, unknown>} */
    const results = {
      'module compiled': { us: round(compiled) },
      'engine ready, first': { us: round(firstReady) },
      'engine ready': { us: round(ready) },
      'first 2 KB of scam': { us: round(firstScam) },
    };
    const beside = (/** @type {string} */ name, /** @type {() => void} */ ours, /** @type {() => void} */ theirs) => {
      const us = time(ours);
      const script = time(theirs, 5);
      results[name] = { us: round(us), scriptUs: round(script), ratio: round(script / us) };
    };
    for (const [name, text] of Object.entries(texts)) {
      beside(name, () => engine.judgePage(url, { text }), () => script(text));
    }
    beside('a keystroke', () => engine.judgeTyped(url, typed), () => script(typed));
    for (const [name, address] of [
      ['a host', 'https://amazon-refund-desk.example.com/a'],
      ['a host that plays nobody', 'https://council-news.example.com/a'],
    ]) {
      results[/** @type {string} */ (name)] = { us: round(time(() => engine.judgeAddress(address))) };
    }
    results['the browser\'s own URL, alone'] = {
      us: round(time(() => new URL('https://amazon-refund-desk.example.com/a').hostname)),
    };
    postMessage({ patterns: scripts.length, results });
  });
}

/** @type {Record<string, [string, () => Promise<string | Buffer> | string | Buffer]>} */
const FILES = {
  '/': ['text/html', () => '<!doctype html><title>bench</title>'],
  '/worker.js': ['text/javascript', () => `(${work})();`],
  '/patterns.json': ['application/json', async () => JSON.stringify(await patterns())],
  '/engine/doorchain_wasm.js': ['text/javascript', () => readFile(join(ENGINE, 'doorchain_wasm.js'))],
  '/engine/doorchain_wasm_bg.wasm': ['application/wasm', () => readFile(join(ENGINE, 'doorchain_wasm_bg.wasm'))],
};

const server = createServer(async (request, response) => {
  const file = FILES[request.url ?? ''];
  if (!file) {
    response.writeHead(404).end();
    return;
  }
  const [type, read] = file;
  // Isolated, the page's clock ticks in 5 µs rather than 100.
  response.writeHead(200, {
    'content-type': type,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
  response.end(await read());
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = server.address();
if (!address || typeof address === 'string') throw new Error('the server has no port');

const browser = await puppeteer.launch({
  executablePath: await findProgram('chromium'),
  args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  const measured = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/worker.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage('go');
      }),
  );
  const module = await readFile(join(ENGINE, 'doorchain_wasm_bg.wasm'));
  const result = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model}`,
    browser: await browser.version(),
    bytes: { raw: module.length, brotli: brotliCompressSync(module).length },
    .../** @type {object} */ (measured),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  await browser.close();
  server.close();
}
