/**
 * The command line as its users run it. The program is bundled from source first, which starts faster than compiling it anew in
 * every process and cannot be out of date.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';
import { Random } from '../../src/index.js';
import { type Outcome, type RunningProgram, startNode } from '../support/spawn.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Two folders below package.json, as dist/cli/main.js is. */
const bundleFolder = join(root, 'build');
mkdirSync(bundleFolder, { recursive: true });
const bundle = mkdtempSync(join(bundleFolder, 'cli-'));
afterAll(() => rmSync(bundle, { recursive: true }));
const main = join(bundle, 'main.mjs');
buildSync({
  entryPoints: [join(root, 'src', 'cli', 'main.ts')],
  outfile: main,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
});

export const startCli = (...words: string[]): RunningProgram => startNode(main, ...words);

export const runCli = (...words: string[]): Promise<Outcome> => startCli(...words).outcome;

/** Two noisy classes, `left` and `right`, in d features x1 … xd; a column `value` beside the column `side`. */
export function sampleCsv(rows: number, d: number, seed: number): string {
  const random = new Random(seed);
  const names = Array.from({ length: d }, (_, j) => `x${j + 1}`);
  const lines = Array.from({ length: rows }, (_, i) => {
    const x = names.map(() => random.normal() / 2 + (i % 2 === 0 ? -1 : 1));
    return [...x, i % 2 === 0 ? 'left' : 'right', Math.abs(x[0]) + random.normal() / 10].join(',');
  });
  return `${[...names, 'side', 'value'].join(',')}\n${lines.join('\n')}\n`;
}
