/** Polishing: L-BFGS on the true training loss from given weights. */
import type { RunClock } from '../base/run.js';
import type { Progress } from '../base/types.js';
import { DEFAULT_LBFGS_OPTIONS, type LbfgsOptions, minimizeLbfgs } from './lbfgs.js';
import type { TrainingObjective } from './objective.js';
import { type Weights, widthOf } from './weights.js';

/** Progress is yielded at least this far apart: an iteration on small data takes microseconds. */
const PROGRESS_MS = 10;

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
): Generator<Progress, Polished> {
  const { kernels } = objective;
  const m = widthOf(weights);
  if (m === 0) {
    return { weights, loss: objective.lossOf(weights), iterations: 0, evaluations: 1, isComplete: true };
  }
  const mark = kernels.arena.mark();
  try {
    const theta = kernels.arena.allocate(objective.length(m));
    objective.write(theta, weights);
    const descent = minimizeLbfgs(
      kernels,
      objective.length(m),
      theta,
      (point, gradient) => objective.evaluate(m, point, gradient),
      { ...DEFAULT_LBFGS_OPTIONS, ...options },
    );
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
        yield { phase: 'polish', iteration, elapsedMs, loss, weights: objective.read(theta, m) };
      }
      step = descent.next();
    }
    const { iteration, value, evaluations } = step.value;
    descent.return({ iteration, value, evaluations, stop: 'max-iterations' });
    return { weights: objective.read(theta, m), loss: value, iterations: iteration, evaluations, isComplete };
  } finally {
    kernels.arena.release(mark);
  }
}
