// One stage a test file: the site, a display, a browser with the extension in it,
// the companion, and eyes for what is drawn in closed shadow roots.

import { execFile } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import puppeteer from 'puppeteer-core';
import { startSite } from '../site/server.js';
import { prepareDevtools, runInFirefox } from './devtools.js';
import { startDisplay, startRemoteDesktop } from './processes.js';
import { until } from './wait.js';

export { holds, until } from './wait.js';

/** @typedef {'chromium' | 'firefox'} Brand */
/** @typedef {import('puppeteer-core').Page} Page */
/** @typedef {import('../../extension/types.js').Memory} Memory */
/** @typedef {import('../../extension/types.js').View} View */
/** @typedef {import('../../extension/types.js').PageAnswer} PageAnswer */
/** @typedef {import('../../extension/types.js').PageMessage} PageMessage */

const run = promisify(execFile);

/** The top of the tree. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where `cargo xtask build` leaves the extension. */
export const EXTENSION = resolve(process.env.DOORCHAIN_EXTENSION ?? join(ROOT, 'dist/extension'));

/** Browsers to test in; `DOORCHAIN_BROWSER` names one. @type {Brand[]} */
export const BRANDS = /** @type {Brand[]} */ (
  (process.env.DOORCHAIN_BROWSER ?? 'chromium,firefox').split(',')
);

/** Internal id of the add-on in Firefox, fixed so that its pages have an address. */
const FIREFOX_UUID = '6a1d7f5e-3f0c-4d52-9f0b-8d3f3a0c7a11';

/** Longest that a browser is left to end by itself, in milliseconds. */
const ENDS_WITHIN = 20_000;

/**
 * Longest wait for what an aid would read of a part, in milliseconds: Chromium 148 gives no answer
 * at all for one that is taken off at this moment, and who asks again gets one; and none as long
 * as the page is not in front.
 */
const ANSWERS_WITHIN = 2_000;

/** Programs in the order of preference. @type {Record<Brand, string[]>} */
const PROGRAMS = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  firefox: ['firefox-esr', 'firefox'],
};

/** @param {Brand} brand */
export async function findProgram(brand) {
  const told = process.env[`DOORCHAIN_${brand.toUpperCase()}`];
  if (told) return told;
  for (const name of PROGRAMS[brand]) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (await isThere(path)) return path;
    }
  }
  throw new Error(`No ${brand} on PATH; set DOORCHAIN_${brand.toUpperCase()} to its program.`);
}

