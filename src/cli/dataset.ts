/** From a table to training data: which columns are features, what the targets are, which rows are held out. */
import { quote } from '../base/show.js';
import { InputError, Matrix, Random, type Targets } from '../index.js';
import { columnIndices, numericColumns, parseNumber, type Table, textColumn } from './csv.js';

/** Real targets Y (n×c), or n class labels. */
export type DatasetTargets =
  | { readonly kind: 'values'; readonly Y: Matrix }
  | { readonly kind: 'classes'; readonly labels: readonly string[] };

export interface Dataset {
  readonly features: readonly string[];
  /** n×d. */
  readonly X: Matrix;
  readonly targets: DatasetTargets;
}

/** The targets as the library takes them. */
export const targetsOf = ({ targets }: Dataset): Targets => (targets.kind === 'values' ? targets.Y : targets.labels);

export interface DatasetColumns {
  readonly targets: readonly string[];
  /** Columns that are neither features nor targets. */
  readonly ignored: readonly string[];
  /** The target column holds class labels even where they look like numbers. */
  readonly classes: boolean;
  /** Feature columns in this order; all that are left when not given. */
  readonly features?: readonly string[];
}

/**
 * A target column without a single number holds classes; with numbers only it holds values unless `classes`.
 *
 * @throws InputError for a column that does not exist, a cell that is not a number, a single class, or no feature left
 */
export function toDataset(table: Table, columns: DatasetColumns): Dataset {
  columnIndices(table, [...columns.targets, ...columns.ignored]);
  const both = columns.targets.find((column) => columns.ignored.includes(column));
  if (both !== undefined) throw new InputError('--ignore', `column ${quote(both)} is the target too`);
  const taken = new Set([...columns.targets, ...columns.ignored]);
  const features = columns.features ?? table.columns.filter((column) => !taken.has(column));
  if (features.length === 0)
    throw new InputError(table.source, 'has no feature column left besides target and ignored columns');

  const targets = readTargets(table, columns);
  const hint = '; features must be numbers, leave other columns out with --ignore';
  return { features, X: numericColumns(table, features, hint), targets };
}

function readTargets(table: Table, { targets, classes }: DatasetColumns): DatasetTargets {
  const column = targets[0];
  if (targets.length > 1) {
    if (classes) throw new InputError('--classes', `needs a single target column, got ${targets.join(', ')}`);
    return { kind: 'values', Y: numericColumns(table, targets) };
  }
  const cells = textColumn(table, column);
  const isText = cells.every((cell) => parseNumber(cell) === undefined);
  if (!classes && !isText)
    return { kind: 'values', Y: numericColumns(table, targets, '; give --classes if the column holds class labels') };
  if (new Set(cells).size === 1) {
    throw new InputError(
      table.source,
      `column ${quote(column)} holds the single class ${quote(cells[0])}; classification needs at least two`,
    );
  }
  return { kind: 'classes', labels: cells };
}

export interface Split {
  /** Row numbers, in the file's order. */
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Holds out round(fraction · n) rows chosen by the seed.
 *
 * @throws InputError naming --test-fraction when one of the parts a fraction > 0 asks for would be empty
 */
export function splitRows(rows: number, fraction: number, seed: number): Split {
  const held = Math.round(fraction * rows);
  if (fraction > 0 && (held === 0 || held === rows)) {
    throw new InputError(
      '--test-fraction',
      `${fraction} of ${rows} rows leaves no row for ${held === 0 ? 'testing' : 'training'}`,
    );
  }
  const order = new Random(seed).permutation(rows);
  return { train: order.slice(held).sort(), test: order.slice(0, held).sort() };
}

/** The chosen rows of a data set. */
export function selectRows(dataset: Dataset, rows: Int32Array): Dataset {
  const { targets } = dataset;
  return {
    ...dataset,
    X: matrixRows(dataset.X, rows),
    targets:
      targets.kind === 'values'
        ? { kind: 'values', Y: matrixRows(targets.Y, rows) }
        : { kind: 'classes', labels: Array.from(rows, (i) => targets.labels[i]) },
  };
}

function matrixRows(matrix: Matrix, rows: Int32Array): Matrix {
  const result = Matrix.zeros(rows.length, matrix.columns);
  rows.forEach((source, i) => {
    result.row(i).set(matrix.row(source));
  });
  return result;
}
