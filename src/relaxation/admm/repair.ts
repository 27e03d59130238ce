/**
 * True values and true bounds from ADMM's copies, which are feasible only in the limit.
 *
 * Primal: G made complementary by a congruence, then mixed with the least share of the strictly feasible start.
 * Dual: for a row, 2 alpha beta = alpha² + beta² − (x·u)², and for a difference zeta of nearby rows (admm-differences.ts), with
 * zeta' = beta_i − t beta_j and eta = x_i − t x_j, likewise 2 zeta zeta' = zeta² + zeta'² − (eta·u)², where
 * zeta zeta' = alpha_i beta_i + t² alpha_j beta_j − t (K_{alpha_i beta_j} + K_{beta_i alpha_j}). So free multipliers and larger N buy curvature
 * on alpha, beta, zeta and zeta' at a price on D, which is paid by scaling (a, N, w) ← (ta, t²N, t²w).
 */

import { squareOf } from '../../base/elementary.js';
import { complete } from '../../base/run.js';
import type { Algebra } from '../../linalg/algebra.js';
import { flat, transposed, type Vector, type View } from '../../linalg/views.js';
import { setComplementaryDiagonal } from '../kernels.js';
import type { Point } from '../point.js';
import type { Stack } from '../stack.js';
import { completePrimal } from '../state.js';
import { factoriseDual } from '../step.js';
import type { Difference } from './differences.js';
import type { AdmmFace } from './face.js';

/** The primal repair mixes in at least this share of the start, and more by this factor until Cholesky succeeds. */
const LEAST_MIX = 1e-8;
const MIX_GROWTH = 1.5;
/** δ of the dual repair in units of γ/λ̂: its least value, its growth, trials, and halvings (of the exponent) that follow. */
const LEAST_SHIFT = 1e-10;
const SHIFT_GROWTH = 10;
const MAX_GROWTHS = 16;
const REFINEMENTS = 4;
/** λ̂ is rounded up so that t is on the safe side. */
const SAFETY = 1.0001;

export class AdmmRepair {
  readonly #algebra: Algebra;
  readonly #stack: Stack;
  readonly #face: AdmmFace;
  readonly #differences: readonly Difference[];
  /** 1/‖eta‖² in the metric of the objective. */
  readonly #inverseSquares: Float64Array;
  /** λ_max of Σ x xᵀ/‖x‖² + Σ eta etaᵀ/‖eta‖² in that metric. */
  readonly #frameBound: number;
  readonly #complementary: View;
  readonly #map: View;
  readonly #N: Vector;
  readonly #w: Vector;

  constructor(algebra: Algebra, stack: Stack, face: AdmmFace, differences: readonly Difference[]) {
    const { p, n, pairs } = stack.problem;
    this.#algebra = algebra;
    this.#stack = stack;
    this.#face = face;
    this.#differences = differences;
    this.#complementary = algebra.matrix(p, p);
    this.#map = algebra.matrix(p, p);
    this.#N = algebra.vector(pairs);
    this.#w = algebra.vector(n);
    [this.#inverseSquares, this.#frameBound] = this.#frame();
  }

  #frame(): [Float64Array, number] {
    const { n, d, Xw, s2, inverseSquares } = this.#stack.problem;
    const algebra = this.#algebra;
    const rows = n + this.#differences.length;
    const unit = algebra.matrix(rows, d);
    const gram = algebra.matrix(d, d);
    const x = algebra.entries(flat(Xw));
    const squares = algebra.entries(s2);
    const inverse = algebra.entries(inverseSquares);
    const entries = algebra.entries(flat(unit));
    const lengths = Float64Array.from({ length: rows }, (_, i) => {
      const difference = this.#differences[i - n];
      let square = 0;
      for (let k = 0; k < d; k++) {
        const row = difference
          ? x[difference.row * d + k] - difference.sign * difference.factor * x[difference.other * d + k]
          : x[i * d + k];
        entries[i * d + k] = row * Math.sqrt(squares[k]);
        square += squareOf(row) * squares[k];
      }
      for (let k = 0; k < d; k++) entries[i * d + k] /= Math.sqrt(square);
      return difference ? 1 / square : inverse[i];
    });
    algebra.product(1, transposed(unit), unit, gram, { symmetric: true });
    return [lengths.slice(n), algebra.eigenvalues(gram)[d - 1]];
  }

