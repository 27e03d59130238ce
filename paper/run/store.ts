/** The finished cells of a run, one file each; written whole or not at all, and found again by name, data and settings. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../src/index.js';
import { type Cell, type CellSpec, cellName, type RunInfo } from '../cells/index.js';

/** Letters of the digest in a file's name: enough that no two settings of a cell meet. */
const DIGEST_LENGTH = 10;

export class CellStore {
  readonly #folder: string;

  /** @throws InputError when the folder cannot be made or written to */
  constructor(folder: string) {
    this.#folder = folder;
    try {
      mkdirSync(join(folder, 'cells'), { recursive: true });
    } catch (error) {
      throw new InputError('--out', `${folder} cannot be used as a folder (${(error as Error).message})`);
    }
  }

  /** The cell's file: its name and a digest of all that the result depends on. */
  path({ key, settings }: CellSpec, dataDigest: string): string {
    const text = JSON.stringify([key, settings, dataDigest]);
    const digest = createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
    return join(this.#folder, 'cells', `${cellName(key)}-${digest}.json`);
  }

  /** The finished cell, or undefined when there is none that can be read. */
  read(path: string): Cell | undefined {
    if (!existsSync(path)) return undefined;
    try {
      const cell = JSON.parse(readFileSync(path, 'utf8')) as Cell;
      return cell.format === 1 ? cell : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  write(path: string, cell: Cell): void {
    writeAtomically(path, `${JSON.stringify(cell)}\n`);
  }

  writeRun(run: RunInfo): void {
    writeAtomically(join(this.#folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
  }
}

/** A reader sees the old file or the new one, and a killed writer leaves the old one. */
function writeAtomically(path: string, content: string): void {
  const draft = `${path}.${process.pid}.part`;
  try {
    writeFileSync(draft, content);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
