// A world of its own for a command, where the system allows that: own processes, own network,
// own shared memory, own temporary files. Another run on the same machine, with its own real
// remote sessions, is then neither seen nor disturbed, and nothing outlives the command.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** This tree. */
const TREE = fileURLToPath(new URL('../../', import.meta.url));

/** New temporary files would hide it. */
const IN_TMP = TREE.startsWith('/tmp/');

/**
 * Prepares the new world: its loopback network and its own temporary files, with this tree, the first
 * argument, in them if it was in the old ones.
 */
const PREPARE = [
  'ip link set lo up',
  ...(IN_TMP ? ['exec 9<"$1"'] : []),
  'mount -t tmpfs -o mode=1777 tmpfs /tmp',
  ...(IN_TMP ? ['mkdir -p "$1"', 'mount --no-canonicalize --bind /proc/self/fd/9 "$1"', 'exec 9<&-', 'cd "$1"'] : []),
  'shift',
].join(' && ');

const UNSHARE = [
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  ...['--net', '--ipc', '--pid', '--mount', '--fork', '--mount-proc', '--kill-child=SIGKILL'],
];

/** What the command needs besides, and must not vanish with the temporary folder. */
const NEEDED = [
  process.execPath,
  process.env.DOORCHAIN_EXTENSION,
  process.env.DOORCHAIN_COMPANION,
];

/** Whether namespaces are to be had here (Linux, util-linux and iproute2, and the right to). */
function canIsolate() {
  if (NEEDED.some((path) => path?.startsWith('/tmp/') && !path.startsWith(TREE))) return false;
  return spawnSync('unshare', [...UNSHARE, 'sh', '-c', PREPARE, 'sh', TREE], { stdio: 'ignore' }).status === 0;
}

/** Whether each command gets a world of its own. */
export const isolates = canIsolate();

/**
 * The command that runs `command` in a world of its own, or `command` itself where none is to be had.
 * @param {string[]} command
 */
export function inOwnWorld(command) {
  return isolates
    ? ['unshare', ...UNSHARE, 'sh', '-c', `${PREPARE} && "$@"`, 'sh', TREE, ...command]
    : command;
}

if (!isolates) {
  process.stderr.write(
    'note: no namespaces here, so other remote sessions of this machine are seen too\n',
  );
}
