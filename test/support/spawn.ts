/** Programs as their users run them: a process of its own, with files in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Resolves as soon as stderr contains the text. */
  readonly sees: (text: string) => Promise<void>;
}

/** Starts Node with these words. */
export function startNode(...words: string[]): RunningProgram {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
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
