// What reading costs a page, in Chromium: the processor time of its main thread with the
// extension and without it, in one run on one machine, from the browser's own trace.
//
// usage: node tests/bench/reading.js [SECONDS]   (default 10 a page; prints JSON)

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { EXTENSION, setStage } from '../browser/harness.js';

/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {{ name: string, ph: string, ts: number, tdur?: number, pid: number, tid: number, args: any }} TraceEvent */

const SECONDS = Number(process.argv[2] ?? 10);

/** A page that never rests: 5,000 lines, of which 50 change 60 times a second. */
function stir() {
  const list = document.createElement('ul');
  for (let i = 0; i < 5000; i += 1) {
    list.append(Object.assign(document.createElement('li'), { textContent: `Line ${i} of a long list` }));
  }
  document.body.append(list);
  let turn = 0;
  const change = () => {
    turn += 1;
    for (let i = 0; i < 50; i += 1) {
      const line = /** @type {HTMLElement} */ (list.children[(turn * 97 + i * 13) % 5000]);
      line.textContent = `Line changed by ${'abcdefghij'[turn % 10]} at turn ${turn}`;
      line.className = turn % 2 ? 'odd' : 'even';
    }
    requestAnimationFrame(change);
  };
  change();
}

/** @type {{ name: string, url: string, stir?: () => void }[]} */
const PAGES = [
  { name: 'article', url: 'https://www.harbourgazette.example/' },
  { name: 'ten megabytes', url: 'https://www.longread.example/ten-megabytes/' },
  { name: 'one word of ten megabytes', url: 'https://www.longread.example/one-word/' },
  { name: 'never at rest', url: 'https://www.kettleandcloth.example/', stir },
];

/**
 * @param {Page} page
 * @param {typeof PAGES[number]} what
 */
async function measure(page, what) {
  await page.bringToFront();
  await page.tracing.start({ categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  await page.goto(what.url, { waitUntil: 'load', timeout: 120_000 });
  if (what.stir) await page.evaluate(what.stir);
  await rest(SECONDS * 1000);
  const trace = await page.tracing.stop();
  if (!trace) throw new Error('the browser gave no trace');
  /** @type {TraceEvent[]} */
  const events = JSON.parse(Buffer.from(trace).toString('utf8')).traceEvents;
  // The page's process is the one that loaded the address.
  const commit = events.find(
    (event) => event.name === 'CommitLoad' && event.args.data?.url === what.url,
  );
  if (!commit) throw new Error(`the trace has no load of ${what.url}`);
  const main = events.filter((event) => event.pid === commit.pid && event.tid === commit.tid);
  const lengths = (/** @type {string} */ name) =>
    main
      .filter((event) => event.name === name && event.tdur !== undefined && event.ts >= commit.ts)
      .map((event) => Number(event.tdur) / 1000)
      .sort((a, b) => a - b);
  const tasks = lengths('RunTask');
  // None of these pages has an idle callback of its own.
  const slices = lengths('FireIdleCallback');
  const sum = (/** @type {number[]} */ all) => Math.round(all.reduce((a, b) => a + b, 0));
  const at = (/** @type {number[]} */ all, /** @type {number} */ share) =>
    Math.round((all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0) * 10) / 10;
  return {
    busyMs: sum(tasks),
    longestTaskMs: at(tasks, 1),
    tasksOver50Ms: tasks.filter((ms) => ms > 50).length,
    slices: slices.length,
    sliceSumMs: sum(slices),
    sliceP95Ms: at(slices, 0.95),
    longestSliceMs: at(slices, 1),
  };
}

/** @param {string} extension */
async function measureAll(extension) {
  const stage = await setStage('chromium', { extension });
  try {
    /** @type {Record<string, Awaited<ReturnType<typeof measure>>>} */
    const out = {};
    // What opens by itself after an installation is open before the pages are.
    await stage.desk();
    const page = await stage.browser.newPage();
    for (const what of PAGES) out[what.name] = await measure(page, what);
    return out;
  } finally {
    await stage.close();
  }
}

const bare = await mkdtemp(join(tmpdir(), 'doorchain-bare-'));
try {
  await cp(EXTENSION, bare, { recursive: true });
  const manifest = JSON.parse(await readFile(join(bare, 'manifest.json'), 'utf8'));
  await writeFile(join(bare, 'manifest.json'), JSON.stringify({ ...manifest, content_scripts: [] }));
  const without = await measureAll(bare);
  const with_ = await measureAll(EXTENSION);
  const { version } = JSON.parse(await readFile(join(EXTENSION, 'manifest.json'), 'utf8'));
  const result = {
    date: new Date().toISOString().slice(0, 10),
    version,
    machine: `${cpus().length} × ${cpus()[0]?.model}`,
    seconds: SECONDS,
    pages: Object.fromEntries(
      PAGES.map(({ name }) => [name, { without: without[name], with: with_[name] }]),
    ),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  await rm(bare, { recursive: true, force: true });
}
