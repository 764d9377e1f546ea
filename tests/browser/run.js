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

let failed = 0;
for (const file of files) {
  const [command, ...args] = inOwnWorld([
    process.execPath,
    '--test',
    '--test-reporter=spec',
    file,
  ]);
  const child = spawn(command, args, { stdio: 'inherit' });
  const code = await new Promise((end) => child.once('exit', (code) => end(code ?? 1)));
  if (code !== 0) {
    failed += 1;
    process.stderr.write(`failed: ${basename(file)}\n`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
