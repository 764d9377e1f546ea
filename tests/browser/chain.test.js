// The bank and a real remote session: x11vnc and a real viewer, the built companion, nothing played.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';

/** @typedef {import('./harness.js').Page} Page */

const BANK = 'https://www.barclays.co.uk/';
const UNLISTED = 'https://www.thornbury-mutual.example/';

/**
 * Tries to get text into a field as a person or a caller at the mouse would.
 * @param {import('./harness.js').Stage} stage
 * @param {Page} page
 * @param {string} selector
 * @param {string} text
 * @returns {Promise<string>} What the field holds afterwards.
 */
async function tryToType(stage, page, selector, text) {
  const place = await page.$eval(selector, (field) => {
    const box = field.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  await page.bringToFront();
  // A button of the cover may lie where the field is; to press that is another test.
  const { buttons } = await stage.surface(page);
  const taken = buttons.some(
    ({ x, y, width, height }) =>
      Math.abs(x - place.x) <= width / 2 && Math.abs(y - place.y) <= height / 2,
  );
  if (!taken) await page.mouse.click(place.x, place.y);
  await page.keyboard.type(text);
  // By the page's own script, which is how a caller's page would put the cursor there.
  await page.$eval(selector, (field) => /** @type {HTMLElement} */ (field).focus());
  await page.keyboard.type(text);
  return page.$eval(selector, (field) => /** @type {HTMLInputElement} */ (field).value);
}

for (const brand of BRANDS) {
  describe(`a bank and a real session in ${brand}`, { timeout: 240_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    /** @type {Awaited<ReturnType<import('./harness.js').Stage['startRemoteDesktop']>>} */
    let desktop;
    /** @type {Awaited<ReturnType<typeof desktop.connect>>} */
    let viewer;

    before(async () => {
      stage = await setStage(brand, { companion: 'real' });
    });
    after(() => stage?.close());

    it('stays quiet with no server at all', async () => {
      const page = await stage.open(BANK);
      await until('the companion to answer', async () => {
        const { companion } = await stage.status(page);
        return companion.is === 'well';
      });
      assert.equal((await stage.view(page)).view, 'nothing');
      assert.match(await tryToType(stage, page, '#surname', 'Hartley'), /Hartley$/);
      await page.close();
    });

    it('stays quiet while a server is idle', async () => {
      desktop = await stage.startRemoteDesktop();
      const page = await stage.open(BANK);
      await page.bringToFront();
      let reports = 0;
      let last = 0;
      // Two whole answers of the companion, each with the idle server before its eyes.
      await until('two reports on the idle server', async () => {
        const memory = await stage.memory();
        if (memory.reportedAt !== last) reports += 1;
        last = memory.reportedAt;
        assert.equal(memory.report.state, 'none');
        assert.deepEqual(memory.tabs[await stage.tab(page)]?.shown, { view: 'nothing' });
        return reports > 2;
      });
      await page.close();
    });

    it('covers an open bank when a viewer connects', async (t) => {
      const page = await stage.open(BANK);
      await page.bringToFront();
      await until('the companion to be followed', async () => (await stage.memory()).following);
      viewer = await desktop.connect();
      const view = await stage.shows(page, 'stop');
      const took = Math.round(performance.now() - viewer.at);
      t.diagnostic(`${took} ms from the viewer's connection to the cover`);
      assert.equal(view.bank.length > 0, true);
      assert.equal(view.sessions.length, 1);
      assert.equal(view.ending, 'possible');
      assert.equal(await tryToType(stage, page, '#surname', 'Hartley'), '');
      assert.equal(await tryToType(stage, page, '#passcode', '12345'), '');
      await page.close();
    });

    it('covers a bank that is opened during a session', async () => {
      assert.ok(viewer.running());
      const page = await stage.open(BANK);
      await page.bringToFront();
      const view = await stage.shows(page, 'stop');
      assert.ok(view.goOnAt);
      assert.equal(await tryToType(stage, page, '#membership', '201234'), '');
      const { text } = await stage.surface(page);
      assert.match(text, /VNC/i, 'the cover names who is connected');
      await page.close();
    });

    it('covers the pages behind the log-in as well', async () => {
      const page = await stage.open(`${BANK}pay/`);
      await page.bringToFront();
      await stage.shows(page, 'stop');
      assert.equal(await tryToType(stage, page, '#amount', '8000'), '');
      await page.close();
    });

    it('does not cover what is no bank', async () => {
      const page = await stage.open('https://www.kettleandcloth.example/');
      await page.bringToFront();
      await holds(
        'the shop is not covered',
        async () => !['waiting', 'pause', 'stop', 'bar'].includes((await stage.view(page)).view),
        1500,
      );
      await page.close();
    });

    it('lets the person back to work when the session has ended', async () => {
      const page = await stage.open(BANK);
      await page.bringToFront();
      await stage.shows(page, 'stop');
      await viewer.stop();
      await stage.shows(page, 'nothing', 5000);
      assert.match(await tryToType(stage, page, '#surname', 'Hartley'), /Hartley$/);
      await page.close();
    });

    it('ends a session when the button is pressed', async () => {
      viewer = await desktop.connect();
      const page = await stage.open(BANK);
      await page.bringToFront();
      await stage.shows(page, 'stop');
      await stage.press(page, stage.words('end_session'));
      await until('the viewer to be cut off', () => !viewer.running(), 8000);
      await stage.shows(page, 'nothing', 8000);
      await page.close();
    });

    it('holds a bank that is on no list once the person was exposed', async () => {
      const again = await stage.startRemoteDesktop();
      const visit = await stage.open('https://anydesk.com/en/downloads/');
      await stage.shows(visit, 'banner');
      const page = await stage.open(UNLISTED);
      await page.bringToFront();
      const guest = await again.connect();
      await stage.shows(page, 'stop', 6000);
      assert.equal(await tryToType(stage, page, '#customer', '4012'), '');
      await guest.stop();
      await page.close();
      await visit.close();
    });
  });
}
