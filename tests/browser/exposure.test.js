// What the browser itself sees of a caller's way in, and what the person says; without the
// companion, beside it, and with one that knows little.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';
import { reportOf, writeToldHost } from './host.js';

/** @typedef {import('./harness.js').Page} Page */
/** @typedef {import('./harness.js').Stage} Stage */

const BANK = 'https://www.barclays.co.uk/';
const SHOP = 'https://www.kettleandcloth.example/';
/** Where AnyDesk listens, by the catalogue. */
const ANYDESK = 7070;

/** A sentence of the extension with its one name filled in. @param {Stage} stage @param {string} key @param {string} name */
const sentence = (stage, key, name) => stage.words(key).replace('$1', name);

/** Who is allowed, as the options list it. @param {Stage} stage */
const helpers = async (stage) => (await stage.status()).settings.helpers;

/** A stage with a companion that says what the test tells it. @param {import('./harness.js').Brand} brand */
async function setToldStage(brand) {
  const folder = await mkdtemp(join(tmpdir(), 'doorchain-told-'));
  const { script, tell } = await writeToldHost(folder);
  const stage = await setStage(brand, { companion: { script } });
  return {
    stage,
    tell,
    async close() {
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

for (const brand of BRANDS) {
  describe(`exposure in ${brand}`, { timeout: 240_000 }, () => {
    /** @type {Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /** Follows a link to a file from a page that is nobody's concern. @param {string} url */
    async function fetchFile(url) {
      const page = await stage.open(SHOP);
      await page.evaluate((url) => {
        const link = document.createElement('a');
        link.href = url;
        document.body.append(link);
        link.click();
      }, url);
      return page;
    }

    /** What the timeline has of exposure, oldest first. */
    async function exposed() {
      const { timeline } = await stage.memory();
      return timeline.flatMap(({ what }) => (what.what === 'exposed' ? [`${what.how} ${what.tool}`] : []));
    }

    /** The pause that a bank gets, with its words; the person is then alone. @param {string} why */
    async function pauses(why) {
      const page = await stage.open(BANK);
      const view = await stage.shows(page, 'pause');
      const { text } = await stage.surface(page);
      assert.ok(text.includes(why), text);
      await stage.killBackground();
      await stage.press(page, stage.words('pause_no'));
      await stage.shows(page, 'nothing');
      await page.close();
      return view;
    }

    it('takes a file that is no tool for none', async () => {
      const page = await fetchFile('https://files.fernpost.example/get?as=recipes.exe');
      const desk = await stage.desk();
      await until('the download to be seen', () =>
        desk.evaluate(async () => (await chrome.downloads.search({})).some(({ filename }) => filename.endsWith('recipes.exe'))),
      );
      const bank = await stage.open(BANK);
      await holds('the bank is not covered', async () => (await stage.view(bank)).view === 'nothing', 1500);
      assert.deepEqual(await exposed(), []);
      await bank.close();
      await page.close();
    });

    it('asks while a page is open that hands over the screen', async () => {
      const page = await stage.open('https://join.zoho.com/');
      const { exposure } = await pauses(stage.words('pause_why_supportTab'));
      assert.ok(exposure.includes('supportTab'), exposure.join());
      await page.close();
    });

    it('knows a download from a tool’s maker, whatever name the site gives it', async () => {
      const page = await fetchFile('https://anydesk.com/get');
      await until('the download to be seen', async () => (await exposed()).includes('downloaded AnyDesk'));
      await stage.killBackground();
      const { exposure } = await pauses(sentence(stage, 'pause_why_downloaded', 'AnyDesk'));
      assert.ok(exposure.includes('downloaded'), exposure.join());
      await page.close();
    });

    it('knows a tool’s installer by the name that another site gives it', async () => {
      const page = await fetchFile('https://files.fernpost.example/get?as=TeamViewer_Setup_x64.exe');
      await until('the download to be seen', async () => (await exposed()).includes('downloaded TeamViewer'));
      await stage.killBackground();
      const { exposure } = await pauses(sentence(stage, 'pause_why_downloaded', 'TeamViewer'));
      assert.deepEqual(exposure, ['downloaded']);
      await page.close();
    });

    it('covers every bank on the person’s word, until it is taken back', async () => {
      const bank = await stage.open(BANK);
      const popup = await stage.openOwn(stage.ids.popup);
      await stage.killBackground();
      await popup.waitForSelector('#alarm-on', { visible: true });
      await popup.click('#alarm-on');
      await until('the alarm', async () => (await stage.status(bank)).alarm);
      await bank.bringToFront();
      await stage.shows(bank, 'stop');
      const { text } = await stage.surface(bank);
      assert.ok(text.includes(stage.words('stop_title_said')), text);
      await stage.killBackground();
      const second = await stage.open(BANK);
      await stage.shows(second, 'stop');
      await popup.bringToFront();
      await popup.waitForSelector('#alarm-off[disabled]', { visible: true });
      await stage.ageAlarm();
      await popup.bringToFront();
      await popup.waitForSelector('#alarm-off:not([disabled])', { visible: true });
      await popup.click('#alarm-off');
      await until('the alarm to be over', async () => !(await stage.status(bank)).alarm);
      await bank.bringToFront();
      await stage.shows(bank, 'nothing');
      await popup.close();
      await second.close();
      await bank.close();
    });
  });

  describe(`the look at this machine's ports in ${brand}`, { timeout: 240_000 }, () => {
    /** @type {Stage} */
    let stage;
    /** Connections that somebody made to AnyDesk's port. */
    let asked = 0;
    const tool = createServer((socket) => {
      asked += 1;
      // It speaks no HTTP, as the tool itself.
      socket.on('error', () => {}).end('\x16\x03\x01');
    });

    before(async () => {
      // The browser's own question, which no test can answer, is left out; the switch is the person's.
      if (brand === 'firefox') {
        stage = await setStage(brand, { firefoxPrefs: { 'extensions.webextOptionalPermissionPrompts': false } });
        return;
      }
      stage = await setStage(brand, {
        spoil: async (extension) => {
          const path = join(extension, 'manifest.json');
          const manifest = JSON.parse(await readFile(path, 'utf8'));
          manifest.permissions.push(...manifest.optional_permissions);
          delete manifest.optional_permissions;
          await writeFile(path, JSON.stringify(manifest));
        },
      });
    });
    after(async () => {
      await stage?.close();
      tool.close();
    });

    const listen = () => new Promise((done) => tool.listen(ANYDESK, '127.0.0.1', () => done(undefined)));

    it('does not look unless it is switched on', async () => {
      await listen();
      const bank = await stage.open(BANK);
      await until('the bank to be known', async () => (await stage.memory()).timeline.some(({ what }) => what.what === 'bankOpened'));
      await holds('nobody asks the port', () => asked === 0, 1500);
      await bank.close();
      tool.close();
    });

    it('finds nothing where nothing listens', async () => {
      const options = await stage.openOwn('options/options.html');
      const button = await options.waitForSelector('#switch-listeners');
      assert.ok(button);
      await button.click();
      await until('the switch to be on', () => options.$eval('#switch-listeners', (at) => at.getAttribute('aria-checked') === 'true'));
      await options.close();
      const bank = await stage.open(BANK);
      await holds('the bank is not covered', async () => (await stage.view(bank)).view === 'nothing', 2500);
      await bank.close();
    });

    it('looks when a bank is opened and at no other page, and says “is running”', async () => {
      await listen();
      const shop = await stage.open(SHOP);
      await holds('nobody asks the port', () => asked === 0, 1500);
      await shop.close();
      const bank = await stage.open(BANK);
      const { exposure } = await stage.shows(bank, 'pause');
      assert.deepEqual(exposure, ['listening']);
      assert.ok(asked > 0);
      const { text } = await stage.surface(bank);
      assert.ok(text.includes(sentence(stage, 'pause_why_listening', 'AnyDesk')), text);
      assert.ok(!/connected/.test(text), text);
      await bank.close();
    });
  });

  describe(`a companion's word in ${brand}`, { timeout: 240_000 }, () => {
    /** @type {Stage} */
    let stage;
    /** @type {Awaited<ReturnType<typeof setToldStage>>} */
    let host;
    const NONE = { report: { state: 'none', findings: [], failed: [] } };

    before(async () => {
      host = await setToldStage(brand);
      stage = host.stage;
    });
    after(() => host?.close());

    it('asks on weak evidence and never says “is”', async () => {
      const bank = await stage.open(BANK);
      await host.tell({ report: reportOf('weak') });
      const { exposure } = await stage.shows(bank, 'pause');
      assert.deepEqual(exposure, ['mayBeConnected']);
      const { text } = await stage.surface(bank);
      assert.ok(text.includes(stage.words('pause_why_mayBeConnected')), text);
      await host.tell(NONE);
      await stage.killBackground();
      await stage.press(bank, stage.words('pause_no'));
      await stage.shows(bank, 'nothing');
      await bank.close();
    });

    it('holds a pause that is asked when the evidence becomes sure', async () => {
      const visit = await stage.open('https://anydesk.com/en/downloads/');
      await stage.shows(visit, 'banner');
      const bank = await stage.open(BANK);
      await stage.shows(bank, 'pause');
      await stage.killBackground();
      await host.tell({ report: reportOf('proof') });
      await stage.shows(bank, 'stop');
      await visit.close();
      await bank.close();
    });

    it('says that a session could not be ended, and that it came back', async () => {
      const bank = await stage.open(BANK);
      await stage.shows(bank, 'stop');
      for (const [end, button, key] of /** @type {const} */ ([
        [{ gone: false, cameBack: false }, 'end_session', 'ending_failed'],
        [{ gone: true, cameBack: true }, 'end_again', 'ending_came_back'],
      ])) {
        await host.tell({ report: reportOf('proof'), end });
        await stage.killBackground();
        await stage.press(bank, stage.words(button));
        // Which English the browser speaks is its own affair; the first sentence is of both.
        const [said] = stage.words(key).split('.');
        await until(`“${said}”`, async () => {
          const { text } = await stage.surface(bank);
          if (!text.includes(String(said))) throw new Error(text);
          return true;
        });
        await stage.shows(bank, 'stop');
      }
      await bank.close();
    });

    it('ends a session though the background is ended in the middle of it', async () => {
      await host.tell({ report: reportOf('proof') });
      const bank = await stage.open(BANK);
      await stage.shows(bank, 'stop');
      await stage.press(bank, stage.words('end_again'));
      await until('the end to be asked for', async () => (await stage.memory()).ending === 'asked');
      await host.tell({ report: reportOf('proof'), end: { gone: true, cameBack: false }, after: NONE.report });
      await stage.killBackground();
      // The report on what happened is in front now; the visit still is a reason to ask.
      await until('the end of the stop', async () => (await stage.view(bank)).view === 'pause');
      await bank.close();
    });

    it('ends a session from the popup, where no bank is open', async () => {
      await host.tell({ report: reportOf('proof'), end: { gone: false, cameBack: false } });
      const popup = await stage.openOwn(stage.ids.popup);
      const button = () => popup.$eval('#end-session', (end) => end.textContent);
      await popup.waitForSelector('#end-session', { visible: true });
      assert.equal(await button(), stage.words('end_session'));
      await popup.click('#end-session');
      await until('to be offered again', async () => (await button()) === stage.words('end_again'));
      const said = await popup.$eval('#ending', (words) => words.textContent);
      assert.equal(said?.split('.')[0], stage.words('ending_failed').split('.')[0]);
      await host.tell({ report: reportOf('proof'), end: { gone: true, cameBack: false }, after: NONE.report });
      await stage.killBackground();
      await popup.click('#end-session');
      await popup.waitForSelector('#ending-row', { hidden: true });
      await host.tell({ report: reportOf('proof') });
      await popup.close();
    });

    it('lets no helper be allowed while somebody is in the computer', async () => {
      const options = await stage.openOwn('options/options.html');
      await options.waitForSelector('#helper-add[disabled]');
      await stage.ask({ message: 'change', change: { change: 'allowHelper', tool: 'anydesk', minutes: 30 }, proof: null });
      assert.deepEqual(await helpers(stage), []);
      await options.close();
    });
  });

  describe(`an allowed helper in ${brand}`, { timeout: 240_000 }, () => {
    /** @type {Stage} */
    let stage;
    /** @type {Awaited<ReturnType<typeof setToldStage>>} */
    let host;

    before(async () => {
      host = await setToldStage(brand);
      stage = host.stage;
    });
    after(() => host?.close());

    it('is allowed beforehand and stands in the options', async () => {
      const options = await stage.openOwn('options/options.html');
      await options.waitForSelector('#helper-tool option[value="anydesk"]');
      await options.select('#helper-tool', 'anydesk');
      await options.select('#helper-time', '30');
      await options.click('#helper-add');
      const [helper] = await until('the helper', async () => {
        const all = await helpers(stage);
        return all.length > 0 && all;
      });
      assert.equal(helper?.tool, 'anydesk');
      assert.ok(Math.abs(Number(helper?.until) - Date.now() - 30 * 60_000) < 60_000);
      await until('its line', () => options.$eval('#helpers', (list) => list.textContent?.includes('AnyDesk')));
      await options.close();
    });

    it('gets a red bar, and another tool the stop', async () => {
      await host.tell({ report: reportOf('proof') });
      const bank = await stage.open(BANK);
      await stage.shows(bank, 'bar');
      await host.tell({ report: reportOf('proof', 'teamviewer') });
      await stage.shows(bank, 'stop');
      await host.tell({ report: reportOf('proof') });
      await stage.shows(bank, 'bar');
      await bank.close();
    });

    it('is held like anybody when the time is over', async () => {
      const bank = await stage.open(BANK);
      await stage.shows(bank, 'bar');
      const desk = await stage.desk();
      // Half an hour is over in three seconds: the next background reads the settings anew.
      await desk.evaluate(async () => {
        const { settings } = await chrome.storage.local.get('settings');
        const [helper] = /** @type {any} */ (settings).helpers;
        helper.until = Date.now() + 3000;
        await chrome.storage.local.set({ settings });
      });
      await stage.killBackground();
      await stage.shows(bank, 'stop');
      await bank.close();
    });
  });
}
