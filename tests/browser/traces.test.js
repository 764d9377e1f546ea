// While it is quiet, no page can tell that the extension is there: what a page can see is the
// same with it and without it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { BRANDS, setStage, until } from './harness.js';

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
        setTimeout(() => done(false), 3000);
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
      Element.prototype.attachShadow, Node.prototype.appendChild, EventTarget.prototype.addEventListener,
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
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    if (this.id !== 'host') heard.push('attachShadow');
    return attach.call(this, init);
  };
  document.addEventListener('securitypolicyviolation', () => heard.push('policy'));
  addEventListener('load', () => {
    new MutationObserver((records) => {
      changed += records.length;
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

for (const brand of BRANDS) {
  describe(`a quiet extension in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand);
    });
    after(() => stage?.close());

    /** @param {string} url */
    async function seen(url) {
      const page = await stage.browser.newPage();
      await page.evaluateOnNewDocument(listen);
      await page.goto(url);
      const tab = stage.off ? undefined : await stage.tab(page);
      if (tab !== undefined) {
        await until('the page to be judged', async () => (await stage.memory()).tabs[tab]?.frames[0]);
        assert.equal((await stage.view(page)).view, 'nothing');
      }
      const seen = await page.evaluate(look, [
        stage.url('manifest.json'),
        stage.url('icons/32.png'),
        stage.url('content/surface.js'),
        stage.url('ui/doorchain.css'),
        stage.url('engine/doorchain_wasm_bg.wasm'),
      ]);
      await page.close();
      return seen;
    }

    const urls = [
      'https://www.jotter.example/',
      'https://www.barclays.co.uk/',
      'https://csp.longread.example/',
    ];
    it('looks like no extension to a page', async () => {
      /** @type {Awaited<ReturnType<typeof seen>>[]} */
      const withIt = [];
      for (const url of urls) withIt.push(await seen(url));
      await stage.switchOff();
      for (const [index, url] of urls.entries()) {
        const without = await seen(url);
        assert.deepEqual(withIt[index], without, url);
        assert.ok(without.reached.every(([, ...ways]) => ways.every((way) => way === false)));
        assert.ok(without.globals.length > 1000 && without.style.length > 1000, 'there is something to compare');
      }
    });
  });
}
