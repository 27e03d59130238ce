/** Matrices and vectors in WASM memory: where they are and how to step through them. Only addresses; no data crosses here. */
import type { Address } from '../engine/abi.js';

/** A dense matrix in WASM memory; element (i, j) is the f64 at `at + 8(i·rowStride + j·columnStride)`. */
export interface View {
  readonly at: Address;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** `length` consecutive f64. */
export interface Vector {
  readonly at: Address;
  readonly length: number;
}

/** The rows × columns matrix stored there row by row without gaps. */
export const packed = (at: Address, rows: number, columns: number): View => ({
  at,
  rows,
  columns,
  rowStride: columns,
  columnStride: 1,
});

export const transposed = (A: View): View => ({
  at: A.at,
  rows: A.columns,
  columns: A.rows,
  rowStride: A.columnStride,
  columnStride: A.rowStride,
});

/** The rows × columns block whose first element is (i, j). */
export const block = (A: View, i: number, j: number, rows: number, columns: number): View => ({
  ...A,
  at: A.at + 8 * (i * A.rowStride + j * A.columnStride),
  rows,
  columns,
});

/** Rows first … first + count − 1. */
export const rowBlock = (A: View, first: number, count: number): View => block(A, first, 0, count, A.columns);

/** Row i of a matrix whose rows are without gaps. */
export const rowOf = (A: View, i: number): Vector => ({ at: A.at + 8 * i * A.rowStride, length: A.columns });

/** All entries of a packed row-major matrix as one vector. */
export const flat = (A: View): Vector => ({ at: A.at, length: A.rows * A.columns });

/** Consecutive entries of a vector. */
export const slice = (v: Vector, start: number, length: number): Vector => ({ at: v.at + 8 * start, length });

/** Whether the entries lie row by row without gaps. */
export const isPacked = ({ rows, columns, rowStride, columnStride }: View): boolean =>
  (columnStride === 1 || columns <= 1) && (rowStride === columns || rows <= 1);
