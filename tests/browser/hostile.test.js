// Pages that fight the warning: every trick of tests/site/hostile/tricks.js against the cover and
// the banner, in both browsers. The surfaces are the shipped files in a browser's own isolated
// world; only the background is left out, so that a trick costs a second.
//
// The outcomes stand in tests/site/hostile/outcomes.tsv; `DOORCHAIN_UPDATE=1` writes them anew
// and fails where they changed, so that the diff is what is looked at.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PNG } from 'pngjs';
import puppeteer from 'puppeteer-core';
import { readOutcomes, writeOutcomes } from '../site/hostile/outcomes.js';
import { TRICKS } from '../site/hostile/tricks.js';
import { BRANDS, ROOT, findProgram } from './harness.js';
import { until } from './wait.js';
import { setViewport } from './viewport.js';

/** @typedef {import('../site/hostile/tricks.js').Trick} Trick */
/** @typedef {'cover' | 'banner'} Surface */

const SIZE = { width: 900, height: 640 };
/** Points of a picture that may differ: a caret, a scroll bar, smoothed edges. */
const SLACK = 0.02;
/** @type {Record<Surface, import('../../extension/types.js').View>} */
const VIEWS = {
  cover: {
    view: 'stop',
    bank: 'Northgate',
    sessions: [{ name: 'TeamViewer', since: null }],
    // Strict, so that no count changes the picture.
    goOnAt: null,
    bankPhone: '159',
    ending: 'possible',
  },
  banner: {
    view: 'banner',
    level: 'caution',
    reasons: [{ code: 'call_number', kind: 'call', words: [{ text: 'call us', start: 0, end: 7 }] }],
    tool: null,
    typed: false,
  },
};

/** The trick whose page has 100,000 elements. */
const LARGE = 'popover in a shadow root among many elements';
/** Longest until its pop-up is covered again, in milliseconds; a machine that is not busy takes a second at most. */
const SOON = 8_000;
/** Longest that the cover may hold up a timer of that page, in milliseconds; on a machine that is not busy it is a tenth at most. */
const HELD = 1_000;

/** Longest until a surface is drawn, in milliseconds. */
const DRAWN = 10_000;
/** Likewise where none is expected: more than the second after which a document without a load event gets one. */
const NEVER_DRAWN = 2_000;

/** Tricks that never end, for which one good picture is not enough. */
const ENDLESS = /, for ever$|, at each frame$| on and on$| in a loop$|^focus stolen/;
/** How many pictures of such a fight are taken, of which most must be good. */
const PICTURES = 10;

const filter = new RegExp(process.env.DOORCHAIN_TRICK ?? '');
const update = process.env.DOORCHAIN_UPDATE === '1';

/** The shipped surface with a script that draws what the address asks for. */
async function bench() {
  const folder = await mkdtemp(join(tmpdir(), 'doorchain-hostile-'));
  for (const part of ['_locales', 'content/dom.js', 'content/words.js', 'content/surface.js']) await cp(join(ROOT, 'extension', part), join(folder, part), { recursive: true });
  const style = await readFile(join(ROOT, 'extension/ui/doorchain.css'), 'utf8');
  await writeFile(
    join(folder, 'bench.js'),
    `{
      const asked = new URL(location.href).searchParams.get('surface');
      const view = asked && ${JSON.stringify(VIEWS)}[asked];
      if (view && top === self) {
        const press = (press) => void chrome.runtime.sendMessage({ press, page: location.href });
        const { showModal } = HTMLDialogElement.prototype;
        HTMLDialogElement.prototype.showModal = function () {
          // No mark in the document: one ends Firefox's view of XML.
          document.dispatchEvent(new Event('raised'));
          showModal.call(this);
        };
        if (asked === 'cover') DoorchainSurface.wait();
        const draw = () => DoorchainSurface.show(view, { style: ${JSON.stringify(style)}, press });
        if (document.readyState === 'complete') draw(); else addEventListener('load', () => setTimeout(draw, 30));
        // A document without scripts has no load event of its own everywhere.
        setTimeout(draw, 1000);
      }
    }`,
  );
  await writeFile(
    join(folder, 'back.js'),
    `(globalThis.browser ?? chrome).runtime.onMessage.addListener(({ press, page }) => void fetch(new URL('/pressed?press=' + press + '&id=' + new URL(page).searchParams.get('id'), page)));`,
  );
  await writeFile(
    join(folder, 'manifest.json'),
    JSON.stringify({
      manifest_version: 3,
      name: 'bench',
      version: '1',
      default_locale: 'en',
      background: { service_worker: 'back.js', scripts: ['back.js'] },
      host_permissions: ['<all_urls>'],
      browser_specific_settings: { gecko: { id: 'bench@doorchain.org' } },
      content_scripts: [{ matches: ['<all_urls>'], js: ['content/dom.js', 'content/words.js', 'content/surface.js', 'bench.js'], run_at: 'document_start' }],
    }),
  );
  return folder;
}

