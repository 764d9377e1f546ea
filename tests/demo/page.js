// The page of the demo: the steps with their pictures, for somebody who has never seen the project.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { arch, cpus, type } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../browser/harness.js';

/** @typedef {import('../../extension/types.js').Level} Level */

/**
 * @typedef {object} Step
 * @property {string} id Part of the picture's file name.
 * @property {string} title A few words.
 * @property {string} happened What happened, in one line.
 * @property {string} told What it means, for the page.
 * @property {Level} level
 * @property {number} [ms] From the event to the painted warning, in milliseconds.
 * @property {string} picture File name.
 * @property {string} address What the address bar shows; empty for a picture of a whole screen.
 */

/** What a level is called on the page. @type {Record<Level, string>} */
const LEVELS = {
  quiet: 'Quiet',
  notice: 'A quiet question',
  caution: 'Caution',
  pause: 'Pause',
  stop: 'Stop',
};

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** @param {Step} step @param {number} index */
function section(step, index) {
  const bar = step.address
    ? `<div class="bar"><span></span><span></span><span></span><b>${escape(step.address)}</b></div>`
    : '<div class="bar"><b>The caller’s screen, in his remote viewer</b></div>';
  const took = step.ms === undefined ? '' : `<p class="ms">${step.ms} ms until it stood on the screen</p>`;
  return `<section data-level="${step.level}">
  <div class="words">
    <p class="level"><span>${index + 1}</span>${LEVELS[step.level]}</p>
    <h2>${escape(step.title)}</h2>
    <p>${escape(step.told)}</p>
    ${took}
  </div>
  <figure${step.address ? '' : ' class="theirs"'}>${bar}<a href="${step.picture}"><img src="${step.picture}" alt="${escape(step.happened)}" loading="lazy"></a></figure>
</section>`;
}

/** The commit that was played, where it is known. */
async function commit() {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT });
    return `, commit ${stdout.trim()}`;
  } catch {
    return '';
  }
}

const STYLE = `
:root { color-scheme: light dark; --page: #f6f4ef; --ink: #23272b; --soft: #62686e; --card: #fff; --line: #e2ded4; --quiet: #5d6b62; --notice: #2f6690; --caution: #a15c00; --pause: #b3261e; --stop: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --page: #17191b; --ink: #e8e6e1; --soft: #a2a7ab; --card: #212427; --line: #34383c; --quiet: #9db3a5; --notice: #8cc0e8; --caution: #f0b25a; --pause: #ff8f85; --stop: #ff8f85; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 17px/1.55 ui-sans-serif, system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
header, section, footer { max-width: 1180px; margin: 0 auto; padding: 0 28px; }
header { padding-block: 64px 24px; }
h1 { font-size: clamp(30px, 4.4vw, 46px); line-height: 1.12; letter-spacing: -.02em; margin: 0 0 18px; max-width: 20ch; text-wrap: balance; }
header p { max-width: 62ch; margin: 0 0 12px; font-size: 19px; }
section { display: grid; grid-template-columns: minmax(240px, 330px) 1fr; gap: 40px; padding-block: 34px; align-items: start; }
section + section { border-top: 1px solid var(--line); }
h2 { font-size: 25px; line-height: 1.2; margin: 6px 0 10px; letter-spacing: -.01em; }
.words { position: sticky; top: 24px; } .words p { margin: 0 0 10px; }
.level { color: var(--quiet); font-weight: 650; display: flex; align-items: center; gap: 10px; }
.level span { display: inline-grid; place-items: center; width: 30px; height: 30px; border-radius: 50%; border: 2px solid currentColor; font-size: 15px; }
[data-level=notice] .level { color: var(--notice); } [data-level=caution] .level { color: var(--caution); }
[data-level=pause] .level { color: var(--pause); } [data-level=stop] .level { color: var(--stop); }
.ms, footer { color: var(--soft); font-size: 15px; }
figure { margin: 0; border-radius: 12px; overflow: hidden; background: var(--card); border: 1px solid var(--line); box-shadow: 0 8px 30px #0000001a; }
figure.theirs { border: 3px solid var(--ink); }
.bar { display: flex; gap: 7px; align-items: center; padding: 9px 14px; border-bottom: 1px solid var(--line); font-size: 13px; color: var(--soft); }
.bar span { width: 11px; height: 11px; border-radius: 50%; background: var(--line); } .bar b { font-weight: 500; margin-inline-start: 10px; overflow-wrap: anywhere; }
img { display: block; width: 100%; height: auto; }
footer { padding-block: 36px 70px; border-top: 1px solid var(--line); }
@media (max-width: 800px) { section { grid-template-columns: 1fr; gap: 18px; } .words { position: static; } }
`;

/**
 * Writes `index.html`.
 * @param {string} folder
 * @param {Step[]} steps
 * @param {string} browser
 */
export async function writePage(folder, steps, browser) {
  const html = `<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Doorchain: the scam, played from end to end</title>
<style>${STYLE}</style>
<header>
  <h1>A stranger on the phone. Your bank on the screen.</h1>
  <p>Someone calls or writes and says they are from Amazon. They get their victim to install an app that lets them into the computer. Then they have the victim open the bank, and take the money.</p>
  <p>Doorchain is a browser extension that watches for this one crime, from its first sentence to its last. Below it is played for real: a real browser, a real remote session, pages made for the play.</p>
</header>
<main>
${steps.map(section).join('\n')}
</main>
<footer>
  <p>Played on ${new Date().toISOString().slice(0, 10)} with ${escape(browser)} on ${escape(`${type()} ${arch()}, ${cpus().length} processors`)}${escape(await commit())}. Times run from the event to the frame that shows the warning; looking for it is part of them, so they are upper bounds. A page is read once it has been still for half a second.</p>
  <p>Every page was made for this play and came from this computer. No company had a hand in it.</p>
</footer>
</html>
`;
  await writeFile(join(folder, 'index.html'), html);
}
