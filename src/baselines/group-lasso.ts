/**
 * The gated ReLU program as a group lasso,
 *
 *   min over W of ½‖Σ_i D_i X W_i − Y‖² + reg Σ_{i,k} ‖w_ik‖,   w_ik column k of W_i,
 *
 * by accelerated proximal gradient (A. Beck, M. Teboulle, SIAM J. Imaging Sci. 2009) with restarts whenever the value rises (B. O'Donoghue,
 * E. Candès, Found. Comput. Math. 2015, section 3.2), so that the value never rises. Residual and gradient are affine in W: each
 * iteration needs them once, 4ndPc flops, and gets the duality gap from them at no cost.
 *
 * Dual: max of Σ_k ⟨a_k, y_k⟩ − ½‖a_k‖² over ‖Xᵀ D_i a_k‖ ≤ reg for all i, k; a_k is the residual's column, scaled to the best feasible point.
 */

import { squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import type { Kernels } from '../engine/kernels.js';
import { Algebra } from '../linalg/algebra.js';
import { smallestEigenvalue } from '../linalg/smallest-eigenvalue.js';
import { transposed, type View } from '../linalg/views.js';
import { bestDualValue, unitCenter, valueAtResidual } from '../problem/losses/unit-quadratic.js';
import type { TrainingProblem } from '../problem/problem.js';
import { sumActive } from './gated-network.js';
import type { SignPatterns } from './patterns.js';

export interface LassoRecord {
  readonly iteration: number;
  readonly value: number;
  /** Lower bound on this program's optimum (not on any network's loss). */
  readonly dualValue: number;
}

interface LassoPoint {
  readonly W: Float64Array;
  readonly value: number;
  readonly dualValue: number;
  /** Gradient of the smooth part at W. */
  readonly gradient: Float64Array;
}

export class GroupLasso {
  readonly #algebra: Algebra;
  readonly #problem: TrainingProblem;
  /** Y of the formulas above. */
  readonly #center: Matrix;
  readonly #patterns: SignPatterns;
  readonly #X: View;
  readonly #rows: View;
  readonly #weights: View;

  constructor(kernels: Kernels, problem: TrainingProblem, patterns: SignPatterns) {
    const { X, Y } = problem;
    this.#algebra = new Algebra(kernels);
    this.#problem = problem;
    this.#center = unitCenter(problem);
    this.#patterns = patterns;
    this.#X = this.#algebra.place(X);
    this.#rows = this.#algebra.matrix(X.rows, patterns.count * Y.columns);
    this.#weights = this.#algebra.matrix(X.columns, patterns.count * Y.columns);
  }

  /** Yields after every iteration, W being the best point so far; ends when no step lowers the value any more. */
  *minimize(): Generator<LassoRecord & { readonly W: Float64Array }, void> {
    const step = 1 / this.#smoothness();
    let previous = this.#at(new Float64Array(this.#problem.X.columns * this.#rows.columns));
    let current = previous;
    let momentum = 1;
    for (let iteration = 0; ; iteration++) {
      yield { iteration, value: current.value, dualValue: current.dualValue, W: current.W };
      const nextMomentum = (1 + Math.sqrt(1 + 4 * squareOf(momentum))) / 2;
      let next = this.#step(current, previous, (momentum - 1) / nextMomentum, step);
      momentum = nextMomentum;
      if (next.value > current.value) {
        next = this.#step(current, current, 0, step);
        momentum = 1;
        if (!(next.value < current.value)) return;
      }
      previous = current;
      current = next;
    }
  }

  /** Upper bound on the largest eigenvalue of Σ_i D_i X Xᵀ D_i = (X Xᵀ) ∘ (S Sᵀ), S the n×P patterns: the gradient's Lipschitz constant. */
  #smoothness(): number {
    const { X } = this.#problem;
    const { count: P, active } = this.#patterns;
    const algebra = this.#algebra;
    return algebra.scoped(() => {
      const n = X.rows;
      const S = algebra.place(new Matrix(Float64Array.from(active), n, P));
      const shared = algebra.matrix(n, n);
      algebra.product(1, S, transposed(S), shared);
      const gram = algebra.matrix(n, n);
      algebra.product(1, this.#X, transposed(this.#X), gram);
      const negative = algebra.readMatrix(gram);
      const counts = algebra.entries(shared);
      for (let k = 0; k < counts.length; k++) negative.data[k] *= -counts[k];
      return -smallestEigenvalue(negative).lowerBound;
    });
  }

  /** Proximal gradient step of length `step` from current + momentum · (current − previous). */
  #step(current: LassoPoint, previous: LassoPoint, momentum: number, step: number): LassoPoint {
    const W = current.W.map(
      (w, j) =>
        w +
        momentum * (w - previous.W[j]) -
        step * (current.gradient[j] + momentum * (current.gradient[j] - previous.gradient[j])),
    );
    this.#shrink(W, step * this.#problem.reg);
    return this.#at(W);
  }

  /** Soft threshold of every column. */
  #shrink(W: Float64Array, threshold: number): void {
    const norms = this.#columnNorms(W);
    const factors = norms.map((norm) => (norm > threshold ? 1 - threshold / norm : 0));
    for (let j = 0; j < W.length; j++) W[j] *= factors[j % factors.length];
  }

  #columnNorms(W: Float64Array): Float64Array {
    const squares = new Float64Array(this.#rows.columns);
    for (let j = 0; j < W.length; j++) squares[j % squares.length] += W[j] * W[j];
    return squares.map(Math.sqrt);
  }

  #at(W: Float64Array): LassoPoint {
    const { reg } = this.#problem;
    const { count: P, active } = this.#patterns;
    const { rows: n, columns: c, data } = this.#center;
    this.#algebra.entries(this.#weights).set(W);
    this.#algebra.product(1, this.#X, this.#weights, this.#rows);
    const R = sumActive(active, this.#algebra.entries(this.#rows), n, P, c).map((output, k) => data[k] - output);
    const spread = this.#algebra.entries(this.#rows);
    for (let r = 0; r < n; r++) {
      for (let i = 0; i < P; i++) {
        for (let k = 0; k < c; k++) spread[(r * P + i) * c + k] = active[r * P + i] === 1 ? -R[r * c + k] : 0;
      }
    }
    this.#algebra.product(1, transposed(this.#X), this.#rows, this.#weights);
    const gradient = this.#algebra.entries(this.#weights).slice();
    const penalty = this.#columnNorms(W).reduce((sum, norm) => sum + norm, 0);
    return { W, gradient, value: valueAtResidual(R) + reg * penalty, dualValue: this.#dualValue(R, gradient) };
  }

  #dualValue(R: Float64Array, gradient: Float64Array): number {
    const { reg } = this.#problem;
    const { columns: c, data } = this.#center;
    const norms = this.#columnNorms(gradient);
    let total = 0;
    for (let k = 0; k < c; k++) {
      let product = 0;
      let square = 0;
      for (let at = k; at < R.length; at += c) {
        product += R[at] * data[at];
        square += R[at] * R[at];
      }
      if (square === 0) continue;
      const largest = norms.reduce((best, norm, j) => (j % c === k ? Math.max(best, norm) : best), 0);
      const limit = largest > 0 ? reg / largest : Number.POSITIVE_INFINITY;
      total += bestDualValue(product, square, -limit, limit);
    }
    return total;
  }
}