/** Serves each trick's page and hears of presses. */
async function site() {
  /** @type {Map<string, string[]>} */
  const presses = new Map();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const id = url.searchParams.get('id') ?? '';
    if (url.pathname === '/pressed') {
      presses.set(id, [...(presses.get(id) ?? []), url.searchParams.get('press') ?? '']);
      response.end();
      return;
    }
    const trick = TRICKS[Number(url.searchParams.get('trick'))] ?? TRICKS[0];
    response.setHeader('content-type', `${trick.document?.type ?? 'text/html'}; charset=utf-8`);
    response.setHeader('cache-control', 'no-store');
    for (const [name, value] of Object.entries(trick.headers ?? {})) response.setHeader(name, value);
    response.end(trick.document?.body ?? page(trick));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { server, presses, origin: `http://127.0.0.1:${port}` };
}

/** @param {Trick} trick */
function page(trick) {
  const hears = `window.heard=[];for(const type of ['keydown','keyup','keypress','input','beforeinput','paste'])addEventListener(type,(event)=>{if(event.isTrusted)heard.push(type+' '+(event.key??''))},true);window.touched=0;for(const type of ['pointerdown','mousedown','mouseup','click'])addEventListener(type,(event)=>{if(event.isTrusted)touched+=1},true);`;
  return `<!doctype html><html><head><meta charset="utf-8"><script>${hears}${trick.early ? `(${trick.early})()` : ''}</script>
    <style>html,body{margin:0;background:#f0f;color:#f0f}</style></head>
    <body>${trick.html ?? '<main>the page</main><input id="field">'}</body></html>`;
}

/**
 * A PNG in Base64.
 *
 * @param {import('puppeteer-core').Page} tab
 * @param {number} [height] Rows that are wanted; Firefox, which is slow to write a picture, gives no more.
 * @returns {Promise<string>}
 */
async function photograph(tab, height = SIZE.height) {
  const { connection } = /** @type {any} */ (tab.browser());
  if (!connection) return tab.screenshot({ encoding: 'base64', optimizeForSpeed: true });
  const { result } = await connection.send('browsingContext.captureScreenshot', {
    context: /** @type {any} */ (tab.mainFrame())._id,
    origin: 'viewport',
    clip: { type: 'box', x: 0, y: 0, width: SIZE.width, height },
  });
  return result.data;
}

/** @param {string} photograph */
const decoded = (photograph) => PNG.sync.read(Buffer.from(photograph, 'base64'));

/**
 * Share of points that differ in the first `rows` rows.
 *
 * @param {PNG} a
 * @param {PNG} b
 * @param {number} rows
 */
function difference(a, b, rows) {
  let differ = 0;
  const points = a.width * rows;
  for (let at = 0; at < points * 4; at += 4) {
    const far = Math.abs(a.data[at] - b.data[at]) + Math.abs(a.data[at + 1] - b.data[at + 1]) + Math.abs(a.data[at + 2] - b.data[at + 2]);
    if (far > 48) differ += 1;
  }
  return differ / points;
}

/**
 * Whether an outcome is the one in the table, or one of two where a race decides.
 *
 * @param {string} outcome
 * @param {string | undefined} wanted
 */
function fits(outcome, wanted = 'holds') {
  return wanted.split(' or ').includes(outcome);
}

/** Rows that a banner takes at the top: down to where green is gone, in a page that has none. @param {PNG} shot */
function bannerRows(shot) {
  // The first rows are the banner's own coloured line.
  for (let y = 8; y < shot.height; y += 1) {
    const at = (y * shot.width + 8) * 4;
    if (shot.data[at + 1] < 128) return y;
  }
  return shot.height;
}

