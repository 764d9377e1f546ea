// Ways in which a page holds its reader: in its scripts, and begun when it was read already.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage } from './harness.js';

/** Beyond the time after which a changed page is read again, in milliseconds. */
const READ = 3_000;

/** Traps that stand in the page, with the reason that is told. */
const WRITTEN = ['a box for ever', 'a box a hundred times', 'a box every second', 'a question to whoever leaves'];

/** Traps that a press begins. @type {Record<string, string>} */
const BEGUN = { sound: 'trap_sound', 'full screen': 'trap_full_screen' };

/** @param {string} trap */
const address = (trap) => `https://traps.longread.example/?trap=${encodeURIComponent(trap)}`;

for (const brand of BRANDS) {
  describe(`traps in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /** @param {import('./harness.js').Page} page @param {string} trap */
    async function tells(page, trap) {
      const { level, reasons } = await stage.shows(page, 'banner', 20_000);
      assert.equal(level, 'caution');
      assert.ok(reasons.some(({ code }) => code === trap), JSON.stringify(reasons));
    }

    /** @param {string} trap */
    async function opened(trap) {
      const page = await stage.open(address(trap));
      await stage.judged(page);
      return page;
    }

    for (const trap of WRITTEN) {
      it(`tells of ${trap}`, async (test) => {
        const page = await stage.open(address(trap));
        test.after(() => page.close());
        await tells(page, 'trap_exit');
      });
    }

    for (const [trap, reason] of Object.entries(BEGUN)) {
      it(`tells of ${trap} when it begins`, async (test) => {
        const page = await opened(trap);
        test.after(() => page.close());
        assert.equal((await stage.view(page)).view, 'nothing');
        await page.click('button');
        await tells(page, reason);
      });
    }

    it('tells of sound without a voice when it is given one', async (test) => {
      const page = await opened('sound');
      test.after(() => page.close());
      await page.evaluate(() => {
        const [audio, button] = ['audio', 'button'].map((name) => /** @type {any} */ (document.querySelector(name)));
        audio.muted = true;
        button.onclick = () => { audio.muted = false; };
        return audio.play();
      });
      await holds('no warning', async () => (await stage.view(page)).view === 'nothing', READ);
      await page.click('button');
      await tells(page, 'trap_sound');
    });

    for (const trap of ['none', 'a box for a field that is empty']) {
      it(`tells of nothing where there is ${trap}`, async (test) => {
        const page = await opened(trap);
        test.after(() => page.close());
        assert.equal((await stage.view(page)).view, 'nothing');
      });
    }
  });
}
