// Runs test files one after the other, each in a world of its own.
//
// usage: node tests/browser/run.js [FILE…]

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inOwnWorld } from './world.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));

const told = process.argv.slice(2);
const files = (
  told.length > 0
    ? told.map((file) => (file.includes('/') ? resolve(file) : join(HERE, file)))
    : readdirSync(HERE)
        .filter((file) => file.endsWith('.test.js'))
        .map((file) => join(HERE, file))
).map((file) => (file.endsWith('.js') ? file : `${file}.test.js`));

/** Longest that one file may take, in seconds: three times what the longest takes on two cores. */
const FILE_LIMIT = 900;

/** Longest that all may take together, in seconds, so that a whole run ends and tells its counts. */
const WHOLE_LIMIT = 2100;

const begun = performance.now();
const seconds = (/** @type {number} */ since) => Math.round((performance.now() - since) / 1000);

let failed = 0;
for (const file of files) {
  const limit = Math.min(FILE_LIMIT, WHOLE_LIMIT - seconds(begun));
  const start = performance.now();
  const [command, ...args] = inOwnWorld([
    process.execPath,
    '--test',
    '--test-reporter=spec',
    file,
  ]);
  const child = spawn(command, args, { stdio: 'inherit', detached: true });
  let late = false;
  // The group, because the command may have started others; a world of its own ends with it.
  const end = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  const clock = setTimeout(() => {
    late = true;
    end();
  }, Math.max(limit, 1) * 1000);
  const stop = () => {
    end();
    process.exit(1);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const code = await new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
  process.off('SIGINT', stop).off('SIGTERM', stop);
  clearTimeout(clock);
  process.stdout.write(`${basename(file)}: ${seconds(start)} s\n`);
  if (code !== 0) {
    failed += 1;
    // In the words of Node's own summary, which a file that was ended had no time for.
    if (late) process.stdout.write('ℹ fail 1\n');
    process.stderr.write(`failed: ${basename(file)}${late ? `, ended after ${limit} s` : ''}\n`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
