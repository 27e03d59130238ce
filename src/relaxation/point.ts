/** A primal–dual point: strictly feasible on both sides, so that its value and its bound are both true. */
import type { Algebra } from '../linalg/algebra.js';
import type { Vector, View } from '../linalg/views.js';
import type { ScaledProblem } from './scaled-problem.js';

export interface Point {
  /** p×p, positive definite, A_ii = x_i·C_i. */
  readonly Lambda: View;
  /** forms × forms, T Lambda Tᵀ. */
  readonly K: View;
  /** Its inequality entries, > 0. */
  readonly pairs: Vector;
  /** S Lambda[(alpha,u'), v], lossCount × c. */
  readonly W: View;
  /** Lower Cholesky factor of Lambda. */
  readonly primalFactor: View;
  /** lossCount × c. */
  readonly a: View;
  /** Multipliers of the inequality entries, > 0. */
  readonly N: Vector;
  /** Multipliers of K_{i,n+i} = 0. */
  readonly w: Vector;
  /** p×p, Z(a, N, w), positive definite. */
  readonly Z: View;
  /** Lower Cholesky factor of Z. */
  readonly dualFactor: View;
}

export function createPoint(algebra: Algebra, { n, p, c, forms, pairs, lossCount }: ScaledProblem): Point {
  return {
    Lambda: algebra.matrix(p, p),
    K: algebra.matrix(forms, forms),
    pairs: algebra.vector(pairs),
    W: algebra.matrix(lossCount, c),
    primalFactor: algebra.matrix(p, p),
    a: algebra.matrix(lossCount, c),
    N: algebra.vector(pairs),
    w: algebra.vector(n),
    Z: algebra.matrix(p, p),
    dualFactor: algebra.matrix(p, p),
  };
}
