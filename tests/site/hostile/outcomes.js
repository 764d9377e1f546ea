// The table of what each trick came to.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const TABLE = fileURLToPath(new URL('./outcomes.tsv', import.meta.url));
const HEADING =
  '# What each trick came to; two outcomes where a race decides. Anything but `holds` is a limit, and named as one in docs/LIMITS.md.\ntrick\tsurface\tbrowser\toutcome\n';

/** Outcomes by trick, surface and browser, between which are tabs. @returns {Promise<Map<string, string>>} */
export async function readOutcomes() {
  const text = await readFile(TABLE, 'utf8');
  return new Map(
    text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).slice(1).map((line) => {
      const cells = line.split('\t');
      return [cells.slice(0, 3).join('\t'), cells[3]];
    }),
  );
}

/** @param {Map<string, string>} outcomes */
export async function writeOutcomes(outcomes) {
  const lines = [...outcomes].map(([key, outcome]) => `${key}\t${outcome}`);
  await writeFile(TABLE, `${HEADING}${lines.join('\n')}\n`);
}
