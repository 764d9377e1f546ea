// What is typed is scored and forgotten; what is secret is never read.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BRANDS, holds, setStage, until } from './harness.js';

/** Made of letters that no dictionary, list or compressor shortens. */
const CANARY = 'zqxvorplunkt';
const SECRET = 'wjbflumquask';
/** Typed where the browser itself is asked to keep nothing. */
const PRIVATE = 'gvyxdrostemf';
/** Beyond the quiet time after which what was typed is handed on, in milliseconds. */
const QUIET = 600;

/**
 * Every file under a folder that holds one of the words, in UTF-8 or UTF-16.
 * @param {string} folder
 * @param {string[]} words
 */
async function search(folder, words) {
  const forms = words.flatMap((word) => [Buffer.from(word, 'utf8'), Buffer.from(word, 'utf16le')]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let files = 0;
  /** @type {string[]} */
  const found = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    files += 1;
    if (forms.some((form) => bytes.includes(form))) found.push(path);
  }
  return { files, found };
}

for (const brand of BRANDS) {
  describe(`privacy in ${brand}`, { timeout: 180_000 }, () => {
    /** @type {import('./harness.js').Stage} */
    let stage;
    before(async () => {
      stage = await setStage(brand, {
        firefoxPrefs: { 'browser.formfill.enable': false },
      });
    });
    after(() => stage?.close());

    it('never reads secret fields', async () => {
      const hear = await stage.hear();
      const told = async () => (await hear()).map(({ message }) => JSON.stringify(message));
      const page = await stage.open('https://www.jotter.example/');
      const reads = brand === 'chromium' ? await spyOnValues(page) : undefined;
      for (const field of ['#secret', '#shown', '#card', '#otp', '#told', '#aid']) {
        await page.click(field);
        await page.keyboard.type(`${SECRET} he says install teamviewer to cancel my amazon prime`);
        await holds(`nobody hears of ${field}`, async () => !(await told()).some((message) => message.includes(SECRET)), QUIET);
      }
      await page.click('#note');
      await page.keyboard.type(`${CANARY} he says I must install teamviewer to cancel my amazon prime`);
      await stage.shows(page, 'banner');
      const heard = await told();
      assert.ok(
        heard.some((message) => message.includes(CANARY)),
        'the spy hears what is scored',
      );
      assert.ok(!heard.some((message) => message.includes(SECRET)), 'no secret was in a message');
      if (reads) {
        const fields = await reads();
        assert.ok(fields.includes('note'), 'the spy sees reads');
        for (const field of ['secret', 'shown', 'card', 'otp', 'told', 'aid']) {
          assert.ok(!fields.includes(field), `the value of #${field} was read`);
        }
      }
      await page.close();
    });

    it('never says that a secret field is a warning', async () => {
      const page = await stage.open('https://www.jotter.example/');
      await page.click('#secret');
      await page.keyboard.type('he says I must install teamviewer to cancel my amazon prime');
      await stage.judged(page);
      await holds('no warning', async () => (await stage.view(page)).view === 'nothing', QUIET);
      // What is typed is heard here: in a field beside it, the same is a warning.
      await page.click('#line');
      await page.keyboard.type('he says I must install teamviewer to cancel my amazon prime');
      await stage.shows(page, 'banner');
      await page.close();
    });

    it('leaves nothing of what was typed in storage or in the profile', async () => {
      const page = await stage.open('https://www.jotter.example/?private');
      for (const field of ['#note', '#line', '#rich']) {
        await page.click(field);
        await page.keyboard.type(`${PRIVATE} he says I must install teamviewer to cancel my amazon prime`);
      }
      await stage.shows(page, 'banner');
      const desk = await stage.desk();
      const stored = await desk.evaluate(async () =>
        JSON.stringify([await chrome.storage.local.get(), await chrome.storage.session.get()]),
      );
      assert.ok(stored.includes('tabs'), 'there is something to look through');
      assert.ok(![CANARY, SECRET, PRIVATE].some((word) => stored.includes(word)), 'storage holds what was typed');
      await page.close();
      await stage.stop();
      const { files, found } = await search(stage.home, [PRIVATE]);
      assert.ok(files > 20, `only ${files} files were looked through`);
      assert.deepEqual(found, []);
      // What stood in the other fields the browser keeps itself, to restore them; nobody else does.
      const others = await search(stage.home, [CANARY, SECRET]);
      const own = /\/(Sessions|sessionstore[^/]*)\//;
      assert.deepEqual(
        others.found.filter((path) => !own.test(path) && !/\/sessionstore\.jsonlz4$/.test(path)),
        [],
      );
    });
  });
}

/**
 * Puts a spy into the content script's own world: which fields' values it reads.
 * @param {import('./harness.js').Page} page
 * @returns {Promise<() => Promise<string[]>>}
 */
async function spyOnValues(page) {
  const client = await page.createCDPSession();
  /** @type {number[]} */
  const worlds = [];
  client.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.origin.startsWith('chrome-extension://')) worlds.push(context.id);
  });
  await client.send('Runtime.enable');
  await until('the content script’s world', () => worlds.length > 0);
  const contextId = worlds[0];
  await client.send('Runtime.evaluate', {
    contextId,
    expression: `
      globalThis.reads = new Set();
      for (const [type, names] of [
        [HTMLInputElement, ['value', 'defaultValue', 'selectionStart']],
        [HTMLTextAreaElement, ['value']],
      ]) for (const name of names) {
        const { get, set } = Object.getOwnPropertyDescriptor(type.prototype, name);
        Object.defineProperty(type.prototype, name, {
          get() { globalThis.reads.add(this.id); return get.call(this); },
          set, configurable: true,
        });
      }
      const attribute = Element.prototype.getAttribute;
      Element.prototype.getAttribute = function (name) {
        if (name === 'value') globalThis.reads.add(this.id);
        return attribute.call(this, name);
      };`,
  });
  return async () => {
    const { result } = await client.send('Runtime.evaluate', {
      contextId,
      expression: '[...globalThis.reads]',
      returnByValue: true,
    });
    return result.value;
  };
}
