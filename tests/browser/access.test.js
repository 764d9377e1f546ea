// WCAG 2.2 AA, as far as axe-core can tell, for every surface in every state and colour scheme;
// and the cover's flow by keyboard and by the accessibility tree.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import puppeteer from 'puppeteer-core';
import { PAGES, VIEWS } from '../pictures/states.js';
import { openStudio } from '../pictures/studio.js';
import { findProgram, until } from './harness.js';

/** @typedef {import('puppeteer-core').Page} Page */

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Rules about a whole page, where a banner is only a part of one that is not ours. */
const OF_THE_PAGE = ['region', 'landmark-one-main', 'page-has-heading-one', 'heading-order', 'bypass'];

describe('accessibility', () => {
  /** @type {import('puppeteer-core').Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof openStudio>>} */
  let studio;
  let axe = '';
  /** @type {Record<string, { message: string }>} */
  let english = {};

  before(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
    english = JSON.parse(await readFile(new URL('../../extension/_locales/en/messages.json', import.meta.url), 'utf8'));
    browser = await puppeteer.launch({
      executablePath: await findProgram('chromium'),
      headless: true,
      pipe: true,
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    });
    studio = await openStudio(browser);
  });

  after(async () => {
    await studio?.close();
    await browser?.close();
  });

  /**
   * @param {Page} page
   * @param {string[]} passed over
   */
  async function faults(page, passed) {
    await page.evaluate(axe);
    return page.evaluate(
      async (tags, passed) => {
        const { violations } = await /** @type {any} */ (window).axe.run(document, {
          runOnly: tags,
          rules: Object.fromEntries(passed.map((rule) => [rule, { enabled: false }])),
        });
        return violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ { html }) => html.slice(0, 100)).join(' | ')}`);
      },
      TAGS,
      passed,
    );
  }

  for (const dark of [false, true]) {
    const scheme = dark ? 'dark' : 'light';
    for (const name of Object.keys(PAGES)) {
      it(`${name}, ${scheme}`, async () => {
        const page = await studio.page(name, { dark });
        assert.deepEqual(await faults(page, []), []);
        await page.close();
      });
    }
    it(`the form that asks for the family PIN, ${scheme}`, async () => {
      const page = await studio.page('settings-pin', { dark });
      await page.click('#switch-voice');
      await page.waitForSelector('dialog[open]');
      assert.equal(await focused(page), 'textbox: Family PIN');
      assert.deepEqual(await faults(page, []), []);
      await page.close();
    });
    for (const name of Object.keys(VIEWS)) {
      it(`${name}, ${scheme}`, async () => {
        const page = await studio.view(name, { dark, open: true });
        assert.ok(await page.evaluate(() => [...document.documentElement.children].some((element) => element.shadowRoot)), 'nothing is drawn');
        assert.deepEqual(await faults(page, OF_THE_PAGE), []);
        await page.close();
      });
    }
  }

  /** Name and role of what has the focus, as an aid sees it. @param {Page} page */
  async function focused(page) {
    const session = await page.createCDPSession();
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    await session.detach();
    const node = nodes.filter(({ properties }) => properties?.some(({ name, value }) => name === 'focused' && value.value === true)).at(-1);
    return `${node?.role?.value}: ${node?.name?.value}`;
  }

  it('the stop takes the focus, keeps it, and is read as an alert', async () => {
    const page = await studio.view('cover-stop-over');
    const session = await page.createCDPSession();
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const roles = nodes.filter(({ ignored }) => !ignored).map(({ role, name }) => `${role?.value}: ${name?.value}`);
    assert.ok(roles.includes('alertdialog: Someone else is in this computer'), roles.join('\n'));
    assert.ok(!roles.some((role) => role.includes('Thank you for writing')), 'the page under it is still read');
    assert.equal(await focused(page), 'heading: Someone else is in this computer');
    const seen = [];
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.press('Tab');
      seen.push(await focused(page));
    }
    assert.deepEqual(seen, ['button: Disconnect them', 'button: Leave this page', 'button: Go on anyway', 'button: Disconnect them']);
    await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    await page.keyboard.up('Shift');
    assert.equal(await focused(page), 'button: Go on anyway');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    assert.equal(await focused(page), 'button: Go on anyway');
    await page.close();
  });

  it('a disconnecting that failed leaves the way out first', async () => {
    const page = await studio.view('cover-stop-failed');
    const seen = [];
    for (let press = 0; press < 2; press += 1) {
      await page.keyboard.press('Tab');
      seen.push(await focused(page));
    }
    assert.deepEqual(seen, ['button: Leave this page', 'button: Try again']);
    await page.close();
  });

  const SMALL = [
    { what: 'a small phone', width: 320, height: 640 },
    // A window of 1024 by 768.
    { what: 'a window at 200 %', width: 512, height: 384 },
  ];
  for (const { what, language, ...size } of ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ja', 'hi'].flatMap((language) => SMALL.map((small) => ({ ...small, language })))) {
    it(`${what} shows the steps and the questions above the buttons, in “${language}”`, async () => {
      for (const name of ['cover-stop', 'cover-stop-long', 'cover-stop-failed', 'cover-pause', 'cover-pause-long']) {
        const page = await studio.view(name, { language, open: true, size });
        const [last, foot] = await page.evaluate(() => {
          const root = [...document.documentElement.children].find((element) => element.shadowRoot)?.shadowRoot;
          const box = (/** @type {string} */ query) => [...(root?.querySelectorAll(query) ?? [])].at(-1)?.getBoundingClientRect();
          return [box('.dc-steps > li, .dc-asks > li')?.bottom ?? NaN, box('.dc-main')?.top ?? NaN];
        });
        assert.ok(last <= foot, `${name}: ${last} is below ${foot}`);
        await page.close();
      }
    });
  }

  it('the cover ends where the page’s scroll bar begins', async () => {
    const wide = await puppeteer.launch({
      executablePath: await findProgram('chromium'),
      headless: true,
      pipe: true,
      args: ['--no-sandbox', '--no-first-run'],
      ignoreDefaultArgs: ['--hide-scrollbars'],
    });
    const studio = await openStudio(wide);
    try {
      const page = await studio.view('cover-stop-over', { open: true, size: { width: 900, height: 500 } });
      const { bar, cover, left, height } = await page.evaluate(() => {
        const root = [...document.documentElement.children].find((element) => element.shadowRoot)?.shadowRoot;
        const box = root?.querySelector('.dc-cover')?.getBoundingClientRect();
        return { bar: innerWidth - document.documentElement.clientWidth, cover: box?.right, left: document.documentElement.clientWidth, height: box?.height };
      });
      assert.ok(bar > 0, 'the page has a scroll bar that takes room');
      assert.deepEqual({ cover, height }, { cover: left, height: 500 });
    } finally {
      await studio.close();
      await wide.close();
    }
  });

  it('buttons, switches and fields are 44 px high to press', async () => {
    for (const name of ['banner-caution', 'cover-stop-over', 'popup-caution', 'popup-stop', 'settings', 'settings-pin-goes', 'happened', 'welcome']) {
      const page = await (name in VIEWS ? studio.view(name, { open: true }) : studio.page(name));
      const { count, low } = await page.evaluate(() => {
        const root = [...document.documentElement.children].find((element) => element.shadowRoot)?.shadowRoot ?? document;
        const all = [...root.querySelectorAll('button, select, input:not([type=checkbox]), a.dc-button, label.dc-check')].filter((element) => element.checkVisibility());
        const low = all.filter((element) => {
          element.scrollIntoView({ block: 'center' });
          const { left, top, width, height } = element.getBoundingClientRect();
          return ![-21.5, 21.5].every((off) => element.contains(root.elementFromPoint(left + width / 2, top + height / 2 + off)));
        });
        return { count: all.length, low: low.map((element) => element.outerHTML.slice(0, 80)) };
      });
      assert.ok(count > 1, `${name}: ${count}`);
      assert.deepEqual(low, [], name);
      await page.close();
    }
  });

  it('a banner stands at the foot while a dialog of the page holds the top, and goes back', async () => {
    const page = await studio.view('banner-dialog', { open: true });
    const place = () =>
      page.evaluate(() => {
        const root = [...document.documentElement.children].find((element) => element.shadowRoot)?.shadowRoot;
        const { top, bottom } = root?.querySelector('.dc-banner')?.getBoundingClientRect() ?? { top: NaN, bottom: NaN };
        return { top, foot: innerHeight - bottom, margin: document.documentElement.style.marginTop };
      });
    const { foot, margin } = await place();
    assert.deepEqual({ foot, margin }, { foot: 0, margin: '' });
    await page.evaluate(() => document.querySelector('dialog')?.close());
    await until('the banner at the top', async () => {
      const { top, margin } = await place();
      return top === 0 && margin !== '';
    });
    await page.close();
  });

  it('a page that waits for an answer can be left', async () => {
    const page = await studio.view('cover-waiting', { open: true });
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'button: Leave this page');
    await page.keyboard.press('Enter');
    await until('the page to be left', () => page.url() === 'about:blank');
    await page.close();
  });

  it('clearing takes what lies beside the core’s own only once the core has cleared', async () => {
    for (const [state, removed] of /** @type {const} */ ([
      ['settings', undefined],
      ['settings-bare', ['checklist', 'unreadableSettings']],
    ])) {
      const page = await studio.page(state);
      await page.click('#forget');
      await page.click('#forget-sure');
      await page.evaluate(() => new Promise((later) => setTimeout(later)));
      assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).removed), removed, state);
      await page.close();
    }
  });

  it('the form that asks for the family PIN tells what came of it', async () => {
    for (const [wrong, after, key] of /** @type {const} */ ([
      [2, { wrong: 0 }, ''],
      [2, { wrong: 3 }, 'pin_wrong'],
      // A change that needs none, in the meantime.
      [2, { wrong: 2 }, ''],
      [2, { wrong: 2, refused: true }, 'frozen'],
      [0, { wrong: 0, refused: true }, 'frozen'],
      [0, 'off', 'off_why'],
    ])) {
      const page = await studio.page('settings-pin');
      await page.evaluate(
        (wrong, after) => {
          const real = chrome.runtime.sendMessage;
          /** @type {any} */ (chrome.runtime).sendMessage = async (/** @type {any} */ message) => {
            const answer = structuredClone(await /** @type {any} */ (real)(message));
            answer.status.pin.wrong = wrong;
            /** @type {any} */ (window).renewed = true;
            if (message.message !== 'change') return answer;
            if (after === 'off') return { answer: 'off', why: 'gone' };
            answer.status.pin.wrong = after.wrong;
            if ('refused' in after) answer.status.timeline.push({ at: Date.now(), what: { what: 'refused' } });
            return answer;
          };
        },
        wrong,
        after,
      );
      // The page asks anew once a second.
      await page.waitForFunction(() => /** @type {any} */ (window).renewed);
      await page.click('#switch-voice');
      await page.waitForSelector('dialog[open]');
      await page.type('#pin-field', '4071');
      await page.keyboard.press('Enter');
      const said = await until('an answer', () =>
        page.evaluate(() => {
          const told = document.getElementById('pin-told');
          return told ? told.textContent && { told: told.textContent } : { told: '' };
        }),
      );
      assert.equal(said.told, key && english[key].message, JSON.stringify([wrong, after]));
      await page.close();
    }
  });

  it('what becomes of the stop is told by a status that stays, and the focus does too', async () => {
    const page = await studio.view('cover-stop', { open: true });
    /** @param {object} change */
    const show = (change) =>
      page.evaluate((view) => {
        /** @type {any} */ (window).DoorchainSurface.show(view, { style: '', press() {} });
        const root = [...document.documentElement.children].find((element) => element.shadowRoot)?.shadowRoot;
        const status = /** @type {any} */ (root?.querySelector('[role=status]'));
        const kept = status.kept;
        status.kept = true;
        return { kept, told: status.textContent };
      }, { ...VIEWS['cover-stop'], ...change });
    await show({ ending: 'possible' });
    await page.keyboard.press('Tab');
    const asked = await show({ ending: 'asked' });
    assert.deepEqual(asked, { kept: true, told: '' });
    assert.match(await focused(page), /^button: /);
    const failed = await show({ ending: 'failed' });
    assert.deepEqual(failed, { kept: true, told: english.ending_failed.message });
    assert.equal(await focused(page), `button: ${english.end_again.message}`);
    await show({ ending: 'asked' });
    assert.deepEqual(await show({ ending: 'cameBack', goOnAt: 1 }), { kept: true, told: english.go_on_now.message });
    assert.deepEqual(await show({ ending: 'failed', goOnAt: 1 }), { kept: true, told: english.ending_failed.message });
    await page.close();
  });

  /**
   * Has what the page is told of change when the person changes something.
   * @param {Page} page
   * @param {Record<string, unknown>} after
   */
  const changes = (page, after) =>
    page.evaluate((after) => {
      const own = /** @type {any} */ (window);
      const real = own.chrome.runtime.sendMessage;
      let changed = false;
      own.chrome.runtime.sendMessage = async (/** @type {any} */ message) => {
        const answer = await real(message);
        changed ||= message.message !== 'status';
        if (!changed) return answer;
        return { ...answer, status: { ...answer.status, ...after, settings: { ...answer.status.settings, .../** @type {any} */ (after).settings } } };
      };
    }, after);

  const PIN = { salt: '', rounds: 600_000, wrong: 0, closedUntil: null };
  for (const { what, state, press, after, then } of [
    { what: 'the alarm is on', state: 'popup-quiet', press: '#alarm-on', after: { alarm: true }, then: /^(alarm|state)-title$/ },
    { what: 'the PIN was forgotten', state: 'settings-pin', press: '#pin-forgot', after: { pin: { ...PIN, goesAt: 1e13 } }, then: /^pin-keep$/ },
    { what: 'the PIN is kept', state: 'settings-pin-goes', press: '#pin-keep', after: { pin: { ...PIN, goesAt: null } }, then: /^pin-head$/ },
    { what: 'the last row is gone', state: 'settings', press: '#sites button', after: { settings: { quietSites: [] } }, then: /^sites-title$/ },
  ]) {
    it(`the focus goes on where ${what}`, async () => {
      const page = await studio.page(state);
      await changes(page, after);
      await page.click(press);
      await until('what comes after', () => page.evaluate((press) => !document.querySelector(press)?.checkVisibility(), press));
      assert.match(await page.evaluate(() => document.activeElement?.id ?? ''), then);
      await page.close();
    });
  }

  it('the settings begin with what their address points to', async () => {
    const page = await studio.page('settings');
    await page.evaluate(() => {
      location.hash = '#forget-title';
      location.reload();
    });
    await until('the part', () => page.evaluate(() => {
      const top = document.getElementById('forget-title')?.getBoundingClientRect().top ?? NaN;
      return scrollY > 100 && top >= 0 && top < innerHeight;
    }));
    await page.close();
  });

  it('strict mode is locked either way while settings are frozen', async () => {
    const page = await studio.page('settings-frozen');
    const open = await page.$$eval('.dc-switch:not(:disabled)', (switches) => switches.map(({ id }) => id));
    assert.deepEqual(open, ['switch-listeners']);
    await page.close();
  });

  it('there is no switch for warnings on a page that cannot be seen', async () => {
    const page = await studio.page('popup-unseen');
    assert.equal(await page.$eval('#site-row', (row) => row.checkVisibility()), false);
    await page.close();
  });

  it('the focus goes back to where it was', async () => {
    const page = await studio.view('banner-notice');
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<input id="field" aria-label="field">');
      document.getElementById('field')?.focus();
    });
    const show = (/** @type {unknown} */ view) => page.evaluate((view) => /** @type {any} */ (window).DoorchainSurface.show(view, { style: '', press() {} }), view);
    await show(VIEWS['cover-stop']);
    assert.equal(await focused(page), 'heading: Someone else is in this computer');
    await show({ view: 'nothing' });
    assert.equal(await focused(page), 'textbox: field');
    await page.close();
  });

  it('a banner leaves the focus alone, is announced, and comes first in the order', async () => {
    const page = await studio.view('banner-caution');
    const session = await page.createCDPSession();
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    assert.ok(nodes.some(({ role, name }) => role?.value === 'alert' && name?.value === 'This looks like a scam'));
    assert.doesNotMatch(await focused(page), /button/);
    await page.keyboard.press('Tab');
    assert.match(await focused(page), /^button: /);
    await page.close();
  });
});
