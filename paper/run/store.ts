/** The finished cells of a run, one file each; written whole or not at all, and found again by name, data and settings. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeOutput } from '../../src/cli/output-file.js';
import { InputError } from '../../src/index.js';
import { type Cell, type CellSpec, cellName, EXPERIMENTS, type Experiment, type RunInfo } from '../cells/index.js';

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

  /**
   * The finished cell, or undefined when there is none. A file that is not what this program wrote is renamed aside, so that its cell is run
   * anew and nothing is lost.
   *
   * @param onDamaged told the new name of such a file
   */
  read(path: string, { key }: CellSpec, onDamaged: (aside: string) => void = () => {}): Cell | undefined {
    if (!existsSync(path)) return undefined;
    const cell = parseCell(readFileSync(path, 'utf8'));
    if (cell && JSON.stringify(cell.key) === JSON.stringify(key)) return cell;
    const aside = `${path}.damaged`;
    renameSync(path, aside);
    onDamaged(aside);
    return undefined;
  }

  write(path: string, cell: Cell): void {
    const text = JSON.stringify(cell);
    writeOutput('--out', path, `${text}\n${digestOf(text)}\n`);
  }

  writeRun(run: RunInfo): void {
    writeOutput('--out', join(this.#folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A cell is a line of JSON and a line with its digest; older files have the first line alone. */
function parseCell(content: string): Cell | undefined {
  const [text, digest = ''] = content.split('\n');
  if (digest !== '' && digest !== digestOf(text)) return undefined;
  try {
    const cell: unknown = JSON.parse(text);
    return isCell(cell) ? cell : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the result of each experiment has. */
const RESULT_PARTS: Readonly<Record<Experiment, readonly string[]>> = {
  objective: ['relaxation', 'Lambda', 'roundings', 'network'],
  descent: ['sgd', 'adam'],
  programs: ['frankWolfe', 'gatedRelu'],
  accuracy: ['runs'],
};

function isCell(value: unknown): value is Cell {
  if (!isObject(value) || value.format !== 1) return false;
  const { key, data, provenance, result } = value;
  if (!(isObject(key) && isObject(data) && isObject(provenance) && isObject(result))) return false;
  const parts = EXPERIMENTS.find((name) => name === key.experiment);
  return parts !== undefined && RESULT_PARTS[parts].every((part) => typeof result[part] === 'object');
}
