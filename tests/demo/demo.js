// Starts the play: on the person's own display where there is one, else in a world of its own.
//
// usage: node tests/demo/demo.js [--slow]   (`cargo xtask demo` builds first)

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inOwnWorld } from '../browser/world.js';

const play = [
  process.execPath,
  fileURLToPath(new URL('./play.js', import.meta.url)),
  ...process.argv.slice(2),
];
// The display's door lies among the temporary files.
const [command, ...args] = process.env.DISPLAY ? play : inOwnWorld(play);
const child = spawn(command, args, { stdio: 'inherit' });
process.exitCode = await new Promise((end) => child.once('exit', (code) => end(code ?? 1)));
