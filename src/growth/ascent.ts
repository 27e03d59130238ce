/**
 * Local search for neurons worth adding: maximises f(u)² = ‖Rᵀ(Xu)₊‖² over ‖u‖ = 1 from many starts at once, on GEMM.
 *
 * u ← normalise((1 − s) u + s g/‖g‖) with the gradient direction g = Xᵀ(D R Rᵀ(Xu)₊), D the active rows; each start has its own
 * s in (0, 1], × 1.5 after a rise, halved otherwise (docs/growth.md). It only ever finds lower bounds of the maximum.
 * Cost per step 4 n s (d + c) flops for s starts.
 */
import { squareOf } from '../base/elementary.js';
import type { Matrix } from '../base/matrix.js';
import type { Algebra } from '../linalg/algebra.js';
import type { PlacedMatrix } from '../linalg/placed-matrix.js';
import { transposed, type View } from '../linalg/views.js';

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
  readonly #algebra: Algebra;
  readonly #X: View;
  readonly #R: View;

  /** Plans room for R (n×c) in the kernels' memory. */
  constructor({ algebra, view }: PlacedMatrix, c: number) {
    this.#algebra = algebra;
    this.#X = view;
    this.#R = algebra.matrix(view.rows, c);
  }

  setResidual(R: Matrix): void {
    this.#algebra.write(this.#R, R.data);
  }

  /** f at the columns of U (d×s). */
  values(U: Matrix): Float64Array {
    return this.#algebra.scoped(() => {
      const { current } = this.#batch(U.columns);
      this.#algebra.write(current.U, U.data);
      return this.#evaluate(current).map(Math.sqrt);
    });
  }

  /** Ascends from the columns of U, none zero, for at most `steps` steps, or until `isOver` says that time is up. */
  ascend(U: Matrix, steps: number, isOver: () => boolean = () => false): Ascended {
    const algebra = this.#algebra;
    const { rows: d, columns: s } = U;
    return algebra.scoped(() => {
      const { current, trial, P, G } = this.#batch(s);
      algebra.write(current.U, U.data);
      normalizeColumns(algebra.entries(current.U), d, s);
      const squares = this.#evaluate(current);
      const stepSize = new Float64Array(s).fill(1);
      for (let k = 0, hasMoved = true; k < steps && !isOver(); k++) {
        if (hasMoved) this.#gradient(current, P, G);
        mixColumns(algebra.entries(trial.U), algebra.entries(current.U), algebra.entries(G), stepSize, d, s);
        const { risen, gain } = judge(squares, this.#evaluate(trial), stepSize);
        this.#adopt(current, trial, risen);
        hasMoved = risen.length > 0;
        if (k > MIN_STEPS && gain < LEAST_GAIN && stepSize.every((size) => size < SLOW)) break;
      }
      return { U: algebra.readMatrix(current.U), values: squares.map(Math.sqrt) };
    });
  }

  /** H = (XU)₊ and Z = HᵀR of the points; returns f², the squared rows of Z. */
  #evaluate({ U, H, Z }: Points): Float64Array {
    const algebra = this.#algebra;
    algebra.product(1, this.#X, U, H);
    const h = algebra.entries(H);
    for (let k = 0; k < h.length; k++) h[k] = h[k] > 0 ? h[k] : 0;
    algebra.product(1, transposed(H), this.#R, Z);
    const z = algebra.entries(Z);
    const { rows: s, columns: c } = Z;
    const squares = new Float64Array(s);
    for (let j = 0; j < s; j++) for (let k = 0; k < c; k++) squares[j] += squareOf(z[j * c + k]);
    return squares;
  }

  /** G = Xᵀ P with P = (R Zᵀ) ∘ [H > 0], its columns made unit vectors. */
  #gradient({ H, Z }: Points, P: View, G: View): void {
    const algebra = this.#algebra;
    algebra.product(1, this.#R, transposed(Z), P);
    const h = algebra.entries(H);
    const p = algebra.entries(P);
    for (let k = 0; k < p.length; k++) p[k] = h[k] > 0 ? p[k] : 0;
    algebra.product(1, transposed(this.#X), P, G);
    normalizeColumns(algebra.entries(G), G.rows, G.columns);
  }

  /** Copies the risen points, with what was computed for them. */
  #adopt(current: Points, trial: Points, risen: readonly number[]): void {
    const copy = (to: View, from: View): void => {
      const target = this.#algebra.entries(to);
      const source = this.#algebra.entries(from);
      for (let i = 0; i < to.rows; i++) for (const j of risen) target[i * to.columns + j] = source[i * to.columns + j];
    };
    copy(current.U, trial.U);
    copy(current.H, trial.H);
    const c = current.Z.columns;
    const [target, source] = [this.#algebra.entries(current.Z), this.#algebra.entries(trial.Z)];
    for (const j of risen) for (let k = j * c; k < (j + 1) * c; k++) target[k] = source[k];
  }

  #batch(s: number): { current: Points; trial: Points; P: View; G: View } {
    const algebra = this.#algebra;
    const { rows: n, columns: d } = this.#X;
    const points = (): Points => ({
      U: algebra.unset(d, s),
      H: algebra.unset(n, s),
      Z: algebra.unset(s, this.#R.columns),
    });
    return { current: points(), trial: points(), P: algebra.unset(n, s), G: algebra.unset(d, s) };
  }
}

/** s points: U d×s, H n×s, Z s×c. */
interface Points {
  readonly U: View;
  readonly H: View;
  readonly Z: View;
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
  for (let i = 0; i < d; i++) for (let j = 0; j < s; j++) squares[j] += squareOf(A[i * s + j]);
  for (let j = 0; j < s; j++) squares[j] = squares[j] > 0 ? 1 / Math.sqrt(squares[j]) : 0;
  for (let i = 0; i < d; i++) for (let j = 0; j < s; j++) A[i * s + j] *= squares[j];
}
