// Runs test files, each in a world of its own, one more at a time than there are cores, up to three.
// When there are several, one that fails is tried once more, alone.
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
const LONG = ['hostile', 'reader', 'access', 'kill', 'exposure', 'broken', 'pages', 'balance'].map((name) => `${name}.test.js`);

/** Of one browser alone, or of both at once: these are not run once for each. */
const WHOLE = ['access.test.js', 'sharing.test.js'];

/** Longest that one file may take in a browser, in seconds: twice what the longest takes on two cores. */
const FILE_LIMIT = 900;

/** Least time that is worth a second try, in seconds. */
const WORTH_A_TRY = 60;

/** Longest wait for the last lines of a file that has ended, in milliseconds. */
const FLUSH = 2_000;

/**
 * A browser test waits more than it works. Without worlds of their own two files would see each
 * other's remote sessions.
 */
const LANES = isolates ? Math.min(3, availableParallelism() + 1) : 1;

/**
 * Longest that all may take together, in seconds, so that a whole run ends and tells its counts; one
 * after the other they take twice as long.
 */
const WHOLE_LIMIT = LANES > 1 ? 2100 : 4200;

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
  WHOLE.includes(basename(file)) || process.env.DOORCHAIN_BROWSER
    ? [{ file }]
    : ['firefox', 'chromium'].map((browser) => ({ file, browser })),
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

/** @param {Job} job @returns {string} */
const nameOf = ({ file, browser }) => (browser ? `${basename(file)} in ${browser}` : basename(file));

/** Longest that a run that begins now may take, in seconds. */
const limit = () => Math.min(FILE_LIMIT, WHOLE_LIMIT - seconds(begun));

/**
 * Runs a file, and gives whether it passed and all that it wrote.
 * @param {Job} job
 */
async function run(job) {
  const { file, browser } = job;
  const start = performance.now();
  const longest = limit();
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
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      // Lanes at once could not be told apart.
      if (jobs.length === 1) process.stdout.write(data);
      else chunks.push(data);
    });
  }
  let late = false;
  const clock = setTimeout(() => {
    late = true;
    end(child);
  }, Math.max(longest, 1) * 1000);
  const closed = new Promise((done) => child.once('close', done));
  const code = await new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
  // What has ended must not be ended again: its group may be gone.
  clearTimeout(clock);
  running.delete(child);
  // What it wrote last; something that outlived it may hold its pipes open for ever.
  await Promise.race([closed, new Promise((done) => setTimeout(done, FLUSH))]);
  const time = `${nameOf(job)}: ${seconds(start)} s`;
  times.push(time);
  // In the words of Node's own summary, which a file that was ended had no time for.
  const ended = late ? `ended after ${longest} s\nℹ fail 1\n` : '';
  return { job, passed: code === 0, said: `${Buffer.concat(chunks)}${ended}${time}\n` };
}

/** @typedef {Awaited<ReturnType<typeof run>>} Run */

/** Told apart from Node's summary by two spaces, so that no count is read from it. @param {string} text */
const quote = (text) => text.replace(/^/gm, '  ');

/** Tests of a file that did not fail at once, as they tell themselves. @param {string} said */
const again = (said) => said.match(/ℹ tried once more/g)?.length ?? 0;

/** What Node tells of the tests that failed. @param {string} said */
const failures = (said) => said.slice(Math.max(said.indexOf('✖ failing tests:'), 0));

/** @type {Run[]} */
const failed = [];
const queue = [...jobs];
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const done = await run(job);
      // Three files share the cores with three browsers, a server and a viewer; what fails then
      // is tried once more alone, and the summary says so.
      const repeat = !done.passed && jobs.length > 1;
      process.stdout.write(repeat ? quote(done.said) : done.said);
      if (!done.passed) failed.push(done);
      else if (again(done.said) > 0) process.stdout.write(`ℹ repeated ${again(done.said)}\n`);
    }
  }),
);
let broken = jobs.length > 1 ? 0 : failed.length;
if (jobs.length > 1) {
  for (const first of failed) {
    const second = limit() < WORTH_A_TRY ? undefined : await run(first.job);
    process.stdout.write(second?.said ?? 'no time for a second try\nℹ fail 1\n');
    if (second?.passed) process.stdout.write('ℹ repeated 1\n');
    else broken += 1;
  }
  // Last, because the end of a long record is what people see of it.
  for (const { job, said } of failed) {
    process.stdout.write(`\nfailed at first: ${nameOf(job)}\n${quote(failures(said))}`);
  }
}
if (jobs.length > 1) {
  process.stdout.write(`\n${times.join('\n')}\nall ${jobs.length} runs: ${seconds(begun)} s\n`);
}
process.exitCode = broken > 0 ? 1 : 0;
