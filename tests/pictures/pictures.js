// Every surface in every mode, as pictures with an index page.
//
// usage: node tests/pictures/pictures.js FOLDER [WORD…]; with words, only pictures whose name has them all

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { findProgram } from '../browser/harness.js';
import { PAGES, VIEWS } from './states.js';
import { openStudio } from './studio.js';

/** @typedef {import('./studio.js').Mode} Mode */

/** @type {Record<string, Mode>} */
const MODES = {
  light: {},
  dark: { dark: true },
  forced: { forced: true },
  narrow: { size: { width: 320, height: 640 } },
  // 200 % in a window of 1024 by 768.
  zoom: { size: { width: 512, height: 384, scale: 2 } },
  rtl: { rtl: true },
};
/** Those that a language is looked at in. */
const IN_EVERY_LANGUAGE = ['banner-notice', 'banner-caution', 'cover-pause', 'cover-stop', 'popup-stop', 'settings', 'happened', 'welcome', 'explain'];

const [folder, ...words] = process.argv.slice(2);
if (!folder) throw new Error('usage: node tests/pictures/pictures.js FOLDER [WORD…]');
// Of a state that is no more no picture stays.
if (words.length === 0) await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });

const languages = (await readdir(new URL('../../extension/_locales', import.meta.url))).filter((name) => name !== 'en');
/** @type {{ state: string, mode: string, how: Mode }[]} */
const wanted = [
  ...[...Object.keys(VIEWS), ...Object.keys(PAGES)].flatMap((state) => Object.entries(MODES).map(([mode, how]) => ({ state, mode, how }))),
  ...IN_EVERY_LANGUAGE.flatMap((state) => languages.map((language) => ({ state, mode: language, how: { language } }))),
].filter(({ state, mode }) => words.every((word) => `${state} ${mode}`.includes(word)));
if (wanted.length === 0) throw new Error(`no picture has all of these in its name: ${words.join(' ')}`);

const browser = await puppeteer.launch({
  executablePath: await findProgram('chromium'),
  headless: true,
  pipe: true,
  args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--hide-scrollbars'],
});
const studio = await openStudio(browser);
/** @type {string[]} */
const wide = [];
let done = 0;
for (const { state, mode, how } of wanted) {
  const page = state in VIEWS ? await studio.view(state, how) : await studio.page(state, how);
  const name = `${state}.${mode}`;
  const viewport = page.viewport();
  if (state in PAGES && viewport) {
    // As tall as the page: puppeteer's own way to take a whole page moves one that runs right to left.
    await page.setViewport({ ...viewport, height: await page.evaluate(() => document.body.scrollHeight) });
  }
  await page.screenshot({ path: join(folder, `${name}.png`), captureBeyondViewport: false });
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(name);
  await page.close();
  done += 1;
  if (done % 25 === 0 || done === wanted.length) console.error(`${done} of ${wanted.length} pictures`);
}
await studio.close();
await browser.close();

if (words.length === 0) {
  const states = [...new Set(wanted.map(({ state }) => state))];
  const figures = (/** @type {string} */ of) =>
    wanted
      .filter(({ state }) => state === of)
      .map(({ mode }) => `<figure><a href="${of}.${mode}.png"><img src="${of}.${mode}.png" alt="${of}, ${mode}" loading="lazy"></a><figcaption>${mode}</figcaption></figure>`)
      .join('');
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Doorchain: every surface</title><style>
      body{margin:2rem;font:16px/1.5 system-ui;color-scheme:light dark}section{margin-block:2.5rem}
      div{display:flex;flex-wrap:wrap;gap:1rem;align-items:start}figure{margin:0}img{width:18rem;max-height:24rem;object-fit:contain;object-position:top;outline:1px solid #8886}
      </style><h1>Every surface</h1><p>${wanted.length} pictures</p>${states.map((state) => `<section><h2>${state}</h2><div>${figures(state)}</div></section>`).join('')}</html>\n`,
  );
}
console.error(words.length === 0 ? join(folder, 'index.html') : folder);
if (wide.length > 0) {
  console.error(`wider than the window: ${wide.join(', ')}`);
  process.exitCode = 1;
}