/** @param {string} path */
async function isThere(path) {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** The built companion. */
export async function findCompanion() {
  const places = [
    process.env.DOORCHAIN_COMPANION,
    join(ROOT, 'target/release/doorchain-companion'),
    join(ROOT, 'target/debug/doorchain-companion'),
  ];
  for (const place of places) if (place && (await isThere(place))) return resolve(place);
  throw new Error('No doorchain-companion; build it with `cargo build -p doorchain-companion`.');
}

/** Chromium's and Firefox's ids of the extension, from its manifest's fixed `key` and gecko id. */
async function readIds(/** @type {string} */ extension) {
  const manifest = JSON.parse(await readFile(join(extension, 'manifest.json'), 'utf8'));
  const { createHash } = await import('node:crypto');
  // https://developer.chrome.com/docs/extensions/reference/manifest/key: the first
  // 32 hexadecimal digits of the key's SHA-256, written with a to p.
  const chromium = [...createHash('sha256').update(Buffer.from(manifest.key, 'base64')).digest('hex')]
    .slice(0, 32)
    .map((digit) => String.fromCharCode(97 + parseInt(digit, 16)))
    .join('');
  return {
    chromium,
    gecko: String(manifest.browser_specific_settings.gecko.id),
    popup: String(manifest.action.default_popup),
  };
}

/**
 * @typedef {object} StageOptions
 * @property {string} [extension] Folder of the extension.
 * @property {(extension: string) => Promise<unknown>} [spoil] What is done to a copy of the extension, which is then taken.
 * @property {'real' | 'none' | { script: string }} [companion]
 *   The built one, none at all, or a program of the test's own in its place.
 * @property {string} [display] An X display that is there already, for people to look at.
 * @property {string[]} [chromiumArgs]
 * @property {string} [unwatched] How addresses begin to whose pages Chromium's debugger is not attached.
 * @property {Record<string, unknown>} [firefoxPrefs]
 * @property {boolean} [plain] Without the marks of an automated browser and a tab of its own, for people.
 */

/**
 * @typedef {object} Heard A message to the background.
 * @property {any} message
 * @property {string} url Of the page that sent it.
 */

/**
 * Sets the stage.
 * @param {Brand} brand
 * @param {StageOptions} [options]
 */
export async function setStage(brand, options = {}) {
  const stage = new Stage(brand, options);
  try {
    await stage.raise();
  } catch (error) {
    await stage.close();
    throw error;
  }
  return stage;
}

export class Stage {
  /** @type {(() => Promise<unknown>)[]} */
  #undo = [];
  /** @type {import('../site/server.js').Site} */
  site = /** @type {never} */ (undefined);
  /** @type {import('puppeteer-core').Browser} */
  browser = /** @type {never} */ (undefined);
  /** @type {import('./processes.js').Display | undefined} */
  display;
  /** Throw-away home, with the profile and the companion's manifest in it. */
  home = '';
  profile = '';
  extension = '';
  /** @type {Awaited<ReturnType<typeof readIds>>} */
  ids = /** @type {never} */ (undefined);
  /** @type {Page | undefined} */
  #desk;
  /** Port of Firefox's developer tools. */
  #devtools = 0;
  /** The welcome page came up, which it does once a profile. */
  #welcomed = false;
  /** @type {Record<string, { message: string }>} */
  #words = {};

  /** @param {Brand} brand @param {StageOptions} options */
  constructor(brand, options) {
    this.brand = brand;
    this.options = options;
  }

  async raise() {
    this.home = await mkdtemp(join(tmpdir(), 'doorchain-stage-'));
    this.#undo.push(() => rm(this.home, { recursive: true, force: true, maxRetries: 20 }));
    this.extension = resolve(this.options.extension ?? EXTENSION);
    if (this.options.spoil) {
      const copy = join(this.home, 'extension');
      await cp(this.extension, copy, { recursive: true });
      await this.options.spoil(copy);
      this.extension = copy;
    }
    this.ids = await readIds(this.extension);
    this.#words = await this.#readWords('en');
    this.profile = join(this.home, 'profile');
    await mkdir(this.profile);
    this.site = await startSite();
    this.#undo.push(() => this.site.close());
    if (!this.options.display) {
      const display = await startDisplay();
      this.display = display;
      this.#undo.push(display.stop);
    }
    await this.#installCompanion();
    await this.start();
  }

  /**
   * Starts the browser, also after {@link Stage.stop}, with the same profile.
   * @param {boolean} [installed] With the extension as Chromium's profile has it, not loaded once more.
   */
  async start(installed = false) {
    const { display, home } = this;
    /** @type {import('puppeteer-core').LaunchOptions} */
    const common = {
      executablePath: await findProgram(this.brand),
      headless: false,
      acceptInsecureCerts: true,
      defaultViewport: null,
      userDataDir: this.profile,
      env: {
        ...process.env,
        DISPLAY: this.options.display ?? display?.name,
        HOME: home,
        LANG: 'en_GB.UTF-8',
        LANGUAGE: 'en_GB',
      },
    };
    if (this.brand === 'chromium') {
      this.browser = await puppeteer.launch({
        ...common,
        pipe: true,
        enableExtensions: installed || [this.extension],
        targetFilter: (target) => !this.options.unwatched || !target.url().startsWith(this.options.unwatched),
        ignoreDefaultArgs: this.options.plain ? ['--enable-automation'] : [],
        args: [
          ...(process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []),
          `--proxy-server=127.0.0.1:${this.site.port}`,
          `--ignore-certificate-errors-spki-list=${this.site.keyHash}`,
          '--no-first-run',
          '--no-default-browser-check',
          '--disable-quic',
          '--disable-sync',
          '--disable-background-networking',
          '--disable-component-update',
          '--lang=en-GB',
          '--window-position=0,0',
          '--window-size=1280,800',
          ...(this.options.chromiumArgs ?? []),
        ],
      });
    } else {
      const devtools = await prepareDevtools();
      this.#devtools = devtools.port;
      this.browser = await puppeteer.launch({
        ...common,
        browser: 'firefox',
        // Firefox lets a debugger see the pages of add-ons only with this.
        args: ['--width=1280', '--height=800', '--remote-allow-system-access', ...devtools.args],
        extraPrefsFirefox: {
          'network.proxy.type': 1,
          'network.proxy.http': '127.0.0.1',
          'network.proxy.http_port': this.site.port,
          'network.proxy.ssl': '127.0.0.1',
          'network.proxy.ssl_port': this.site.port,
          'intl.locale.requested': 'en-GB',
          'intl.accept_languages': 'en-GB, en',
          'extensions.webextensions.uuids': JSON.stringify({ [this.ids.gecko]: FIREFOX_UUID }),
          // An add-on that is loaded for a test loses its storage with the browser otherwise.
          'extensions.webextensions.keepStorageOnUninstall': true,
          'extensions.webextensions.keepUuidOnUninstall': true,
          ...devtools.prefs,
          ...this.options.firefoxPrefs,
        },
      });
      await this.browser.installExtension(this.extension);
    }
    // Before the pages of the test, which are in front then, as a person's are.
    if (!this.options.plain) await this.desk();
    if (!this.options.plain && !this.#welcomed) {
      await this.#learnWords();
      await this.#waitForWelcome();
    }
  }

  /** @param {string} locale */
  async #readWords(locale) {
    return JSON.parse(await readFile(join(this.extension, '_locales', locale, 'messages.json'), 'utf8').catch(() => '{}'));
  }

  /** Which English a browser speaks is its own affair; what is not said in it is said in the first one. */
  async #learnWords() {
    const desk = await this.desk();
    const locale = await desk.evaluate(() => chrome.i18n.getMessage('@@ui_locale'));
    this.#words = { ...this.#words, ...(await this.#readWords(locale)) };
  }

  /** The welcome page takes the front whenever it comes, and a page behind it is not read. */
  async #waitForWelcome() {
    const desk = await this.desk();
    await until('the welcome page', () =>
      desk.evaluate(() =>
        chrome.extension.getViews({ type: 'tab' }).some(({ location }) => location.pathname.includes('/welcome')),
      ),
    );
    this.#welcomed = true;
  }

  /** Closes the browser and keeps everything else. */
  async stop() {
    this.#desk = undefined;
    await this.#endBrowser();
  }

  /** Asks the browser to end, and ends it by force when it does not. */
  async #endBrowser() {
    const { pid } = this.browser.process() ?? {};
    const late = setTimeout(() => pid && process.kill(-pid, 'SIGKILL'), ENDS_WITHIN);
    try {
      await this.browser.close();
    } finally {
      clearTimeout(late);
    }
  }

  async close() {
    /** @type {unknown[]} */
    const errors = [];
    if (this.browser) await this.#endBrowser().catch((error) => errors.push(error));
    for (const undo of this.#undo.reverse()) await undo().catch((error) => errors.push(error));
    this.#undo = [];
    if (errors.length > 0) throw errors[0];
  }

  async #installCompanion() {
    const companion = this.options.companion ?? 'none';
    if (companion === 'none') return;
    // `install` writes for the browsers of this user; a throw-away profile has its own place.
    const real = await findCompanion();
    const program = companion === 'real' ? real : companion.script;
    const { stdout } = await run(real, ['manifest', this.brand, program]);
    const folder =
      this.brand === 'chromium'
        ? join(this.profile, 'NativeMessagingHosts')
        : join(this.home, '.mozilla/native-messaging-hosts');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${JSON.parse(stdout).name}.json`), stdout);
  }

  /** Address of a file of the extension. @param {string} path */
  url(path) {
    return this.brand === 'chromium'
      ? `chrome-extension://${this.ids.chromium}/${path}`
      : `moz-extension://${FIREFOX_UUID}/${path}`;
  }

  /**
   * A page of the extension, beside the tabs of the test, from which the background is asked.
   * The product has no door for tests: this is its own popup page, opened as a tab.
   */
  async desk() {
    const desk = this.#desk?.isClosed() ? undefined : this.#desk;
    // Where the extension is loaded once more, as at a second start, a page from before has lost it.
    const serves = await desk?.evaluate(() => chrome.runtime?.id).catch(() => undefined);
    if (desk && serves) return desk;
    await desk?.close();
    this.#desk = await this.openOwn(this.ids.popup, true);
    return this.#desk;
  }

  /** An empty tab. @param {boolean} [background] Without taking the front from another. */
  async newPage(background = false) {
    if (this.brand === 'chromium') return this.browser.newPage({ type: 'tab', background });
    // A Firefox before 141 would else ask the window that came last, be it a notification's.
    const [near] = await this.browser.pages();
    const { connection } = /** @type {any} */ (this.browser);
    const { result } = await connection.send('browsingContext.create', {
      type: 'tab',
      background,
      referenceContext: /** @type {any} */ (near).mainFrame()._id,
    });
    return until('the new tab', async () =>
      (await this.browser.pages()).find(
        (page) => /** @type {any} */ (page.mainFrame())._id === result.context,
      ),
    );
  }

  /**
   * Opens a page of the extension in a tab.
   * @param {string} path
   * @param {boolean} [background] Without taking the front from another tab.
   */
  async openOwn(path, background = false) {
    const url = this.url(path);
    let page = await this.newPage(background);
    if (this.brand === 'chromium') {
      // Blocked until the extension has been loaded, of which nothing tells; loading it once
      // more, as at a second start, closes its tabs.
      await until(`${path} to be served`, async () => {
        if (page.isClosed() || page.mainFrame().detached) page = await this.newPage(background);
        return page.goto(url);
      });
    } else {
      // puppeteer waits in vain for the end of a navigation that changes Firefox's process.
      const context = /** @type {any} */ (page.mainFrame())._id;
      await /** @type {any} */ (this.browser).connection.send('browsingContext.navigate', {
        context,
        url,
        wait: 'none',
      });
    }
    await until(`${path} of the extension`, () =>
      page.evaluate(
        (url) => location.href === url && document.readyState === 'complete' && 'storage' in chrome,
        url,
      ),
    );
    return page;
  }

  /**
   * The popup as the person has it who looks at this page: it asks for the tab in front
   * when it is loaded, so it is loaded behind the page and brought to the front then.
   * @param {Page} page
   */
  async popup(page) {
    await page.bringToFront();
    const popup = await this.openOwn(this.ids.popup, true);
    await until('the popup to be filled', () =>
      popup.evaluate(() => document.querySelector('h1')?.textContent !== ''),
    );
    await popup.bringToFront();
    return popup;
  }

  /** A sentence of the extension, by its key in _locales. @param {string} key */
  words(key) {
    return this.#words[key]?.message ?? '';
  }

  /** Everything the background remembers of now. @returns {Promise<Memory>} */
  async memory() {
    const desk = await this.desk();
    return desk.evaluate(async () => {
      const { memory } = await chrome.storage.session.get('memory');
      return /** @type {Memory} */ (memory);
    });
  }

  /** Asks the background as the popup does. @param {PageMessage} message @returns {Promise<PageAnswer>} */
  async ask(message) {
    const desk = await this.desk();
    return desk.evaluate((message) => chrome.runtime.sendMessage(message), message);
  }

  /**
   * Every page of the extension hears what content scripts say to the background; gives what
   * tells all that was heard from now on, oldest first.
   * @returns {Promise<() => Promise<Heard[]>>}
   */
  async hear() {
    const desk = await this.desk();
    await desk.evaluate(() => {
      const own = /** @type {{ heard?: Heard[] }} */ (globalThis);
      if (!own.heard) chrome.runtime.onMessage.addListener((message, { url = '' }) => void own.heard?.push({ message, url }));
      own.heard = [];
    });
    return () => desk.evaluate(() => /** @type {any} */ (globalThis).heard);
  }

  /**
   * Ends the background and changes what is kept, for the next one to read.
   * @param {(kept: any) => void} change Runs in the page.
   * @param {() => Promise<boolean>} done Whether the change is known.
   */
  async #changeKept(change, done) {
    await until('the change to be known', async () => {
      // One that lives writes over it, and may have been started meanwhile.
      await this.killBackground();
      const desk = await this.desk();
      await desk.evaluate(`(async () => {
        const { settings } = await chrome.storage.local.get('settings');
        (${change})(settings.kept);
        await chrome.storage.local.set({ settings });
      })()`);
      return done();
    });
  }

  /** Has the background forget the person's word, which nobody can take back within the time of a stop. */
  async forgetAlarm() {
    await this.#changeKept(
      (kept) => { for (const part of Object.keys(kept)) delete kept[part]; },
      async () => !(await this.status()).alarm,
    );
  }

  /** Has the time of a stop be over since the person's word, so that it can be taken back. */
  async ageAlarm() {
    await this.#changeKept(
      (kept) => { kept.alarm &&= kept.alarm - 30_000; },
      async () => {
        const { alarm, alarmOffWaits } = await this.status();
        return alarm && !alarmOffWaits;
      },
    );
  }

  /** The browser's number of the tab that shows a page. @param {Page} page */
  async tab(page) {
    const desk = await this.desk();
    const url = page.url();
    return desk.evaluate(async (url) => {
      const tabs = await chrome.tabs.query({});
      const tab = tabs.reverse().find((tab) => tab.url === url);
      if (tab?.id === undefined) throw new Error(`no tab has ${url}`);
      return tab.id;
    }, url);
  }

  /** The extension was taken out by {@link Stage.switchOff}. */
  off = false;

  /** Takes the extension out of the running browser. */
  async switchOff() {
    this.off = true;
    this.#desk = undefined;
    await this.browser.uninstallExtension(
      this.brand === 'chromium' ? this.ids.chromium : this.ids.gecko,
    );
  }

  /** Ends the background, as the browser may at any moment; gives when it is gone. */
  async killBackground() {
    if (this.brand === 'chromium') {
      const isOurs = (/** @type {import('puppeteer-core').Target} */ target) =>
        target.type() === 'service_worker' && target.url().includes(this.ids.chromium);
      const target = this.browser.targets().find(isOurs);
      if (!target) return;
      const { _targetId: targetId } = /** @type {any} */ (target);
      const browser = await this.browser.target().createCDPSession();
      // A background that is being asked something at this moment may outlive one try.
      await until('the background to be gone', async () => {
        if (!this.browser.targets().includes(target)) return true;
        await browser.send('Target.closeTarget', { targetId }, { timeout: 2_000 }).catch(() => {});
        return false;
      });
      await browser.detach();
      return;
    }
    const extension = `WebExtensionPolicy.getByID(${JSON.stringify(this.ids.gecko)}).extension`;
    // The add-ons page of the developer tools has a button for this; it calls the same.
    await runInFirefox(
      this.#devtools,
      `{
        const extension = ${extension};
        extension.endedForTest = false;
        extension
          .terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true })
          .then(() => { extension.endedForTest = true; });
        0;
      }`,
    );
    await until('the background to be gone', () =>
      runInFirefox(this.#devtools, `${extension}.endedForTest`),
    );
  }

  /**
   * Sets what the browser's own page of extensions has for this one, in Chromium.
   * @param {{ hostAccess?: 'ON_CLICK' | 'ON_ALL_SITES', incognitoAccess?: boolean }} what
   */
  async configure(what) {
    const page = await this.browser.newPage({ type: 'tab', background: true });
    await page.goto('chrome://extensions/');
    await page.evaluate(
      (what) => /** @type {any} */ (chrome).developerPrivate.updateExtensionConfiguration(what),
      { extensionId: this.ids.chromium, ...what },
    );
    await page.close();
  }

  /** Switches the extension off and on again in the browser's own page of extensions. */
  async switchOffAndOn() {
    if (this.brand === 'chromium') {
      const page = await this.browser.newPage({ type: 'tab', background: true });
      await page.goto('chrome://extensions/');
      for (const on of [false, true])
        await page.evaluate((id, on) => chrome.management.setEnabled(id, on), this.ids.chromium, on);
      await page.close();
    } else {
      await runInFirefox(
        this.#devtools,
        `{
          const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
          AddonManager.getAddonByID(${JSON.stringify(this.ids.gecko)}).then((addon) => addon.disable().then(() => addon.enable()));
          0;
        }`,
      );
    }
  }

  /** Lets the extension into private windows, for which both browsers start it anew. */
  async allowPrivateWindows() {
    if (this.brand === 'chromium') {
      await this.configure({ incognitoAccess: true });
    } else {
      await runInFirefox(
        this.#devtools,
        `{
          const id = ${JSON.stringify(this.ids.gecko)};
          const { ExtensionPermissions } = ChromeUtils.importESModule('resource://gre/modules/ExtensionPermissions.sys.mjs');
          const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
          const { extension } = WebExtensionPolicy.getByID(id);
          const allowed = { permissions: ['internal:privateBrowsingAllowed'], origins: [] };
          ExtensionPermissions.add(id, allowed, extension)
            .then(() => AddonManager.getAddonByID(id))
            .then((addon) => addon.reload());
          0;
        }`,
      );
    }
    await until('private windows to be allowed', async () => (await this.status()).access.privateWindows);
  }

  /** Opens an address in a private window, and gives its tab's number. @param {string} url */
  async openPrivate(url) {
    const desk = await this.desk();
    return desk.evaluate(async (url) => {
      const window = await chrome.windows.create({ incognito: true, url });
      return Number(window?.tabs?.[0]?.id);
    }, url);
  }

  /** What a tab shows, by the background's memory. @param {Page} page @returns {Promise<View>} */
  async view(page) {
    const [tab, memory] = await Promise.all([this.tab(page), this.memory()]);
    return memory.tabs[tab]?.shown ?? { view: 'nothing' };
  }

  /** What the popup is told of a tab, or where there is none. @param {Page} [page] */
  async status(page) {
    const answer = await this.ask({ message: 'status', tab: page ? await this.tab(page) : null });
    if (answer.answer !== 'status') throw new Error(`protection is off: ${answer.why}`);
    return answer.status;
  }

  /** Waits until the background has judged a page, and gives its verdict. @param {Page} page */
  async judged(page) {
    const tab = await this.tab(page);
    return until('the page to be judged', async () => (await this.memory()).tabs[tab]?.frames[0]);
  }

  /** Opens an address in a new tab. @param {string} url */
  async open(url) {
    const page = await this.newPage();
    // 10 MB take long beside other browsers.
    await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 60_000 });
    return page;
  }

  /**
   * Waits until a tab shows this kind of view, in the background's memory and on the page.
   * @template {View['view']} Kind
   * @param {Page} page
   * @param {Kind} kind
   * @param {number} [timeout] In milliseconds.
   * @returns {Promise<Extract<View, { view: Kind }>>}
   */
  async shows(page, kind, timeout) {
    const view = await until(
      `the view "${kind}" on ${page.url()}`,
      async () => {
        const view = await this.view(page);
        if (view.view !== kind) throw new Error(`it shows ${JSON.stringify(view)}`);
        return view;
      },
      timeout,
    );
    await until(`the painted "${kind}"`, async () => {
      const surface = await this.surface(page);
      return surface.shown === (kind !== 'nothing');
    });
    return /** @type {Extract<View, { view: Kind }>} */ (view);
  }

  /**
   * Starts a real VNC server; nobody is connected to it. It shares the browser's display,
   * or an empty one where that is the person's own, which is nobody's to see.
   */
  async startRemoteDesktop() {
    let shared = this.display;
    if (!shared) {
      shared = await startDisplay();
      this.#undo.push(shared.stop);
    }
    const desktop = await startRemoteDesktop(shared);
    this.#undo.push(desktop.stop);
    // Larger, so that the viewer's window shows all of it.
    const elsewhere = await startDisplay(1320, 880);
    this.#undo.push(elsewhere.stop);
    return {
      ...desktop,
      /** The caller's own screen. */
      elsewhere,
      connect: async () => {
        const viewer = await desktop.connect(elsewhere);
        this.#undo.push(viewer.stop);
        return viewer;
      },
    };
  }

  /**
   * What the extension has drawn in a page, read through the browser's debugger:
   * nothing else can look into a closed shadow root.
   * @param {Page} page
   * @param {string} [reveal] Name of a button that is to be scrolled into view.
   * @returns {Promise<Surface>}
   */
  surface(page, reveal) {
    return this.brand === 'chromium'
      ? readInChromium(page, reveal)
      : readInFirefox(this.browser, page, reveal);
  }

  /**
   * Presses a button of a surface with the mouse, by its name.
   * @param {Page} page
   * @param {string} name
   */
  async press(page, name) {
    const button = await until(`the button ${name}`, async () => {
      const surface = await this.surface(page, name);
      const found = surface.buttons.find((button) => button.name === name);
      if (!found) throw new Error(`there are ${surface.buttons.map((b) => b.name).join(' | ')}`);
      return found.disabled ? undefined : found;
    });
    // A button may close the page before Firefox has told of its press.
    await page.mouse.click(button.x, button.y).catch((error) => {
      if (!String(error).includes('no such frame')) throw error;
    });
  }
}

