// Documents that come back as they were left, and documents that are there before anybody sees them.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';

/** @typedef {import('./harness.js').Page} Page */
/** @typedef {import('./harness.js').Stage} Stage */

const SCAM = 'https://csp.primerefund-desk.example/';
const INNOCENT = 'https://csp.longread.example/';
const EARLY = 'https://early.longread.example/';

/** Beyond the time in which a page is read and judged, in milliseconds. */
const JUDGED = 3_000;

for (const brand of BRANDS) {
  describe(`kept documents in ${brand}`, { timeout: 300_000 }, () => {
    /** @type {Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /** What a tab shows and has drawn; the library is not told where a document that comes back is. @param {Page} page @param {number} tab */
    async function look(page, tab) {
      const kept = (await stage.memory()).tabs[tab];
      const { shown } = await stage.surface(page);
      return { judged: Boolean(kept?.frames[0]), view: kept?.shown?.view, shown };
    }

    /** Leaves a page for another one and comes back to the very document. @param {Page} page @param {number} tab */
    async function thereAndBack(page, tab) {
      await page.evaluate(() => Object.assign(globalThis, { wasHere: true }));
      await page.goto(INNOCENT, { waitUntil: 'domcontentloaded' });
      await until('the other page to be judged', async () => {
        const { judged, view } = await look(page, tab);
        return judged && view === 'nothing';
      });
      // `goBack` waits for a page to load, which one that was kept does not do.
      await page.evaluate(() => void setTimeout(() => history.back()));
      await until('the page to be back', () => page.evaluate((url) => location.href === url, SCAM));
      assert.ok(await page.evaluate(() => 'wasHere' in globalThis), 'the browser kept the document');
    }

    it('warns again on a page that comes back', async () => {
      const page = await stage.open(SCAM);
      await stage.shows(page, 'banner');
      const tab = await stage.tab(page);
      await thereAndBack(page, tab);
      await until('the banner', async () => {
        const { view, shown } = await look(page, tab);
        return view === 'banner' && shown;
      });
      await page.close();
    });

    it('leaves a warning away that was put away on it', async () => {
      const page = await stage.open(SCAM);
      await stage.shows(page, 'banner');
      const tab = await stage.tab(page);
      await stage.press(page, stage.words('dismiss'));
      await stage.shows(page, 'nothing');
      await thereAndBack(page, tab);
      await until('it to be judged', async () => (await look(page, tab)).judged);
      const isQuiet = async () => {
        const { view, shown } = await look(page, tab);
        return view === 'nothing' && !shown;
      };
      await holds('the warning to stay away', isQuiet, JUDGED);
      await page.close();
    });
  });
}

// Firefox makes no page ready unseen.
if (BRANDS.includes('chromium')) {
  describe('prerendered documents', { timeout: 120_000 }, () => {
    /** @type {Stage} */
    let stage;
    before(async () => {
      // Chromium prerenders nothing for a page that is debugged.
      stage = await setStage('chromium', { unwatched: EARLY });
    });
    after(() => stage?.close());

    it('count when they are shown, and not before', async () => {
      const desk = await stage.desk();
      const tab = await desk.evaluate(async (url) => Number((await chrome.tabs.create({ url })).id), EARLY);
      /** What the tab's document shows. */
      const banner = async () => {
        const { document, shown } = (await stage.memory()).tabs[tab] ?? {};
        return shown?.view === 'banner' && document;
      };
      const first = await until('the banner of the first page', banner);
      await holds('that page to be the one that counts', async () => (await banner()) === first, JUDGED);
      await desk.evaluate(async (tabId) => {
        const func = () => document.querySelector('a')?.click();
        await chrome.scripting.executeScript({ target: { tabId }, func });
      }, tab);
      await until('the banner of the second', async () => {
        const second = await banner();
        return second && second !== first;
      });
      const shownAt = await desk.evaluate(async (tabId) => {
        const func = () => /** @type {any} */ (performance.getEntriesByType('navigation')[0]).activationStart;
        const [frame] = await chrome.scripting.executeScript({ target: { tabId }, func });
        return Number(frame?.result);
      }, tab);
      assert.ok(shownAt > 0, 'it had been made ready');
    });
  });
}
