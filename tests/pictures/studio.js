// Draws every surface in every state, without a background: the shipped files, a `chrome` that
// knows the words of one language, and one fixed answer. What the background really answers is
// shown by `cargo xtask demo` and judged by the browser tests.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { NOW, PAGES, VIEWS } from './states.js';

/** @typedef {import('puppeteer-core').Browser} Browser */
/** @typedef {import('puppeteer-core').Page} Page */

/**
 * @typedef {object} Mode
 * @property {string} [language] Folder of _locales.
 * @property {boolean} [dark]
 * @property {boolean} [forced] Forced colours.
 * @property {boolean} [rtl] Right to left, with the words of the language.
 * @property {{ width: number, height: number, scale?: number }} [size]
 * @property {boolean} [open] The shadow root is open, so that tools can look into it.
 */

const EXTENSION = new URL('../../extension/', import.meta.url);
/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' };

/** A page with what pages have: a header that stays, a lead, columns of text. */
const WEB_PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fernpost</title><style>
  body{margin:0;font:16px/1.5 Georgia,serif;background:#fff;color:#222}
  header{position:sticky;top:0;background:#24405e;color:#fff;padding:18px 24px;font:600 17px system-ui}
  main{padding:24px;max-width:640px}</style></head>
  <body><dialog aria-label="New letter" style="margin-top:0;width:420px;border:1px solid"><h2>New letter</h2><p><label>To <input></label></p><p><label>Letter <input></label></p></dialog><header>Fernpost</header><main><h1>Your order</h1>${'<p>Thank you for writing to us. We will answer as soon as we can, and in any case within two working days.</p>'.repeat(14)}</main></body></html>`;


/** @param {string} language */
async function messages(language) {
  /** @param {string} name */
  const read = async (name) => JSON.parse(await readFile(new URL(`_locales/${name}/messages.json`, EXTENSION), 'utf8'));
  // A dialect words only what it says otherwise than its language.
  const spoken = await read(language.split('_')[0]);
  return { ...(await read('en')), ...spoken, ...(await read(language)) };
}

/** @param {Browser} browser */
export async function openStudio(browser) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(WEB_PAGE);
      return;
    }
    readFile(new URL(`.${path}`, EXTENSION)).then(
      (file) => {
        response.setHeader('content-type', `${TYPES[extname(path)] ?? 'text/plain'}; charset=utf-8`);
        response.end(file);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = `http://127.0.0.1:${port}/`;
  const style = await readFile(new URL('ui/doorchain.css', EXTENSION), 'utf8');
  const surface = await Promise.all(
    ['content/dom.js', 'content/words.js', 'content/surface.js'].map((path) => readFile(new URL(path, EXTENSION), 'utf8')),
  ).then((scripts) => scripts.join(';'));

  /**
   * @param {Mode} mode
   * @param {number} width
   * @param {unknown} answer
   */
  async function newPage(mode, width, answer) {
    const page = await browser.newPage();
    const { width: wide, height, scale } = mode.size ?? { width, height: 800 };
    await page.setViewport({ width: Math.min(wide, mode.size ? wide : width), height, deviceScaleFactor: scale ?? 1 });
    await page.emulateTimezone('Europe/London');
    const session = await page.createCDPSession();
    await session.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: mode.dark ? 'dark' : 'light' },
        { name: 'prefers-reduced-motion', value: 'reduce' },
        ...(mode.forced ? [{ name: 'forced-colors', value: 'active' }] : []),
      ],
    });
    await page.evaluateOnNewDocument(
      (words, locale, rtl, answer, open, now) => {
        Date.now = () => now;
        /** @param {string} key @param {string | string[]} [parts] */
        const getMessage = (key, parts) =>
          key === '@@ui_locale' ? locale
            : key === '@@bidi_dir' ? (rtl ? 'rtl' : 'ltr')
              : (words[key]?.message ?? '').replace(/\$(\d)/g, (/** @type {string} */ _, /** @type {number} */ n) => [parts ?? []].flat()[n - 1] ?? '');
        const own = /** @type {any} */ (window);
        Object.assign(window, {
          chrome: {
            i18n: { getMessage },
            runtime: { id: 'pictures', sendMessage: async () => { own.answered = true; return answer; }, getURL: (/** @type {string} */ path) => `/${path}`, getManifest: () => ({ version: '0.1.0' }) },
            tabs: { query: async () => [{ id: 1 }], create: async () => {} },
            storage: { local: { get: async () => ({}), set: async () => {}, remove: async (/** @type {string[]} */ keys) => { own.removed = keys; } } },
            permissions: { request: async () => true },
          },
        });
        if (open) {
          const attach = Element.prototype.attachShadow;
          Element.prototype.attachShadow = function (init) { return attach.call(this, { ...init, mode: 'open' }); };
        }
      },
      await messages(mode.language ?? 'en'),
      mode.language === undefined || mode.language === 'en' ? 'en_GB' : mode.language,
      mode.rtl ?? false,
      answer,
      mode.open ?? false,
      NOW,
    );
    return page;
  }

  return {
    /** A view in a web page. @param {string} name @param {Mode} [mode] */
    async view(name, mode = {}) {
      const page = await newPage(mode, 1100, null);
      await page.goto(origin);
      await page.evaluate(`${surface};globalThis.DoorchainSurface = DoorchainSurface;0`);
      if (name === 'banner-dialog') await page.evaluate(() => document.querySelector('dialog')?.showModal());
      await page.evaluate(
        (view, style) => /** @type {any} */ (window).DoorchainSurface.show(view, { style, press: () => {} }),
        VIEWS[name],
        style,
      );
      // The cover that waits says so only after a while.
      if (name === 'cover-waiting') await new Promise((later) => setTimeout(later, 700));
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      return page;
    },

    /** One of the extension's own pages. @param {string} name @param {Mode} [mode] */
    async page(name, mode = {}) {
      const [path, answer, width] = PAGES[name];
      const page = await newPage(mode, width, answer);
      await page.goto(`${origin}${path}`);
      // The answer is there at once; the page draws it when its scripts have run.
      await page.waitForFunction(() => /** @type {any} */ (window).answered && document.querySelector('h1')?.textContent !== '');
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      return page;
    },

    async close() {
      // A browser opens connections ahead of need, which the server would wait for.
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
