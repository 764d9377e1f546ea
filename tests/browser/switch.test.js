// The site's switch in the popup.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';

const SCAM = 'https://amazon-prime-refunds.example/';

for (const brand of BRANDS) {
  describe(`the site's switch in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /** @param {import('./harness.js').Page} page */
    const judged = (page) =>
      until('the page to be judged a scam', async () => (await stage.judged(page)).level === 'caution');

    it('silences the site at once', async () => {
      const page = await stage.open(SCAM);
      await stage.shows(page, 'banner');
      const popup = await stage.popup(page);
      const button = await popup.waitForSelector('#site-switch');
      assert.ok(button);
      await button.click();
      await stage.shows(page, 'nothing', 3000);
      assert.equal((await stage.status(page)).quiet, true);
      await popup.close();
      await page.close();
    });

    it('keeps it silent on the next visit, and other sites are still warned of', async () => {
      const page = await stage.open(SCAM);
      await judged(page);
      assert.equal((await stage.view(page)).view, 'nothing');
      const other = await stage.open('https://csp.primerefund-desk.example/');
      await stage.shows(other, 'banner');
      await other.close();
      await page.close();
    });

    it('keeps it silent after a restart of the browser', async () => {
      await stage.stop();
      await stage.start();
      const page = await stage.open(SCAM);
      await judged(page);
      await holds(
        'the site stays silent',
        async () => (await stage.view(page)).view === 'nothing',
        500,
      );
      assert.equal((await stage.status(page)).quiet, true);
      await page.close();
    });

    it('warns again once the switch is put back', async () => {
      const page = await stage.open(SCAM);
      await judged(page);
      const popup = await stage.popup(page);
      const button = await popup.waitForSelector('#site-switch');
      assert.ok(button);
      await button.click();
      await until('the site to be warned of', async () => !(await stage.status(page)).quiet);
      // Nothing is painted in a tab that is behind another one.
      await popup.close();
      await page.bringToFront();
      await stage.shows(page, 'banner', 3000);
      await page.close();
    });

    it('keeps the keyboard’s place among the sites of the options', async (test) => {
      for (const site of ['one.example', 'two.example', 'three.example'])
        await stage.ask({ message: 'change', change: { change: 'site', site, quiet: true }, proof: null });
      const options = await stage.openOwn('options/options.html');
      test.after(() => options.close());
      await options.waitForSelector('#sites li:nth-child(3) button');
      const focused = () =>
        options.evaluate(() => [...document.querySelectorAll('#sites button')].findIndex((button) => button === document.activeElement));
      await options.focus('#sites li:nth-child(2) button');
      await stage.ask({ message: 'change', change: { change: 'country', code: 'GB' }, proof: null });
      await options.bringToFront();
      await until('the country to be drawn', () => options.$eval('#country', (at) => /** @type {HTMLSelectElement} */ (at).value === 'GB'));
      assert.equal(await focused(), 1);
      await options.keyboard.press('Enter');
      await until('the site to be gone', () => options.$$eval('#sites li', (rows) => rows.length === 2));
      assert.equal(await focused(), 1);
    });
  });
}
