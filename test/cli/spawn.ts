/**
 * Runs the command line as its users do: a process of its own, with files in a temporary folder. The program is bundled from
 * source first, which starts faster than compiling it anew in every process and cannot be out of date.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';
import { Random } from '../../src/index.js';

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

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves as soon as stderr contains the text. */
  readonly sees: (text: string) => Promise<void>;
}

export function startCli(...words: string[]): RunningCli {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...text }));
  });
  const sees = (wanted: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (text.stderr.includes(wanted)) resolve();
      };
      child.stderr.on('data', look);
      child.on('close', () => reject(new Error(`ended without saying '${wanted}': ${text.stderr}`)));
      look();
    });
  return { child, outcome, sees };
}

export const runCli = (...words: string[]): Promise<Outcome> => startCli(...words).outcome;

/** A temporary folder with helpers; call `remove` when done. */
export function createFolder() {
  const path = mkdtempSync(join(tmpdir(), 'convex-relu-cli-'));
  const file = (name: string): string => join(path, name);
  return {
    file,
    write(name: string, content: string): string {
      writeFileSync(file(name), content);
      return file(name);
    },
    remove: (): void => rmSync(path, { recursive: true }),
  };
}

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
