/**
 * What an iterate is worth. Value in kernel form, f = γ/2 (tr Yᵀ (S G Sᵀ + γI)⁻¹ Y + Σ D_kk / s_k²): v and the fit are
 * eliminated, so f is the relaxation value of G whatever the rest of Lambda holds. Bound: ⟨a, Y⟩ − ½‖a‖², true when Z ≻ 0.
 */
import type { Algebra } from '../linalg/algebra.js';
import { flat, type Vector, type View } from '../linalg/views.js';
import type { ScaledProblem } from './scaled-problem.js';

export class Objective {
  readonly #algebra: Algebra;
  readonly #problem: ScaledProblem;
  readonly #kernel: View;
  readonly #solution: View;

  constructor(algebra: Algebra, problem: ScaledProblem) {
    this.#algebra = algebra;
    this.#problem = problem;
    this.#kernel = algebra.matrix(problem.lossCount, problem.lossCount);
    this.#solution = algebra.matrix(problem.lossCount, problem.c);
  }

  /** S G Sᵀ from K = T G Tᵀ. */
  lossKernel(K: View, target: View): void {
    const { lossCount, lossIndex, lossScale } = this.#problem;
    const { exports } = this.#algebra.kernels;
    exports.gatherSymmetric(lossCount, lossIndex, lossScale.at, K.at, K.rowStride, target.at, target.rowStride);
  }

  /** f; K must belong to Lambda. Infinity when the kernel is not numerically positive semidefinite. */
  value(Lambda: View, K: View): number {
    const { n, d, p, reg, Y, lossCount, cost } = this.#problem;
    const algebra = this.#algebra;
    this.lossKernel(K, this.#kernel);
    const kernel = algebra.entries(flat(this.#kernel));
    for (let r = 0; r < lossCount; r++) kernel[r * (lossCount + 1)] += reg;
    if (!algebra.cholesky(this.#kernel)) return Number.POSITIVE_INFINITY;
    algebra.copyMatrix(Y, this.#solution);
    algebra.solveLower(this.#kernel, this.#solution);
    const fit = (reg / 2) * algebra.inner(this.#solution, this.#solution);
    const entries = algebra.entries(flat(Lambda));
    const weights = algebra.entries(cost);
    let price = 0;
    for (let k = 0; k < d; k++) price += weights[k] * entries[(n + k) * (p + 1)];
    return fit + price;
  }

  /** ⟨a, Y⟩ − ½‖a‖². */
  bound(a: View): number {
    return this.#algebra.inner(a, this.#problem.Y) - this.#algebra.inner(a, a) / 2;
  }
}

/** μ = (⟨Lambda, Z⟩ + Σ N K) / (p + θ · pairs): the mean complementarity, rows weighted by θ. */
export function complementarity(
  algebra: Algebra,
  problem: ScaledProblem,
  theta: number,
  point: { readonly Lambda: View; readonly Z: View; readonly pairs: Vector; readonly N: Vector },
): number {
  const { p, pairs } = problem;
  return (algebra.inner(point.Lambda, point.Z) + algebra.dot(point.N, point.pairs)) / (p + theta * pairs);
}
