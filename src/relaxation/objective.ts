/**
 * What an iterate is worth. Value, where the loss is quadratic with centre z, in kernel form, f = γ/2 (tr zᵀ (S G Sᵀ + γI)⁻¹ z + Σ D_kk / s_k²):
 * v and the fit are eliminated, so f is the relaxation value of G whatever the rest of Lambda holds. For other losses the value of
 * Lambda itself. Bound: −L*(−a), true when Z ≻ 0.
 */
import type { Algebra } from '../linalg/algebra.js';
import { choleskySteps } from '../linalg/steps.js';
import { flat, type Vector, type View } from '../linalg/views.js';
import { gatherSymmetric, scaleSymmetric } from './kernels.js';
import type { Point } from './point.js';
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

  /** S G Sᵀ from K = T G Tᵀ, in the coordinates √h of the loss's model: its lower triangle, or all of it where h = 1. */
  lossKernel(K: View, target: View): void {
    const { lossIndex, lossScale, model } = this.#problem;
    gatherSymmetric(this.#algebra, lossIndex, lossScale, K, target);
    if (model.roots) scaleSymmetric(this.#algebra, model.roots, target);
  }

  /** f; K and W must belong to Lambda. Infinity when the kernel is not numerically positive semidefinite. */
  *value({ Lambda, K, W }: Pick<Point, 'Lambda' | 'K' | 'W'>): Generator<void, number> {
    const { d, c, model, loss } = this.#problem;
    return model.isExact
      ? (yield* this.#bestFit(K)) + this.#price(Lambda, d)
      : loss.value(W) + this.#price(Lambda, d + c);
  }

  /** γ/2 tr zᵀ (S G Sᵀ + γI)⁻¹ z: the loss of the best v and its price. */
  *#bestFit(K: View): Generator<void, number> {
    const { reg, model, lossCount } = this.#problem;
    const algebra = this.#algebra;
    this.lossKernel(K, this.#kernel);
    const kernel = algebra.entries(flat(this.#kernel));
    for (let r = 0; r < lossCount; r++) kernel[r * (lossCount + 1)] += reg;
    if (!(yield* choleskySteps(algebra, this.#kernel))) return Number.POSITIVE_INFINITY;
    algebra.copyMatrix(model.center, this.#solution);
    algebra.solveLower(this.#kernel, this.#solution);
    return (reg / 2) * algebra.inner(this.#solution, this.#solution);
  }

  /** The cost of the first `count` of (u', v). */
  #price(Lambda: View, count: number): number {
    const { n, p, cost } = this.#problem;
    const entries = this.#algebra.entries(flat(Lambda));
    const weights = this.#algebra.entries(cost);
    let price = 0;
    for (let k = 0; k < count; k++) price += weights[k] * entries[(n + k) * (p + 1)];
    return price;
  }

  /** −L*(−a). */
  bound(a: View): number {
    return this.#problem.loss.dualValue(a);
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