/**
 * @typedef {object} SurfaceButton
 * @property {string} name
 * @property {boolean} disabled
 * @property {number} x Centre, in CSS pixels of the viewport.
 * @property {number} y
 * @property {number} width
 * @property {number} height
 */

/**
 * @typedef {object} Surface
 * @property {boolean} shown
 * @property {string} text What assistive technology reads in it.
 * @property {SurfaceButton[]} buttons
 * @property {string} focused Name of the button that has the focus; empty when none has.
 */

/**
 * @param {Page} page
 * @param {string} [reveal] Name of a button that is to be scrolled into view.
 * @returns {Promise<Surface>}
 */
async function readInChromium(page, reveal) {
  const client = await page.createCDPSession();
  try {
    // The whole tree of a page of 10 MB takes seconds; what is drawn hangs at its top element.
    const { root } = await client.send('DOM.getDocument', { depth: 3, pierce: true });
    /** @type {(node: import('puppeteer-core').Protocol.DOM.Node) => import('puppeteer-core').Protocol.DOM.Node[]} */
    const all = (node) => [node, ...(node.children ?? []).flatMap(all)];
    const hosts = all(root)
      .filter((node) => node.shadowRoots?.some((shadow) => shadow.shadowRootType === 'closed'));
    // A modal dialog leaves nothing but itself in the accessibility tree, its host included.
    const shadows = hosts.flatMap(({ shadowRoots }) => shadowRoots ?? []);
    const insides = await Promise.all(
      shadows.map(({ backendNodeId }) => client.send('DOM.describeNode', { backendNodeId, depth: -1 })),
    );
    const drawn = insides.flatMap(({ node }) => {
      const parts = all(node);
      const dialogs = parts.filter(({ localName }) => localName === 'dialog');
      return dialogs.length > 0 ? dialogs : parts.filter(({ nodeType }) => nodeType === 1).slice(0, 1);
    });
    const trees = await Promise.all(
      drawn.map(({ backendNodeId }) =>
        client.send('Accessibility.queryAXTree', { backendNodeId }, { timeout: ANSWERS_WITHIN }),
      ),
    );
    const seen = trees.flatMap(({ nodes }) => nodes).filter((node) => !node.ignored);
    const text = seen
      .filter((node) => node.role?.value === 'StaticText')
      .map((node) => String(node.name?.value ?? ''))
      .join('\n');
    /** @type {SurfaceButton[]} */
    const buttons = [];
    for (const node of seen.filter((node) => node.role?.value === 'button')) {
      const ref = { backendNodeId: node.backendDOMNodeId };
      // As a person scrolls in a small window to what they want to press.
      if (node.name?.value === reveal) await client.send('DOM.scrollIntoViewIfNeeded', ref);
      const box = await client
        .send('DOM.getBoxModel', ref)
        .catch(() => undefined);
      if (!box) continue;
      const [x1, y1, , , x2, y2] = box.model.border;
      buttons.push({
        name: String(node.name?.value ?? ''),
        disabled: node.properties?.some((p) => p.name === 'disabled' && p.value.value === true) ?? false,
        x: (x1 + x2) / 2,
        y: (y1 + y2) / 2,
        width: x2 - x1,
        height: y2 - y1,
      });
    }
    return {
      shown: text !== '',
      text,
      buttons,
      focused: String(
        seen.find(
          (node) =>
            node.role?.value === 'button' &&
            node.properties?.some((p) => p.name === 'focused' && p.value.value === true),
        )?.name?.value ?? '',
      ),
    };
  } finally {
    // A page that went away took the session with it; what was met before that is the error to see.
    await client.detach().catch(() => {});
  }
}

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {Page} page
 * @param {string} [reveal] Name of a button that is to be scrolled into view.
 * @returns {Promise<Surface>}
 */
