/** Running kernels on matrices: placed at two base addresses, with outputs and scratch poisoned by NaN. */

import { expect } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import type { Address } from '../../src/engine/abi.js';
import { createKernelsSync, type Kernels } from '../../src/engine/kernels.js';

/** Full SIMD blocks plus every tail. */
export const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65] as const;

const GUARD = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);

const kernels = createKernelsSync();

/** Everything a kernel test needs; blocks live until `run` returns. */
export class Bench {
  readonly kernels: Kernels = kernels;
  readonly exports = kernels.exports;
  readonly #guards: Address[] = [];

  /** A block of `count` NaN. */
  poisoned(count: number): Address {
    const address = kernels.arena.allocate(count);
    kernels.arena.view(address, count).fill(Number.NaN);
    return address;
  }

  /** Scratch full of NaN, with a guard behind it that `checkGuards` finds intact unless a kernel wrote too far. */
  scratch(bytes: number): Address {
    const count = Math.ceil(bytes / 8);
    const address = this.poisoned(count + GUARD.length);
    kernels.arena.write(address + 8 * count, GUARD);
    this.#guards.push(address + 8 * count);
    return address;
  }

  checkGuards(): void {
    for (const guard of this.#guards) expect(this.vector(guard, GUARD.length), 'behind the scratch').toEqual(GUARD);
  }

  put(values: ArrayLike<number>): Address {
    const address = kernels.arena.allocate(values.length);
    kernels.arena.write(address, values);
    return address;
  }

  /** The matrix with rows `ld` apart, the padding poisoned. */
  putMatrix(A: Matrix, ld = A.columns): Address {
    const address = this.poisoned(A.rows * ld);
    const view = kernels.arena.view(address, A.rows * ld);
    for (let i = 0; i < A.rows; i++) view.set(A.row(i), i * ld);
    return address;
  }

  vector(address: Address, count: number): Float64Array {
    return kernels.arena.read(address, count);
  }

  matrix(address: Address, rows: number, columns: number, ld = columns): Matrix {
    const result = Matrix.zeros(rows, columns);
    for (let i = 0; i < rows; i++) result.row(i).set(this.vector(address + 8 * i * ld, columns));
    return result;
  }
}

/** Runs a test at two base addresses, 64-byte aligned and 8 bytes off a 16-byte boundary, and frees what it allocated. */
export function atTwoBases(test: (bench: Bench, shift: number) => void): void {
  for (const shift of [0, 8]) at(shift, (bench) => test(bench, shift));
}

/** For cases too large to run twice. */
export const atOneBase = (test: (bench: Bench) => void): void => at(0, test);

function at(shift: number, test: (bench: Bench) => void): void {
  const { arena } = kernels;
  const mark = arena.mark();
  arena.release(mark + shift);
  try {
    const bench = new Bench();
    test(bench);
    bench.checkGuards();
  } finally {
    arena.release(mark);
  }
}
