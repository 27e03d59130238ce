/** Polishing: L-BFGS on the true training loss from given weights. */
import type { RunClock } from '../base/run.js';
import type { Report } from '../base/types.js';
import type { Vector } from '../linalg/views.js';
import { DEFAULT_LBFGS_OPTIONS, type LbfgsOptions, minimizeLbfgs } from './lbfgs.js';
import type { TrainingObjective } from './objective.js';
import { type Weights, widthOf } from './weights.js';

/** A report is yielded at least this far apart: an iteration on small data takes microseconds. */
const PROGRESS_MS = 10;

/** A network: the best so far, or on its way to be. */
export interface NetworkReport extends Report {
  readonly kind: 'network';
  readonly phase: 'rounding' | 'polish';
  readonly loss: number;
}

export interface Polished {
  readonly weights: Weights;
  readonly loss: number;
  readonly iterations: number;
  readonly evaluations: number;
  /** False when the clock ran out first. */
  readonly isComplete: boolean;
}

/** Lowers the loss of `weights` until L-BFGS converges or the clock runs out. The loss never rises. */
export function* polish(
  objective: TrainingObjective,
  weights: Weights,
  clock: RunClock,
  options: Partial<LbfgsOptions> = {},
): Generator<NetworkReport, Polished> {
  if (widthOf(weights) === 0) {
    return { weights, loss: objective.lossOf(weights), iterations: 0, evaluations: 1, isComplete: true };
  }
  return yield* objective.algebra.scopedSteps(function* () {
    const theta = objective.place(weights);
    const evaluate = (point: Vector, gradient: Vector): number => objective.evaluate(point, gradient);
    const descent = minimizeLbfgs(objective.algebra, theta, evaluate, { ...DEFAULT_LBFGS_OPTIONS, ...options });
    let reportedMs = clock.elapsedMs();
    let isComplete = true;
    let step = descent.next();
    while (!step.done) {
      if (clock.expired()) {
        isComplete = false;
        break;
      }
      const elapsedMs = clock.elapsedMs();
      if (elapsedMs - reportedMs >= PROGRESS_MS) {
        reportedMs = elapsedMs;
        const { iteration, value: loss } = step.value;
        yield { kind: 'network', phase: 'polish', iteration, elapsedMs, loss, weights: objective.read(theta) };
      }
      step = descent.next();
    }
    const { iteration, value, evaluations } = step.value;
    descent.return({ iteration, value, evaluations, stop: 'max-iterations' });
    return { weights: objective.read(theta), loss: value, iterations: iteration, evaluations, isComplete };
  });
}
