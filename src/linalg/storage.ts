/** Matrices and vectors in the memory of one kernel instance: made, filled, read and freed, in the order of a stack. */
import { Matrix } from '../base/matrix.js';
import type { Address } from '../engine/abi.js';
import type { Kernels } from '../engine/kernels.js';
import { flat, isPacked, packed, type Vector, type View } from './views.js';

export class Storage {
  readonly kernels: Kernels;

  constructor(kernels: Kernels) {
    this.kernels = kernels;
  }

  /** A zeroed row-major matrix. */
  matrix(rows: number, columns: number): View {
    return packed(this.kernels.arena.allocate(rows * columns), rows, columns);
  }

  /** A zeroed vector. */
  vector(length: number): Vector {
    return { at: this.kernels.arena.allocate(length), length };
  }

  /** A row-major matrix with any entries. */
  unset(rows: number, columns: number): View {
    return packed(this.kernels.arena.scratch(8 * rows * columns), rows, columns);
  }

  /** A copy of the matrix. */
  place(A: Matrix): View {
    const view = this.unset(A.rows, A.columns);
    this.entries(view).set(A.data);
    return view;
  }

  /** A copy of the numbers. */
  placeVector(values: ArrayLike<number>): Vector {
    const { at } = this.unset(1, values.length);
    this.kernels.arena.write(at, values);
    return { at, length: values.length };
  }

  /** The entries themselves, of a matrix row by row; valid until the next allocation. */
  entries(v: Vector | View): Float64Array {
    const { at, length } = vectorOf(v);
    return this.kernels.arena.view(at, length);
  }

  /** A fresh copy of the entries. */
  read(v: Vector | View): Float64Array {
    return this.entries(v).slice();
  }

  /** A fresh copy of the matrix. */
  readMatrix(A: View): Matrix {
    return new Matrix(this.read(A), A.rows, A.columns);
  }

  write(v: Vector | View, values: ArrayLike<number>): void {
    this.entries(v).set(values);
  }

  /** Makes sure that workspaces of so many bytes leave what `entries` returned alive; called while a solve is set up. */
  reserveScratch(bytes: number): void {
    this.kernels.arena.keepRoom(bytes);
  }

  /** Workspace of at least `bytes` for the next kernel call. */
  scratch(bytes: number): Address {
    return this.kernels.arena.room(bytes);
  }

  /** Frees what `work` allocates when it ends. */
  scoped<T>(work: () => T): T {
    const { arena } = this.kernels;
    const mark = arena.mark();
    try {
      return work();
    } finally {
      arena.release(mark);
    }
  }

  /** `scoped` for work in pieces. */
  *scopedSteps<Pause, T>(work: () => Generator<Pause, T>): Generator<Pause, T> {
    const { arena } = this.kernels;
    const mark = arena.mark();
    try {
      return yield* work();
    } finally {
      arena.release(mark);
    }
  }
}

/** The consecutive numbers behind a vector or a packed matrix. */
export function vectorOf(v: Vector | View): Vector {
  if (!('rowStride' in v)) return v;
  if (!isPacked(v)) throw new RangeError(`a ${v.rows}×${v.columns} block of a larger matrix is not one vector`);
  return flat(v);
}
