/**
 * The paper's rounding (section 5): Davis–Yin three-operator splitting (Set-Valued Var. Anal. 25, 2017, algorithm 1) on
 *
 *   min over L of ½ ‖L Lᵀ − Lambda‖²  s.t.  L in D1 = {−alpha + beta + X u = 0},  L in D2 = {alpha, beta ≥ 0, alpha ∘ beta = 0},
 *
 * each column of L a neuron (alpha, beta, u, v):  W = P1(Z),  V = P2(2W − Z − step · 2 (W Wᵀ − Lambda) W),  Z += V − W.
 *
 * Start: the leading eigenvectors × √eigenvalues of Lambda, each with the sign that makes the sum of its alpha and beta entries
 * nonnegative, columns beyond the rank filled with noise; step 0.75 / ‖Lambda‖_F; 1000 iterations; a tie alpha = beta keeps alpha.
 * The u rows of W are the result. An iteration costs 4 p m (m + r) flops, p the order of Lambda and r its rank.
 */
import { squareOf } from '../../base/elementary.js';
import type { Matrix } from '../../base/matrix.js';
import type { Random } from '../../base/random.js';
import { squaredDistance, sumOfSquares } from '../../base/vector.js';
import type { Algebra } from '../../linalg/algebra.js';
import { rowBlock, transposed, type View } from '../../linalg/views.js';
import { type LambdaBlocks, lambdaBlocks } from '../../problem/blocks.js';
import type { Placed } from '../../problem/placed.js';
import { factorLambda } from './lambda-factor.js';
import { projectReluSet } from './relu-set.js';
import type { Rounding, RoundingErrors } from './rounding.js';

/** The paper's constants. */
const STEP = 0.75;
const ITERATIONS = 1000;
/** Size of the columns beyond the rank, relative to the largest entry: enough to leave the saddle at 0. */
const NOISE = 1e-3;

export const roundThreeOperator: Rounding = (input, width, random, clock) =>
  input.placed.algebra.scopedSteps(function* () {
    const splitting = new Splitting(input.placed, yield* factorLambda(input), width, random);
    for (let k = 0; k < ITERATIONS && !clock.expired(); k++) {
      splitting.iterate();
      yield;
    }
    return splitting.finish();
  });

class Splitting {
  readonly #algebra: Algebra;
  readonly #n: number;
  readonly #d: number;
  /** Of the columns of L, without v. */
  readonly #blocks: LambdaBlocks;
  readonly #step: number;
  readonly #X: View;
  /** Factor of 2I + XᵀX; undefined when round-off takes its definiteness (columns of X on scales 1e8 apart). */
  readonly #factor: View | undefined;
  /** Lambda = B Bᵀ. */
  readonly #B: View;
  readonly #Z: View;
  readonly #W: View;
  readonly #V: View;
  readonly #gram: View;
  readonly #BW: View;
  readonly #residual: View;
  readonly #reduced: View;

  constructor({ algebra, X }: Placed, L: Matrix, width: number, random: Random) {
    const m = width;
    const { rows: n, columns: d } = X.view;
    this.#algebra = algebra;
    this.#n = n;
    this.#blocks = lambdaBlocks(n, d, 0);
    this.#d = d;
    this.#X = X.view;
    const inner = algebra.matrix(d, d);
    algebra.product(1, transposed(X.view), X.view, inner);
    const entries = algebra.entries(inner);
    for (let k = 0; k < d; k++) entries[k * (d + 1)] += 2;
    this.#factor = algebra.cholesky(inner) ? inner : undefined;
    this.#B = algebra.place(L);
    this.#Z = algebra.matrix(L.rows, m);
    this.#W = algebra.matrix(L.rows, m);
    this.#V = algebra.matrix(L.rows, m);
    this.#gram = algebra.matrix(m, m);
    this.#BW = algebra.matrix(L.columns, m);
    this.#residual = algebra.matrix(n, m);
    this.#reduced = algebra.matrix(d, m);
    const size = gramNorm(L);
    this.#step = size > 0 ? STEP / size : 0;
    this.#start(L, random);
    this.#projectLinear();
  }

