/** Dense row-major matrices: what the library returns, and the forms it accepts. */
import { InputError } from './errors.js';

/** A dense row-major matrix; element (i, j) is `data[i * columns + j]`. */
export class Matrix {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;

  /** Wraps `data` without copying; its length must be rows × columns. */
  constructor(data: Float64Array, rows: number, columns: number) {
    if (data.length !== rows * columns) {
      throw new InputError('data', `has ${data.length} elements, but ${rows} × ${columns} needs ${rows * columns}`);
    }
    this.data = data;
    this.rows = rows;
    this.columns = columns;
  }

  static zeros(rows: number, columns: number): Matrix {
    return new Matrix(new Float64Array(rows * columns), rows, columns);
  }

  get(i: number, j: number): number {
    return this.data[i * this.columns + j];
  }

  set(i: number, j: number, value: number): void {
    this.data[i * this.columns + j] = value;
  }

  /** A view of row i; writing to it writes to the matrix. */
  row(i: number): Float64Array {
    return this.data.subarray(i * this.columns, (i + 1) * this.columns);
  }

  transpose(): Matrix {
    const result = Matrix.zeros(this.columns, this.rows);
    for (let i = 0; i < this.rows; i++) for (let j = 0; j < this.columns; j++) result.set(j, i, this.get(i, j));
    return result;
  }

  clone(): Matrix {
    return new Matrix(this.data.slice(), this.rows, this.columns);
  }

  toArray(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i)));
  }
}

/** Anything with `rows`, `columns` and `get(i, j)`, such as an ml-matrix `Matrix`. */
export interface MatrixAccess {
  readonly rows: number;
  readonly columns: number;
  get(row: number, column: number): number;
}

/** Row-major data with its shape. */
export interface MatrixData {
  readonly data: Float64Array | Float32Array | readonly number[];
  readonly rows: number;
  readonly columns: number;
}

/** Every form in which a matrix is accepted. */
export type MatrixLike = readonly (readonly number[] | Float64Array | Float32Array)[] | MatrixData | MatrixAccess;

/**
 * Copies any accepted form into a fresh Matrix, checking shape and finiteness; the input is never mutated or kept.
 *
 * @param argument name used in messages
 * @throws InputError naming the argument when the value is not a matrix, is ragged, or holds NaN or Infinity
 */
export function toMatrix(value: MatrixLike, argument: string): Matrix {
  const result = copyMatrix(value, argument);
  assertFinite(result, argument);
  return result;
}

export interface Shape {
  readonly rows: number;
  readonly columns: number;
}

/**
 * The shape that `toMatrix` would give, before anything is copied. That all rows have the length of the first is not looked at.
 *
 * @throws InputError when the value is no matrix by its looks
 */
export function shapeOf(value: MatrixLike, argument: string): Shape {
  const source: unknown = value;
  if (Array.isArray(source)) return { rows: source.length, columns: isNumberRow(source[0]) ? source[0].length : 0 };
  if (typeof source !== 'object' || source === null) {
    throw new InputError(argument, `expected number[][] or { data, rows, columns }, got ${describe(source)}`);
  }
  const { rows, columns } = source as Partial<Shape>;
  if (isCount(rows) && isCount(columns)) return { rows, columns };
  throw new InputError(
    argument,
    `expected whole numbers rows and columns ≥ 0, got rows = ${rows}, columns = ${columns}`,
  );
}

/** `toMatrix` without the check for NaN and Infinity, for callers that have a faster one. */
export function copyMatrix(value: MatrixLike, argument: string): Matrix {
  const source: unknown = value;
  const { rows, columns } = shapeOf(value, argument);
  if (Array.isArray(source)) return fromRows(source, columns, argument);
  const { data } = source as Partial<MatrixData>;
  const { get } = source as Partial<MatrixAccess>;
  const result = Matrix.zeros(rows, columns);
  if (data !== undefined && (ArrayBuffer.isView(data) || isNumberArray(data))) {
    if (data.length !== rows * columns) {
      throw new InputError(
        argument,
        `data has ${data.length} elements, but ${rows} × ${columns} needs ${rows * columns}`,
      );
    }
    result.data.set(data);
  } else if (typeof get === 'function') {
    const access = source as MatrixAccess;
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result.set(i, j, access.get(i, j));
  } else {
    throw new InputError(
      argument,
      'expected number[][], { data, rows, columns } or an object with rows, columns, get(i, j)',
    );
  }
  return result;
}

function fromRows(rows: readonly unknown[], columns: number, argument: string): Matrix {
  const result = Matrix.zeros(rows.length, columns);
  rows.forEach((row, i) => {
    if (!isNumberRow(row)) throw new InputError(argument, `row ${i} is ${describe(row)}, expected an array of numbers`);
    if (row.length !== columns) {
      throw new InputError(
        argument,
        `row ${i} has ${row.length} entries, but row 0 has ${columns}; all rows need the same length`,
      );
    }
    for (let j = 0; j < columns; j++) {
      if (typeof row[j] !== 'number')
        throw new InputError(argument, `entry (${i}, ${j}) is ${describe(row[j])}, expected a number`);
      result.set(i, j, row[j]);
    }
  });
  return result;
}

function assertFinite(matrix: Matrix, argument: string): void {
  const { data, columns } = matrix;
  for (let k = 0; k < data.length; k++) {
    if (!Number.isFinite(data[k])) {
      const i = Math.floor(k / columns);
      throw new InputError(
        argument,
        `entry (${i}, ${k - i * columns}) is ${data[k]}; every entry must be a finite number`,
      );
    }
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

const isNumberArray = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'number');

const isNumberRow = (row: unknown): row is ArrayLike<number> =>
  Array.isArray(row) || row instanceof Float64Array || row instanceof Float32Array;

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  return typeof value === 'string' ? `the string '${value}'` : `a ${typeof value}`;
}

/** The column of row i's largest entry, the first of equals. */
export function largestColumn(A: Matrix, i: number): number {
  const row = A.row(i);
  let best = 0;
  for (let k = 1; k < row.length; k++) if (row[k] > row[best]) best = k;
  return best;
}