for (const brand of BRANDS) {
  describe(`hostile pages in ${brand}`, () => {
    /** @type {import('puppeteer-core').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof site>>} */
    let stage;
    /** @type {string} */
    let extension;
    /** @type {Record<Surface, { shot: PNG, rows: number }>} */
    let reference;
    /** Whether the pictures that were met show their surface, by their hashes: most are the same again. @type {Map<string, boolean>} */
    const known = new Map();
    /** @type {Map<string, string>} */
    const outcomes = new Map();
    let id = 0;

    before(async () => {
      stage = await site();
      extension = await bench();
      const executablePath = await findProgram(brand);
      browser =
        brand === 'chromium'
          ? await puppeteer.launch({ executablePath, headless: true, pipe: true, enableExtensions: [extension], args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--hide-scrollbars'] })
          : await puppeteer.launch({ browser: 'firefox', executablePath, headless: true, extraPrefsFirefox: { 'extensions.background.idle.timeout': 600_000, 'ui.useOverlayScrollbars': 1 } });
      if (brand === 'firefox') await browser.installExtension(extension);
      reference = { cover: await still('cover'), banner: await still('banner') };
    });

    after(async () => {
      await browser?.close();
      stage?.server.close();
      await rm(extension, { recursive: true, force: true });
    });

    /**
     * @param {Surface} surface
     * @param {number} trick
     */
    async function open(surface, trick) {
      const tab = await browser.newPage();
      await setViewport(tab, SIZE);
      tab.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}));
      id += 1;
      await tab.goto(`${stage.origin}/?surface=${surface}&trick=${trick}&id=${id}`, { waitUntil: 'domcontentloaded' });
      return { tab, id: String(id) };
    }

    /** The picture of a surface on a page that does nothing. @param {Surface} surface */
    async function still(surface) {
      const { tab } = await open(surface, 0);
      let last = '';
      const shot = await until(`a still picture of the ${surface}`, async () => {
        const next = await photograph(tab);
        const same = last === next;
        last = next;
        if (!same) return null;
        const shot = decoded(next);
        return shot.data[1] < 240 && bannerRows(shot) > 60 ? shot : null;
      });
      await tab.close();
      return { shot, rows: surface === 'cover' ? shot.height : bannerRows(shot) };
    }

    /**
     * @param {import('puppeteer-core').Page} tab
     * @param {Surface} surface
     */
    async function isDrawn(tab, surface) {
      const { shot: wanted, rows } = reference[surface];
      const photo = await photograph(tab, rows);
      const key = `${surface} ${createHash('sha256').update(photo).digest('base64')}`;
      let drawn = known.get(key);
      if (drawn === undefined) {
        const shot = decoded(photo);
        drawn = shot.width === wanted.width && shot.height >= rows && difference(shot, wanted, rows) < SLACK;
        known.set(key, drawn);
      }
      return drawn;
    }

    /**
     * @param {Surface} surface
     * @param {Trick} trick
     * @param {number} at
     * @param {string} [wanted]
     * @returns {Promise<string>} `holds`, or what did not
     */
    async function fight(surface, trick, at, wanted) {
      const { tab, id } = await open(surface, at);
      const longest = wanted === 'not seen' && !update ? NEVER_DRAWN : DRAWN;
      const comes = () => until('the surface', () => isDrawn(tab, surface), longest).then(() => true, () => false);
      try {
        const endless = ENDLESS.test(trick.name);
        const scripted = !trick.document || trick.document.type.includes('html');
        let drawn = await comes();
        if (trick.late) {
          const ran = await tab.evaluate(trick.late).then(() => true, () => false);
          if (!ran) return 'did not run';
          drawn = await comes();
        }
        if (!drawn) {
          if (process.env.DOORCHAIN_SHOTS) await tab.screenshot({ path: join(process.env.DOORCHAIN_SHOTS, `${brand}-${surface}-${at}.png`) });
          return 'not seen';
        }
        if ((stage.presses.get(id) ?? []).length > 0) return 'pressed by the page';
        if (endless) {
          let good = 0;
          for (let taken = 0; taken < PICTURES; taken += 1) if (await isDrawn(tab, surface)) good += 1;
          if (good <= PICTURES / 2) return 'seldom seen';
        }
        if (surface === 'cover') {
          await tab.keyboard.type('secret');
          const got = scripted
            ? await tab.evaluate(() => `${(/** @type {any} */ (window).heard ?? []).join()}${/** @type {HTMLInputElement | null} */ (document.querySelector('#field'))?.value ?? ''}`).catch(() => '')
            : '';
          if (got !== '') return `the page heard ${got.slice(0, 40)}`;
        }
        for (let tries = 0; tries < 8; tries += 1) {
          await tab.keyboard.press('Tab');
          await tab.keyboard.press('Enter');
          const pressed = await until('a press', () => stage.presses.get(id)?.length, 300).then(() => true, () => false);
          if (pressed) break;
        }
        if (!stage.presses.get(id) && surface === 'banner') {
          // A banner shares the keyboard with the page; its first button lies at its lower left.
          // Elsewhere a banner that was taken off at this moment is pressed by nobody.
          const touched = () => tab.evaluate(() => (document.querySelector(':modal') || /** @type {any} */ (window).deafens ? /** @type {any} */ (window).touched : 0)).catch(() => 0);
          const before = await touched();
          // One that is taken away for ever may be away at this moment, and a person tries again.
          const tries = endless ? 8 : 1;
          for (let tried = 0; tried < tries && !stage.presses.get(id); tried += 1) {
            await tab.mouse.click(150, reference.banner.rows - 40);
            if ((await touched()) !== before) return 'the page was pressed';
            await until('a press', () => stage.presses.get(id)?.length, endless ? 500 : 2000).catch(() => {});
          }
        }
        if (!stage.presses.get(id)) return 'no button';
        return (await isDrawn(tab, surface)) || (await until('it', () => isDrawn(tab, surface), 2500).then(() => true, () => false)) ? 'holds' : 'gone later';
      } finally {
        await tab.close({ runBeforeUnload: false }).catch(() => {});
      }
    }

    for (const [at, trick] of TRICKS.entries()) {
      if (!filter.test(trick.name)) continue;
      for (const surface of /** @type {Surface[]} */ (['cover', 'banner'])) {
        if (trick.only && trick.only !== surface) continue;
        it(`${surface}: ${trick.name}`, async (test) => {
          const key = `${trick.name}\t${surface}\t${brand}`;
          const wanted = (await readOutcomes()).get(key);
          let outcome = await fight(surface, trick, at, wanted);
          if (!fits(outcome, wanted)) {
            // As whole files are, but for one trick of 220 not all of them.
            test.diagnostic(`tried once more: ${outcome}`);
            outcome = await fight(surface, trick, at, wanted);
          }
          outcomes.set(key, outcome);
          if (update) return;
          assert.ok(fits(outcome, wanted), `${outcome}, not ${wanted ?? 'holds'}`);
        });
      }
    }

    it('banner: leaves the keys to a dialog of the page', async () => {
      const { tab } = await open('banner', 0);
      await until('the banner', () => isDrawn(tab, 'banner'));
      await tab.evaluate(() => {
        document.body.insertAdjacentHTML('beforeend', '<dialog><button>OK</button></dialog>');
        const dialog = /** @type {HTMLDialogElement} */ (document.querySelector('dialog'));
        dialog.onclick = () => { dialog.title = 'pressed'; };
        dialog.showModal();
      });
      await tab.keyboard.press('Enter');
      await until('the press', () => tab.evaluate(() => document.querySelector('dialog')?.title === 'pressed'), 5000);
      await tab.close();
    });

    it('cover: finds what lies over it on a large page soon, and holds nothing up', async (test) => {
      const at = TRICKS.findIndex(({ name }) => name === LARGE);
      const late = TRICKS[at]?.late;
      assert.ok(late);
      const { tab } = await open('cover', at);
      await until('the cover', () => isDrawn(tab, 'cover'));
      const held = await tab.evaluate(async () => {
        const rest = (/** @type {number} */ ms) => new Promise((rested) => setTimeout(rested, ms));
        let held = 0;
        let last = performance.now();
        setInterval(() => {
          held = Math.max(held, performance.now() - last);
          last = performance.now();
        }, 5);
        await rest(1000);
        held = 0;
        await rest(2000);
        const waited = held;
        const begun = performance.now();
        /** @type {any} */ (window).soon = new Promise((told) => {
          document.addEventListener('raised', () => told(performance.now() - begun), { once: true });
          setTimeout(told, 20_000, Infinity);
        });
        return waited;
      });
      await tab.evaluate(late);
      const soon = await tab.evaluate(() => /** @type {Promise<number>} */ (/** @type {any} */ (window).soon));
      test.diagnostic(`${Math.round(soon)} ms until it was covered again, ${Math.round(held)} ms the longest that a timer waited`);
      assert.ok(soon < SOON, `${soon} ms`);
      assert.ok(held < HELD, `${held} ms`);
      await tab.close();
    });

    if (!update) return;
    it('has the outcomes of the table', async () => {
      const old = await readOutcomes();
      const changed = new Map([...outcomes].filter(([key, outcome]) => !old.has(key) || !fits(outcome, old.get(key))));
      await writeOutcomes(new Map([...old, ...changed]));
      assert.deepEqual(changed, new Map());
    });
  });
}
