// While it is quiet, no page can tell that the extension is there: what a page can see is the
// same with it and without it.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BRANDS, setStage } from './harness.js';

/**
 * Runs in the page: everything that a page can look at, as text.
 * @param {string[]} addresses Of the extension's files, if a page can reach them.
 */
async function look(addresses) {
  /** @param {Element | Document | ShadowRoot} root @returns {string} */
  const tree = (root) =>
    [...root.childNodes]
      .map((node) =>
        node instanceof Element
          ? `<${node.outerHTML.slice(0, node.outerHTML.indexOf('>') + 1)}${tree(node)}>`
          : node.nodeName,
      )
      .join('');
  const reached = await Promise.all(
    addresses.map(async (address) => {
      const byFetch = await fetch(address).then(() => true, () => false);
      const byImage = await new Promise((done) => {
        const image = new Image();
        image.onload = () => done(true);
        image.onerror = () => done(false);
        image.src = address;
      });
      const byScript = await new Promise((done) => {
        const script = document.createElement('script');
        script.onload = () => done(true);
        script.onerror = () => done(false);
        script.src = address;
        document.head.append(script);
        script.remove();
        // A policy of the page's may leave it without an event.
        setTimeout(() => done(false), 1000);
      });
      return [address, byFetch, byImage, byScript];
    }),
  );
  return {
    globals: Object.getOwnPropertyNames(globalThis).sort().join(' '),
    documentKeys: Object.getOwnPropertyNames(document).sort().join(' '),
    tree: tree(document),
    sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    highlights: 'highlights' in CSS ? /** @type {any} */ (CSS).highlights.size : 0,
    native: [
      Node.prototype.appendChild, Element.prototype.append,
      HTMLElement.prototype.focus, history.pushState, window.alert,
    ].map((call) => String(call)).join('\n'),
    sharing: String(navigator.mediaDevices?.getDisplayMedia),
    style: ['html', 'body', 'h1', 'textarea']
      .map((name) => document.querySelector(name))
      .map((element) => {
        if (!element) return '';
        const style = getComputedStyle(element);
        return [...style].map((name) => `${name}:${style.getPropertyValue(name)}`).join(';');
      })
      .join('\n'),
    size: `${document.documentElement.scrollWidth} ${document.documentElement.scrollHeight}`,
    focus: document.activeElement?.id,
    arrays: ['push', 'map'].map((name) => String(/** @type {any} */ (Array.prototype)[name])).join(),
    heard: /** @type {any} */ (globalThis).heardByPage.slice().sort(),
    changed: /** @type {any} */ (globalThis).changedByOthers,
    resources: performance.getEntriesByType('resource').map(({ name }) => name)
      .filter((name) => name.includes('extension')),
    reached,
  };
}

/** Runs in the page before any script of its own: listens for everything that others do in it. */
function listen() {
  const heard = /** @type {string[]} */ ([]);
  let changed = 0;
  Object.assign(globalThis, { heardByPage: heard });
  Object.defineProperty(globalThis, 'changedByOthers', { get: () => changed, enumerable: false });
  addEventListener('message', (event) => heard.push(`message ${JSON.stringify(event.data)}`));
  const dispatch = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    heard.push(`dispatched ${event.type}`);
    return dispatch.call(this, event);
  };
  // Each call of these by somebody else would show.
  /** @type {[any, string][]} */
  const calls = [
    [Element.prototype, 'attachShadow'],
    [Document.prototype, 'createElementNS'],
    [Document.prototype, 'elementFromPoint'],
    [EventTarget.prototype, 'addEventListener'],
    [window, 'postMessage'],
  ];
  for (const [object, name] of calls) {
    const own = object[name];
    object[name] = function (/** @type {unknown[]} */ ...given) {
      if (this?.id !== 'host') heard.push(name);
      return own.apply(this, given);
    };
  }
  addEventListener('error', ({ message }) => heard.push(`error ${message}`), true);
  document.addEventListener('securitypolicyviolation', () => heard.push('policy'));
  addEventListener('load', () => {
    new MutationObserver((records) => {
      changed += records.length;
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

for (const brand of BRANDS) {
  describe(`a quiet extension in ${brand}`, { timeout: 300_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    /** The shipped files, as a page would ask for them. @type {string[]} */
    let files;
    before(async () => {
      stage = await setStage(brand);
      const all = /** @type {string[]} */ (await readdir(stage.extension, { recursive: true }));
      files = all.filter((path) => /\.\w+$/.test(path));
      assert.ok(files.length > 30, String(files.length));
    });
    after(() => stage?.close());

    /** @param {string} url @param {string[]} files Also tried, whether the page can get them. */
    async function seen(url, files) {
      const page = await stage.newPage();
      await page.evaluateOnNewDocument(listen);
      await page.goto(url);
      const field = await page.$('textarea, input');
      await field?.focus();
      if (field) await page.keyboard.type('three copper kettles');
      if (!stage.off) {
        await stage.judged(page);
        assert.equal((await stage.view(page)).view, 'nothing');
      }
      // Beyond the pauses after which typing and a changed page are looked at again.
      await page.evaluate(() => new Promise((later) => setTimeout(later, 2000)));
      const seen = await page.evaluate(look, files.map((file) => stage.url(file)));
      await page.close();
      return seen;
    }

    const urls = [
      'https://www.jotter.example/',
      'https://www.barclays.co.uk/',
      'https://csp.longread.example/',
    ];

    it('looks like no extension to a page, and has no file for it', async () => {
      const { web_accessible_resources: open } = JSON.parse(
        await readFile(join(stage.extension, 'manifest.json'), 'utf8'),
      );
      assert.equal(open, undefined);
      /** @type {Awaited<ReturnType<typeof seen>>[]} */
      const withIt = [];
      for (const [index, url] of urls.entries()) withIt.push(await seen(url, index === 0 ? files : []));
      const scam = await stage.open('https://csp.primerefund-desk.example/');
      await stage.shows(scam, 'banner');
      const warned = await scam.evaluate(() => document.documentElement.children.length);
      assert.ok(warned > 2, 'where it warns, it is there');
      await scam.close();
      await stage.switchOff();
      for (const [index, url] of urls.entries()) {
        const without = await seen(url, index === 0 ? files : []);
        assert.deepEqual(withIt[index], without, url);
        assert.ok(without.reached.every(([, ...ways]) => ways.every((way) => way === false)));
        assert.ok(without.globals.length > 1000 && without.style.length > 1000, 'there is something to compare');
      }
    });
  });
}
