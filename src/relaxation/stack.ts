/**
 * The stack of linear forms that are non-negative on every neuron of the part (problem/parts), and the rows it gives.
 *
 * T = [[I, 0], [I, −Xw]]: alpha_i and beta_i over (alpha, u'). Products of two forms are the inequalities K = T Lambda Tᵀ ≥ 0, kept as one
 * vector in the order of `part.pairs` (assembly/solver/pairs.ts); alpha_i beta_i = 0 is the equality with multiplier w_i. The loss reads
 * forms of the same stack: W = S Lambda[(alpha,u'), v].
 *
 * Dual slack:  Z(a, N, w) = C0 − E(a) − Tᵀ 𝒩 T,  C0 = γ/2 diag(0, s⁻², I),  E(a) = ½(Sᵀa in block (alpha,u')–v and its transpose),
 * 𝒩_ij = N_ij/2, and w_i/2 at the equality of row i. What is long is in steps (linalg/steps.ts).
 */
import type { Algebra } from '../linalg/algebra.js';
import { block, flat, rowOf, transposed, type Vector, type View } from '../linalg/views.js';
import { liftAdjointSteps, liftSteps, reserveLift } from '../problem/lift.js';
import { packPairs, unpackPairs } from './kernels.js';
import type { ScaledProblem } from './scaled-problem.js';

export class Stack {
  readonly problem: ScaledProblem;
  readonly #algebra: Algebra;
  /** Scratch for 𝒩, forms × forms. */
  readonly #multipliers: View;
  readonly #adjoint: View;

  constructor(algebra: Algebra, problem: ScaledProblem) {
    const { m, forms } = problem;
    this.problem = problem;
    this.#algebra = algebra;
    this.#multipliers = algebra.matrix(forms, forms);
    this.#adjoint = algebra.matrix(m, m);
    reserveLift(algebra, problem.Xw);
  }

  /** K (forms × forms) = T Lambda[(alpha,u'), (alpha,u')] Tᵀ. */
  *lift(Lambda: View, K: View): Generator<void, void> {
    yield* liftSteps(this.#algebra, this.problem.Xw, Lambda, K);
  }

  /** The inequality entries of K as a vector. */
  pairs(K: View, values: Vector): void {
    packPairs(this.#algebra, this.problem.n, K, values);
  }

  /** M (forms × forms) = alpha · (symmetric matrix whose inequality entries are the vector), 0 elsewhere. */
  expandPairs(alpha: number, values: Vector, M: View): void {
    unpackPairs(this.#algebra, this.problem.n, alpha, values, M);
  }

  /** W (lossCount × c) = S Lambda[(alpha,u'), v]. */
  predictions(Lambda: View, W: View): void {
    const { m, c, lossForms } = this.problem;
    this.#algebra.product(1, lossForms, block(Lambda, 0, m, m, c), W);
  }

  /** R += factor · (E(a) + Tᵀ𝒩T) on p×p, both triangles; a and w may be left out. */
  *addAdjoint(factor: number, a: View | undefined, N: Vector, w: Vector | undefined, R: View): Generator<void, void> {
    const { m, c, part, Xw, lossForms } = this.problem;
    const algebra = this.#algebra;
    const M = this.#multipliers;
    this.expandPairs(0.5, N, M);
    if (w) {
      const entries = algebra.entries(flat(M));
      const free = algebra.entries(w);
      for (let k = 0; k < part.pairs.equalities; k++) {
        const [i, j] = part.pairs.equality(k);
        entries[i * M.rows + j] = free[k] / 2;
        entries[j * M.rows + i] = free[k] / 2;
      }
    }
    yield* liftAdjointSteps(algebra, Xw, M, this.#adjoint);
    for (let i = 0; i < m; i++) algebra.axpy(factor, rowOf(this.#adjoint, i), rowOf(R, i));
    if (!a) return;
    const upper = block(R, 0, m, m, c);
    algebra.product(factor / 2, transposed(lossForms), a, upper, { accumulate: true });
    algebra.transpose(upper, block(R, m, 0, c, m));
  }

  /** Z = C0 − E(a) − Tᵀ𝒩T; without C0 it is the linear part, the change of Z along (a, N, w). */
  *dualSlack(a: View, N: Vector, w: Vector | undefined, Z: View, withCost = true): Generator<void, void> {
    const { n, p, cost } = this.problem;
    const algebra = this.#algebra;
    algebra.zero(Z);
    if (withCost) {
      const entries = algebra.entries(flat(Z));
      algebra.entries(cost).forEach((value, k) => {
        entries[(n + k) * (p + 1)] = value;
      });
    }
    yield* this.addAdjoint(-1, a, N, w, Z);
  }
}
