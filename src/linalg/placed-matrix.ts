/**
 * A matrix for long use by many: in WASM memory, with its decomposition and whatever else is derived from it, each made once and only
 * when it is first asked for.
 */
import type { Matrix } from '../base/matrix.js';
import { complete } from '../base/run.js';
import type { Algebra } from './algebra.js';
import { svdFlops, svdSteps, type ThinSvd } from './svd.js';
import type { View } from './views.js';

/** Singular values that anybody counts are above this share of the largest: that much the last bits of the data can make. */
const SMALLEST_SHARE = 1e-13;

export class PlacedMatrix {
  readonly algebra: Algebra;
  readonly matrix: Matrix;
  readonly view: View;
  readonly #derived = new Map<(placed: PlacedMatrix) => unknown, unknown>();
  #svd: ThinSvd | undefined;

  /** Copies the matrix into the memory of the kernels, where it stays until the caller releases it. */
  constructor(algebra: Algebra, matrix: Matrix) {
    this.algebra = algebra;
    this.matrix = matrix;
    this.view = algebra.place(matrix);
  }

  /** With all singular values above 1e-13 of the largest; `leadingPart` gives those above more. */
  svd(): ThinSvd {
    return complete(this.svdSteps());
  }

  /** `svd` in pieces: pauses every few hundredths of a second. */
  *svdSteps(): Generator<void, ThinSvd> {
    this.#svd ??= yield* svdSteps(this.matrix, SMALLEST_SHARE);
    return this.#svd;
  }

  /** Flops that `svd` would take now: 0 once it is known. */
  get svdFlops(): number {
    return this.#svd ? 0 : svdFlops(this.matrix);
  }

  /** What `make` derives from this matrix, made at the first call. `make` is its own name: give a function, not a new closure each time. */
  once<T>(make: (placed: PlacedMatrix) => T): T {
    if (!this.#derived.has(make)) this.#derived.set(make, make(this));
    return this.#derived.get(make) as T;
  }
}
