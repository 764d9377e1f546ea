// The whole chain with the keyboard alone, at 200 % zoom in a window of 1024 × 768.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, setStage, until } from './harness.js';
import { setViewport } from './viewport.js';

/** More stops than any surface has. */
const STOPS = 40;

for (const brand of BRANDS) {
  describe(`the chain by keyboard in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    /** @type {import('./harness.js').Page} */
    let page;
    before(async () => {
      stage = await setStage(brand, { companion: 'real' });
      page = await stage.open('about:blank');
      // 200 % of 1024 × 768: half the CSS pixels, each drawn twice as large.
      await setViewport(page, { width: 512, height: 384, deviceScaleFactor: 2 });
    });
    after(() => stage?.close());

    /**
     * Goes from stop to stop until the focus is on a button of ours, and presses it.
     * @param {string} name
     */
    async function reach(name) {
      await page.bringToFront();
      for (let stop = 0; stop < STOPS; stop += 1) {
        const { focused } = await stage.surface(page);
        if (focused === name) {
          await page.keyboard.press('Enter');
          return;
        }
        await page.keyboard.press('Tab');
      }
      throw new Error(`the keyboard does not reach “${name}”`);
    }

    it('puts a banner away', async () => {
      await page.goto('https://anydesk.com/en/downloads/');
      await stage.shows(page, 'banner');
      await reach(stage.words('dismiss'));
      await stage.shows(page, 'nothing');
    });

    it('answers a pause', async () => {
      await page.goto('https://www.barclays.co.uk/');
      await stage.shows(page, 'pause');
      await reach(stage.words('pause_no'));
      await stage.shows(page, 'nothing');
    });

    it('cannot leave a stop for the page, and ends the session', async () => {
      const desktop = await stage.startRemoteDesktop();
      const viewer = await desktop.connect();
      await page.goto('https://www.barclays.co.uk/');
      await stage.shows(page, 'stop');
      for (let stop = 0; stop < STOPS; stop += 1) {
        await page.keyboard.press('Tab');
        const inside = await page.evaluate(() => document.activeElement?.tagName ?? '');
        assert.ok(!['INPUT', 'A'].includes(inside), `the focus is on the page’s ${inside}`);
      }
      await page.keyboard.type('Hartley');
      assert.equal(await page.$eval('#surname', (field) => /** @type {HTMLInputElement} */ (field).value), '');
      await reach(stage.words('end_session'));
      await until('the caller to be cut off', () => !viewer.running(), 8000);
      await stage.shows(page, 'nothing', 8000);
    });
  });
}
