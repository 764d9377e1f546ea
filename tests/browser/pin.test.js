// The family PIN, set, asked for, mistaken, forgotten and kept, by the extension's own pages.

import assert from 'node:assert/strict';
import { pbkdf2Sync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { BRANDS, setStage, until } from './harness.js';

/** @typedef {import('./harness.js').Page} Page */

const PIN = '4071';
const WRONG = '1234';
const SHOP = 'https://www.kettleandcloth.example/';

for (const brand of BRANDS) {
  describe(`the family PIN in ${brand}`, { timeout: 240_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    /** @type {Page} */
    let options;
    before(async () => {
      stage = await setStage(brand, {
        // Here is no desktop to hand a notification to; Firefox then draws it itself.
        firefoxPrefs: { 'alerts.useSystemBackend': false },
      });
      options = await stage.openOwn('options/options.html');
      await options.waitForSelector('#switch-strict');
      // Nobody to wait for: a change counts at once when the companion is known to be missing.
      await until('the companion to be looked for', async () => {
        return (await stage.status()).companion.is === 'missing';
      });
    });
    after(() => stage?.close());

    /** @param {string} selector @param {Page} [page] */
    async function press(selector, page = options) {
      await page.bringToFront();
      await page.click(selector);
    }

    /** Types a PIN into the form that asks for it. @param {string} pin @param {Page} [page] */
    async function enter(pin, page = options) {
      await page.waitForSelector('dialog[open] #pin-field:not(:disabled)');
      await page.type('#pin-field', pin);
      await page.keyboard.press('Enter');
    }

    /** What the form says. @param {string} key */
    const says = (key) =>
      until(`“${stage.words(key)}”`, () =>
        options.evaluate(() => document.getElementById('pin-told')?.textContent ?? '').then((text) => text === stage.words(key)),
      );

    const gone = (/** @type {Page} */ page) => until('the form to be gone', async () => !(await page.$('dialog[open]')));

    it('takes no PIN that is short or typed in two ways', async () => {
      await options.bringToFront();
      for (const [first, again, key] of [['12', '12', 'pin_short'], [PIN, WRONG, 'pin_differ']]) {
        await options.evaluate(() => /** @type {HTMLFormElement} */ (document.getElementById('pin-form')).reset());
        await options.type('#pin-new', first);
        await options.type('#pin-again', again);
        await press('#pin-set');
        await until(key, () => options.evaluate((words) => document.getElementById('pin-fault')?.textContent === words, stage.words(key)));
      }
      assert.equal((await stage.status()).pin, null);
    });

    it('is set, and kept as a salted, slow hash alone', async () => {
      await options.evaluate(() => /** @type {HTMLFormElement} */ (document.getElementById('pin-form')).reset());
      await options.type('#pin-new', PIN);
      await options.type('#pin-again', PIN);
      await press('#pin-set');
      const { pin } = await until('the PIN to be set', async () => {
        const now = await stage.status();
        return now.pin ? now : null;
      });
      assert.ok(pin && pin.rounds >= 600_000);
      const stored = await (await stage.desk()).evaluate(async () => JSON.stringify(await chrome.storage.local.get()));
      const { kept } = JSON.parse(stored).settings.pin;
      assert.ok(!stored.includes(PIN), 'the PIN is nowhere');
      // The same by another's PBKDF2.
      const wanted = pbkdf2Sync(PIN, Buffer.from(kept.salt, 'base64'), kept.rounds, 32, 'sha256');
      assert.equal(kept.hash, wanted.toString('base64'));
      assert.equal(Buffer.from(kept.salt, 'base64').length, 16);
      assert.ok(!JSON.stringify(await stage.status()).includes(kept.hash), 'pages are not told');
    });

    it('is asked for before a site is switched off in the popup', async () => {
      const page = await stage.open(SHOP);
      await stage.judged(page);
      const popup = await stage.popup(page);
      await press('#site-switch', popup);
      await popup.waitForSelector('dialog[open]');
      await popup.click('#pin-cancel');
      await gone(popup);
      assert.equal((await stage.status(page)).quiet, false);
      await press('#site-switch', popup);
      await enter(PIN, popup);
      await gone(popup);
      await until('the site to be quiet', async () => (await stage.status(page)).quiet);
      await popup.close();
      await page.close();
    });

    it('is asked for what loosens, and not for what tightens', async () => {
      await press('#switch-strict');
      await until('strict mode', async () => (await stage.status()).settings.strict);
      await press('#switch-strict');
      await enter(PIN);
      await gone(options);
      await until('no strict mode', async () => !(await stage.status()).settings.strict);
      await press('#helper-add');
      await options.waitForSelector('dialog[open]');
      assert.deepEqual((await stage.status()).settings.helpers, []);
      await options.keyboard.press('Escape');
      await gone(options);
      // A message that skips the form is no way round it.
      await stage.ask({ message: 'change', change: { change: 'voice', on: false }, proof: null });
      assert.equal((await stage.status()).settings.voice, true);
    });

    it('makes who guesses wait, longer and longer', async () => {
      await press('#switch-voice');
      await enter(WRONG);
      await says('pin_wrong');
      await enter(WRONG);
      await until('two wrong ones', async () => (await stage.status()).pin?.wrong === 2);
      await options.evaluate(() => {
        const later = setTimeout;
        // The wait, which is over when the test says so.
        const keep = (/** @type {() => void} */ work, /** @type {number} */ wait) => {
          if (wait < 10_000) return later(work, wait);
          Object.assign(window, {
            waitIsOver: () => {
              const now = Date.now;
              Date.now = () => now() + wait;
              work();
              Date.now = now;
            },
          });
          return 0;
        };
        Object.assign(window, { setTimeout: keep });
      });
      await enter(WRONG);
      await until('the form to be closed', () => options.$('#pin-field:disabled'));
      const { pin, settings, timeline } = await stage.status();
      assert.ok(pin?.closedUntil && pin.closedUntil > Date.now());
      assert.equal(settings.voice, true);
      assert.ok(timeline.some(({ what }) => what.what === 'pinWrong'));
      await options.evaluate(() => /** @type {any} */ (window).waitIsOver());
      assert.ok(await options.$('#pin-field:not(:disabled):focus'), 'it opens when the wait is over');
      assert.equal(await options.$eval('#pin-told', ({ textContent }) => textContent), '');
      await options.click('#pin-cancel');
      await gone(options);
    });

    it('stands after the browser was started anew, with its wait', async () => {
      const before = (await stage.status()).pin;
      await stage.stop();
      await stage.start();
      options = await stage.openOwn('options/options.html');
      await options.waitForSelector('#pin-is:not([hidden])');
      const after = (await stage.status()).pin;
      assert.deepEqual(after, before);
    });

    it('goes a day after it was forgotten, told by a notice, and can be kept', async () => {
      await press('#pin-forgot');
      const going = await until('the PIN to be going', async () => (await stage.status()).pin?.goesAt);
      const hours = (going - Date.now()) / 3_600_000;
      assert.ok(hours > 23 && hours <= 24, `${hours} hours`);
      await until('the notice', async () => {
        const raised = await (await stage.desk()).evaluate(() => chrome.notifications.getAll());
        return 'pinForgotten' in raised;
      });
      await options.waitForSelector('#pin-keep:not([hidden])');
      await press('#pin-keep');
      await until('the PIN to be kept', async () => {
        const { pin } = await stage.status();
        return pin && !pin.goesAt;
      });
    });
  });

  describe(`the family PIN and the alarm in ${brand}`, { timeout: 120_000 }, () => {
    it('is asked for before the alarm is taken back in strict mode', async () => {
      const stage = await setStage(brand);
      try {
        const salt = Buffer.alloc(16, 7);
        const hash = pbkdf2Sync(PIN, salt, 600_000, 32, 'sha256').toString('base64');
        const pin = { salt: salt.toString('base64'), rounds: 600_000, hash };
        await until('the companion to be looked for', async () => {
          return (await stage.status()).companion.is === 'missing';
        });
        await stage.ask({ message: 'change', change: { change: 'pin', pin }, proof: null });
        await stage.ask({ message: 'change', change: { change: 'strict', on: true }, proof: null });
        await stage.ask({ message: 'alarm' });
        const page = await stage.open(SHOP);
        const popup = await stage.popup(page);
        const isOn = async () => (await stage.status(page)).alarm;
        await popup.waitForSelector('#alarm-off[disabled]', { visible: true });
        assert.equal(await popup.$eval('#alarm-off-waits', (words) => words.checkVisibility()), true);
        await stage.ageAlarm();
        await popup.bringToFront();
        await popup.waitForSelector('#alarm-off:not([disabled])', { visible: true });
        assert.equal(await popup.$eval('#alarm-off-waits', (words) => words.checkVisibility()), false);
        await popup.click('#alarm-off');
        await popup.waitForSelector('dialog[open] #pin-field');
        await popup.type('#pin-field', WRONG);
        await popup.keyboard.press('Enter');
        await until('the wrong one to be told', () =>
          popup.evaluate((words) => document.getElementById('pin-told')?.textContent === words, stage.words('pin_wrong')),
        );
        assert.ok(await isOn());
        await popup.type('#pin-field', PIN);
        await popup.keyboard.press('Enter');
        await until('the form to be gone', async () => !(await popup.$('dialog[open]')));
        await until('the alarm to be over', async () => !(await isOn()));
      } finally {
        await stage.close();
      }
    });
  });
}
