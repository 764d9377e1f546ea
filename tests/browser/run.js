// Runs test files, each in a world of its own, two at a time where there are cores for that.
//
// usage: node tests/browser/run.js [FILE…]

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inOwnWorld, isolates } from './world.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** The longest ones, which begin first so that no lane waits for the last of them. */
const LONG = ['hostile', 'kill', 'broken', 'pages', 'chain'].map((name) => `${name}.test.js`);

/** The longest of all is run once for each browser, so that the lanes end together. */
const HALVED = ['hostile.test.js'];

/** Longest that one file may take, in seconds: three times what the longest takes on two cores. */
const FILE_LIMIT = 900;

/** Longest that all may take together, in seconds, so that a whole run ends and tells its counts. */
const WHOLE_LIMIT = 2100;

/** Longest wait for the last lines of a file that has ended, in milliseconds. */
const FLUSH = 2_000;

/** Without worlds of their own two files would see each other's remote sessions. */
const LANES = isolates ? Math.min(2, availableParallelism()) : 1;

const told = process.argv.slice(2);
const files = (
  told.length > 0
    ? told.map((file) => (file.includes('/') ? resolve(file) : join(HERE, file)))
    : [...new Set([...LONG, ...readdirSync(HERE).filter((file) => file.endsWith('.test.js'))])].map(
        (file) => join(HERE, file),
      )
).map((file) => (file.endsWith('.js') ? file : `${file}.test.js`));

/** @typedef {{ file: string, browser?: string }} Job */

/** @type {Job[]} */
const jobs = files.flatMap((file) =>
  HALVED.includes(basename(file)) && !process.env.DOORCHAIN_BROWSER
    ? ['chromium', 'firefox'].map((browser) => ({ file, browser }))
    : [{ file }],
);

const begun = performance.now();
const seconds = (/** @type {number} */ since) => Math.round((performance.now() - since) / 1000);

/** What runs now. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** The group, because the command may have started others; a world of its own ends with it. */
const end = (/** @type {import('node:child_process').ChildProcess} */ child) =>
  child.pid && process.kill(-child.pid, 'SIGKILL');

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => {
    for (const child of running) end(child);
    process.exit(1);
  });
}

/** @type {string[]} */
const times = [];
let failed = 0;

/** @param {Job} job */
async function run({ file, browser }) {
  const name = browser ? `${basename(file)} in ${browser}` : basename(file);
  const limit = Math.min(FILE_LIMIT, WHOLE_LIMIT - seconds(begun));
  const start = performance.now();
  const [command, ...args] = inOwnWorld([
    process.execPath,
    '--test',
    '--test-reporter=spec',
    file,
  ]);
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: browser ? { ...process.env, DOORCHAIN_BROWSER: browser } : process.env,
  });
  running.add(child);
  /** @type {Buffer[]} */
  const said = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      // Two lanes at once could not be told apart.
      if (LANES === 1 || jobs.length === 1) process.stdout.write(data);
      else said.push(data);
    });
  }
  let late = false;
  const clock = setTimeout(() => {
    late = true;
    end(child);
  }, Math.max(limit, 1) * 1000);
  const closed = new Promise((done) => child.once('close', done));
  const code = await new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
  // What has ended must not be ended again: its group may be gone.
  clearTimeout(clock);
  running.delete(child);
  // What it wrote last; something that outlived it may hold its pipes open for ever.
  await Promise.race([closed, new Promise((done) => setTimeout(done, FLUSH))]);
  const time = `${name}: ${seconds(start)} s`;
  times.push(time);
  process.stdout.write(Buffer.concat(said));
  process.stdout.write(`${time}\n`);
  if (code !== 0) {
    failed += 1;
    // In the words of Node's own summary, which a file that was ended had no time for.
    if (late) process.stdout.write('ℹ fail 1\n');
    process.stderr.write(`failed: ${name}${late ? `, ended after ${limit} s` : ''}\n`);
  }
}

const queue = [...jobs];
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await run(job);
  }),
);
if (jobs.length > 1) {
  process.stdout.write(`\n${times.join('\n')}\nall ${jobs.length} runs: ${seconds(begun)} s\n`);
}
process.exitCode = failed > 0 ? 1 : 0;