async function readInFirefox(browser, page, reveal = '') {
  // puppeteer has no name for WebDriver BiDi's view of shadow trees; these are the raw commands:
  // https://w3c.github.io/webdriver-bidi/#type-script-SerializationOptions
  const { connection } = /** @type {any} */ (browser);
  const target = { context: /** @type {any} */ (page.mainFrame())._id, sandbox: 'doorchain-tests' };
  const { result } = await connection.send('script.evaluate', {
    expression: 'document.documentElement',
    target,
    awaitPromise: false,
    serializationOptions: { maxDomDepth: 2, includeShadowTree: 'all' },
  });
  /** @type {any[]} */
  const roots = [];
  /** @param {any} node */
  const walk = (node) => {
    if (node.value?.shadowRoot?.value?.mode === 'closed') roots.push(node.value.shadowRoot);
    for (const child of node.value?.children ?? []) walk(child);
  };
  walk(result.result);
  const answer = await connection.send('script.callFunction', {
    functionDeclaration: String(lookInside),
    target,
    awaitPromise: false,
    arguments: [{ type: 'string', value: reveal }, ...roots.map(({ sharedId }) => ({ sharedId }))],
  });
  if (answer.result.type !== 'success') throw new Error(answer.result.exceptionDetails.text);
  return JSON.parse(answer.result.result.value);
}

/**
 * Runs in the page.
 * @param {string} reveal
 * @param {...ShadowRoot} roots
 */
function lookInside(reveal, ...roots) {
  const drawn = (/** @type {Element} */ element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const parts = roots
    .flatMap((root) => [...root.querySelectorAll('*')])
    .filter((element) => !['STYLE', 'SCRIPT'].includes(element.tagName) && drawn(element));
  const own = (/** @type {Element} */ element) =>
    [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.nodeValue?.trim());
  const focused = roots.map((root) => root.activeElement).find((element) => element?.localName === 'button');
  return JSON.stringify({
    focused: focused ? (focused.getAttribute('aria-label') ?? focused.textContent?.trim()) : '',
    shown: parts.some((element) => element.getBoundingClientRect().width > 0),
    text: parts.flatMap(own).filter(Boolean).join('\n'),
    buttons: parts
      .filter((element) => element.localName === 'button')
      .map((element) => {
        const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
        if (name === reveal) element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const box = element.getBoundingClientRect();
        return {
          name,
          disabled: /** @type {HTMLButtonElement} */ (element).disabled,
          x: box.x + box.width / 2,
          y: box.y + box.height / 2,
          width: box.width,
          height: box.height,
        };
      }),
  });
}