  /** Fills (a, N, w) of the point and its Z; false when no shift within reach makes Z ≻ 0. */
  dual(B: View, U: View, rho: number, point: Point): boolean {
    const algebra = this.#algebra;
    this.#face.readDual(B, U, rho, point);
    if (complete(factoriseDual(algebra, this.#stack, point))) return true;
    const unit = this.#stack.problem.reg / this.#frameBound;
    const a = algebra.read(flat(point.a));
    algebra.copy(point.N, this.#N);
    algebra.copy(point.w, this.#w);
    const shifted = (delta: number): boolean => {
      algebra.write(flat(point.a), a);
      algebra.copy(this.#N, point.N);
      algebra.copy(this.#w, point.w);
      this.#shift(delta * unit, point);
      return complete(factoriseDual(algebra, this.#stack, point));
    };
    let [low, high] = [0, LEAST_SHIFT];
    for (let k = 0; !shifted(high); k++) {
      if (k === MAX_GROWTHS) return false;
      [low, high] = [high, high * SHIFT_GROWTH];
    }
    for (let k = 0; k < REFINEMENTS && low > 0; k++) {
      const middle = Math.sqrt(low * high);
      if (shifted(middle)) high = middle;
      else low = middle;
    }
    return shifted(high);
  }

  #shift(delta: number, { a, N, w }: Point): void {
    const { part, reg, inverseSquares } = this.#stack.problem;
    const { pairs } = part;
    const { forms } = pairs;
    const algebra = this.#algebra;
    algebra.axpy(-2 * delta, inverseSquares, w);
    const multipliers = algebra.entries(N);
    const free = algebra.entries(w);
    this.#differences.forEach(({ row, near, other, factor }, k) => {
      const weight = 2 * delta * this.#inverseSquares[k];
      free[row] -= weight;
      free[other] -= squareOf(factor) * weight;
      multipliers[pairs.position(forms.alpha(row), forms.complementOf(near))] += factor * weight;
      multipliers[pairs.position(near, forms.beta(row))] += factor * weight;
    });
    const t = 1 / Math.sqrt(1 + (2 * delta * this.#frameBound * SAFETY) / reg);
    algebra.scale(t, flat(a));
    algebra.scale(squareOf(t), N);
    algebra.scale(squareOf(t), w);
  }

  /** Lambda of the point = (1 − t) of the copy A + t of the start, with the least t that makes it strictly feasible. */
  primal(A: View, start: Point, point: Point): void {
    const { Xw } = this.#stack.problem;
    const algebra = this.#algebra;
    this.#makeComplementary(A, point);
    const mixed = (t: number): boolean => {
      algebra.copyMatrix(this.#complementary, point.Lambda);
      algebra.axpby(t, flat(start.Lambda), 1 - t, flat(point.Lambda));
      setComplementaryDiagonal(algebra, Xw, point.Lambda);
      return complete(completePrimal(algebra, this.#stack, point));
    };
    algebra.copyMatrix(this.#complementary, point.Lambda);
    for (let t = Math.max(LEAST_MIX, this.#mixForRows(start, point)); t < 1; t *= MIX_GROWTH) if (mixed(t)) return;
    mixed(1);
  }

  /** With alpha, beta = h ± x·u/2, h_i is scaled to E h_i² = E (x_i·u)²/4: a congruence, which keeps Lambda positive semidefinite. */
  #makeComplementary(A: View, point: Point): void {
    const { n, d, p, Xw } = this.#stack.problem;
    const algebra = this.#algebra;
    this.#face.contract(A, point.Lambda);
    algebra.zero(this.#map);
    const x = algebra.entries(flat(Xw));
    const Lambda = algebra.entries(flat(point.Lambda));
    const M = algebra.entries(flat(this.#map));
    for (let i = 0; i < p; i++) M[i * (p + 1)] = 1;
    for (let i = 0; i < n; i++) {
      let [cross, square] = [0, 0];
      for (let k = 0; k < d; k++) {
        cross += x[i * d + k] * Lambda[i * p + n + k];
        for (let l = 0; l < d; l++) square += x[i * d + k] * x[i * d + l] * Lambda[(n + k) * p + n + l];
      }
      const own = Lambda[i * (p + 1)] - cross + square / 4;
      const s = own > 0 && square > 0 ? Math.sqrt(square / 4 / own) : 1;
      M[i * (p + 1)] = s;
      for (let k = 0; k < d; k++) M[i * p + n + k] = ((1 - s) / 2) * x[i * d + k];
    }
    algebra.congruence(this.#map, point.Lambda, point.primalFactor, this.#complementary);
  }

  /** The share of the start, and a little more, with which all K_ij are positive. */
  #mixForRows(start: Point, point: Point): number {
    complete(this.#stack.lift(point.Lambda, point.K));
    this.#stack.pairs(point.K, point.pairs);
    const values = this.#algebra.entries(point.pairs);
    const interior = this.#algebra.entries(start.pairs);
    let worst = 0;
    for (let k = 0; k < values.length; k++) worst = Math.max(worst, -values[k] / interior[k]);
    return ((1 + LEAST_MIX) * worst) / (1 + worst);
  }
}
