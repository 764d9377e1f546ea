// A page that shares the screen, in Chromium: noticed once there is a reason to look.
// Firefox tells the background by itself, and asks the person in a window of its own that
// no test can answer.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, setStage, until } from './harness.js';

const TOOL = 'https://anydesk.com/';
const MEETING = 'https://www.jotter.example/';
const BANK = 'https://www.barclays.co.uk/';

describe('a page that shares the screen', { timeout: 120_000, skip: !BRANDS.includes('chromium') }, () => {
  /** @type {import('./harness.js').Stage} */
  let stage;
  before(async () => {
    stage = await setStage('chromium', {
      chromiumArgs: ['--auto-select-desktop-capture-source=Entire screen', '--auto-accept-this-tab-capture'],
    });
  });
  after(() => stage?.close());

  /** @param {import('./harness.js').Page} page @param {boolean} live */
  const told = (page, live) =>
    until(`the page to ${live ? 'share' : 'have shared'} the screen`, async () => {
      const { tabs } = await stage.memory();
      const tab = tabs[await stage.tab(page)];
      return tab && tab.sharing.length > 0 === live;
    });

  it('holds the bank for as long as it shares', async () => {
    const tool = await stage.open(TOOL);
    await until('the banks to be armed', async () => (await stage.memory()).armed);
    const meeting = await stage.open(MEETING);
    await meeting.bringToFront();
    await meeting.evaluate(async () => {
      // Chromium's own option: without it, it would ask which screen, in a window of its own.
      const options = /** @type {DisplayMediaStreamOptions} */ ({ preferCurrentTab: true });
      /** @type {any} */ (window).stream = await navigator.mediaDevices.getDisplayMedia(options);
    });
    await told(meeting, true);
    const bank = await stage.open(BANK);
    await stage.shows(bank, 'pause');
    const view = await stage.view(bank);
    assert.equal(view.view, 'pause');
    assert.ok(view.view === 'pause' && view.exposure.includes('sharesScreen'), JSON.stringify(view));
    // Without an event: the page ends its tracks by itself.
    await meeting.evaluate(() => {
      for (const track of /** @type {any} */ (window).stream.getTracks()) track.stop();
    });
    await told(meeting, false);
    await tool.close();
  });

  for (const source of ['', 'srcdoc', 'blob'])
    it(`is noticed in a frame without an address, ${source || 'an empty one'}`, async (test) => {
      await until('the banks to be armed', async () => (await stage.memory()).armed);
      const meeting = await stage.open(MEETING);
      test.after(() => meeting.close());
      await meeting.bringToFront();
      await meeting.evaluate(async (source) => {
        const frame = document.createElement('iframe');
        frame.allow = 'display-capture';
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
        if (source === 'srcdoc') frame.srcdoc = '<p>';
        if (source === 'blob') frame.src = URL.createObjectURL(new Blob(['<p>'], { type: 'text/html' }));
        document.body.append(frame);
        // An empty one is there at once, and is asked at once.
        if (source) await loaded;
        const options = /** @type {DisplayMediaStreamOptions} */ ({ preferCurrentTab: true });
        await frame.contentWindow?.navigator.mediaDevices.getDisplayMedia(options);
      }, source);
      await told(meeting, true);
    });
});
