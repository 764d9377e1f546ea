// The watch over a bank's amounts while somebody is connected: what was changed on this
// computer is told in the red bar, what the bank does itself is not.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';

/** @typedef {import('./harness.js').Page} Page */

const ACCOUNTS = 'https://www.barclays.co.uk/accounts/';

/** Beyond the time in which an answer of the network explains a change, in milliseconds. */
const RESTED = 11_000;
/** Beyond the time for which a change has to stay the only one, in milliseconds. */
const HELD = 6_000;

/**
 * What happens on the page, by a script in it and with another tab in front, so that neither
 * a press nor the focus explains it.
 * @type {Record<'told' | 'quiet', Record<string, () => void>>}
 */
const CHANGES = {
  told: {
    'a balance that a console edits': () => {
      /** @type {HTMLElement} */ (document.querySelector('#balance')).textContent = '£14,812.36';
    },
    'digits that a console edits inside the text': () => {
      const text = /** @type {Text} */ (/** @type {HTMLElement} */ (document.querySelector('#balance')).firstChild);
      text.replaceData(1, 1, '9');
    },
    'a page made editable': () => {
      const balance = /** @type {HTMLElement} */ (document.querySelector('#balance'));
      document.designMode = 'on';
      balance.textContent = '£9,812.36';
    },
    'one element made editable': () => {
      const balance = /** @type {HTMLElement} */ (document.querySelector('#balance'));
      balance.contentEditable = 'true';
      balance.textContent = '£4.812.360,00'.replace('.812.360,00', ',812,360.00');
    },
  },
  quiet: {
    'a ticker': () => {
      const balance = /** @type {HTMLElement} */ (document.querySelector('#balance'));
      let pence = 481_236;
      setInterval(() => {
        pence += 90_000;
        balance.textContent = `£${(pence / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 })}`;
      }, 1000);
    },
    'a balance that hides itself and comes back': () => {
      const balance = /** @type {HTMLElement} */ (document.querySelector('#balance'));
      const was = balance.textContent;
      balance.textContent = '£ • • • •';
      setTimeout(() => {
        balance.textContent = was;
      }, 1500);
    },
    'another currency': () => {
      for (const cell of document.querySelectorAll('.balance, td:last-child')) {
        cell.textContent = (cell.textContent ?? '').replace('£', '€').replace(/\d/g, '7');
      }
    },
    'one amount in another currency': () => {
      /** @type {HTMLElement} */ (document.querySelector('#balance')).textContent = '€5,580.12';
    },
    'interest': () => {
      /** @type {HTMLElement} */ (document.querySelector('#balance')).textContent = '£4,815.90';
    },
    'the bank’s own fetch': () => {
      void fetch('/accounts/?fresh').then((answer) => answer.text()).then(() => {
        /** @type {HTMLElement} */ (document.querySelector('#balance')).textContent = '£14,812.36';
      });
    },
    'a new row': () => {
      document.querySelector('table')?.insertRow(0).append('22 Nov', ' Refund ', '£900.00');
    },
    'dates and numbers of accounts': () => {
      document.body.insertAdjacentHTML('beforeend', '<p id="n">20-44-81 70318829</p>');
      /** @type {HTMLElement} */ (document.querySelector('#n')).textContent = '20-44-82 80318820';
    },
  },
};

for (const brand of BRANDS) {
  describe(`the watch over amounts in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand, { companion: 'real' });
      const desktop = await stage.startRemoteDesktop();
      // A helper who was allowed beforehand gets the bar at once, without the cover's 30 seconds.
      const first = await stage.open('https://www.jotter.example/');
      await stage.ask({ message: 'change', change: { change: 'allowHelper', tool: 'x11vnc', minutes: 60 }, proof: null });
      await until('the helper to be allowed', async () => (await stage.status(first)).settings.helpers.length > 0);
      await first.close();
      await desktop.connect();
    });
    after(() => stage?.close());

    /** @param {Page} page */
    async function isTold(page) {
      const view = await stage.view(page);
      assert.equal(view.view, 'bar', JSON.stringify(view));
      return view.view === 'bar' && view.numbersChanged;
    }

    it('tells of what was changed here, and of nothing else', async () => {
      const cases = Object.entries(CHANGES).flatMap(([outcome, changes]) =>
        Object.entries(changes).map(([what, change]) => ({ told: outcome === 'told', what, change })),
      );
      /** @type {((typeof cases)[number] & { page: Page })[]} */
      const open = [];
      for (const [index, one] of cases.entries()) {
        // The address tells the tabs apart.
        const page = await stage.open(`${ACCOUNTS}?${index}`);
        await stage.shows(page, 'bar');
        open.push({ ...one, page });
      }
      await (await stage.desk()).bringToFront();
      for (const { page } of open) {
        await until('the tab to be behind', () => page.evaluate(() => !document.hasFocus()));
      }
      await holds('nobody changed anything', async () => {
        for (const { page } of open) if (await isTold(page)) return false;
        return true;
      }, RESTED);
      for (const { page, change } of open) await page.evaluate(change);
      for (const { page, what } of open.filter(({ told }) => told)) {
        await until(`“${what}” to be told`, () => isTold(page));
      }
      await holds('the rest is quiet', async () => {
        for (const { page, what } of open.filter(({ told }) => !told)) {
          assert.equal(await isTold(page), false, what);
        }
        return true;
      }, HELD);
      const told = /** @type {Page} */ (open.find(({ told }) => told)?.page);
      await told.bringToFront();
      await until('the bar to say it', async () => (await stage.surface(told)).text.includes(stage.words('bar_numbers')));
      const { timeline } = await stage.status(told);
      assert.ok(timeline.some(({ what }) => what.what === 'numbersChanged'));
    });

    it('is quiet when the person presses something', async () => {
      const page = await stage.open(`${ACCOUNTS}?pressed`);
      await stage.shows(page, 'bar');
      await page.evaluate(() => {
        const button = document.createElement('button');
        button.id = 'show';
        button.textContent = 'Show the other account';
        button.addEventListener('click', () => {
          /** @type {HTMLElement} */ (document.querySelector('#balance')).textContent = '£88,812.36';
        });
        document.querySelector('main')?.prepend(button);
      });
      await page.bringToFront();
      await page.click('#show');
      await holds('the press explains it', async () => !(await isTold(page)), HELD);
    });

    it('hears a press on a page that was opened anew', async () => {
      const page = await stage.open(`${ACCOUNTS}?anew`);
      await stage.shows(page, 'bar');
      await page.evaluate(() => {
        document.open();
        document.write('<title>Accounts</title><p id="balance">£4,812.36</p><button>Show</button>');
        document.close();
        const [balance, button] = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('p, button')]);
        // When the focus explains it no longer.
        const show = () => { if (document.hasFocus()) setTimeout(show, 50); else if (balance) balance.textContent = '£88,812.36'; };
        button?.addEventListener('click', show);
      });
      await holds('nobody changed anything', async () => !(await isTold(page)), RESTED);
      await page.bringToFront();
      // Puppeteer finds nothing to click in such a page in Firefox.
      const [x, y] = await page.$eval('button', (button) => [button.getBoundingClientRect().x + 5, button.getBoundingClientRect().y + 5]);
      await page.mouse.click(Number(x), Number(y));
      await (await stage.desk()).bringToFront();
      await holds('the press explains it', async () => !(await isTold(page)), HELD);
      assert.equal(await page.$eval('#balance', ({ textContent }) => textContent), '£88,812.36');
    });
  });
}
