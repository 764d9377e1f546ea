// Every change of level, the background being ended by force before each step: what was
// decided stands, and what comes next is decided as if nothing had happened.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, setStage, until } from './harness.js';

/**
 * A bank's page that is armed or covered starts a background that was ended at once, well
 * before the alarm that browsers ring every 30 seconds at the most. In milliseconds.
 */
const SOON = 5_000;

const BANK = 'https://www.barclays.co.uk/';

for (const brand of BRANDS) {
  describe(`a background that is ended between any two steps, in ${brand}`, { timeout: 300_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    /** @type {Awaited<ReturnType<import('./harness.js').Stage['startRemoteDesktop']>>} */
    let desktop;
    /** @type {Awaited<ReturnType<typeof desktop.connect>>} */
    let viewer;
    /** @type {import('./harness.js').Page} */
    let page;

    before(async () => {
      stage = await setStage(brand, { companion: 'real' });
      desktop = await stage.startRemoteDesktop();
      page = await stage.open('about:blank');
    });
    after(() => stage?.close());

    /** What is painted now, once the background is gone. */
    async function paintedWithout() {
      await stage.killBackground();
      return stage.surface(page);
    }

    it('quiet → caution', async () => {
      await stage.killBackground();
      await page.goto('https://amazon-prime-refunds.example/');
      assert.equal((await stage.shows(page, 'banner')).level, 'caution');
      assert.ok((await paintedWithout()).shown, 'the banner stands without a background');
    });

    it('caution → quiet, by the person', async () => {
      await stage.killBackground();
      await stage.press(page, stage.words('dismiss'));
      await stage.shows(page, 'nothing');
      assert.ok(!(await paintedWithout()).shown);
    });

    it('quiet → notice', async () => {
      await stage.killBackground();
      await page.goto('https://anydesk.com/en/downloads/');
      assert.equal((await stage.shows(page, 'banner')).level, 'notice');
      assert.ok((await paintedWithout()).shown);
    });

    it('notice → pause: the visit is remembered', async () => {
      await stage.killBackground();
      await page.goto(BANK);
      const view = await stage.shows(page, 'pause');
      assert.ok(view.exposure.includes('visited'), JSON.stringify(view));
      assert.ok((await paintedWithout()).shown, 'the cover stands without a background');
    });

    it('nothing → pause: what the tab showed before uncovers no page', async () => {
      await page.goto('https://www.jotter.example/');
      await stage.shows(page, 'nothing');
      const { identifier } = await page.evaluateOnNewDocument(() => {
        let covered = false;
        const lost = /** @type {number[]} */ ((/** @type {any} */ (window).lost = []));
        const look = () => {
          const hit = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
          const covers = hit?.localName === 'div' && hit.parentNode === document.documentElement;
          if (covered && !covers) lost.push(performance.now());
          covered = covers;
        };
        setInterval(look, 5);
      });
      await stage.killBackground();
      await page.goto(BANK);
      await stage.shows(page, 'pause');
      assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).lost), []);
      await page.removeScriptToEvaluateOnNewDocument(identifier);
    });

    it('pause → quiet, by the person', async () => {
      await stage.killBackground();
      await stage.press(page, stage.words('pause_no'));
      await stage.shows(page, 'nothing');
      await stage.killBackground();
      await page.reload();
      await stage.shows(page, 'nothing');
    });

    it('notice → quiet, by the person', async () => {
      await stage.killBackground();
      await page.goto('https://anydesk.com/en/downloads/');
      await stage.shows(page, 'banner');
      await stage.killBackground();
      await stage.press(page, stage.words('dismiss'));
      await stage.shows(page, 'nothing');
    });

    it('notice → caution → pause: what was read is remembered', async () => {
      await page.goto('https://anydesk.com/');
      assert.equal((await stage.shows(page, 'banner')).level, 'notice');
      await stage.killBackground();
      await page.goto('https://csp.primerefund-desk.example/');
      await until('the caution', async () => (await stage.shows(page, 'banner')).level === 'caution');
      await stage.killBackground();
      await page.goto(BANK);
      await stage.shows(page, 'pause');
    });

    it('pause → stop, by the person', async () => {
      await stage.killBackground();
      await stage.press(page, stage.words('pause_yes'));
      await stage.shows(page, 'stop');
      assert.ok((await paintedWithout()).shown, 'the cover stands without a background');
    });

    it('stop → pause → quiet, when the person takes it back', async () => {
      await stage.ageAlarm();
      await stage.killBackground();
      await stage.ask({ message: 'change', change: { change: 'alarmOff' }, proof: null });
      await stage.shows(page, 'pause');
      await stage.killBackground();
      await stage.press(page, stage.words('pause_no'));
      await stage.shows(page, 'nothing');
    });

    it('quiet → stop, when a session begins while the bank is open', async (t) => {
      await until('the companion to be followed', async () => (await stage.memory()).following);
      await stage.killBackground();
      viewer = await desktop.connect();
      await stage.shows(page, 'stop', SOON);
      t.diagnostic(`${Math.round(performance.now() - viewer.at)} ms from the viewer's connection to the cover`);
      assert.ok((await paintedWithout()).shown, 'the cover stands without a background');
    });

    it('stop → stop: the 30 seconds go on and nobody gains any', async () => {
      const first = await stage.shows(page, 'stop');
      await stage.killBackground();
      await page.reload();
      const second = await stage.shows(page, 'stop');
      assert.equal(second.goOnAt, first.goOnAt);
      await stage.killBackground();
      // A press before its time is no press, whoever is told of it first.
      const early = (await stage.surface(page)).buttons.find(({ name }) => name === stage.words('go_on'));
      assert.ok(!early || early.disabled);
    });

    it('stop → red bar, by the person, after the 30 seconds', async () => {
      const { goOnAt } = await stage.shows(page, 'stop');
      assert.ok(goOnAt);
      await until('the 30 seconds', () => Date.now() > goOnAt, 40_000);
      await stage.killBackground();
      await stage.press(page, stage.words('go_on'));
      await stage.shows(page, 'bar');
      assert.ok((await paintedWithout()).shown, 'the bar stands without a background');
    });

    it('red bar → quiet, when the session ends', async (t) => {
      await stage.killBackground();
      const at = performance.now();
      await viewer.stop();
      await stage.shows(page, 'nothing', SOON);
      t.diagnostic(`${Math.round(performance.now() - at)} ms from the session's end to its sign`);
    });

    it('quiet → stop → quiet, with a session that is on already and ends', async () => {
      // The report on what happened was opened in front.
      await page.bringToFront();
      viewer = await desktop.connect();
      await stage.killBackground();
      await page.reload();
      await stage.shows(page, 'stop');
      await stage.killBackground();
      await viewer.stop();
      await until('the end of the stop', async () => (await stage.view(page)).view === 'nothing', SOON);
    });

    it('knows afterwards what happened', async () => {
      await stage.killBackground();
      const { timeline } = await stage.status(page);
      const told = timeline.map(({ what }) => what.what);
      for (const what of ['warned', 'exposed', 'bankOpened', 'covered', 'sessionBegan', 'pressed', 'sessionEnded']) {
        assert.ok(told.some((line) => line === what), `${what} in ${told.join(', ')}`);
      }
    });
  });
}
