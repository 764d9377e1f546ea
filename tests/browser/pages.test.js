// What pages and typed text are warned of, and what stays quiet.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';

/** @typedef {import('./harness.js').Page} Page */
/** @typedef {import('./harness.js').Stage} Stage */

/** Beyond the time after which a changed page is read again, in milliseconds. */
const READ = 3_000;

/** Beyond the time in which what was read is judged, in milliseconds. */
const JUDGED = 500;

/** A scam that a page writes into a window of its own. */
const WRITTEN = `<!doctype html><title>Amazon Prime</title><h1>Amazon Prime</h1>
  <p>Your Amazon Prime subscription renews today for £399.99. If you did not make this purchase call
  Amazon customer service now on 0800 123 4567. Our technician will help you to install AnyDesk and
  give us the code so that we can refund you.</p>`;

for (const brand of BRANDS) {
  describe(`pages in ${brand}`, { timeout: 300_000 }, () => {
    /** @type {Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /**
     * @param {Page} page
     * @param {RegExp} words Must be among the page's words that the warning names.
     */
    async function cautioned(page, words) {
      const view = await stage.shows(page, 'banner');
      assert.equal(view.level, 'caution');
      assert.ok(
        new Set(view.reasons.map((reason) => reason.kind)).size >= 2,
        `two kinds of reason: ${JSON.stringify(view.reasons)}`,
      );
      const quoted = view.reasons.flatMap((reason) => reason.words.map(({ text }) => text));
      assert.match(quoted.join('\n'), words);
      const visible = await page.evaluate(() => document.documentElement.textContent ?? '');
      for (const quote of quoted) {
        const bare = (/** @type {string} */ text) => text.replace(/\s+/g, ' ').trim();
        if (page.frames().length === 1) {
          assert.ok(bare(visible).includes(bare(quote)), `the page says “${quote}”`);
        }
      }
      // A page that loads in parts is read again, and what is told of it is drawn a moment later.
      await until('the first reason in the banner', async () => {
        const { reasons } = await stage.shows(page, 'banner');
        const sentence = stage.words(`reason_${reasons[0]?.code}`);
        assert.ok(sentence, `_locales words ${reasons[0]?.code}`);
        const { text } = await stage.surface(page);
        assert.ok(text.includes(sentence), `the banner says “${sentence}”: ${text}`);
        return true;
      });
      return view;
    }

    // The innocents first: once the profile was exposed, a bank is held, which is another test's matter.
    for (const [what, url] of /** @type {const} */ ([
      ['a shop', 'https://www.kettleandcloth.example/'],
      ['a newspaper article about this very scam', 'https://www.harbourgazette.example/'],
      ['a bank’s own advice', 'https://www.barclays.co.uk/security/remote-access-scams/'],
      ['a bank’s log-in', 'https://www.barclays.co.uk/'],
      ['a bank on no list', 'https://www.thornbury-mutual.example/'],
      ['the shop’s own help', 'https://www.amazon.co.uk/gp/help/'],
      ['the shop’s own renewal notice and sign-in', 'https://www.amazon.co.uk/'],
      ['a long read', 'https://csp.longread.example/'],
    ])) {
      it(`stays quiet about ${what}`, async () => {
        const page = await stage.open(url);
        await stage.judged(page);
        const status = await stage.status(page);
        assert.equal((await stage.view(page)).view, 'nothing', JSON.stringify(status.reasons));
        assert.equal(status.level, 'quiet');
        assert.equal((await stage.surface(page)).shown, false);
        await page.close();
      });
    }

    it('forgets a bank whose tab the browser puts to sleep', async () => {
      const page = await stage.open('https://www.barclays.co.uk/');
      await stage.judged(page);
      const tab = await stage.tab(page);
      await until('the bank to be known', async () => (await stage.memory()).following);
      const desk = await stage.desk();
      await desk.bringToFront();
      const asleep = await desk.evaluate(async (tab) => (await chrome.tabs.discard(tab))?.id ?? tab, tab);
      await until('it to be forgotten', async () => {
        const { tabs, following } = await stage.memory();
        return !tabs[tab] && !tabs[asleep] && !following;
      });
      await desk.evaluate((tab) => chrome.tabs.remove(tab), asleep);
    });

    it('forgets at its start the tabs that are gone', async () => {
      const page = await stage.open('https://www.barclays.co.uk/');
      await stage.judged(page);
      const tab = await stage.tab(page);
      await stage.killBackground();
      const desk = await stage.desk();
      const gone = 2 ** 30;
      await desk.evaluate(
        async (tab, gone) => {
          const { memory } = /** @type {{ memory: import('./harness.js').Memory }} */ (await chrome.storage.session.get('memory'));
          memory.tabs[gone] = memory.tabs[tab];
          await chrome.storage.session.set({ memory });
        },
        tab,
        gone,
      );
      await stage.status(page);
      await until('it to be forgotten', async () => {
        const { tabs } = await stage.memory();
        return tabs[tab] && !tabs[gone];
      });
      await page.close();
    });

    it('cautions about the fake mail, which loads after the page', async () => {
      const page = await stage.open('https://mail.fernpost.example/');
      await stage.judged(page);
      assert.equal((await stage.view(page)).view, 'nothing', 'the inbox itself is quiet');
      await page.click('#open-prime');
      await cautioned(page, /AnyDesk|Amazon|139/i);
      await page.close();
    });

    for (const query of ['', '?frame']) {
      it(`takes the caution back when another mail is opened (${query || 'in the page'})`, async () => {
        const page = await stage.open(`https://mail.fernpost.example/${query}`);
        await page.click('#open-prime');
        await stage.shows(page, 'banner');
        // The banner makes room for itself, and what is to be clicked moves.
        await until('the other mail', async () => {
          await page.click('#open-choir');
          return page.$eval('main h1', (head) => head.textContent?.startsWith('Choir'));
        });
        await stage.shows(page, 'nothing');
        await page.close();
      });
    }

    it('cautions about the fake mail in a frame of another host', async () => {
      const page = await stage.open('https://mail.fernpost.example/?frame');
      await page.click('#open-prime');
      await cautioned(page, /AnyDesk|Amazon|139/i);
      await page.close();
    });

    it('cautions about the fake refund page', async () => {
      const page = await stage.open('https://amazon-prime-refunds.example/');
      await cautioned(page, /./);
      await page.close();
    });

    it('cautions about the chat once the support agent pushes a tool', async () => {
      const page = await stage.open('https://chat.huddle.example/');
      await cautioned(page, /AnyDesk|access|code/i);
      await page.close();
    });

    it('notices a remote tool’s own page, and no more than that', async () => {
      const page = await stage.open('https://anydesk.com/en/downloads/');
      const view = await stage.shows(page, 'banner');
      assert.equal(view.level, 'notice');
      assert.equal(view.tool, 'AnyDesk');
      await page.close();
    });

    for (const field of ['#note', '#line', '#rich', '#deep']) {
      it(`cautions about what is typed into ${field}`, async () => {
        const page = await stage.open('https://www.jotter.example/');
        await stage.judged(page);
        await page.click(field === '#deep' ? '#host >>> #deep' : field);
        await page.keyboard.type('he says I must install teamviewer to cancel my amazon prime');
        const view = await stage.shows(page, 'banner');
        assert.equal(view.level, 'caution');
        assert.equal(view.typed, true);
        assert.deepEqual(
          view.reasons.flatMap((reason) => reason.words),
          [],
          'what was typed is not kept',
        );
        // An editor is a part of the page, which is read again when it has rested.
        if (field === '#rich') {
          await holds('it is nowhere later', async () => !/install teamviewer/i.test(JSON.stringify(await stage.memory())), READ);
          assert.equal((await stage.view(page)).view, 'banner');
        }
        await page.close();
      });
    }

    it('stays quiet about everyday typing', async () => {
      const page = await stage.open('https://www.jotter.example/');
      await stage.judged(page);
      await page.click('#note');
      await page.keyboard.type('ask Pat about choir, order twine from amazon, renew library books');
      await holds(
        'everyday text is left alone',
        async () => (await stage.view(page)).view === 'nothing',
        1000,
      );
      await page.keyboard.type('. he says I must install teamviewer to cancel my amazon prime');
      await stage.shows(page, 'banner');
      await page.close();
    });

    for (const mail of ['choir', 'parcel', 'library', 'helpdesk']) {
      it(`stays quiet about the mail “${mail}”`, async () => {
        const page = await stage.open('https://mail.fernpost.example/');
        await stage.judged(page);
        const heard = await stage.hear();
        await page.click(`#open-${mail}`);
        const line = await until('the mail', () => page.$eval('#body p:last-of-type', ({ textContent }) => textContent?.trim()));
        const bare = (/** @type {string} */ text) => text.replace(/\s+/g, ' ');
        await until('the mail to be read', async () =>
          (await heard()).some(({ message }) => message.message === 'read' && bare(message.facts.text).includes(bare(line))),
        );
        await holds('no warning', async () => (await stage.view(page)).view === 'nothing', JUDGED);
        // The scam after it shows that this page is watched.
        await page.click('#open-prime');
        await stage.shows(page, 'banner');
        await page.close();
      });
    }

    it('warns on a page whose policy forbids everything', async () => {
      const page = await stage.open('https://csp.primerefund-desk.example/');
      await cautioned(page, /./);
      await page.close();
    });

    for (const kind of ['blob:', 'about:blank']) {
      it(`warns in a window of its own at ${kind}, which a page has written`, async () => {
        const base = await stage.open('https://www.harbourgazette.example/');
        const before = await stage.browser.pages();
        await base.evaluate(
          (kind, html) => {
            const made = kind === 'blob:' ? URL.createObjectURL(new Blob([html], { type: 'text/html' })) : kind;
            const opened = window.open(made);
            if (kind !== 'blob:') {
              opened?.document.write(html);
              opened?.document.close();
            }
          },
          kind,
          WRITTEN,
        );
        const page = await until('the window', async () =>
          (await stage.browser.pages()).find((page) => !before.includes(page)),
        );
        await until('the banner in it', async () => {
          const { shown, text } = await stage.surface(page);
          return shown && text.includes(stage.words('banner_caution_title'));
        });
        await page.close();
        await base.close();
      });
    }

    for (const file of ['page.xhtml', 'page.txt', 'page.svg']) {
      it(`reads ${file} like any other document`, async () => {
        const page = await stage.open(`https://odd.primerefund-desk.example/${file}`);
        const view = await stage.shows(page, 'banner');
        assert.equal(view.level, 'caution');
        await page.close();
      });
    }

    // Chromium's debugger alone tells of listeners and of the top layer.
    const seesInside = { skip: brand !== 'chromium' };

    it('listens to the mouse between two frames while a cover is up, and never else', seesInside, async () => {
      const tool = await stage.open('https://anydesk.com/');
      await until('the visit to be known', async () => (await stage.memory()).armed);
      const page = await stage.newPage();
      const client = await page.createCDPSession();
      /** @type {number | undefined} */
      let world;
      client.on('Runtime.executionContextCreated', ({ context }) => {
        if (context.origin.includes(stage.ids.chromium)) world = context.id;
      });
      await client.send('Runtime.enable');
      const heard = async () => {
        const { result } = await client.send('Runtime.evaluate', { contextId: world, expression: 'globalThis' });
        const { listeners } = await client.send('DOMDebugger.getEventListeners', { objectId: String(result.objectId) });
        const types = listeners.map(({ type }) => type);
        assert.ok(types.includes('pointermove'), types.join());
        return types.includes('pointerrawupdate');
      };
      await page.goto('https://www.kettleandcloth.example/');
      assert.equal(await heard(), false);
      await page.goto('https://www.barclays.co.uk/');
      await stage.shows(page, 'pause');
      assert.equal(await heard(), true);
      await stage.press(page, stage.words('pause_no'));
      await stage.shows(page, 'nothing');
      assert.equal(await heard(), false);
      await page.close();
      await tool.close();
    });

    it('raises a banner over what comes over it, and for nothing else', seesInside, async () => {
      const page = await stage.open('https://csp.primerefund-desk.example/');
      await stage.shows(page, 'banner');
      const client = await page.createCDPSession();
      let raised = 0;
      client.on('DOM.topLayerElementsUpdated', () => { raised += 1; });
      await client.send('DOM.enable');
      await client.send('DOM.getDocument', { depth: 0 });
      await page.evaluate(() => {
        const details = document.body.appendChild(document.createElement('details'));
        const told = new Promise((done) => details.addEventListener('toggle', done, { once: true }));
        details.open = true;
        return told.then(() => new Promise(requestAnimationFrame));
      });
      await client.send('DOM.getDocument', { depth: 0 });
      assert.equal(raised, 0);
      await page.evaluate(() => {
        const over = document.body.appendChild(document.createElement('div'));
        over.popover = 'manual';
        over.showPopover();
      });
      await until('the banner to be over it', () => raised > 1);
      await page.close();
    });
  });
}
