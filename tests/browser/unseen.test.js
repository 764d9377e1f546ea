// While it is quiet, a page cannot tell that the extension is there: what a page can read is
// compared with what the same page reads in a browser without it.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import puppeteer from 'puppeteer-core';
import { BRANDS, EXTENSION, findProgram } from './harness.js';
import { until } from './wait.js';

const PAGE = `<!doctype html><html><head><meta charset="utf-8"><title>Kettles</title><script>
  window.changes = [];
  new MutationObserver((records) => changes.push(...records.map(({ type, target, attributeName }) => type + ' ' + target.nodeName + ' ' + (attributeName ?? ''))))
    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  window.messages = [];
  addEventListener('message', ({ data }) => messages.push(JSON.stringify(data)), true);
  window.faults = [];
  addEventListener('error', ({ message }) => faults.push(message), true);
  // Every call of these by somebody else would show.
  window.calls = [];
  for (const [object, name] of [[Element.prototype, 'attachShadow'], [Document.prototype, 'createElementNS'], [EventTarget.prototype, 'addEventListener'], [window, 'getComputedStyle'], [Document.prototype, 'elementFromPoint']]) {
    const own = object[name];
    object[name] = function (...given) { calls.push(name); return own.apply(this, given); };
  }
</script></head><body><h1>Kettles</h1><p>Three kettles, all of copper. They are made by hand, and they whistle.</p>
<input id="field" aria-label="search"><img alt="" src="data:,"></body></html>`;

/** A page that is warned of: there the extension shows. */
const SCAM = `<!doctype html><html><head><meta charset="utf-8"><title>Amazon Prime</title></head><body><h1>Amazon Prime</h1>
  <p>Dear customer, this is Amazon. Your Amazon Prime membership will be renewed today and £39.99 will be charged to your account.</p>
  <p>To cancel and get a refund, call our Amazon support team now on 0800 011 2233. Our agent will help you to install AnyDesk
  and connect to your computer. Then log on to your online bank so that we can refund you.</p></body></html>`;

for (const brand of BRANDS) {
  describe(`unseen in ${brand}`, () => {
    /** @type {import('node:http').Server} */
    let server;
    /** @type {Record<'with' | 'without', import('puppeteer-core').Browser>} */
    let browsers;
    let origin = '';

    before(async () => {
      server = createServer(({ url }, response) => {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(url === '/scam' ? SCAM : PAGE);
      });
      await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(null)));
      origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`;
      const executablePath = await findProgram(brand);
      /** @param {boolean} extended */
      const launch = async (extended) => {
        if (brand === 'chromium') {
          return puppeteer.launch({
            executablePath, headless: true, pipe: true, enableExtensions: extended ? [EXTENSION] : false,
            args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
          });
        }
        const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
        if (extended) await browser.installExtension(EXTENSION);
        return browser;
      };
      browsers = { with: await launch(true), without: await launch(false) };
    });

    after(async () => {
      await browsers?.with.close();
      await browsers?.without.close();
      server?.close();
    });

    /** What a page can read of itself, after it was typed into. @param {'with' | 'without'} which */
    async function look(which) {
      const page = await browsers[which].newPage();
      await page.setViewport({ width: 900, height: 600 });
      await page.goto(origin);
      await page.focus('#field');
      await page.keyboard.type('copper kettle');
      // Longer than the reader waits for a page to settle and the typing for a pause.
      await page.evaluate(() => new Promise((later) => setTimeout(later, 3500)));
      const seen = await page.evaluate(() => {
        /** @param {object} object */
        const names = (object) => Object.getOwnPropertyNames(object).sort().join();
        const style = getComputedStyle(document.documentElement);
        const own = /** @type {any} */ (window);
        return {
          changes: own.changes.filter((/** @type {string} */ change) => !change.startsWith('childList BODY')).join('\n').replace(/(childList \w+ ?\n?)+/g, ''),
          messages: own.messages.join('\n'),
          faults: own.faults.join('\n'),
          calls: own.calls.filter((/** @type {string} */ name) => name !== 'getComputedStyle').join(),
          html: document.documentElement.outerHTML,
          window: names(window),
          document: names(document) + names(document.documentElement),
          sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
          highlights: 'highlights' in CSS ? /** @type {any} */ (CSS).highlights.size : 0,
          resources: performance.getEntriesByType('resource').map(({ name }) => name).join('\n'),
          style: [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`).join('\n'),
          size: `${document.documentElement.scrollWidth} ${document.documentElement.scrollHeight}`,
          focus: document.activeElement?.id,
          prototypes: ['push', 'map'].map((name) => String(/** @type {any} */ (Array.prototype)[name])).join(),
        };
      });
      await page.close();
      return seen;
    }

    it('reads the same as without the extension', async () => {
      const [seen, wanted] = [await look('with'), await look('without')];
      assert.deepEqual(seen, wanted);
    });

    it('is there all the same: it warns in another tab', async () => {
      const page = await browsers.with.newPage();
      await page.goto(`${origin}scam`);
      await until('a warning', () => page.evaluate(() => document.documentElement.children.length > 2));
      await page.close();
    });

    it('has no file that a page can fetch', async () => {
      const files = /** @type {string[]} */ (await readdir(EXTENSION, { recursive: true })).filter((path) => /\.\w+$/.test(path));
      assert.ok(files.length > 30, String(files.length));
      const manifest = JSON.parse(await readFile(join(EXTENSION, 'manifest.json'), 'utf8'));
      assert.equal(manifest.web_accessible_resources, undefined);
      if (brand !== 'chromium') return;
      const home = await until('the id of the extension', () => {
        const url = browsers.with.targets().map((target) => target.url()).find((url) => url.startsWith('chrome-extension://'));
        return url && new URL('/', url).href;
      });
      const page = await browsers.with.newPage();
      await page.goto(origin);
      const fetched = await page.evaluate(
        async (home, files) => {
          const got = [];
          for (const file of files) {
            const ways = await Promise.allSettled([
              fetch(home + file, { mode: 'no-cors' }),
              new Promise((yes, no) => Object.assign(new Image(), { onload: yes, onerror: no, src: home + file })),
            ]);
            if (ways.some(({ status }) => status === 'fulfilled')) got.push(file);
          }
          return got;
        },
        home,
        files,
      );
      assert.deepEqual(fetched, []);
      await page.close();
    });
  });
}
