// Runs test files, each in a world of its own where the system allows that: own processes,
// own network, own temporary files. Another run on the same machine, with its own real
// remote sessions, is then neither seen nor disturbed, and nothing outlives the run.
//
// usage: node tests/browser/run.js [FILE…]

import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Prepares the new world: its loopback network and its own temporary files. */
const PREPARE = 'ip link set lo up && mount -t tmpfs -o mode=1777 tmpfs /tmp';

const UNSHARE = [
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  ...['--net', '--pid', '--mount', '--fork', '--mount-proc', '--kill-child=SIGKILL'],
];

/** Whether namespaces are to be had here (Linux, util-linux and iproute2, and the right to). */
function canIsolate() {
  // What lies in the temporary folder would vanish with it.
  if ([HERE, process.execPath].some((path) => path.startsWith('/tmp/'))) return false;
  const probe = spawnSync('unshare', [...UNSHARE, 'sh', '-c', PREPARE], { stdio: 'ignore' });
  return probe.status === 0;
}

const told = process.argv.slice(2);
const files = (
  told.length > 0
    ? told.map((file) => (file.includes('/') ? resolve(file) : join(HERE, file)))
    : readdirSync(HERE)
        .filter((file) => file.endsWith('.test.js'))
        .map((file) => join(HERE, file))
).map((file) => (file.endsWith('.js') ? file : `${file}.test.js`));

const isolated = canIsolate();
if (!isolated) {
  process.stderr.write(
    'note: no namespaces here; a remote session of this machine would be seen by the tests\n',
  );
}

let failed = 0;
for (const file of files) {
  const node = [process.execPath, '--test', '--test-reporter=spec', file];
  const [command, ...args] = isolated
    ? ['unshare', ...UNSHARE, 'sh', '-c', `${PREPARE} && "$@"`, 'sh', ...node]
    : node;
  const child = spawn(command, args, { stdio: 'inherit' });
  const code = await new Promise((end) => child.once('exit', (code) => end(code ?? 1)));
  if (code !== 0) {
    failed += 1;
    process.stderr.write(`failed: ${basename(file)}\n`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
