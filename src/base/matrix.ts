/** Dense row-major matrices: what the library returns, and the forms it accepts. */
import { InputError, MemoryError } from './errors.js';
import { show } from './show.js';

/** A dense row-major matrix; element (i, j) is `data[i * columns + j]`. */
export class Matrix {
  readonly data: Float64Array;
  readonly rows: number;
  readonly columns: number;

  /**
   * Wraps `data` without copying.
   *
   * @throws InputError when rows or columns is no whole number ≥ 0, or data no Float64Array of rows × columns numbers
   */
  constructor(data: Float64Array, rows: number, columns: number) {
    assertCounts(rows, columns);
    if (typedArrayName(data) !== 'Float64Array')
      throw new InputError('data', `is ${show(data)}; a Float64Array is needed`);
    if (isDetached(data)) throw new InputError('data', 'was transferred elsewhere and has no memory any more');
    if (data.length !== rows * columns) {
      throw new InputError('data', `has ${data.length} elements, but ${rows} × ${columns} needs ${rows * columns}`);
    }
    this.data = data;
    this.rows = rows;
    this.columns = columns;
  }

  /** @throws InputError when rows or columns is no whole number ≥ 0; MemoryError when the host cannot hold so many numbers */
  static zeros(rows: number, columns: number): Matrix {
    assertCounts(rows, columns);
    return new Matrix(numbers(rows * columns), rows, columns);
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

/** Whether its memory went to a worker or to structuredClone; only an array without entries can be such. */
function isDetached({ length, buffer }: Float64Array): boolean {
  if (length > 0) return false;
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function assertCounts(rows: unknown, columns: unknown): void {
  if (!isCount(rows)) throw new InputError('rows', `is ${show(rows)}; a whole number ≥ 0 is needed`);
  if (!isCount(columns)) throw new InputError('columns', `is ${show(columns)}; a whole number ≥ 0 is needed`);
}

/** A fresh array of zeros. @throws MemoryError when it is beyond what the kernels can address, or the host refuses it */
function numbers(length: number): Float64Array {
  const bytes = Float64Array.BYTES_PER_ELEMENT * length;
  try {
    if (bytes <= LARGEST_ARRAY_BYTES) return new Float64Array(length);
  } catch {
    // The host has less.
  }
  throw new MemoryError(
    `a matrix of ${length} numbers needs ${(bytes / 2 ** 30).toPrecision(3)} GiB, more than there is for one array`,
    bytes,
    LARGEST_ARRAY_BYTES,
  );
}

/** WebAssembly's addresses end there: nothing here could compute with a larger matrix. */
const LARGEST_ARRAY_BYTES = 2 ** 32;

/** Anything with `rows`, `columns` and `get(i, j)`, such as an ml-matrix `Matrix`. */
export interface MatrixAccess {
  readonly rows: number;
  readonly columns: number;
  get(row: number, column: number): number;
}

/** Row-major data with its shape. */
export interface MatrixData {
  readonly data: NumberArray;
  readonly rows: number;
  readonly columns: number;
}

/** Numbers one after the other. */
export type NumberArray =
  | readonly number[]
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** Every form in which a matrix is accepted. */
export type MatrixLike = readonly NumberArray[] | MatrixData | MatrixAccess;

/**
 * Copies any accepted form into a fresh Matrix, checking shape and finiteness; the input is never mutated or kept.
 *
 * @param argument name used in messages
 * @throws InputError naming the argument when the value is not a matrix, is ragged, or holds NaN or Infinity
 */
export function toMatrix(value: MatrixLike, argument: string): Matrix {
  if (typeof argument !== 'string' || argument === '')
    throw new InputError('argument', `expected a name for messages, got ${show(argument)}`);
  const result = copyMatrix(value, argument);
  assertFinite(result, argument);
  return result;
}

/**
 * A matrix that is kept, not copied, once it is known to be one.
 *
 * @throws InputError when the value is no Matrix of finite numbers, or somebody changed its fields so that they do not fit each other
 */
export function checkMatrix(value: unknown, argument: string): Matrix {
  if (!(value instanceof Matrix)) throw new InputError(argument, `expected a Matrix, got ${show(value)}`);
  const { data, rows, columns } = value;
  if (!isCount(rows) || !isCount(columns) || typedArrayName(data) !== 'Float64Array' || data.length !== rows * columns)
    throw new InputError(argument, 'is a Matrix whose rows, columns and data do not fit each other');
  assertFinite(value, argument);
  return value;
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
    throw new InputError(argument, `expected number[][] or { data, rows, columns }, got ${show(source)}`);
  }
  const { rows, columns } = source as Partial<Shape>;
  if (isCount(rows) && isCount(columns)) return { rows, columns };
  throw new InputError(
    argument,
    `expected whole numbers rows and columns ≥ 0, got rows = ${show(rows)}, columns = ${show(columns)}`,
  );
}

/** `toMatrix` without the check for NaN and Infinity, for callers that have a faster one. */
export function copyMatrix(value: MatrixLike, argument: string): Matrix {
  const source: unknown = value;
  const { rows, columns } = shapeOf(value, argument);
  if (Array.isArray(source)) return fromRows(source, columns, argument);
  const { data } = source as Partial<MatrixData>;
  const { get } = source as Partial<MatrixAccess>;
  if (source instanceof Matrix && typedArrayName(data) === undefined)
    throw new InputError(argument, `is a Matrix whose data are ${show(data)}; a Float64Array is needed`);
  // ml-matrix has both: `get`, and as `data` an array of its rows.
  if (typedArrayName(data) !== undefined || (data !== undefined && typeof get !== 'function')) {
    return fromData(data, rows, columns, argument);
  }
  if (typeof get === 'function') return fromAccess(source as MatrixAccess, rows, columns, argument);
  throw new InputError(
    argument,
    'expected number[][], { data, rows, columns } or an object with rows, columns, get(i, j)',
  );
}

/** A hole in an array reads as undefined, so loops by index see it; forEach and every would pass over it. */
function fromRows(rows: readonly unknown[], columns: number, argument: string): Matrix {
  const result = Matrix.zeros(rows.length, columns);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!isNumberRow(row)) throw new InputError(argument, `row ${i} is ${show(row)}; an array of numbers is needed`);
    if (row.length !== columns) {
      throw new InputError(
        argument,
        `row ${i} has ${row.length} entries, but row 0 has ${columns}; all rows need the same length`,
      );
    }
    for (let j = 0; j < columns; j++) result.set(i, j, checkedNumber(row[j], i, j, argument));
  }
  return result;
}