  #start(L: Matrix, random: Random): void {
    const Z = this.#algebra.entries(this.#Z);
    const m = this.#Z.columns;
    const largest = L.data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    for (let i = 0; i < L.rows; i++) {
      for (let j = 0; j < m; j++) Z[i * m + j] = j < L.columns ? L.get(i, j) : NOISE * largest * random.normal();
    }
  }

  /** One step; W = P1(Z) on entry and on exit. */
  iterate(): void {
    const algebra = this.#algebra;
    algebra.product(1, transposed(this.#W), this.#W, this.#gram);
    algebra.product(1, transposed(this.#B), this.#W, this.#BW);
    algebra.product(-2 * this.#step, this.#W, this.#gram, this.#V);
    algebra.product(2 * this.#step, this.#B, this.#BW, this.#V, { accumulate: true });
    const [Z, W, V] = [algebra.entries(this.#Z), algebra.entries(this.#W), algebra.entries(this.#V)];
    for (let k = 0; k < V.length; k++) V[k] += 2 * W[k] - Z[k];
    this.#projectCone(V);
    for (let k = 0; k < V.length; k++) Z[k] += V[k] - W[k];
    this.#projectLinear();
  }

  finish(): { U: Matrix; errors: RoundingErrors } {
    const algebra = this.#algebra;
    const U = algebra.readMatrix(rowBlock(this.#W, this.#blocks.u, this.#d));
    const size = Math.sqrt(sumOfSquares(algebra.entries(this.#W)));
    if (size === 0) return { U, errors: { linear: 0, cone: 0 } };
    const inCone = algebra.read(this.#W);
    this.#projectCone(inCone);
    const cone = Math.sqrt(squaredDistance(inCone, algebra.entries(this.#W))) / size;
    algebra.copyMatrix(this.#V, this.#Z);
    this.#linearResidual(this.#Z);
    return { U, errors: { linear: Math.sqrt(sumOfSquares(algebra.entries(this.#residual))) / size, cone } };
  }

  #projectCone(L: Float64Array): void {
    const { beta, u } = this.#blocks;
    const columns = this.#Z.columns;
    projectReluSet(L.subarray(0, beta * columns), L.subarray(beta * columns, u * columns));
  }

  /** residual = −alpha + beta + X u of the columns of L. */
  #linearResidual(L: View): void {
    const algebra = this.#algebra;
    const n = this.#n;
    const { alpha, beta, u } = this.#blocks;
    algebra.product(1, this.#X, rowBlock(L, u, this.#d), this.#residual);
    const [R, a, b] = [this.#residual, rowBlock(L, alpha, n), rowBlock(L, beta, n)].map((part) =>
      algebra.entries(part),
    );
    for (let k = 0; k < R.length; k++) R[k] += b[k] - a[k];
  }

  /** W = P1(Z): Z − Mᵀ S with (2I + X Xᵀ) S = M Z, S = ½ (R − X (2I + XᵀX)⁻¹ XᵀR) by Woodbury. */
  #projectLinear(): void {
    const algebra = this.#algebra;
    const n = this.#n;
    const { alpha, beta, u } = this.#blocks;
    this.#linearResidual(this.#Z);
    algebra.product(1, transposed(this.#X), this.#residual, this.#reduced);
    if (this.#factor) algebra.solveCholesky(this.#factor, this.#reduced);
    algebra.product(-1, this.#X, this.#reduced, this.#residual, { accumulate: true });
    const S = algebra.entries(this.#residual);
    for (let k = 0; k < S.length; k++) S[k] *= 0.5;

    algebra.copyMatrix(this.#Z, this.#W);
    const [a, b] = [algebra.entries(rowBlock(this.#W, alpha, n)), algebra.entries(rowBlock(this.#W, beta, n))];
    for (let k = 0; k < S.length; k++) {
      a[k] += S[k];
      b[k] -= S[k];
    }
    const below = rowBlock(this.#W, u, this.#d);
    algebra.product(-1, transposed(this.#X), this.#residual, below, { accumulate: true });
  }
}

/** ‖L Lᵀ‖ for orthogonal columns: √Σ ‖l_j‖⁴. */
function gramNorm(L: Matrix): number {
  let sum = 0;
  for (let j = 0; j < L.columns; j++) {
    let square = 0;
    for (let i = 0; i < L.rows; i++) square += squareOf(L.get(i, j));
    sum += square * square;
  }
  return Math.sqrt(sum);
}
