/**
 * Nesterov–Todd scaling (Todd, Toh, Tütüncü, SIAM J. Optim. 8 (1998), section 3): Lambda = L Lᵀ, Z = R Rᵀ, SVD Rᵀ L = Q Σ Vᵀ,
 * D = L V Σ^{-½}, so that D⁻¹ Lambda D⁻ᵀ = Dᵀ Z D = Σ and Wn = D Dᵀ. In these coordinates primal and dual steps are compared directly.
 */
import { cubeOf } from '../base/elementary.js';
import type { Algebra } from '../linalg/algebra.js';
import { productSteps, smallestEigenvalueSteps } from '../linalg/steps.js';
import { transposed, type Vector, type View } from '../linalg/views.js';
import { ntScalingSteps, reserveScaling, scaleSymmetric } from './kernels.js';
import type { Point } from './point.js';

export interface Scaling {
  /** p. */
  readonly sigma: Vector;
  /** σ^{-½}. */
  readonly inverseRoot: Vector;
  /** p×p. */
  readonly D: View;
  /** p×p, D⁻¹. */
  readonly inverse: View;
}

/** Three p×p matrices that scalings may share, since none outlives a call. */
export type ScalingScratch = readonly [View, View, View];

export const scalingScratch = (algebra: Algebra, p: number): ScalingScratch => [
  algebra.matrix(p, p),
  algebra.matrix(p, p),
  algebra.matrix(p, p),
];

export class NesterovTodd implements Scaling {
  readonly sigma: Vector;
  readonly inverseRoot: Vector;
  readonly D: View;
  readonly inverse: View;
  readonly #algebra: Algebra;
  readonly #half: View;
  readonly #scratch: View;
  readonly #vectors: View;

  constructor(algebra: Algebra, p: number, scratch: ScalingScratch = scalingScratch(algebra, p)) {
    this.#algebra = algebra;
    this.sigma = algebra.vector(p);
    this.inverseRoot = algebra.vector(p);
    this.D = algebra.matrix(p, p);
    this.inverse = algebra.matrix(p, p);
    [this.#half, this.#scratch, this.#vectors] = scratch;
    reserveScaling(algebra, p);
    algebra.reserveFor({ smallestEigenvalue: p, cholesky: p });
  }

  /** Rescales at the point; false when the scaled variables are no longer numerically positive. */
  *update(point: Pick<Point, 'primalFactor' | 'dualFactor'>): Generator<void, boolean> {
    const algebra = this.#algebra;
    const { sigma, D, inverse } = this;
    const V = this.#vectors;
    const L = this.#lowerTriangle(point.primalFactor, this.#half);
    const R = this.#lowerTriangle(point.dualFactor, this.#scratch);
    yield* ntScalingSteps(algebra, [L, R], sigma, V, [D, inverse]);
    if (!this.#setRoots()) return false;

    // D⁻¹ = Σ^{-½} Qᵀ Rᵀ = Σ^{-3/2} (V Lᵀ R) Rᵀ with the right singular vectors in the rows of V
    yield* productSteps(algebra, 1, V, transposed(L), D);
    yield* productSteps(algebra, 1, D, R, inverse);
    yield* productSteps(algebra, 1, L, transposed(V), D);
    algebra.copyMatrix(inverse, this.#half);
    yield* productSteps(algebra, 1, this.#half, transposed(R), inverse);
    this.#scaleRows(inverse);
    // D = L Vᵀ Σ^{-½}
    this.#scaleColumns(D);
    return true;
  }

  /** target = Dᵀ A D for symmetric A. */
  toDualScale(A: View, target: View): void {
    this.#algebra.congruence(transposed(this.D), A, this.#half, target);
  }

  /** target = D A Dᵀ for symmetric A: from scaled to primal coordinates. */
  toPrimal(A: View, target: View): void {
    this.#algebra.congruence(this.D, A, this.#half, target);
  }

  /** target = D⁻¹ A D⁻ᵀ for symmetric A. */
  fromPrimal(A: View, target: View): void {
    this.#algebra.congruence(this.inverse, A, this.#half, target);
  }

  /** target = D⁻ᵀ A D⁻¹ for symmetric A: from scaled to dual coordinates. */
  toDual(A: View, target: View): void {
    this.#algebra.congruence(transposed(this.inverse), A, this.#half, target);
  }

  /** Largest t with Σ + t A ⪰ 0 for a step A in scaled coordinates, Infinity when every t will do. */
  *stepToBoundary(A: View): Generator<void, number> {
    const algebra = this.#algebra;
    algebra.copyMatrix(A, this.#scratch);
    scaleSymmetric(algebra, this.inverseRoot, this.#scratch);
    const least = yield* smallestEigenvalueSteps(algebra, this.#scratch);
    return least >= 0 ? Number.POSITIVE_INFINITY : -1 / least;
  }

  #lowerTriangle(factor: View, target: View): View {
    const p = factor.rows;
    this.#algebra.copyMatrix(factor, target);
    const entries = this.#algebra.entries(target);
    for (let i = 0; i < p; i++) entries.fill(0, i * p + i + 1, (i + 1) * p);
    return target;
  }

  /** σ^{-½}; false when some σ is not positive. */
  #setRoots(): boolean {
    const sigma = this.#algebra.entries(this.sigma);
    const inverseRoot = this.#algebra.entries(this.inverseRoot);
    for (let k = 0; k < sigma.length; k++) {
      if (!(sigma[k] > 0)) return false;
      inverseRoot[k] = 1 / Math.sqrt(sigma[k]);
    }
    return true;
  }

  /** A ← A Σ^{-½}. */
  #scaleColumns(A: View): void {
    const entries = this.#algebra.entries(A);
    const factors = this.#algebra.entries(this.inverseRoot);
    for (let i = 0, k = 0; i < A.rows; i++) for (let j = 0; j < A.columns; j++, k++) entries[k] *= factors[j];
  }

  /** A ← Σ^{-3/2} A. */
  #scaleRows(A: View): void {
    const entries = this.#algebra.entries(A);
    const factors = this.#algebra.entries(this.inverseRoot);
    for (let i = 0, k = 0; i < A.rows; i++) {
      const factor = cubeOf(factors[i]);
      for (let j = 0; j < A.columns; j++, k++) entries[k] *= factor;
    }
    this.#algebra.flops += entries.length;
  }
}
