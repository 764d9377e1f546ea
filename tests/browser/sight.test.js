// What the browser does not let be seen: pages, private windows, the sites that Firefox keeps
// extensions off. Each is said, and what is seen in a private window is left nowhere.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';
import { reportOf, writeToldHost } from './host.js';

/** @typedef {import('./harness.js').Page} Page */
/** @typedef {import('./harness.js').Stage} Stage */

const TOOL = 'https://anydesk.com/';
const BANK = 'https://www.barclays.co.uk/';
/** Nothing answers at its address. */
const LOST = 'www.lloydsbank.com';
const SCAM = 'https://primerefund-desk.example/broken-text/';

/** Longest that a browser takes to say that nothing can be drawn on a page, in milliseconds. */
const ANSWERS_WITHIN = 2_000;

/** @param {Page} page @param {string} text */
const says = (page, text) =>
  until(`“${text}”`, async () => (await page.evaluate(() => document.body.innerText)).includes(text));

for (const brand of BRANDS) {
  describe(`pages that are kept from us in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {Stage} */
    let stage;
    /** @type {Page} */
    let page;
    before(async () => {
      stage = await setStage(brand, {
        // Its question stands in a part of the browser that no test can press.
        firefoxPrefs: { 'extensions.webextOptionalPermissionPrompts': false },
      });
      page = await stage.open(SCAM);
      await stage.shows(page, 'banner');
      await page.close();
    });
    after(() => stage?.close());

    const badge = async () => (await stage.desk()).evaluate(() => chrome.action.getBadgeText({}));

    it('says so on the button, in the popup and in the settings', async () => {
      assert.ok((await stage.status()).access.sites);
      assert.equal(await badge(), '');
      if (brand === 'chromium') await stage.configure({ hostAccess: 'ON_CLICK' });
      else await (await stage.desk()).evaluate(() => chrome.permissions.remove({ origins: ['<all_urls>'] }));
      await until('it to be known', async () => !(await stage.status()).access.sites);
      await until('the sign on the button', async () => (await badge()) === '×');
      page = await stage.open(SCAM);
      const desk = await stage.desk();
      const texts = await desk.evaluate(async () => {
        const tabs = await chrome.tabs.query({});
        return Promise.all(tabs.map(({ id }) => chrome.action.getBadgeText({ tabId: id })));
      });
      assert.deepEqual([...new Set(texts)], ['×'], 'no tab hides the sign');
      const popup = await stage.popup(page);
      await says(popup, stage.words('access_title'));
      assert.ok(await popup.$eval('#access-give', (button) => button.checkVisibility()));
      await popup.close();
      await stage.killBackground();
      await until('it to be known still', async () => !(await stage.status()).access.sites);
    });

    it('is asked for by the button, and all is as before in the pages that are open', async () => {
      const options = await stage.openOwn('options/options.html');
      await says(options, stage.words('access_title'));
      await options.bringToFront();
      if (brand === 'chromium') {
        // The browser's question cannot be pressed; that it is asked is known by its being there.
        await options.evaluate(() => {
          const own = /** @type {any} */ (window);
          const request = chrome.permissions.request.bind(chrome.permissions);
          chrome.permissions.request = /** @type {any} */ ((/** @type {any} */ wanted) => {
            own.asked = JSON.stringify(wanted);
            own.answer = 'none';
            const asked = /** @type {Promise<boolean>} */ (/** @type {unknown} */ (request(wanted)));
            asked.then((given) => { own.answer = String(given); }, (error) => { own.answer = String(error); });
            return asked;
          });
        });
        await options.click('#access-give');
        await until('the question', () => options.evaluate(() => /** @type {any} */ (window).asked));
        const told = () => options.evaluate(() => [/** @type {any} */ (window).asked, /** @type {any} */ (window).answer]);
        assert.deepEqual(await told(), ['{"origins":["<all_urls>"]}', 'none'], 'it waits for the person');
        await stage.configure({ hostAccess: 'ON_ALL_SITES' });
      } else {
        await options.click('#access-give');
      }
      await until('it to be given', async () => (await stage.status()).access.sites);
      await until('no sign on the button', async () => (await badge()) === '');
      await until('the notice to be gone', () => options.$eval('#access', (part) => /** @type {HTMLElement} */ (part).hidden));
      await options.close();
      await page.bringToFront();
      await stage.shows(page, 'banner');
      await page.close();
    });
  });

  describe(`pages that were open when it was switched on in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /** The element of a page with what a page can see of us: children and style. @param {Page} page */
    const outermost = (page) =>
      page.evaluate(() => {
        const { children, style } = document.documentElement;
        return [...[...children].map(({ localName }) => localName), style.cssText].join(' ').trim();
      });

    /** What a page's one surface has of a button's name. @param {Page} page @param {string} name */
    const buttons = async (page, name) =>
      (await stage.surface(page)).buttons.filter((button) => button.name === name).length;

    it('are warned of and covered once, and nothing is left when that is over', async () => {
      const scam = await stage.open(SCAM);
      await stage.shows(scam, 'banner');
      const tool = await stage.open(TOOL);
      const bank = await stage.open(BANK);
      await stage.shows(bank, 'pause');
      await stage.switchOffAndOn();
      await until('it to be on', async () => (await stage.status()).companion);
      await tool.close();
      for (const [page, kind, name] of /** @type {const} */ ([[bank, 'pause', 'pause_no'], [scam, 'banner', 'dismiss']])) {
        // The page that asks the background went with the extension, and its next one took the front.
        await page.bringToFront();
        await stage.shows(page, kind);
        // One that was here before may come back for as long as it does not know of its end.
        await holds(`one ${kind}`, async () => (await buttons(page, stage.words(name))) <= 1, 1_500);
        await stage.press(page, stage.words(name));
        await stage.shows(page, 'nothing');
        await until('nothing to be left', async () => (await outermost(page)) === 'head body');
        await holds('nothing to come back', async () => (await outermost(page)) === 'head body', 1_500);
        await page.close();
      }
    });

    it('are given back when it is switched off', { skip: brand !== 'chromium' }, async () => {
      const scam = await stage.open(SCAM);
      await stage.shows(scam, 'banner');
      await stage.switchOff();
      await until('nothing to be left', async () => (await outermost(scam)) === 'head body');
    });
  });

  describe(`private windows in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {Stage} */
    let stage;
    /** @type {Awaited<ReturnType<typeof writeToldHost>>} */
    let host;
    /** @type {string} */
    let folder;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'doorchain-host-'));
      host = await writeToldHost(folder);
      stage = await setStage(brand, { companion: { script: host.script } });
    });
    after(async () => {
      await stage?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('are said to be closed to us, and how to open them', async () => {
      for (const path of ['options/options.html', 'welcome/welcome.html']) {
        const own = await stage.openOwn(path);
        await says(own, stage.words('private_off'));
        await says(own, stage.words(brand === 'firefox' ? 'private_how_firefox' : 'private_how'));
        const offers = await own.$eval('#private-open', (button) => button.checkVisibility());
        assert.equal(offers, brand === 'chromium', 'Firefox opens its page for nobody');
        if (offers) {
          await own.bringToFront();
          await own.click('#private-open');
          const page = await until('the browser’s page', async () =>
            (await stage.browser.pages()).find((page) => page.url() === `chrome://extensions/?id=${stage.ids.chromium}`),
          );
          await page.close();
        }
        await own.close();
      }
    });

    it('are watched when they are allowed, and leave nothing behind', async () => {
      await stage.allowPrivateWindows();
      const scam = await stage.openPrivate(SCAM);
      const bank = await stage.openPrivate(BANK);
      const tab = (/** @type {number} */ id) => stage.memory().then(({ tabs }) => tabs[id]);
      await until('the banner', async () => (await tab(scam))?.shown?.view === 'banner');
      assert.equal((await tab(scam))?.private, true);
      await until('the companion to be asked', async () => (await stage.status()).companion.is === 'well');
      await host.tell({ report: reportOf('proof') });
      await until('the cover', async () => (await tab(bank))?.shown?.view === 'stop');
      const told = (await stage.status()).timeline.map(({ what }) => what.what);
      for (const what of ['warned', 'bankOpened', 'covered', 'sessionBegan']) {
        assert.ok(told.includes(/** @type {any} */ (what)), `${what} in ${told}`);
      }
      const stored = await (await stage.desk()).evaluate(async () => JSON.stringify(await chrome.storage.local.get()));
      assert.ok(stored.includes('sessionBegan'), `what has no private window is kept: ${stored}`);
      for (const trace of ['primerefund', 'arclays', 'warned', 'bankOpened', 'covered']) {
        assert.ok(!stored.includes(trace), `${trace} in ${stored}`);
      }
    });
  });

  describe(`a bank that cannot be covered in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand, {
        chromiumArgs: [`--proxy-bypass-list=${LOST}`, `--host-resolver-rules=MAP ${LOST} 127.0.0.1`],
        firefoxPrefs: {
          // Here is no desktop to hand a notification to; Firefox then draws it itself.
          'alerts.useSystemBackend': false,
          'extensions.quarantinedDomains.enabled': true,
          'extensions.quarantinedDomains.list': 'www.barclays.co.uk',
          'network.proxy.no_proxies_on': LOST,
          'network.dns.localDomains': LOST,
        },
      });
      await stage.open(TOOL);
      await until('the banks to be armed', async () => (await stage.memory()).armed);
    });
    after(() => stage?.close());

    /** @param {string} host */
    const silence = async (host) =>
      Object.values((await stage.memory()).tabs).find((tab) => tab?.host === host)?.silence;

    const raised = async () => (await stage.desk()).evaluate(() => chrome.notifications.getAll());

    it('is not meant where the browser shows that nothing was loaded', async () => {
      const page = await stage.newPage();
      await page.goto(`https://${LOST}/`).catch(() => {});
      await until('the browser to be asked', async () => (await silence(LOST))?.asked);
      await holds('nothing is told', async () => !(await silence(LOST))?.closed, ANSWERS_WITHIN);
      assert.ok(!('uncovered' in (await raised())));
      await page.close();
    });

    it('is told of by a notice, in the popup and in what happened', { skip: brand !== 'firefox' }, async () => {
      const page = await stage.open(BANK);
      await until('the notice', async () => 'uncovered' in (await raised()));
      assert.equal((await stage.view(page)).view, 'pause');
      assert.equal((await stage.surface(page)).shown, false, 'nothing is drawn there');
      const { timeline } = await stage.status();
      const told = timeline.map(({ what }) => what.what);
      assert.ok(told.includes('uncovered') && !told.includes('covered'), told.join());
      const popup = await stage.popup(page);
      await says(popup, stage.words('popup_unseen'));
      await popup.close();
      await page.close();
    });
  });
}
