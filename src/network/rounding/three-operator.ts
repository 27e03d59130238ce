/**
 * The paper's rounding (section 5): Davis–Yin three-operator splitting (Set-Valued Var. Anal. 25, 2017, algorithm 1) on
 *
 *   min over L of ½ ‖L Lᵀ − Lambda‖²  s.t.  L in D1 = {−alpha + beta + X u = 0},  L in D2 = {alpha, beta ≥ 0, alpha ∘ beta = 0},
 *
 * each column of L a neuron (alpha, beta, u, v):  W = P1(Z),  V = P2(2W − Z − step · 2 (W Wᵀ − Lambda) W),  Z += V − W.
 *
 * Start: the leading eigenvectors × √eigenvalues of Lambda, each with the sign that makes the sum of its alpha and beta entries
 * nonnegative, columns beyond the rank filled with noise; step 0.75 / ‖Lambda‖_F; 1000 iterations; a tie alpha = beta keeps alpha.
 * The u rows of W are the result. An iteration costs 4 p m (m + r) flops, p = 2n + d + c, r the rank of Lambda.
 */
import type { Matrix } from '../../base/matrix.js';
import type { Random } from '../../base/random.js';
import { type Block, Dense } from '../../linalg/dense.js';
import { lambdaBlocks } from '../../problem/blocks.js';
import { factorLambda } from './lambda-factor.js';
import { projectReluSet } from './relu-set.js';
import type { Rounding, RoundingErrors } from './rounding.js';

/** The paper's constants. */
const STEP = 0.75;
const ITERATIONS = 1000;
/** Size of the columns beyond the rank, relative to the largest entry: enough to leave the saddle at 0. */
const NOISE = 1e-3;

export const roundThreeOperator: Rounding = function* (input, width, random, clock) {
  const { arena } = input.kernels;
  const mark = arena.mark();
  try {
    const L = factorLambda(input);
    const splitting = new Splitting(new Dense(input.kernels), input.problem.X, L, width, random);
    for (let k = 0; k < ITERATIONS && !clock.expired(); k++) {
      splitting.iterate();
      yield;
    }
    return splitting.finish();
  } finally {
    arena.release(mark);
  }
};

class Splitting {
  readonly #dense: Dense;
  readonly #n: number;
  readonly #d: number;
  readonly #step: number;
  readonly #X: Block;
  /** 2I + XᵀX. */
  readonly #inner: Matrix;
  /** Lambda = B Bᵀ. */
  readonly #B: Block;
  readonly #Z: Block;
  readonly #W: Block;
  readonly #V: Block;
  readonly #gram: Block;
  readonly #BW: Block;
  readonly #residual: Block;
  readonly #reduced: Block;

