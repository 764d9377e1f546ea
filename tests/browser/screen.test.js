// Tricks that need a real window: full screen, windows of their own above it, views of the
// browser's own. Each begins before the bank is covered; the table of the hostile pages has
// what it came to.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readOutcomes, writeOutcomes } from '../site/hostile/outcomes.js';
import { BRANDS, holds, setStage, until } from './harness.js';

/** @typedef {import('./harness.js').Page} Page */

const BANK = 'https://www.barclays.co.uk/';
const update = process.env.DOORCHAIN_UPDATE === '1';
/** Several of the cover's own looks at the page, in milliseconds. */
const LOOKS = 1_500;
/** Longest until a surface is drawn, in milliseconds. */
const DRAWN = 8_000;
/** Likewise where none is expected. */
const NEVER_DRAWN = 2_000;

/**
 * @typedef {object} Trick
 * @property {() => void} press Runs in the page when its button is pressed.
 * @property {() => boolean} on Whether it is so now.
 * @property {boolean} [chromium] Firefox has no such thing.
 */

/** @type {Record<string, Trick>} */
const TRICKS = {
  'full screen of the page, before': {
    press: () => void document.documentElement.requestFullscreen(),
    on: () => document.fullscreenElement !== null,
  },
  'full screen of one element, before': {
    press: () => void document.querySelector('main')?.requestFullscreen(),
    on: () => document.fullscreenElement !== null,
  },
  'picture-in-picture of a video, before': {
    press: () => {
      const canvas = document.createElement('canvas');
      canvas.getContext('2d')?.fillRect(0, 0, 9, 9);
      const video = document.body.appendChild(document.createElement('video'));
      video.muted = true;
      video.srcObject = canvas.captureStream(5);
      video.onloadedmetadata = () => void video.requestPictureInPicture();
      void video.play();
    },
    on: () => document.pictureInPictureElement !== null,
    chromium: true,
  },
  'picture-in-picture of a document, before': {
    press: () => void /** @type {any} */ (window).documentPictureInPicture.requestWindow({ width: 400, height: 300 }),
    on: () => Boolean(/** @type {any} */ (window).documentPictureInPicture.window),
    chromium: true,
  },
};

for (const brand of BRANDS) {
  describe(`tricks with the window in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    /** @type {Map<string, string>} */
    const outcomes = new Map();
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /** @param {string} trick @param {string} surface */
    const wanted = async (trick, surface) => (await readOutcomes()).get(`${trick}\t${surface}\t${brand}`) ?? 'holds';

    /** @param {string} trick @param {string} surface @param {string} outcome */
    async function came(trick, surface, outcome) {
      outcomes.set(`${trick}\t${surface}\t${brand}`, outcome);
      if (!update) assert.equal(outcome, await wanted(trick, surface));
    }

    /** Whether a surface is drawn within the time, in milliseconds. @param {Page} page @param {number} longest */
    const drawn = (page, longest) =>
      until('the surface', async () => {
        // A document that gives way to a viewer leaves a question unanswered.
        const late = new Promise((_, no) => setTimeout(no, LOOKS, new Error('no answer')));
        return (await Promise.race([stage.surface(page), late])).shown;
      }, longest).then(() => true, () => false);

    /** Opens what the browser shows in a viewer of its own, which may never tell that it has loaded. @param {string} url */
    async function viewed(url) {
      const page = await stage.newPage();
      await page.goto(url, { timeout: LOOKS }).catch(() => {});
      await until('the viewer', () => page.url() === url);
      return page;
    }

    /** Writes down whether a surface is seen on a document in a viewer. @param {Page} page @param {string} trick @param {string} surface */
    async function sees(page, trick, surface) {
      const never = !update && (await wanted(trick, surface)) === 'not seen';
      await came(trick, surface, (await drawn(page, never ? NEVER_DRAWN : DRAWN)) ? 'holds' : 'not seen');
    }

    /** @param {() => Promise<void>} work */
    async function alarmed(work) {
      await stage.ask({ message: 'alarm' });
      try {
        await work();
      } finally {
        await stage.forgetAlarm();
      }
    }

    for (const [name, { press, on, chromium }] of Object.entries(TRICKS)) {
      if (chromium && brand !== 'chromium') continue;
      it(`cover: ${name}`, async () => {
        const page = await stage.open(BANK);
        await page.bringToFront();
        await page.evaluate(() => {
          const button = document.createElement('button');
          button.id = 'trick';
          button.textContent = 'More';
          button.addEventListener('click', () => /** @type {any} */ (window).trick());
          document.body.prepend(button);
        });
        await page.evaluate(`window.trick = ${press};0`);
        await page.click('#trick');
        await until('the trick', () => page.evaluate(on));
        await alarmed(async () => {
          const view = await until('the stop', async () => (await stage.view(page)).view === 'stop');
          assert.ok(view);
          let outcome = (await drawn(page, DRAWN)) ? 'holds' : 'not seen';
          if (outcome === 'holds') {
            const off = await until('the end of the trick', async () => !(await page.evaluate(on))).then(() => true, () => false);
            if (!off) outcome = 'stays above it';
            else await holds('it is over', async () => !(await page.evaluate(on)), LOOKS);
          }
          await came(name, 'cover', outcome);
        });
        await page.close();
      });
    }

    it('cover: a PDF on the bank’s host', async () => {
      await alarmed(async () => {
        const page = await viewed(`${BANK}statement.pdf`);
        await sees(page, 'a PDF on the bank’s host', 'cover');
        await page.close();
      });
    });

    if (brand === 'firefox') {
      it('banner: the browser’s reader view', async () => {
        const url = 'https://amazon-prime-refunds.example/';
        const page = await viewed(`about:reader?url=${encodeURIComponent(url)}`);
        const there = await until('the view', () => page.evaluate(() => location.protocol === 'about:')).then(() => true, () => false);
        assert.ok(there, 'the view is shown');
        await sees(page, 'the browser’s reader view', 'banner');
        await page.close();
      });
    }

    if (!update) return;
    it('has the outcomes of the table', async () => {
      const old = await readOutcomes();
      await writeOutcomes(new Map([...old, ...outcomes]));
      assert.deepEqual(new Map([...outcomes].filter(([key, outcome]) => old.get(key) !== outcome)), new Map());
    });
  });
}
