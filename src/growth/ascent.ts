/**
 * Local search for neurons worth adding: maximises f(u)² = ‖Rᵀ(Xu)₊‖² over ‖u‖ = 1 from many starts at once, on GEMM.
 *
 * u ← normalise((1 − s) u + s g/‖g‖) with the gradient direction g = Xᵀ(D R Rᵀ(Xu)₊), D the active rows; each start has its own
 * s in (0, 1], × 1.5 after a rise, halved otherwise (docs/growth.md). It only ever finds lower bounds of the maximum.
 * Cost per step 4 n s (d + c) flops for s starts.
 */
import { Matrix } from '../base/matrix.js';
import type { Address } from '../engine/abi.js';
import { FULL } from '../engine/constants.js';
import type { Kernels } from '../engine/kernels.js';

export interface Ascended {
  /** d×s, unit columns. */
  readonly U: Matrix;
  /** f at each column. */
  readonly values: Float64Array;
}

const FASTER = 1.5;
const SLOWER = 0.5;
/** Steps after which, with every start this slow and gaining less than this share, the search ends. */
const MIN_STEPS = 5;
const SLOW = 1e-3;
const LEAST_GAIN = 1e-9;

export class NeuronAscent {
  readonly #kernels: Kernels;
  readonly #n: number;
  readonly #d: number;
  readonly #c: number;
  readonly #X: Address;
  readonly #R: Address;
  readonly #work: Address;

