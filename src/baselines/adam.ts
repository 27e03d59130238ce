/**
 * Adam (D. Kingma, J. Ba, ICLR 2015, algorithm 1), full batch, with a cosine decay of the rate to 0 over the run
 * (I. Loshchilov, F. Hutter, SGDR, ICLR 2017, equation 5 without restarts): a stronger descent than the paper's.
 */

import type { Resolved } from '../base/check.js';
import { cos, integerPower } from '../base/elementary.js';
import type { MatrixLike } from '../base/matrix.js';
import type { Targets } from '../problem/targets.js';
import { runTask, runTaskSync } from '../tasks/task.js';
import { type DescentResult, descentTask, type StepRuleFactory } from './descent.js';
import { type DescentOptions, ITERATIVE_DEFAULTS } from './options.js';

/** The authors' constants. */
const DECAY_MEAN = 0.9;
const DECAY_SQUARE = 0.999;
const EPSILON = 1e-8;

export const ADAM_DEFAULTS: Resolved<DescentOptions> = Object.freeze({
  ...ITERATIVE_DEFAULTS,
  width: 100,
  learningRate: 0.02,
  maxIterations: 6000,
});

/** Trains a network of fixed width by Adam; arguments, errors and limits as `sgd`. A step costs 2nm(2d + 3c) flops. */
export function adam(X: MatrixLike, Y: Targets, options: DescentOptions = {}): Promise<DescentResult> {
  return runTask(descentTask(ADAM_DEFAULTS, adaptiveMoments), X, Y, options);
}

/** `adam` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function adamSync(X: MatrixLike, Y: Targets, options: DescentOptions = {}): DescentResult {
  return runTaskSync(descentTask(ADAM_DEFAULTS, adaptiveMoments), X, Y, options);
}

const adaptiveMoments: StepRuleFactory = (algebra, N, learningRate, steps) => {
  const mean = new Float64Array(N);
  const square = new Float64Array(N);
  return {
    step(theta, gradient, _loss, iteration) {
      const x = algebra.entries(theta);
      const g = algebra.entries(gradient);
      const rate = (learningRate * (1 + cos((Math.PI * (iteration - 1)) / steps))) / 2;
      const step = rate / (1 - integerPower(DECAY_MEAN, iteration));
      const squareScale = 1 / (1 - integerPower(DECAY_SQUARE, iteration));
      for (let k = 0; k < N; k++) {
        mean[k] = DECAY_MEAN * mean[k] + (1 - DECAY_MEAN) * g[k];
        square[k] = DECAY_SQUARE * square[k] + (1 - DECAY_SQUARE) * g[k] * g[k];
        x[k] -= (step * mean[k]) / (Math.sqrt(square[k] * squareScale) + EPSILON);
      }
    },
  };
};
