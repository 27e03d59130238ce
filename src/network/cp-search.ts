/**
 * The state of the search for neurons whose squares make up K (cp-factorization.ts): neurons, weights and the remainder E = K − Σ p_j z_j z_jᵀ,
 * with the three things that make E smaller: weights re-fitted, neurons ascended from anywhere, all moved together.
 */
import { Matrix } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import { sumOfSquares } from '../base/vector.js';
import type { Block, Dense } from '../linalg/dense.js';
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
  readonly #dense: Dense;
  readonly #X: Matrix;
  readonly #XBlock: Block;
  readonly #K: Block;
  readonly #E: Block;
  readonly #size: number;
  #weights = new Float64Array(0);

  constructor(dense: Dense, { problem, G }: RoundingInput) {
    const { X } = problem;
    const n = X.rows;
    const d = X.columns;
    this.#dense = dense;
    this.#X = X;
    this.U = Matrix.zeros(d, 0);
    this.#XBlock = dense.place(X);
    const forms = freeForms(n).count;
    this.#K = dense.allocate(forms, forms);
    this.#E = dense.allocate(forms, forms);
    const { arena, exports } = dense.kernels;
    const mark = arena.mark();
    const work = arena.allocateBytes(exports.liftWorkspace(n, d));
    const GBlock = dense.place(G);
    exports.lift(n, d, this.#XBlock.at, d, GBlock.at, n + d, this.#K.at, forms, work);
    arena.release(mark);
    this.#size = Math.sqrt(sumOfSquares(dense.entries(this.#K)));
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
    const dense = this.#dense;
    const { arena } = dense.kernels;
    const m = this.U.columns;
    if (m === 0 || this.#size === 0) return;
    const mark = arena.mark();
    try {
      const roots = this.#weights.map(Math.sqrt);
      const neurons = dense.place(
        new Matrix(
          this.U.data.map((u, k) => u * roots[k % m]),
          this.U.rows,
          m,
        ),
      );
      const descent = minimizeLbfgs(dense.kernels, this.U.data.length, neurons.at, (point, gradient) =>
        this.#evaluateAll({ ...neurons, at: point }, { ...neurons, at: gradient }),
      );
      let step = descent.next();
      for (; !step.done && !clock.expired(); step = descent.next()) yield;
      descent.return(step.value as LbfgsResult);
      this.#keep(dense.read(neurons), (norm) => norm ** 2);
      this.error = Math.sqrt(4 * step.value.value);
    } finally {
      arena.release(mark);
    }
  }

  /** ¼ ‖Z Zᵀ − K‖² / ‖K‖² at neurons of any length, and its gradient. */
  #evaluateAll(U: Block, gradient: Block): number {
    const dense = this.#dense;
    const { arena } = dense.kernels;
    const mark = arena.mark();
    const n = this.#X.rows;
    const Z = dense.allocate(freeForms(n).count, U.columns);
    const alpha = dense.rows(Z, 0, n);
    dense.multiply(this.#XBlock, U, alpha);
    const z = dense.entries(Z);
    const half = n * U.columns;
    for (let k = 0; k < half; k++) {
      z[half + k] = Math.max(0, -z[k]);
      z[k] = Math.max(0, z[k]);
    }
    dense.entries(this.#E).set(dense.entries(this.#K));
    dense.multiply(Z, Z, this.#E, { alpha: -1, transposeB: true, accumulate: true });
    const squares = sumOfSquares(dense.entries(this.#E));
    this.#pullBack(Z, gradient, -1 / this.#size ** 2);
    arena.release(mark);
    return squares / (4 * this.#size ** 2);
  }

  /** gradient = factor · Xᵀ([h > 0] ∘ (EZ)_alpha − [h < 0] ∘ (EZ)_beta). */
  #pullBack(Z: Block, gradient: Block, factor: number): void {
    const dense = this.#dense;
    const n = this.#X.rows;
    const EZ = dense.allocate(Z.rows, Z.columns);
    dense.multiply(this.#E, Z, EZ);
    const [z, e] = [dense.entries(Z), dense.entries(EZ)];
    const half = n * Z.columns;
    for (let k = 0; k < half; k++) e[k] = (z[k] > 0 ? e[k] : 0) - (z[half + k] > 0 ? e[half + k] : 0);
    dense.multiply(this.#XBlock, dense.rows(EZ, 0, n), gradient, { alpha: factor, transposeA: true });
  }

  #refit(): void {
    const dense = this.#dense;
    const { arena } = dense.kernels;
    const mark = arena.mark();
    const m = this.U.columns;
    const Z = dense.place(this.#activations(this.U));
    const KZ = dense.allocate(Z.rows, m);
    const M = dense.allocate(m, m);
    dense.multiply(this.#K, Z, KZ);
    dense.multiply(Z, Z, M, { transposeA: true });
    const b = columnDots(dense.entries(Z), dense.entries(KZ), m);
    fitNonnegative(
      dense.entries(M).map((entry) => entry * entry),
      b,
      this.#weights,
    );
    const [scaled, z] = [dense.entries(KZ), dense.entries(Z)];
    for (let k = 0; k < z.length; k++) scaled[k] = z[k] * this.#weights[k % m];
    dense.entries(this.#E).set(dense.entries(this.#K));
    if (m > 0) dense.multiply(KZ, Z, this.#E, { alpha: -1, transposeB: true, accumulate: true });
    arena.release(mark);
    this.error = this.#size > 0 ? Math.sqrt(sumOfSquares(dense.entries(this.#E))) / this.#size : 0;
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
    const dense = this.#dense;
    const { arena } = dense.kernels;
    const mark = arena.mark();
    const s = U.columns;
    const Z = dense.place(this.#activations(U));
    const EZ = dense.allocate(Z.rows, s);
    dense.multiply(this.#E, Z, EZ);
    const values = columnDots(dense.entries(Z), dense.entries(EZ), s);
    const gradient = dense.allocate(U.rows, s);
    this.#pullBack(Z, gradient, 1);
    const G = normalizeColumns(dense.read(gradient));
    arena.release(mark);
    return { values, G };
  }

  /** ((XU)₊, (−XU)₊), 2n×m. */
  #activations(U: Matrix): Matrix {
    const { alpha, beta } = activations(this.#X, U);
    return new Matrix(Float64Array.of(...alpha.data, ...beta.data), alpha.rows + beta.rows, U.columns);
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