function fromData(data: unknown, rows: number, columns: number, argument: string): Matrix {
  if (!isNumberRow(data)) throw new InputError(argument, `data is ${show(data)}; an array of numbers is needed`);
  if (data.length !== rows * columns) {
    throw new InputError(
      argument,
      `data has ${data.length} elements, but ${rows} × ${columns} needs ${rows * columns}`,
    );
  }
  const result = Matrix.zeros(rows, columns);
  for (let k = 0; k < data.length; k++) {
    const i = Math.floor(k / columns);
    result.data[k] = checkedNumber(data[k], i, k - i * columns, argument);
  }
  return result;
}

function fromAccess(access: MatrixAccess, rows: number, columns: number, argument: string): Matrix {
  const result = Matrix.zeros(rows, columns);
  if (columns === 0) return result;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result.set(i, j, checkedNumber(access.get(i, j), i, j, argument));
  }
  return result;
}

function checkedNumber(entry: unknown, i: number, j: number, argument: string): number {
  if (typeof entry === 'number') return entry;
  throw new InputError(argument, `entry (${i}, ${j}) is ${show(entry)}; a number is needed`);
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

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The name of a typed array of any realm (structuredClone, an iframe, a test runner's sandbox), undefined for all else. */
export const typedArrayName = (value: unknown): string | undefined =>
  ArrayBuffer.isView(value) ? (value as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag] : undefined;

/** Whether it is an array, whatever it holds, or a typed array of numbers (not of bigints, no DataView). */
export function isNumberRow(row: unknown): row is ArrayLike<unknown> {
  if (Array.isArray(row)) return true;
  const name = typedArrayName(row);
  return name !== undefined && name.endsWith('Array') && !name.startsWith('Big');
}

/** The column of row i's largest entry, the first of equals. */
export function largestColumn(A: Matrix, i: number): number {
  const row = A.row(i);
  let best = 0;
  for (let k = 1; k < row.length; k++) if (row[k] > row[best]) best = k;
  return best;
}
