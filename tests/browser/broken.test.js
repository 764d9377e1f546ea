// Bad input: each has a clear, visible outcome; never a silent "safe", never a broken page.

import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BRANDS, EXTENSION, holds, setStage, until } from './harness.js';
import { writeHost } from './host.js';

const BANK = 'https://www.barclays.co.uk/';
const WASM = 'engine/doorchain_wasm_bg.wasm';

for (const brand of BRANDS) {
  describe(`bad pages in ${brand}`, { timeout: 240_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /** @param {import('./harness.js').Page} page */
    async function verdict(page) {
      const tab = await stage.tab(page);
      return until(
        'a verdict',
        async () => (await stage.memory()).tabs[tab]?.frames[0],
        30_000,
      );
    }

    it('reads 10 MB of prose, stays quiet and keeps the page usable', async () => {
      const page = await stage.open('https://www.longread.example/ten-megabytes/');
      const { level } = await verdict(page);
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
      assert.equal((await verdict(page)).level, 'quiet');
      await page.close();
    });

    it('takes lone surrogates and control characters', async () => {
      const page = await stage.open('https://www.longread.example/broken-text/');
      assert.equal((await verdict(page)).level, 'quiet');
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
  });

  describe(`what was stored is damaged in ${brand}`, { timeout: 240_000 }, () => {
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
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    for (const [what, damage] of Object.entries(DAMAGES)) {
      it(`warns of a scam and covers a bank: ${what}`, async (test) => {
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
    /** @type {import('./harness.js').Stage | undefined} */
    let stage;
    /** @type {string} */
    let folder;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'doorchain-host-'));
    });
    after(async () => {
      await stage?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /**
     * Opens a bank with this companion; gives how the extension calls it and what the popup says.
     * @param {import('./harness.js').StageOptions['companion']} companion
     * @param {string} is
     */
    async function look(companion, is) {
      await stage?.close();
      const here = (stage = await setStage(brand, { companion }));
      const page = await here.open(BANK);
      const health = await until(
        `the companion to be ${is}`,
        async () => {
          const status = await here.status(page);
          if (status.companion.is !== is) throw new Error(JSON.stringify(status.companion));
          return status.companion;
        },
        20_000,
      );
      const popup = await here.popup(page);
      const text = await until('the popup to speak', async () => {
        const text = await popup.evaluate(() => document.body.innerText);
        return text.trim().length > 40 && text;
      });
      const usable = await page.$eval('#surname', (field) => !field.closest('[inert]'));
      assert.ok(usable, 'the page still works');
      return { health, text, page };
    }

    it('says that the companion is missing', async () => {
      const { text } = await look('none', 'missing');
      assert.ok(text.includes(/** @type {any} */ (stage).words('companion_missing')), text);
    });

    it('says that it is broken when it answers garbage', async () => {
      const script = await writeHost(folder, "send(frame('\"what?\"'));");
      const { health, text } = await look({ script }, 'broken');
      assert.equal(health.is, 'broken');
      assert.ok(text.includes(/** @type {any} */ (stage).words('companion_broken')), text);
    });

    it('says so when its report has no known shape', async () => {
      const script = await writeHost(
        folder,
        `send(frame(JSON.stringify(ask.ask === 'hello'
          ? { status: 'ok', version: ask.version, id: ask.id, answer: 'hello', release: '0', system: 'linux' }
          : { status: 'ok', version: ask.version, id: ask.id, answer: 'sessions', report: { state: 17, findings: 'all' } })));`,
      );
      await look({ script }, 'broken');
    });

    it('says so when it sends bytes that are no frame', async () => {
      const script = await writeHost(folder, 'send(Buffer.alloc(64, 0xff));');
      await look({ script }, 'broken');
    });

    it('says so when it dies on every question', async () => {
      const script = await writeHost(folder, 'process.exit(3);');
      await look({ script }, 'broken');
    });

    it('says so when it speaks another version', async () => {
      const script = await writeHost(
        folder,
        "send(frame(JSON.stringify({ status: 'ok', version: 99, id: ask.id, answer: 'hello', release: '9', system: 'linux' })));",
      );
      const { health, text } = await look({ script }, 'wrongVersion');
      assert.deepEqual(health, { is: 'wrongVersion', version: 99 });
      const told = /** @type {any} */ (stage).words('companion_wrongVersion').replace('$1', '99');
      assert.ok(text.includes(told), text);
    });
  });

  /**
   * Sets the stage with a copy of the extension that `spoil` has been at.
   * @param {(extension: string) => Promise<unknown>} spoil
   */
  async function setSpoilt(spoil) {
    const folder = await mkdtemp(join(tmpdir(), 'doorchain-spoilt-'));
    const extension = join(folder, 'extension');
    await cp(EXTENSION, extension, { recursive: true });
    await spoil(extension);
    const stage = await setStage(brand, { extension });
    const close = async () => {
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    };
    return { stage, close };
  }

  describe(`a core that stops in ${brand}`, { timeout: 120_000 }, () => {
    /**
     * Sets the stage with an engine that stops when it hears of one address, so many times.
     * @param {number} times
     */
    const stopping = (times) => setSpoilt(async (extension) => {
      const script = join(extension, 'engine/doorchain_wasm.js');
      const step = 'step(state, event, now) {';
      const text = await readFile(script, 'utf8');
      assert.ok(text.includes(step));
      const stop = `globalThis.stops ??= ${times};
        if (JSON.stringify(event).includes('/one-word/') && globalThis.stops-- > 0) {
          throw new WebAssembly.RuntimeError('unreachable');
        }`;
      await writeFile(script, text.replace(step, step + stop));
    });

    it('goes on with another instance, and knows what was set', async () => {
      const { stage, close } = await stopping(1);
      try {
        await stage.ask({ message: 'change', change: { change: 'voice', on: false }, proof: null });
        await stage.open('https://www.longread.example/one-word/');
        const page = await stage.open('https://primerefund-desk.example/broken-text/');
        assert.equal((await stage.shows(page, 'banner')).level, 'caution');
        assert.equal((await stage.status(page)).settings.voice, false);
      } finally {
        await close();
      }
    });

    it('says that protection is off when the other one stops too', async () => {
      const { stage, close } = await stopping(2);
      try {
        const page = await stage.open('https://www.longread.example/one-word/');
        const why = await until('protection to be off', async () => {
          const answer = await stage.ask({ message: 'status', tab: await stage.tab(page) });
          return answer.answer === 'off' && answer.why;
        });
        assert.equal(why, 'the engine stopped twice');
      } finally {
        await close();
      }
    });
  });

  describe(`a background that is busy in ${brand}`, { timeout: 120_000 }, () => {
    it('is given one reading of a document at a time', async () => {
      const { stage, close } = await setSpoilt(async (extension) => {
        const script = join(extension, 'background/main.js');
        const judge = 'queue.addReading(tab, frame, work)';
        const text = await readFile(script, 'utf8');
        assert.ok(text.includes(judge));
        await writeFile(script, text.replace(judge, 'new Promise(() => {})'));
      });
      try {
        const desk = await stage.desk();
        // Every page of the extension hears what content scripts say to the background.
        await desk.evaluate(() => {
          const heard = /** @type {string[]} */ ((/** @type {any} */ (globalThis).heard = []));
          chrome.runtime.onMessage.addListener(({ message, facts }, { url }) => {
            if (message === 'read') heard.push(`${url} ${facts.text.slice(-20)}`);
          });
        });
        const heard = () => desk.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (globalThis).heard).filter((line) => line.includes('csp.longread')));
        const page = await stage.open('https://csp.longread.example/');
        await page.evaluate(() => setInterval(() => document.body.append(` ${document.body.textContent?.length}a`.replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)])), 100));
        await until('a reading', async () => (await heard()).length > 0);
        await holds('there is no other', async () => (await heard()).length === 1, 8_000);
      } finally {
        await close();
      }
    });
  });

  describe(`a core that does not load in ${brand}`, { timeout: 120_000 }, () => {
    /** @type {[string, (file: string) => Promise<unknown>][]} */
    const breaks = [
      ['is garbage', (file) => writeFile(file, 'not wasm at all')],
      ['is cut short', async (file) => writeFile(file, (await readFile(file)).subarray(0, 4096))],
      ['is not there', (file) => rm(file)],
    ];
    for (const [how, spoil] of breaks) {
      it(`says that protection is off when the wasm file ${how}`, async () => {
        const { stage, close } = await setSpoilt((extension) => spoil(join(extension, WASM)));
        try {
          const page = await stage.open('https://amazon-prime-refunds.example/');
          const answer = await until('an answer', async () =>
            stage.ask({ message: 'status', tab: await stage.tab(page) }),
          );
          assert.equal(answer.answer, 'off');
          assert.ok(answer.why.length > 0);
          const popup = await stage.popup(page);
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
        } finally {
          await close();
        }
      });
    }
  });
}