  constructor(dense: Dense, X: Matrix, L: Matrix, width: number, random: Random) {
    const m = width;
    const n = X.rows;
    const d = X.columns;
    this.#dense = dense;
    this.#n = n;
    this.#d = d;
    this.#X = dense.place(X);
    const inner = dense.allocate(d, d);
    dense.multiply(this.#X, this.#X, inner, { transposeA: true });
    this.#inner = dense.read(inner);
    for (let k = 0; k < d; k++) this.#inner.set(k, k, this.#inner.get(k, k) + 2);
    this.#B = dense.place(L);
    [this.#Z, this.#W, this.#V] = [dense.allocate(L.rows, m), dense.allocate(L.rows, m), dense.allocate(L.rows, m)];
    this.#gram = dense.allocate(m, m);
    this.#BW = dense.allocate(L.columns, m);
    this.#residual = dense.allocate(n, m);
    this.#reduced = dense.allocate(d, m);
    const size = gramNorm(L);
    this.#step = size > 0 ? STEP / size : 0;
    this.#start(L, random);
    this.#projectLinear();
  }

  #start(L: Matrix, random: Random): void {
    const Z = this.#dense.entries(this.#Z);
    const m = this.#Z.columns;
    const largest = L.data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    for (let i = 0; i < L.rows; i++) {
      for (let j = 0; j < m; j++) Z[i * m + j] = j < L.columns ? L.get(i, j) : NOISE * largest * random.normal();
    }
  }

  /** One step; W = P1(Z) on entry and on exit. */
  iterate(): void {
    const dense = this.#dense;
    dense.multiply(this.#W, this.#W, this.#gram, { transposeA: true });
    dense.multiply(this.#B, this.#W, this.#BW, { transposeA: true });
    dense.multiply(this.#W, this.#gram, this.#V, { alpha: -2 * this.#step });
    dense.multiply(this.#B, this.#BW, this.#V, { alpha: 2 * this.#step, accumulate: true });
    const [Z, W, V] = [dense.entries(this.#Z), dense.entries(this.#W), dense.entries(this.#V)];
    for (let k = 0; k < V.length; k++) V[k] += 2 * W[k] - Z[k];
    this.#projectCone(V);
    for (let k = 0; k < V.length; k++) Z[k] += V[k] - W[k];
    this.#projectLinear();
  }

  finish(): { U: Matrix; errors: RoundingErrors } {
    const dense = this.#dense;
    const U = dense.read(dense.rows(this.#W, 2 * this.#n, this.#d));
    const size = norm(dense.entries(this.#W));
    if (size === 0) return { U, errors: { linear: 0, cone: 0 } };
    const inCone = dense.entries(this.#W).slice();
    this.#projectCone(inCone);
    const cone = distance(inCone, dense.entries(this.#W)) / size;
    dense.entries(this.#Z).set(dense.entries(this.#V));
    this.#linearResidual(this.#Z);
    return { U, errors: { linear: norm(dense.entries(this.#residual)) / size, cone } };
  }

  #projectCone(L: Float64Array): void {
    const half = this.#n * this.#Z.columns;
    projectReluSet(L.subarray(0, half), L.subarray(half, 2 * half));
  }

  /** residual = −alpha + beta + X u of the columns of L. */
  #linearResidual(L: Block): void {
    const dense = this.#dense;
    const n = this.#n;
    const { alpha, beta, u } = lambdaBlocks(n, this.#d, 0);
    dense.multiply(this.#X, dense.rows(L, u, this.#d), this.#residual);
    const [R, a, b] = [this.#residual, dense.rows(L, alpha, n), dense.rows(L, beta, n)].map((part) =>
      dense.entries(part),
    );
    for (let k = 0; k < R.length; k++) R[k] += b[k] - a[k];
  }

  /** W = P1(Z): Z − Mᵀ S with (2I + X Xᵀ) S = M Z, S = ½ (R − X (2I + XᵀX)⁻¹ XᵀR) by Woodbury. */
  #projectLinear(): void {
    const dense = this.#dense;
    const n = this.#n;
    const { alpha, beta, u } = lambdaBlocks(n, this.#d, 0);
    this.#linearResidual(this.#Z);
    dense.multiply(this.#X, this.#residual, this.#reduced, { transposeA: true });
    const mark = dense.kernels.arena.mark();
    dense.solve(dense.place(this.#inner), this.#reduced);
    dense.kernels.arena.release(mark);
    dense.multiply(this.#X, this.#reduced, this.#residual, { alpha: -1, accumulate: true });
    const S = dense.entries(this.#residual);
    for (let k = 0; k < S.length; k++) S[k] *= 0.5;

    dense.entries(this.#W).set(dense.entries(this.#Z));
    const [a, b] = [dense.entries(dense.rows(this.#W, alpha, n)), dense.entries(dense.rows(this.#W, beta, n))];
    for (let k = 0; k < S.length; k++) {
      a[k] += S[k];
      b[k] -= S[k];
    }
    dense.multiply(this.#X, this.#residual, dense.rows(this.#W, u, this.#d), {
      alpha: -1,
      transposeA: true,
      accumulate: true,
    });
  }
}

/** ‖L Lᵀ‖ for orthogonal columns: √Σ ‖l_j‖⁴. */
function gramNorm(L: Matrix): number {
  let sum = 0;
  for (let j = 0; j < L.columns; j++) {
    let square = 0;
    for (let i = 0; i < L.rows; i++) square += L.get(i, j) ** 2;
    sum += square * square;
  }
  return Math.sqrt(sum);
}

function norm(x: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * x[k];
  return Math.sqrt(sum);
}

function distance(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += (x[k] - y[k]) ** 2;
  return Math.sqrt(sum);
}