  /** Copies X and plans room for R (n×c) in the kernels' memory. */
  constructor(kernels: Kernels, X: Matrix, c: number) {
    const { arena, exports } = kernels;
    this.#kernels = kernels;
    this.#n = X.rows;
    this.#d = X.columns;
    this.#c = c;
    this.#X = arena.allocate(X.rows * X.columns);
    this.#R = arena.allocate(X.rows * c);
    this.#work = arena.allocateBytes(exports.gemmWorkspace());
    arena.write(this.#X, X.data);
  }

  setResidual(R: Matrix): void {
    this.#kernels.arena.write(this.#R, R.data);
  }

  /** f at the columns of U (d×s). */
  values(U: Matrix): Float64Array {
    return this.#withBatch(U.columns, (batch) => {
      this.#kernels.arena.write(batch.current.U, U.data);
      return this.#evaluate(batch.current, U.columns).map(Math.sqrt);
    });
  }

  /** Ascends from the columns of U, none zero, for at most `steps` steps, or until `isOver` says that time is up. */
  ascend(U: Matrix, steps: number, isOver: () => boolean = () => false): Ascended {
    const { arena } = this.#kernels;
    const d = this.#d;
    const s = U.columns;
    return this.#withBatch(s, ({ current, trial, P, G }) => {
      arena.view(current.U, d * s).set(U.data);
      normalizeColumns(arena.view(current.U, d * s), d, s);
      const squares = this.#evaluate(current, s);
      const stepSize = new Float64Array(s).fill(1);
      for (let k = 0, hasMoved = true; k < steps && !isOver(); k++) {
        if (hasMoved) this.#gradient(current, P, G, s);
        mixColumns(arena.view(trial.U, d * s), arena.view(current.U, d * s), arena.view(G, d * s), stepSize, d, s);
        const { risen, gain } = judge(squares, this.#evaluate(trial, s), stepSize);
        this.#adopt(current, trial, risen, s);
        hasMoved = risen.length > 0;
        if (k > MIN_STEPS && gain < LEAST_GAIN && stepSize.every((size) => size < SLOW)) break;
      }
      return { U: new Matrix(arena.read(current.U, d * s), d, s), values: squares.map(Math.sqrt) };
    });
  }

  /** H = (XU)₊ and Z = HᵀR of the points; returns f², the squared rows of Z. */
  #evaluate({ U, H, Z }: Points, s: number): Float64Array {
    const { arena, exports } = this.#kernels;
    const n = this.#n;
    const d = this.#d;
    const c = this.#c;
    arena.view(H, n * s).fill(0);
    exports.gemm(n, s, d, 1, this.#X, d, 1, U, s, 1, 0, H, s, FULL, this.#work);
    const h = arena.view(H, n * s);
    for (let k = 0; k < h.length; k++) h[k] = h[k] > 0 ? h[k] : 0;
    arena.view(Z, s * c).fill(0);
    exports.gemm(s, c, n, 1, H, 1, s, this.#R, c, 1, 0, Z, c, FULL, this.#work);
    const z = arena.view(Z, s * c);
    const squares = new Float64Array(s);
    for (let j = 0; j < s; j++) for (let k = 0; k < c; k++) squares[j] += z[j * c + k] ** 2;
    return squares;
  }

  /** G = Xᵀ P with P = (R Zᵀ) ∘ [H > 0]. */
  #gradient({ H, Z }: Points, P: Address, G: Address, s: number): void {
    const { arena, exports } = this.#kernels;
    const n = this.#n;
    const d = this.#d;
    const c = this.#c;
    arena.view(P, n * s).fill(0);
    exports.gemm(n, s, c, 1, this.#R, c, 1, Z, 1, c, 0, P, s, FULL, this.#work);
    const h = arena.view(H, n * s);
    const p = arena.view(P, n * s);
    for (let k = 0; k < p.length; k++) p[k] = h[k] > 0 ? p[k] : 0;
    arena.view(G, d * s).fill(0);
    exports.gemm(d, s, n, 1, this.#X, 1, d, P, s, 1, 0, G, s, FULL, this.#work);
    normalizeColumns(arena.view(G, d * s), d, s);
  }

  /** Copies the risen points, with what was computed for them. */
  #adopt(current: Points, trial: Points, risen: readonly number[], s: number): void {
    const { arena } = this.#kernels;
    const copy = (to: Address, from: Address, rows: number, rowStride: number, columnStride: number): void => {
      const target = arena.view(to, rows * s);
      const source = arena.view(from, rows * s);
      for (let i = 0; i < rows; i++) {
        for (const j of risen) target[i * rowStride + j * columnStride] = source[i * rowStride + j * columnStride];
      }
    };
    copy(current.U, trial.U, this.#d, s, 1);
    copy(current.H, trial.H, this.#n, s, 1);
    copy(current.Z, trial.Z, this.#c, 1, this.#c);
  }

  #withBatch<T>(s: number, work: (batch: { current: Points; trial: Points; P: Address; G: Address }) => T): T {
    const { arena } = this.#kernels;
    const mark = arena.mark();
    try {
      const points = (): Points => ({
        U: arena.allocate(this.#d * s),
        H: arena.allocate(this.#n * s),
        Z: arena.allocate(this.#c * s),
      });
      return work({
        current: points(),
        trial: points(),
        P: arena.allocate(this.#n * s),
        G: arena.allocate(this.#d * s),
      });
    } finally {
      arena.release(mark);
    }
  }
}

/** s points: U d×s, H n×s, Z s×c. */
interface Points {
  readonly U: Address;
  readonly H: Address;
  readonly Z: Address;
}

/** Takes over the larger squares and adapts the step sizes; says which points rose and the largest relative gain. */
function judge(squares: Float64Array, trial: Float64Array, stepSize: Float64Array): { risen: number[]; gain: number } {
  const risen: number[] = [];
  let gain = 0;
  for (let j = 0; j < squares.length; j++) {
    if (trial[j] > squares[j]) {
      gain = Math.max(gain, 1 - squares[j] / trial[j]);
      squares[j] = trial[j];
      stepSize[j] = Math.min(1, stepSize[j] * FASTER);
      risen.push(j);
    } else {
      stepSize[j] *= SLOWER;
    }
  }
  return { risen, gain };
}

/** target = normalise((1 − s_j) u_j + s_j g_j). */
function mixColumns(target: Float64Array, U: Float64Array, G: Float64Array, share: Float64Array, d: number, s: number) {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < s; j++) target[i * s + j] = (1 - share[j]) * U[i * s + j] + share[j] * G[i * s + j];
  }
  normalizeColumns(target, d, s);
}

/** Scales the columns of the d×s matrix to length 1; zero columns stay. */
function normalizeColumns(A: Float64Array, d: number, s: number): void {
  const squares = new Float64Array(s);
  for (let i = 0; i < d; i++) for (let j = 0; j < s; j++) squares[j] += A[i * s + j] ** 2;
  for (let j = 0; j < s; j++) squares[j] = squares[j] > 0 ? 1 / Math.sqrt(squares[j]) : 0;
  for (let i = 0; i < d; i++) for (let j = 0; j < s; j++) A[i * s + j] *= squares[j];
}
