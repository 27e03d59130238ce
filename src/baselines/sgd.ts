/**
 * Gradient descent with momentum, as the paper's SGD baseline runs it: full batch, v ← 0.95 v + g, theta ← theta − rate · v
 * (B. Polyak, 1964), the rate halved when the loss has not fallen for a while (PyTorch's ReduceLROnPlateau, asked every tenth
 * step with patience 100).
 */
import type { Resolved } from '../base/check.js';
import type { MatrixLike } from '../base/matrix.js';
import type { Targets } from '../problem/targets.js';
import { runTask, runTaskSync } from '../tasks/task.js';
import { type DescentResult, descentTask, type StepRuleFactory } from './descent.js';
import { type DescentOptions, ITERATIVE_DEFAULTS } from './options.js';

const MOMENTUM = 0.95;
/** The plateau rule: looks every so many steps; after so many looks without a relative fall, the rate shrinks by the factor. */
const LOOK_EVERY = 10;
const PATIENCE = 100;
const LEAST_FALL = 1e-4;
const RATE_FACTOR = 0.5;

/** The paper's widths are 5 to 300, its rates 1e-3 and 1e-2, its steps 8000. */
export const SGD_DEFAULTS: Resolved<DescentOptions> = Object.freeze({
  ...ITERATIVE_DEFAULTS,
  width: 100,
  learningRate: 1e-3,
  maxIterations: 8000,
});

/**
 * Trains a network of fixed width by full-batch gradient descent with momentum 0.95. A step costs 2nm(2d + 3c) flops.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option, MemoryError before allocating too much;
 * rejects with `signal.reason` when aborted
 */
export function sgd(X: MatrixLike, Y: Targets, options: DescentOptions = {}): Promise<DescentResult> {
  return runTask(descentTask(SGD_DEFAULTS, heavyBall), X, Y, options);
}

/** `sgd` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function sgdSync(X: MatrixLike, Y: Targets, options: DescentOptions = {}): DescentResult {
  return runTaskSync(descentTask(SGD_DEFAULTS, heavyBall), X, Y, options);
}

const heavyBall: StepRuleFactory = (algebra, N, learningRate) => {
  const velocity = algebra.vector(N);
  let rate = learningRate;
  let best = Number.POSITIVE_INFINITY;
  let badLooks = 0;
  return {
    step(theta, gradient, loss, iteration) {
      algebra.axpby(1, gradient, MOMENTUM, velocity);
      algebra.axpy(-rate, velocity, theta);
      if (iteration % LOOK_EVERY !== 1) return;
      if (loss < best * (1 - LEAST_FALL)) {
        best = loss;
        badLooks = 0;
      } else if (++badLooks > PATIENCE) {
        rate *= RATE_FACTOR;
        badLooks = 0;
      }
    },
  };
};
