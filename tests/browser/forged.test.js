// Pages that say of themselves what only a browser can say, and pages that change what nobody is told of.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';

const SITE = 'https://forged.longread.example/';
const TOOL = 'https://anydesk.com/';
const MEETING = 'https://www.jotter.example/';
const BANK = 'https://www.barclays.co.uk/';

/** Beyond the time in which a greeting is answered, in milliseconds. */
const HEARD = 700;
/** Beyond the time in which the end of a stream is noticed, in milliseconds. */
const NOTICED = 1_500;

for (const brand of BRANDS) {
  describe(`what a page says of itself in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand, { chromiumArgs: ['--auto-accept-this-tab-capture'] });
    });
    after(() => stage?.close());

    // First, because nothing is drawn in the bank's page before.
    it('has no keys from a page that was opened anew before it was covered', async () => {
      const page = await stage.open(BANK);
      await page.evaluate(() => {
        document.open();
        document.write('<title>Bank</title><input id="field" autofocus>');
        document.close();
        Object.assign(window, { heard: '' });
        addEventListener('keydown', ({ key }) => { /** @type {any} */ (window).heard += key; });
      });
      await stage.ask({ message: 'alarm' });
      await page.bringToFront();
      await stage.shows(page, 'stop');
      await page.keyboard.type('secret');
      const heard = await page.evaluate(() => /** @type {any} */ (window).heard + /** @type {HTMLInputElement} */ (document.querySelector('#field')).value);
      assert.equal(heard, '');
      await page.close();
      await stage.forgetAlarm();
    });

    it('does not drop the verdict of a frame, nor of itself', async (test) => {
      const page = await stage.open(SITE);
      test.after(() => page.close());
      await stage.shows(page, 'banner');
      await page.evaluate(() => {
        const frame = /** @type {Window} */ (document.querySelector('iframe')?.contentWindow);
        for (const window of [self, frame])
          for (const type of ['pagehide', 'pageshow'])
            for (const persisted of [true, false]) window.dispatchEvent(new PageTransitionEvent(type, { persisted }));
      });
      await holds('the banner', async () => (await stage.view(page)).view === 'banner', HEARD);
    });

    it('is read when a rule of a style reveals it', async (test) => {
      const page = await stage.open(`${SITE}hidden/`);
      test.after(() => page.close());
      const tab = await stage.tab(page);
      await until('the page to be judged', async () => (await stage.memory()).tabs[tab]?.frames[0]);
      assert.equal((await stage.view(page)).view, 'nothing');
      // No node and no attribute changes.
      await page.evaluate(() => { document.styleSheets[0]?.deleteRule(0); });
      await stage.shows(page, 'banner', 20_000);
    });

    it('is told nothing while the banks are armed', async (test) => {
      const tool = await stage.open(TOOL);
      test.after(() => tool.close());
      await until('the banks to be armed', async () => (await stage.memory()).armed);
      const page = await stage.open(`${SITE}listening/`);
      test.after(() => page.close());
      assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).heard), []);
    });

    it('hides no sharing of the screen', { skip: brand !== 'chromium' }, async (test) => {
      const tool = await stage.open(TOOL);
      test.after(() => tool.close());
      await until('the banks to be armed', async () => (await stage.memory()).armed);
      const page = await stage.open(MEETING);
      test.after(() => page.close());
      await page.bringToFront();
      const shares = async () => {
        const { tabs } = await stage.memory();
        return (tabs[await stage.tab(page)]?.sharing.length ?? 0) > 0;
      };
      await page.evaluate(async () => {
        const own = Array.prototype[Symbol.iterator];
        Array.prototype[Symbol.iterator] = /** @type {any} */ (function* () {});
        Object.defineProperty(Promise.prototype, 'constructor', { get() { throw new Error('no'); } });
        const options = /** @type {DisplayMediaStreamOptions} */ ({ preferCurrentTab: true });
        const promise = navigator.mediaDevices.getDisplayMedia(options);
        Object.defineProperty(Promise.prototype, 'constructor', { value: Promise });
        const stream = await promise;
        Array.prototype[Symbol.iterator] = own;
        Object.assign(window, { stream });
      });
      await until('it to share', shares);
      await page.evaluate(() => {
        dispatchEvent(new PageTransitionEvent('pagehide'));
        const { stream } = /** @type {any} */ (window);
        const copies = [stream.clone(), new MediaStream([stream.getTracks()[0].clone()])];
        for (const track of stream.getTracks()) track.stop();
        Object.assign(window, { copies });
      });
      await holds('it shares', shares, NOTICED);
      await page.evaluate(() => {
        for (const track of /** @type {any} */ (window).copies.shift().getTracks()) track.stop();
      });
      await holds('it shares still', shares, NOTICED);
      await page.evaluate(() => {
        for (const track of /** @type {any} */ (window).copies[0].getTracks()) track.stop();
      });
      await until('it to have shared', async () => !(await shares()));
    });
  });
}
