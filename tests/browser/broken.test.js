// Bad input: each has a clear, visible outcome; never a silent "safe", never a broken page.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';
import { writeTaughtHost } from './host.js';

const BANK = 'https://www.barclays.co.uk/';
const SHOP = 'https://www.kettleandcloth.example/';
const WASM = 'engine/doorchain_wasm_bg.wasm';

/**
 * How the extension calls its companion, and what the popup says of it at a bank.
 * @param {import('./harness.js').Stage} stage
 * @param {import('./harness.js').Page} page
 * @param {string} is
 */
async function look(stage, page, is) {
  const health = await until(`the companion to be ${is}`, async () => {
    const { companion } = await stage.status(page);
    if (companion.is !== is) throw new Error(JSON.stringify(companion));
    return companion;
  });
  const popup = await stage.popup(page);
  const text = await until('the popup to speak', async () => {
    const text = await popup.evaluate(() => document.body.innerText);
    return text.trim().length > 40 && text;
  });
  await popup.close();
  const usable = await page.$eval('#surname', (field) => !field.closest('[inert]'));
  assert.ok(usable, 'the page still works');
  return { health, text };
}

for (const brand of BRANDS) {
  describe(`bad pages, damaged storage and no companion in ${brand}`, { timeout: 480_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    it('says that the companion is missing', async (test) => {
      const page = await stage.open(BANK);
      test.after(() => page.close());
      const { text } = await look(stage, page, 'missing');
      assert.ok(text.includes(stage.words('companion_missing')), text);
    });

    it('reads 10 MB of prose, stays quiet and keeps the page usable', async () => {
      const page = await stage.open('https://www.longread.example/ten-megabytes/');
      const { level } = await stage.judged(page);
      assert.equal(level, 'quiet');
      // It still does what its own script and its reader want.
      await page.evaluate(() => {
        const button = document.createElement('button');
        button.id = 'press';
        button.textContent = 'A change that has to be read';
        button.addEventListener('click', () => button.remove());
        document.body.prepend(button);
      });
      await page.click('#press');
      assert.equal(await page.$('#press'), null);
      await page.keyboard.press('End');
      await until('the end of the page', () => page.evaluate(() => scrollY > 10_000));
      await page.close();
    });

    it('warns of a scam that 10 MB of prose follow', async () => {
      const page = await stage.open('https://primerefund-desk.example/ten-megabytes/');
      const view = await stage.shows(page, 'banner', 30_000);
      assert.equal(view.level, 'caution');
      await page.close();
    });

    it('takes one word of 10 MB', async () => {
      const page = await stage.open('https://www.longread.example/one-word/');
      assert.equal((await stage.judged(page)).level, 'quiet');
      await page.close();
    });

    it('takes lone surrogates and control characters', async () => {
      const page = await stage.open('https://www.longread.example/broken-text/');
      assert.equal((await stage.judged(page)).level, 'quiet');
      await page.close();
    });

    it('warns of a scam between lone surrogates and control characters', async () => {
      const page = await stage.open('https://primerefund-desk.example/broken-text/');
      assert.equal((await stage.shows(page, 'banner')).level, 'caution');
      await page.close();
    });

    it('goes on with everything while a page asks whether it is to be left', async (test) => {
      const tool = await stage.open('https://anydesk.com/');
      test.after(() => tool.close());
      const page = await stage.open(BANK);
      test.after(() => page.isClosed() || page.close());
      const answered = new Promise((resolve) => page.on('dialog', (dialog) => resolve(dialog.dismiss())));
      await stage.shows(page, 'pause');
      await page.evaluate(async () => {
        const frame = document.createElement('iframe');
        frame.srcdoc = '<p>';
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
        document.body.append(frame);
        await loaded;
        frame.contentWindow?.addEventListener('beforeunload', (event) => event.preventDefault());
      });
      await stage.press(page, stage.words('leave'));
      // Firefox does not ask where an extension closes a tab.
      if (brand === 'chromium') await answered;
      else await until('the page to be gone', () => page.isClosed());
      const other = await stage.open(BANK);
      test.after(() => other.close());
      await stage.shows(other, 'pause');
    });

    it('warns of a scam with bytes that are not of its character set', async () => {
      const page = await stage.open('https://primerefund-desk.example/wrong-bytes/');
      assert.equal((await stage.shows(page, 'banner')).level, 'caution');
      await page.close();
    });

    /** @type {Record<string, (desk: import('./harness.js').Page) => Promise<void>>} */
    const DAMAGES = {
      'the settings': (desk) =>
        desk.evaluate(async () => {
          const { settings } = await chrome.storage.local.get('settings');
          await chrome.storage.local.set({ settings: { .../** @type {object} */ (settings), voice: 'yes' } });
        }),
      'the memory': (desk) => desk.evaluate(() => chrome.storage.session.set({ memory: { tabs: 7 } })),
      both: (desk) =>
        desk.evaluate(async () => {
          await chrome.storage.local.set({ settings: 'none' });
          await chrome.storage.session.set({ memory: [] });
        }),
    };
    for (const [what, damage] of Object.entries(DAMAGES)) {
      it(`warns of a scam and covers a bank where what was stored is damaged: ${what}`, async (test) => {
        const tool = await stage.open('https://anydesk.com/');
        test.after(() => tool.close());
        await until('the banks to be armed', async () => (await stage.memory()).armed);
        const desk = await stage.desk();
        await until('the damage', async () => {
          // One that lives writes over it, and may have been started meanwhile.
          await stage.killBackground();
          await damage(desk);
          await stage.killBackground();
          const answer = await stage.ask({ message: 'status', tab: null });
          const { unreadableSettings } = await desk.evaluate(() => chrome.storage.local.get('unreadableSettings'));
          const { memory } = await desk.evaluate(() => chrome.storage.session.get('memory'));
          const seen = what === 'the memory' || unreadableSettings !== undefined;
          return answer.answer === 'status' && seen && memory;
        });
        await desk.evaluate(() => chrome.storage.local.remove('unreadableSettings'));
        const scam = await stage.open('https://amazon-prime-refunds.example/');
        test.after(() => scam.close());
        assert.equal((await stage.shows(scam, 'banner')).level, 'caution');
        const again = await stage.open('https://anydesk.com/en/downloads/');
        test.after(() => again.close());
        await stage.shows(again, 'banner');
        const bank = await stage.open(BANK);
        test.after(() => bank.close());
        await stage.shows(bank, 'pause');
      });
    }
  });

  describe(`a bad companion in ${brand}`, { timeout: 240_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    /** @type {Awaited<ReturnType<typeof writeTaughtHost>>} */
    let host;
    /** @type {import('./harness.js').Page} */
    let page;
    /** @type {string} */
    let folder;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'doorchain-host-'));
      host = await writeTaughtHost(folder);
      stage = await setStage(brand, { companion: { script: host.script } });
      page = await stage.open(BANK);
    });
    after(async () => {
      await stage?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** What a companion answers that is well. */
    const WELL = `send(frame(JSON.stringify({ status: 'ok', version: ask.version, id: ask.id, answer: ask.ask, release: '0', system: 'linux', report: { state: 'none', findings: [], failed: [] } })));`;

    /**
     * Has the companion that was well answer so from now on.
     * @param {string} body
     * @param {string} is
     */
    async function turns(body, is) {
      for (const [answers, becomes] of [[WELL, 'well'], [body, is]]) {
        await host.teach(answers);
        await stage.killBackground();
        await until(`the companion to be ${becomes}`, async () => (await stage.status(page)).companion.is === becomes);
      }
      return look(stage, page, is);
    }

    it('says that it is broken when it answers garbage', async () => {
      const { text } = await turns("send(frame('\"what?\"'));", 'broken');
      assert.ok(text.includes(stage.words('companion_broken')), text);
    });

    it('says so when its report has no known shape', async () => {
      await turns(WELL.replace("state: 'none', findings: []", "state: 17, findings: 'all'"), 'broken');
    });

    it('says so when it sends bytes that are no frame', async () => {
      await turns('send(Buffer.alloc(64, 0xff));', 'broken');
    });

    it('says so when it dies on every question', async () => {
      await turns('process.exit(3);', 'broken');
    });

    it('says so when it speaks another version', async () => {
      const { health, text } = await turns(WELL.replace('ask.version', '99'), 'wrongVersion');
      assert.deepEqual(health, { is: 'wrongVersion', version: 99 });
      const told = stage.words('companion_wrongVersion').replace('$1', '99');
      assert.ok(text.includes(told), text);
    });
  });

  describe(`a core that stops in ${brand}`, { timeout: 120_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      // Each background has an engine that stops when it hears of one address, once or twice.
      stage = await setStage(brand, {
        spoil: async (extension) => {
          const script = join(extension, 'engine/doorchain_wasm.js');
          const step = 'step(state, event, now) {';
          const text = await readFile(script, 'utf8');
          assert.ok(text.includes(step));
          const stop = `const heard = JSON.stringify(event);
            if (heard.includes('${SHOP}')) {
              globalThis.stops ??= heard.includes('?twice') ? 2 : 1;
              if (globalThis.stops-- > 0) throw new WebAssembly.RuntimeError('unreachable');
            }`;
          await writeFile(script, text.replace(step, step + stop));
        },
      });
    });
    after(() => stage?.close());

    it('goes on with another instance, and knows what was set', async (test) => {
      await stage.ask({ message: 'change', change: { change: 'voice', on: false }, proof: null });
      const shop = await stage.open(SHOP);
      test.after(() => shop.close());
      const page = await stage.open('https://primerefund-desk.example/broken-text/');
      test.after(() => page.close());
      assert.equal((await stage.shows(page, 'banner')).level, 'caution');
      assert.equal((await stage.status(page)).settings.voice, false);
    });

    it('says that protection is off when the other one stops too', async () => {
      await stage.killBackground();
      const page = await stage.open(`${SHOP}?twice`);
      const why = await until('protection to be off', async () => {
        const answer = await stage.ask({ message: 'status', tab: await stage.tab(page) });
        return answer.answer === 'off' && answer.why;
      });
      assert.equal(why, 'the engine stopped twice');
    });
  });

  describe(`a background that is busy in ${brand}`, { timeout: 120_000 }, () => {
    it('is given one reading of a document at a time', async () => {
      const stage = await setStage(brand, {
        spoil: async (extension) => {
          const script = join(extension, 'background/main.js');
          const judge = 'queue.addReading(tab, frame, work)';
          const text = await readFile(script, 'utf8');
          assert.ok(text.includes(judge));
          await writeFile(script, text.replace(judge, 'new Promise(() => {})'));
        },
      });
      try {
        const heard = await stage.hear();
        const readings = async () =>
          (await heard()).filter(({ message, url }) => message.message === 'read' && url.includes('csp.longread'));
        const page = await stage.open('https://csp.longread.example/');
        await page.evaluate(() => setInterval(() => document.body.append(` ${document.body.textContent?.length}a`.replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)])), 100));
        await until('a reading', async () => (await readings()).length > 0);
        await holds('there is no other', async () => (await readings()).length === 1, 5_000);
      } finally {
        await stage.close();
      }
    });
  });

  describe(`a core that does not load in ${brand}`, { timeout: 120_000 }, () => {
    /** @type {[string, (file: string, whole: Buffer) => Promise<unknown>][]} */
    const breaks = [
      ['is garbage', (file) => writeFile(file, 'not wasm at all')],
      ['is cut short', (file, whole) => writeFile(file, whole.subarray(0, 4096))],
      ['is not there', (file) => rm(file)],
    ];
    /** @type {import('./harness.js').Stage} */
    let stage;
    let file = '';
    /** @type {Buffer} */
    let whole;
    before(async () => {
      // Broken from the start the first time, and in the course of a day then.
      stage = await setStage(brand, {
        spoil: async (extension) => {
          whole = await readFile(join(extension, WASM));
          await writeFile(join(extension, WASM), '');
        },
      });
      file = join(stage.extension, WASM);
    });
    after(() => stage?.close());

    for (const [how, spoil] of breaks) {
      it(`says that protection is off when the wasm file ${how}`, async (test) => {
        await spoil(file, whole);
        await stage.killBackground();
        const page = await stage.open('https://amazon-prime-refunds.example/');
        test.after(() => page.close());
        const answer = await stage.ask({ message: 'status', tab: await stage.tab(page) });
        assert.equal(answer.answer, 'off');
        assert.ok(answer.why.length > 0);
        const popup = await stage.popup(page);
        test.after(() => popup.close());
        const off = stage.words('off_title');
        const text = await until('the popup to say so', async () => {
          const text = await popup.evaluate(() => document.body.innerText);
          return text.includes(off) && text;
        });
        // It tries again meanwhile, and may fail in other words.
        assert.notEqual(await popup.$eval('#off-reason', (why) => why.textContent), '', `it says why: ${text}`);
        const badge = await popup.evaluate(() => chrome.action.getBadgeText({}));
        assert.notEqual(badge, '', 'the toolbar button shows it too');
        assert.equal(await page.evaluate(() => document.readyState !== 'loading'), true);
        await writeFile(file, whole);
        await stage.killBackground();
        await until('protection to be on again', async () => (await stage.status(page)) && (await popup.evaluate(() => chrome.action.getBadgeText({}))) === '');
      });
    }
  });
}
