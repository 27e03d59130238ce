/** The lower bound on the training loss that an exact oracle proves, at every width. */

import type { Matrix } from '../../base/matrix.js';
import type { RunClock } from '../../base/run.js';
import type { Heartbeat } from '../../base/types.js';
import type { TrainingProblem } from '../../problem/problem.js';
import { dualBound } from '../dual-bound.js';
import type { NeuronMaximum, NeuronOracle } from './oracle.js';
import type { NeuronSearchOptions } from './search-options.js';

export interface ExactBound {
  /** Rigorous; 0 when the search was cut short. */
  readonly lowerBound: number;
  readonly maximum: NeuronMaximum;
}

/**
 * max over t of −L*(−ta) over the t for which ta is dual feasible, t · max ‖aᵀ(Xu)₊‖ ≤ reg (docs/model.md, "Duality"). With
 * a = −∇L at the outputs of an optimal network it equals the loss.
 */
export function* exactDualBound(
  oracle: NeuronOracle,
  problem: TrainingProblem,
  a: Matrix,
  options: NeuronSearchOptions,
  clock: RunClock,
): Generator<Heartbeat, ExactBound> {
  const maximum = yield* oracle.maximize(a, { floor: problem.reg, ...options }, clock);
  return { lowerBound: dualBound(problem, a, maximum.upperBound), maximum };
}
