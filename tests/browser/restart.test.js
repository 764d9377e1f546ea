// The browser is ended and started again with the same profile: what protects stands.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';

const TOOL = 'https://anydesk.com/en/downloads/';
const BANK = 'https://www.barclays.co.uk/';
/** For how long a download counts as just begun here, in milliseconds. */
const YOUNG = 5_000;

for (const brand of BRANDS) {
  describe(`a browser that is started again, ${brand}`, { timeout: 240_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    async function restart() {
      await stage.stop();
      await stage.start();
    }

    const bank = () => stage.open(BANK);

    it('asks at the bank for a tool’s page that was open before', async () => {
      await stage.shows(await stage.open(TOOL), 'banner');
      await restart();
      const page = await bank();
      // As Chromium may close it where it loads the extension once more; the next must not take the front.
      await (await stage.desk()).close();
      const { exposure, tool } = await stage.shows(page, 'pause');
      assert.deepEqual(exposure, ['visited']);
      assert.equal(tool, 'AnyDesk');
    });

    it('covers the bank on the person’s word of before, and lets nothing be loosened', async () => {
      await stage.ask({ message: 'alarm' });
      await restart();
      await until('the banks to be armed', async () => (await stage.memory()).armed);
      const page = await bank();
      await stage.shows(page, 'stop');
      await stage.ask({ message: 'change', change: { change: 'voice', on: false }, proof: null });
      const { alarm, frozen, settings } = await stage.status(page);
      assert.deepEqual([alarm, frozen, settings.voice], [true, true, true]);
    });

    it('keeps no page and no site of it', async () => {
      const desk = await stage.desk();
      const stored = await desk.evaluate(async () => JSON.stringify(await chrome.storage.local.get()));
      const { kept } = JSON.parse(stored).settings;
      assert.deepEqual(Object.keys(kept).sort(), ['alarm', 'aloneAt', 'exposures', 'lastActive']);
      assert.ok(kept.exposures.length > 0);
      for (const word of ['anydesk.com', 'barclays']) assert.ok(!JSON.stringify(kept).includes(word), word);
    });

    it('lets it go when it is taken back', async () => {
      await stage.ageAlarm();
      await stage.ask({ message: 'change', change: { change: 'alarmOff' }, proof: null });
      await restart();
      const page = await bank();
      await stage.shows(page, 'pause');
      assert.equal((await stage.status(page)).alarm, false);
    });

    it('does not end with the page that is left', async () => {
      const page = await bank();
      await stage.shows(page, 'pause');
      for (const other of await stage.browser.pages()) if (other !== page) await other.close();
      await page.bringToFront();
      await stage.press(page, stage.words('leave'));
      await until('the page to be gone', () => page.isClosed());
      const left = await until('another page to be there', async () => (await stage.browser.pages())[0]);
      assert.ok(!left.url().includes('barclays'), left.url());
    });
  });

  // Firefox tells of downloads that begin, and of no others.
  describe(`a download of before, ${brand}`, { skip: brand !== 'chromium', timeout: 240_000 }, () => {
    it('is no new one when the browser starts', async (test) => {
      const stage = await setStage(brand, {
        spoil: async (extension) => {
          const path = join(extension, 'background/main.js');
          const text = await readFile(path, 'utf8');
          const young = 'JUST_BEGUN = 60_000;';
          assert.ok(text.includes(young));
          await writeFile(path, text.replace(young, `JUST_BEGUN = ${YOUNG};`));
        },
      });
      test.after(() => stage.close());
      const page = await stage.newPage();
      await page.goto('https://anydesk.com/get').catch(() => {});
      const desk = await stage.desk();
      const begun = await until('the download', () =>
        desk.evaluate(async () => {
          const [item] = await chrome.downloads.search({ state: 'complete' });
          return item && Date.parse(item.startTime);
        }),
      );
      const before = await stage.open(BANK);
      const { exposure } = await stage.shows(before, 'pause');
      assert.deepEqual(exposure, ['downloaded']);
      await stage.press(before, stage.words('pause_no'));
      await stage.shows(before, 'nothing');
      await until('the download to be old', () => Date.now() - begun > YOUNG);
      await stage.stop();
      await stage.start(true);
      const after = await stage.open(BANK);
      await until('the bank to be known', async () => (await stage.memory()).tabs[await stage.tab(after)]?.host);
      await holds('the bank is not covered', async () => (await stage.view(after)).view === 'nothing', 4_000);
    });
  });
}
