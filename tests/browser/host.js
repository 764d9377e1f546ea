// A program of a test's own that speaks to the extension in the companion's place.

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param {string} folder
 * @param {string} body JavaScript that may use `send(bytes)`, `frame(text)` and `ask` (the next question).
 * @returns {Promise<string>} The program.
 */
export async function writeHost(folder, body) {
  const path = join(folder, 'host.mjs');
  await writeFile(
    path,
    `#!${process.execPath}
const frame = (text) => {
  const bytes = Buffer.from(text);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return Buffer.concat([size, bytes]);
};
const send = (bytes) => process.stdout.write(bytes);
let kept = Buffer.alloc(0);
process.stdin.on('data', (data) => {
  kept = Buffer.concat([kept, data]);
  while (kept.length >= 4 && kept.length >= 4 + kept.readUInt32LE(0)) {
    const ask = JSON.parse(kept.subarray(4, 4 + kept.readUInt32LE(0)).toString());
    kept = kept.subarray(4 + kept.readUInt32LE(0));
    ${body}
  }
});
process.stdin.on('end', () => process.exit(0));
`,
  );
  await chmod(path, 0o755);
  return path;
}

/**
 * A companion that does what the test has last taught it, in the words of {@link writeHost}.
 * @param {string} folder
 */
export async function writeTaughtHost(folder) {
  const taught = join(folder, 'taught.js');
  const teach = (/** @type {string} */ body) => writeFile(taught, body);
  await teach('');
  const script = await writeHost(
    folder,
    `const lesson = process.getBuiltinModule('node:fs').readFileSync(${JSON.stringify(taught)}, 'utf8');
    new Function('send', 'frame', 'ask', lesson)(send, frame, ask);`,
  );
  return { script, teach };
}

/**
 * A companion that says what the test has last told it to say.
 * @param {string} folder
 */
export async function writeToldHost(folder) {
  const told = join(folder, 'told.json');
  /**
   * Without `end` it never answers the wish to end a session; `after` is its report from that wish on.
   * @param {{ report: unknown, end?: { gone: boolean, cameBack: boolean }, after?: unknown }} what
   */
  const tell = (what) => writeFile(told, JSON.stringify(what));
  await tell({ report: { state: 'none', findings: [], failed: [] } });
  const script = await writeHost(
    folder,
    `const fs = process.getBuiltinModule('node:fs');
    const path = ${JSON.stringify(told)};
    const { report, end, after } = JSON.parse(fs.readFileSync(path, 'utf8'));
    const answers = {
      hello: { release: '0.1.0', system: 'linux' },
      sessions: { report },
      end: { ended: [], ...end },
    };
    if (ask.ask === 'end' && !end) continue;
    if (ask.ask === 'end' && after) fs.writeFileSync(path, JSON.stringify({ report: after, end }));
    send(frame(JSON.stringify({ status: 'ok', version: ask.version, id: ask.id, answer: ask.ask, ...answers[ask.ask] })));`,
  );
  return { script, tell };
}

/**
 * A report with one session.
 * @param {import('../../extension/types.js').Confidence} confidence
 * @param {string} [tool]
 */
export function reportOf(confidence, tool = 'anydesk') {
  const finding = {
    id: `${tool}-1`,
    tool,
    name: 'AnyDesk',
    direction: 'inbound',
    since: null,
    evidence: 'the test says so',
    confidence,
    pids: [1],
  };
  return { state: 'active', findings: [finding], failed: [] };
}
