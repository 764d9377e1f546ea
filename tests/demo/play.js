// Plays the scam through a real browser with the extension in it, from the first mail to
// the bank, with a real remote session in the middle; prints a line a step, takes pictures
// and lays them out as a page.
//
// usage: node tests/demo/play.js [--slow]   (demo.js starts it)

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROOT, setStage, until } from '../browser/harness.js';
import { writePage } from './page.js';

/** @typedef {import('../browser/harness.js').Page} Page */

const OUT = join(ROOT, 'dist/demo');
const slow = process.argv.includes('--slow');
/** Time to look at each step with `--slow`, in milliseconds. */
const LOOK = 5000;

/** A display of the person's own, where there is one. */
const display = process.env.DISPLAY;

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });

const stage = await setStage('chromium', {
  companion: 'real',
  plain: true,
  ...(display ? { display } : {}),
});

/** @type {import('./page.js').Step[]} */
const steps = [];

/**
 * Notes a step: prints its line and takes its picture.
 * @param {Page} page
 * @param {Omit<import('./page.js').Step, 'picture' | 'address'> & { picture?: Buffer }} step
 */
async function note(page, step) {
  const name = `${String(steps.length + 1).padStart(2, '0')}-${step.id}.png`;
  await writeFile(join(OUT, name), step.picture ?? (await page.screenshot()));
  const done = { ...step, picture: name, address: step.picture ? '' : page.url() };
  steps.push(done);
  const took = done.ms === undefined ? '' : `${done.ms} ms`;
  process.stdout.write(
    `${String(steps.length).padStart(2)}. ${done.level.padEnd(8)}${took.padStart(8)}  ${done.happened}\n`,
  );
  if (slow) await pause(LOOK);
}

/**
 * Waits until the extension's words stand on the page and a frame with them was drawn.
 * Looking takes time itself, so the figure is an upper bound.
 * @param {Page} page
 * @param {number} from When the event was, by `performance.now()`.
 * @param {string} key The sentence, by its key in _locales.
 * @param {number} [timeout]
 * @returns {Promise<number>} Milliseconds from the event to the painted words.
 */
async function painted(page, from, key, timeout = 10_000) {
  const words = stage.words(key).split('$1')[0].trim();
  await until(`“${words}”`, async () => (await stage.surface(page)).text.includes(words), timeout);
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  return Math.round(performance.now() - from);
}

