/**
 * The state of the search for neurons whose squares make up K (cp-factorization.ts): neurons, weights and the remainder E = K − Σ p_j z_j z_jᵀ,
 * with the three things that make E smaller: weights re-fitted, neurons ascended from anywhere, all moved together.
 */
import { squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import { sumOfSquares } from '../base/vector.js';
import type { Algebra } from '../linalg/algebra.js';
import type { PlacedMatrix } from '../linalg/placed-matrix.js';
import { flat, rowBlock, transposed, type Vector, type View } from '../linalg/views.js';
import { lift } from '../problem/lift.js';
import { freeForms } from '../problem/parts/free.js';
import { activations } from '../problem/training-loss.js';
import { type LbfgsResult, minimizeLbfgs } from './lbfgs.js';
import { fitNonnegative } from './nonnegative-fit.js';
import type { RoundingInput } from './rounding/rounding.js';
import { columnNorms, joinColumns, normalizeColumns, selectColumns } from './weights.js';

export interface CpFactorization {
  /** d×m unit neurons with weight > 0, and the weights. */
  readonly U: Matrix;
  readonly weights: Float64Array;
  /** ‖K − Σ p_j z_j z_jᵀ‖ / ‖K‖, 0 for K = 0. */
  readonly error: number;
}

const ASCENT_STEPS = 60;

export class CpSearch {
  U: Matrix;
  error = 1;
  readonly #algebra: Algebra;
  readonly #X: PlacedMatrix;
  readonly #K: View;
  readonly #E: View;
  readonly #size: number;
  #weights = new Float64Array(0);

  constructor({ placed, G }: RoundingInput) {
    const { algebra, X } = placed;
    const { rows: n, columns: d } = X.view;
    this.#algebra = algebra;
    this.#X = X;
    this.U = Matrix.zeros(d, 0);
    const forms = freeForms(n).count;
    this.#K = algebra.matrix(forms, forms);
    this.#E = algebra.matrix(forms, forms);
    algebra.scoped(() => lift(algebra, X.view, algebra.place(G), this.#K));
    this.#size = Math.sqrt(sumOfSquares(algebra.entries(this.#K)));
    this.#refit();
  }

  /** Adds neurons, re-fits all weights and drops the neurons that get none. */
  add(U: Matrix): void {
    this.U = joinColumns(this.U, U);
    const previous = this.#weights;
    this.#weights = new Float64Array(this.U.columns);
    this.#weights.set(previous);
    this.#refit();
    this.#keep(this.U, (_, j) => this.#weights[j]);
  }

  /** Takes the columns of U, made unit vectors, with the weights given for their norm and index, where these are not 0. */
  #keep(U: Matrix, weightOf: (norm: number, j: number) => number): void {
    const weights = columnNorms(U).map(weightOf);
    const kept = Array.from(weights.keys()).filter((j) => weights[j] > 0);
    this.U = normalizeColumns(selectColumns(U, kept));
    this.#weights = Float64Array.from(kept, (j) => weights[j]);
  }

  result(): CpFactorization {
    return { U: this.U, weights: this.#weights, error: this.error };
  }

  /** Moves all neurons together to a local minimum of ‖E‖. */
  *polish(clock: RunClock): Generator<void, void> {
    if (this.U.columns > 0 && this.#size > 0) yield* this.#algebra.scopedSteps(() => this.#descend(clock));
  }

  *#descend(clock: RunClock): Generator<void, void> {
    const algebra = this.#algebra;
    const m = this.U.columns;
    const roots = this.#weights.map(Math.sqrt);
    const neurons = algebra.place(
      new Matrix(
        this.U.data.map((u, k) => u * roots[k % m]),
        this.U.rows,
        m,
      ),
    );
    const at = ({ at }: Vector): View => ({ ...neurons, at });
    const descent = minimizeLbfgs(algebra, flat(neurons), (point, gradient) =>
      this.#evaluateAll(at(point), at(gradient)),
    );
    let step = descent.next();
    for (; !step.done && !clock.expired(); step = descent.next()) yield;
    descent.return(step.value as LbfgsResult);
    this.#keep(algebra.readMatrix(neurons), (norm) => squareOf(norm));
    this.error = Math.sqrt(4 * step.value.value);
  }

  /** ¼ ‖Z Zᵀ − K‖² / ‖K‖² at neurons of any length, and its gradient. */
  #evaluateAll(U: View, gradient: View): number {
    const algebra = this.#algebra;
    const n = this.#X.view.rows;
    return algebra.scoped(() => {
      const Z = algebra.matrix(freeForms(n).count, U.columns);
      algebra.product(1, this.#X.view, U, rowBlock(Z, 0, n));
      const z = algebra.entries(Z);
      const half = n * U.columns;
      for (let k = 0; k < half; k++) {
        z[half + k] = Math.max(0, -z[k]);
        z[k] = Math.max(0, z[k]);
      }
      algebra.copyMatrix(this.#K, this.#E);
      algebra.product(-1, Z, transposed(Z), this.#E, { accumulate: true });
      const squares = sumOfSquares(algebra.entries(this.#E));
      this.#pullBack(Z, gradient, -1 / squareOf(this.#size));
      return squares / (4 * squareOf(this.#size));
    });
  }

  /** gradient = factor · Xᵀ([h > 0] ∘ (EZ)_alpha − [h < 0] ∘ (EZ)_beta). */
  #pullBack(Z: View, gradient: View, factor: number): void {
    const algebra = this.#algebra;
    const n = this.#X.view.rows;
    const EZ = algebra.matrix(Z.rows, Z.columns);
    algebra.product(1, this.#E, Z, EZ);
    const [z, e] = [algebra.entries(Z), algebra.entries(EZ)];
    const half = n * Z.columns;
    for (let k = 0; k < half; k++) e[k] = (z[k] > 0 ? e[k] : 0) - (z[half + k] > 0 ? e[half + k] : 0);
    algebra.product(factor, transposed(this.#X.view), rowBlock(EZ, 0, n), gradient);
  }

  #refit(): void {
    const algebra = this.#algebra;
    algebra.scoped(() => {
      const m = this.U.columns;
      const Z = algebra.place(this.#activations(this.U));
      const KZ = algebra.matrix(Z.rows, m);
      const M = algebra.matrix(m, m);
      algebra.product(1, this.#K, Z, KZ);
      algebra.product(1, transposed(Z), Z, M);
      const b = columnDots(algebra.entries(Z), algebra.entries(KZ), m);
      fitNonnegative(
        algebra.read(M).map((entry) => entry * entry),
        b,
        this.#weights,
      );
      const [scaled, z] = [algebra.entries(KZ), algebra.entries(Z)];
      for (let k = 0; k < z.length; k++) scaled[k] = z[k] * this.#weights[k % m];
      algebra.copyMatrix(this.#K, this.#E);
      if (m > 0) algebra.product(-1, KZ, transposed(Z), this.#E, { accumulate: true });
    });
    this.error = this.#size > 0 ? Math.sqrt(sumOfSquares(algebra.entries(this.#E))) / this.#size : 0;
  }

  /** Ascends z(u)ᵀ E z(u) from the columns of U; the values are those at the end. */
  *ascend(U: Matrix, clock: RunClock): Generator<void, { U: Matrix; values: Float64Array }> {
    let current = normalizeColumns(U);
    let { values, G } = this.#evaluate(current);
    const step = new Float64Array(U.columns).fill(1);
    for (let k = 0; k < ASCENT_STEPS && !clock.expired(); k++) {
      const trial = normalizeColumns(mix(current, G, step));
      const next = this.#evaluate(trial);
      const risen = values.map((value, j) => (next.values[j] > value ? 1 : 0));
      current = choose(risen, trial, current);
      G = choose(risen, next.G, G);
      values = values.map((value, j) => Math.max(value, next.values[j]));
      for (let j = 0; j < step.length; j++) step[j] = risen[j] ? Math.min(1, 1.5 * step[j]) : 0.5 * step[j];
      yield;
    }
    return { U: current, values };
  }

  /** The values at the columns of U and the normalised gradients Xᵀ([h > 0] ∘ (Ez)_alpha − [h < 0] ∘ (Ez)_beta). */
  #evaluate(U: Matrix): { values: Float64Array; G: Matrix } {
    const algebra = this.#algebra;
    const s = U.columns;
    return algebra.scoped(() => {
      const Z = algebra.place(this.#activations(U));
      const EZ = algebra.matrix(Z.rows, s);
      algebra.product(1, this.#E, Z, EZ);
      const values = columnDots(algebra.entries(Z), algebra.entries(EZ), s);
      const gradient = algebra.matrix(U.rows, s);
      this.#pullBack(Z, gradient, 1);
      return { values, G: normalizeColumns(algebra.readMatrix(gradient)) };
    });
  }

  /** ((XU)₊, (−XU)₊), one row for each form. */
  #activations(U: Matrix): Matrix {
    const { alpha, beta } = activations(this.#X.matrix, U);
    const stacked = Matrix.zeros(alpha.rows + beta.rows, U.columns);
    stacked.data.set(alpha.data);
    stacked.data.set(beta.data, alpha.data.length);
    return stacked;
  }
}

/** (1 − step_j) a_j + step_j b_j. */
const mix = (A: Matrix, B: Matrix, step: Float64Array): Matrix =>
  new Matrix(
    A.data.map((entry, k) => entry + step[k % A.columns] * (B.data[k] - entry)),
    A.rows,
    A.columns,
  );

/** Column j of A where the flag is set, else of B. */
const choose = (flags: ArrayLike<number>, A: Matrix, B: Matrix): Matrix =>
  new Matrix(
    A.data.map((entry, k) => (flags[k % A.columns] ? entry : B.data[k])),
    A.rows,
    A.columns,
  );

/** ⟨column j of A, column j of B⟩ for both row-major with m columns. */
function columnDots(A: Float64Array, B: Float64Array, m: number): Float64Array {
  const dots = new Float64Array(m);
  for (let k = 0; k < A.length; k++) dots[k % m] += A[k] * B[k];
  return dots;
}
