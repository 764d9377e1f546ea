// What the reader's own steps take of a page's main thread, in Chromium: a page of 20 KB, read for the first time and
// again. Several versions take turns in the same pages, so that a busy machine is as busy for each.
//
// usage: node tests/bench/reader.js [EXTENSION...]   (folders; the shipped one if none; prints JSON)

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { ROOT, findProgram } from '../browser/harness.js';

/** @typedef {{ work: number, length: number }} Told */

/** How often each page is opened, and read again each time. */
const OPENED = Number(process.env.DOORCHAIN_ROUNDS ?? 20);
const AGAIN = 3;

const WORDS = 'The harbour office said on Tuesday that ferries run late while the pier is mended and a barrier is set up along the quay'.split(' ');
/** @param {number} count @param {number} from */
const words = (count, from) => Array.from({ length: count }, (_, at) => WORDS[(from * 7 + at * 5) % WORDS.length]).join(' ');
/** @param {number} count @param {(at: number) => string} each */
const many = (count, each) => Array.from({ length: count }, (_, at) => each(at)).join('\n');

const STYLE = `
  body { margin: 0; font: 16px/1.5 sans-serif; color: #222; background: #fff }
  header { position: sticky; top: 0; display: flex; gap: 1em; background: #013 }
  header a { color: #fff } nav ul ul { display: none }
  main { display: grid; grid-template-columns: 3fr 1fr; gap: 2em; max-width: 70em; margin: auto }
  .card { border: 1px solid #ccc; border-radius: 8px; overflow: hidden; padding: 1em }
  .row { display: flex; overflow: hidden } .row > div { flex: 1; text-overflow: ellipsis; white-space: nowrap; overflow: hidden }
  .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip: rect(0 0 0 0) }
`;
/** Some 20,000 characters of text each. @type {Record<string, string>} */
const PAGES = {
  article: `<header>${many(12, (at) => `<a href="/${at}">${words(2, at)}</a>`)}</header>
    <nav><ul>${many(8, (at) => `<li><a href="/n/${at}">${words(2, at)}</a><ul>${many(5, (sub) => `<li><a href="/n/${at}/${sub}">${words(2, sub)}</a></li>`)}</ul></li>`)}</ul></nav>
    <main><article>${many(60, (at) => `${at % 6 ? '' : `<h2>${words(5, at)}</h2>`}<p>${words(20, at)} <a href="/a/${at}">${words(3, at)}</a> ${words(15, at + 3)} <em>${words(2, at)}</em> ${words(12, at + 5)}.</p>`)}</article>
    <aside>${many(15, (at) => `<div class="card"><img src="/i.png" alt="${words(3, at)}"><h3>${words(4, at)}</h3><p>${words(14, at)}</p><span class="sr">${words(3, at)}</span></div>`)}</aside></main>`,
  mailbox: `<header>${many(12, (at) => `<button>${words(1, at)}</button>`)}</header>
    <main><div>${many(150, (at) => `<div class="row"><div><input type="checkbox"></div><div><span email="a${at}@example.org" name="${words(2, at)}">${words(2, at)}</span></div><div><b>${words(4, at)}</b> <span>${words(12, at + 2)}</span></div><div><span><span>10:${10 + (at % 50)}</span></span></div></div>`)}</div></main>`,
};

/** A version's reader as content scripts, which reads when the page asks it by its number. @param {string} extension @param {number} number */
async function bench(extension, number) {
  const folder = await mkdtemp(join(tmpdir(), 'doorchain-reader-'));
  const js = ['dom', 'words', 'surface', 'typing', 'reader'].map((name) => `content/${name}.js`);
  for (const part of ['_locales', ...js]) await cp(join(extension, part), join(folder, part), { recursive: true });
  await writeFile(
    join(folder, 'bench.js'),
    `document.addEventListener('read ${number}', async () => {
      const { work, facts } = await DoorchainReader.read(() => false);
      document.dispatchEvent(new CustomEvent('have read', { detail: JSON.stringify({ work, length: facts.text.length }) }));
    });`,
  );
  await writeFile(
    join(folder, 'manifest.json'),
    JSON.stringify({
      manifest_version: 3, name: `bench ${number}`, version: '1', default_locale: 'en',
      content_scripts: [{ matches: ['<all_urls>'], js: [...js, 'bench.js'], run_at: 'document_start' }],
    }),
  );
  return folder;
}

/** @param {number} number @returns {Promise<Told>} */
function read(number) {
  return new Promise((resolve) => {
    document.addEventListener('have read', (event) => resolve(JSON.parse(/** @type {CustomEvent} */ (event).detail)), { once: true });
    document.dispatchEvent(new Event(`read ${number}`));
  });
}

/** @param {number[]} all */
function summed(all) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100;
  return { leastMs: at(0), middleMs: at(0.5) };
}

const versions = process.argv.length > 2 ? process.argv.slice(2) : [join(ROOT, 'extension')];
const folders = await Promise.all(versions.map(bench));
const server = createServer((request, response) => {
  const name = (request.url ?? '').slice(1);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(name in PAGES ? `<!doctype html><title>${name}</title><style>${STYLE}</style>${PAGES[name]}` : '');
}).listen(0);
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
const browser = await puppeteer.launch({
  executablePath: await findProgram('chromium'), headless: true, pipe: true, enableExtensions: folders,
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
try {
  /** @type {Record<string, Record<string, unknown>>} */
  const out = {};
  const tab = await browser.newPage();
  for (const name of Object.keys(PAGES)) {
    /** @type {{ first: Told[], again: Told[] }[]} */
    const told = versions.map(() => ({ first: [], again: [] }));
    for (let round = 0; round < OPENED * versions.length; round += 1) {
      await tab.goto(`http://localhost:${port}/${name}`, { waitUntil: 'load' });
      // Whoever reads first finds a page that was never asked for its looks.
      const order = versions.map((_, at) => (at + round) % versions.length);
      for (const [place, at] of order.entries()) {
        const first = await tab.evaluate(read, at);
        if (place === 0) told[at]?.first.push(first);
      }
      for (let time = 0; time < AGAIN; time += 1) for (const at of order) told[at]?.again.push(await tab.evaluate(read, at));
    }
    out[name] = Object.fromEntries(versions.map((version, at) => {
      const works = (/** @type {Told[]} */ all = []) => summed(all.map(({ work }) => work));
      const { first, again } = told[at] ?? {};
      return [basename(dirname(version)) + '/' + basename(version), { characters: first?.[0]?.length, first: works(first), again: works(again) }];
    }));
  }
  process.stdout.write(`${JSON.stringify(out, null, 2)}\n`);
} finally {
  await browser.close();
  server.close();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
}