try {
  const pages = await stage.browser.pages();
  const page = pages[0];
  const welcome = await until('the welcome page', async () =>
    (await stage.browser.pages()).find((other) => other.url().includes('welcome/')),
  );
  // The play is set in the UK; the browser may speak another country's English.
  await until('the country to be set', () =>
    welcome.evaluate(async () => {
      const message = { message: 'change', change: { change: 'country', code: 'GB' } };
      return (await chrome.runtime.sendMessage(message)).status?.settings.country === 'GB';
    }),
  );
  for (const other of await stage.browser.pages()) if (other !== page) await other.close();
  await page.bringToFront();

  // Contact.
  await page.goto('https://mail.fernpost.example/');
  let from = performance.now();
  await page.click('#open-prime');
  await note(page, {
    id: 'contact',
    title: 'The lure',
    ms: await painted(page, from, 'banner_caution_title'),
    level: 'caution',
    happened: 'A mail says it is from Amazon and wants a call.',
    told: 'Nobody asked for this mail. It uses Amazon’s name, sets a deadline and gives a number to call. Doorchain quotes the mail’s own words and says what to do: nothing.',
  });

  // Handover: the call, here as a chat so that it can be seen.
  await page.goto('https://chat.huddle.example/');
  // From the message that asks for access; two more follow it.
  await page.waitForFunction(() => document.querySelectorAll('#log p').length >= 3);
  from = performance.now();
  const warned = await painted(page, from, 'banner_caution_title');
  await page.waitForFunction(() => document.querySelectorAll('#log p').length >= 5);
  await note(page, {
    id: 'handover',
    title: 'The kind helper',
    ms: warned,
    level: 'caution',
    happened: 'A “support agent” asks for a remote-access app and its code.',
    told: 'The caller offers to put things right. All he needs is an app that lets him in, and the number it shows. This is the moment at which the door is opened.',
  });

  // What the victim types while the caller talks.
  await page.goto('https://www.jotter.example/');
  await page.click('#line');
  await page.keyboard.type('he says I must install teamviewer to cancel my amazon prime', { delay: slow ? 40 : 0 });
  from = performance.now();
  await note(page, {
    id: 'typed',
    title: 'A doubt, typed',
    ms: await painted(page, from, 'banner_typed_title'),
    level: 'caution',
    happened: 'The person types what the caller told them.',
    told: 'Many people look up what they are told while the caller waits. The line is scored on this computer and forgotten at once. Passwords and card numbers are never read.',
  });

  // The tool.
  from = performance.now();
  await page.goto('https://anydesk.com/en/downloads/', { waitUntil: 'domcontentloaded' });
  await note(page, {
    id: 'tool',
    title: 'The key to the computer',
    ms: await painted(page, from, 'banner_notice_title'),
    level: 'notice',
    happened: 'A remote-access app’s own page is opened.',
    told: 'These apps are honest and useful, so this is only a quiet question: did someone who phoned you ask for it?',
  });

  // The session.
  const desktop = await stage.startRemoteDesktop();
  await page.goto('https://mail.fernpost.example/');
  await page.click('#open-library');
  await page.waitForSelector('#body p');
  const caller = await desktop.connect();
  await until('the caller’s picture', async () => caller.running() && (await desktop.elsewhere.picture()).length > 30_000);
  if ((await stage.surface(page)).shown) throw new Error('an innocent mail is warned of');
  await note(page, {
    id: 'session',
    title: 'A stranger is in',
    level: 'quiet',
    happened: 'A real remote session begins (x11vnc, TigerVNC viewer): the caller’s screen.',
    told: 'This is the caller’s own screen. He sees what the victim sees and holds the mouse. While no bank is open Doorchain stays out of the way.',
    picture: await desktop.elsewhere.picture(),
  });

  // The bank.
  from = performance.now();
  await page.goto('https://www.barclays.co.uk/', { waitUntil: 'domcontentloaded' });
  await note(page, {
    id: 'bank',
    title: 'The bank is opened, and covered',
    ms: await painted(page, from, 'stop_title_sure'),
    level: 'stop',
    happened: 'The bank is opened while the caller is connected: covered.',
    told: 'The page cannot be seen, clicked or typed into, by either of them. The warning is also spoken aloud, because the caller may have blacked the screen out. For 30 seconds there is nothing to press but ways out.',
  });

  // Nobody gets through.
  await page.$eval('#surname', (element) => /** @type {HTMLElement} */ (element).focus());
  await page.keyboard.type('Hartley');
  const typed = await page.$eval('#surname', (element) => /** @type {HTMLInputElement} */ (element).value);
  if (typed !== '') throw new Error(`the covered page took “${typed}”`);
  await note(page, {
    id: 'caller',
    title: 'What the caller sees now',
    level: 'stop',
    happened: 'The caller’s screen: the cover. Typing into the bank’s field did nothing.',
    told: 'The same cover, on the caller’s screen. What is typed does not reach the bank’s page.',
    picture: await desktop.elsewhere.picture(),
  });

  // The end of the session; the report opens by itself and is in front then.
  from = performance.now();
  await stage.press(page, stage.words('end_session'));
  await until('the caller to be cut off', () => !caller.running());
  const cut = Math.round(performance.now() - from);
  const report = await until('the report', async () =>
    (await stage.browser.pages()).find((other) => other.url().includes('happened/')),
  );
  await until('the report to be filled', () =>
    report.evaluate(() => document.body.innerText.length > 200),
  );
  await report.bringToFront();
  await note(report, {
    id: 'ended',
    title: 'One press ends it',
    level: 'quiet',
    happened: `“${stage.words('end_session')}” is pressed: the caller is gone after ${cut} ms, a report opens.`,
    told: `The session was ended and checked to be gone, ${cut} ms after the press. A report opens by itself: what happened, for the bank, the police or the family, and what to do in the next hour. It stays on this computer.`,
  });

  // Back at the bank.
  await page.bringToFront();
  await painted(page, performance.now(), 'pause_title');
  await note(page, {
    id: 'pause',
    title: 'One question before you go on',
    level: 'pause',
    happened: 'Back at the bank: it asks whether the person is alone.',
    told: 'The app’s page was open a short while ago, and a caller may try again. So the bank is held until the person has answered.',
  });
  from = performance.now();
  await stage.press(page, stage.words('pause_no'));
  await until('the bank’s page', async () => !(await stage.surface(page)).shown);
  const free = Math.round(performance.now() - from);
  await page.click('#surname');
  await page.keyboard.type('Hartley');
  await note(page, {
    id: 'back',
    title: 'Back to the bank',
    level: 'quiet',
    happened: `Alone again: ${free} ms after the answer the bank’s page can be used.`,
    told: 'Nothing was lost. The money is where it was.',
  });

  await writePage(OUT, steps, await stage.browser.version());
  process.stdout.write(`\n${steps.length} steps, all as they should be.\n`);

  if (display) {
    process.stdout.write('The window is yours: click through, and close it when you are done.\n');
    await new Promise((done) => stage.browser.once('disconnected', done));
  }
} finally {
  await stage.close();
}
