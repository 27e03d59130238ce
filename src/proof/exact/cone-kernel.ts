/** The branch and bound of assembly/exact/cone-search.ts with its state, in the memory of the kernels. */
import type { Matrix } from '../../base/matrix.js';
import { CANDIDATE_STRIDE, HEAD_FOUND, HEAD_LENGTH } from '../../engine/constants.js';
import { checkStatus } from '../../engine/kernels.js';
import type { Algebra } from '../../linalg/algebra.js';
import type { Vector, View } from '../../linalg/views.js';

export class ConeKernel {
  readonly #algebra: Algebra;
  readonly #Z: View;
  readonly #R: View;
  readonly #depth: number;
  readonly #store: number;
  /** The first numbers of the state, which are the caller's: HEAD_BEST to HEAD_DIRECTION. */
  readonly #head: Vector;
  readonly #candidates: number;

  /**
   * Opens the orthants. What it allocates is the caller's to free.
   *
   * @param Z n×d, d ≤ MAX_DIMENSION, and R n×c, with entries of size about 1
   * @param depth deepest cone that is still cut
   * @param store candidates it has room for
   */
  constructor(algebra: Algebra, Z: Matrix, R: Matrix, depth: number, store: number) {
    const { exports, arena } = algebra.kernels;
    this.#algebra = algebra;
    this.#depth = depth;
    this.#store = store;
    this.#Z = algebra.place(Z);
    this.#R = algebra.place(R);
    const work = arena.allocateBytes(exports.coneSearchWorkspace(Z.rows, Z.columns, R.columns, depth, store));
    this.#head = { at: work, length: HEAD_LENGTH };
    const status = exports.coneSearchStart(Z.rows, Z.columns, R.columns, this.#Z.at, this.#R.at, depth, store, work);
    checkStatus(status, 'coneSearchStart');
    this.#candidates = exports.coneSearchCandidates(work);
  }

  /** The numbers themselves, valid until the next allocation. */
  get head(): Float64Array {
    return this.#algebra.entries(this.#head);
  }

  /** Examines up to `budget` cones, fewer when the store fills up; closes those with a bound ≤ factor · best. Returns how many are open. */
  advance(factor: number, budget: number): number {
    const { exports } = this.#algebra.kernels;
    const [Z, R] = [this.#Z, this.#R];
    // biome-ignore format: one group a line
    return exports.coneSearchAdvance(
      Z.rows, Z.columns, R.columns, Z.at, R.at, this.#depth, this.#store,
      factor, budget, this.#head.at,
    );
  }

  /** The candidates stored, each with f² and its direction, and empties the store. */
  take(): { square: number; direction: Float64Array }[] {
    const { head } = this;
    const stored = this.#algebra.entries({ at: this.#candidates, length: head[HEAD_FOUND] * CANDIDATE_STRIDE });
    const candidates = Array.from({ length: head[HEAD_FOUND] }, (_, k) => {
      const at = k * CANDIDATE_STRIDE;
      return { square: stored[at], direction: stored.slice(at + 1, at + 1 + this.#Z.columns) };
    });
    head[HEAD_FOUND] = 0;
    return candidates;
  }
}
