/**
 * The best outputs for given features H (n×m): min over V of L(H Vᵀ) + penalty(V) for a convex penalty, by quadratic models of the loss,
 * each solved in closed form or nearly, and a line search between what is known and what the model says (proximal Newton; J. Lee,
 * Y. Sun, M. Saunders, SIAM J. Optim. 24 (2014), algorithm 1). A quadratic loss is its own model: one solve then ends it.
 */
import { powerOfTwo } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import { dot } from '../base/vector.js';
import type { QuadraticModel } from '../problem/losses/loss.js';
import { dualPointAt, type LossTerm, quadraticModel } from '../problem/losses/models.js';

export interface OutputProblem {
  readonly term: LossTerm;
  /** H Vᵀ for V c×m. */
  readonly outputs: (V: Matrix) => Matrix;
  readonly penalty: (V: Matrix) => number;
  /** The V that is best for a model, or nearly; V says where to begin. */
  readonly solveModel: (model: QuadraticModel, V: Matrix) => Matrix;
}

export interface OutputOptions {
  /** Ends when the model promises a decrease of at most this share of the value. */
  readonly tolerance: number;
  readonly isOver: () => boolean;
}

/** Models at most; about ten are usual. */
const MAX_MODELS = 100;
/** Share of the promised decrease that a step must bring, and halvings of a step that does not. */
const ARMIJO = 1e-4;
const MAX_HALVINGS = 40;

/** The outputs found, and whether they are the best to the tolerance. */
export function solveOutputs(
  problem: OutputProblem,
  start: Matrix,
  { tolerance, isOver }: OutputOptions,
): { V: Matrix; isConverged: boolean } {
  const { term, outputs, penalty, solveModel } = problem;
  if (term.loss.quadratic) return { V: solveModel(term.loss.quadratic(term), start), isConverged: true };
  const at = (V: Matrix) => {
    const F = outputs(V);
    const price = penalty(V);
    return { V, F, price, value: term.loss.value(F, term) + price };
  };
  let best = at(start);
  for (let k = 0; k < MAX_MODELS && !isOver(); k++) {
    const goal = at(solveModel(quadraticModel(term, best.F), best.V));
    const a = dualPointAt(term, best.F);
    const promised = dot(a.data, goal.F.data) - dot(a.data, best.F.data) - (goal.price - best.price);
    if (!(promised > tolerance * best.value)) return { V: best.V, isConverged: true };
    let next = goal;
    let t = 1;
    for (; !(next.value <= best.value - ARMIJO * t * promised) && t > powerOfTwo(-MAX_HALVINGS); t /= 2) {
      next = at(between(best.V, goal.V, t / 2));
    }
    if (!(next.value < best.value)) return { V: best.V, isConverged: false };
    best = next;
  }
  return { V: best.V, isConverged: false };
}

const between = (A: Matrix, B: Matrix, t: number): Matrix =>
  new Matrix(
    A.data.map((entry, k) => entry + t * (B.data[k] - entry)),
    A.rows,
    A.columns,
  );
