/** From a dual point to a lower bound on the training loss (docs/certificate.md, step 5). */
import { Matrix } from '../base/matrix.js';
import { down } from '../base/round-off.js';
import type { LossTerm } from '../problem/losses/models.js';

/** What a bound speaks of beside X: the loss, its targets and weights, and the weight decay, > 0. */
export interface BoundedProblem extends LossTerm {
  readonly reg: number;
}

/**
 * A lower bound on the training loss of every network of any width, from any a n×c and a number B with
 *
 *     ‖aᵀ(Xu)₊‖ ≤ B for every ‖u‖ = 1.
 *
 * t a is dual feasible for every t ≤ reg / B, so max over 0 ≤ t ≤ reg / B of −L*(−t a) is one (docs/certificate.md). The loss rounds its
 * conjugate upwards, so that whatever t the search finds, the returned double is at most the exact bound. 0, which always is a bound
 * since L ≥ 0, when nothing better follows (also for NaN or overflow anywhere).
 *
 * @param B ≥ 0; Infinity says that nothing is known
 */
export function dualBound(problem: BoundedProblem, a: Matrix, B: number): number {
  const { loss, reg } = problem;
  const limit = down(Math.min(reg / B, Number.MAX_VALUE));
  const t = loss.bestMultiple?.(a, problem, limit) ?? searchMultiple(problem, a, limit);
  // whatever a loss proposes; nothing is at most a limit of NaN, and nothing positive at most that of an infinite B
  if (!(t > 0 && t <= limit)) return 0;
  const bound = -loss.conjugateAbove(a, problem, t);
  return bound > 0 && bound < Number.POSITIVE_INFINITY ? bound : 0;
}

/** Golden-section steps: the bracket shrinks to 1e-10 of its first length. */
const STEPS = 48;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Doublings of t while the bound grows. */
const MAX_DOUBLINGS = 60;

/** The t in [0, limit] with the least L*(−t a), convex in t, nearly: any t is as sound. The bracket grows from t = 1, where a = −∇L is optimal. */
function searchMultiple({ loss, ...target }: LossTerm, a: Matrix, limit: number): number {
  const value = (t: number): number => {
    const above = loss.conjugateAbove(a, target, t);
    return Number.isNaN(above) ? Number.POSITIVE_INFINITY : above;
  };
  const reach = loss.largestStep(Matrix.zeros(a.rows, a.columns), a, target);
  const end = Math.min(limit, reach);
  let high = Math.min(1, end);
  for (let k = 0; k < MAX_DOUBLINGS && high < end && value(Math.min(2 * high, end)) < value(high); k++) {
    high = Math.min(2 * high, end);
  }
  let [low, top] = [0, Math.min(2 * high, end)];
  let best = high;
  let least = value(best);
  const consider = (t: number): number => {
    const here = value(t);
    if (here < least) [best, least] = [t, here];
    return here;
  };
  consider(top);
  let [left, right] = [top - GOLDEN * (top - low), low + GOLDEN * (top - low)];
  let [atLeft, atRight] = [consider(left), consider(right)];
  for (let k = 0; k < STEPS; k++) {
    if (atLeft < atRight) {
      [top, right, atRight] = [right, left, atLeft];
      left = top - GOLDEN * (top - low);
      atLeft = consider(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (top - low);
      atRight = consider(right);
    }
  }
  return best;
}
