/** Gated ReLU training over sampled sign patterns: the convex baseline of the literature. */

import type { Resolved } from '../base/check.js';
import { relativeGap } from '../base/gap.js';
import { Matrix, type MatrixLike } from '../base/matrix.js';
import { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import type { RunStatus } from '../base/types.js';
import type { Kernels } from '../engine/kernels.js';
import { Network } from '../network/network.js';
import type { Targets } from '../problem/targets.js';
import { runTask, runTaskSync } from '../tasks/task.js';
import { type BaselineTask, type Begun, begin } from './begin.js';
import { GatedNetwork, reluNetwork } from './gated-network.js';
import { GroupLasso, type LassoRecord } from './group-lasso.js';
import { type BaselineReport, ITERATIVE_DEFAULTS, PATTERN_CHECKS, type PatternOptions } from './options.js';
import { samplePatterns } from './patterns.js';

export interface GatedReluResult {
  /** 'converged' when the duality gap reached the tolerance. */
  readonly status: RunStatus;
  readonly model: GatedNetwork;
  /** Training loss of the gated network. For c = 1 and gates for all patterns no ReLU network has a lower loss; in general it bounds nothing. */
  readonly value: number;
  /** Lower bound on the optimum of this program (not on any ReLU network's loss). */
  readonly dualValue: number;
  /** (value − dualValue) / value. */
  readonly gap: number;
  /** A ReLU network that begins as the gated one on the training rows and has its output layer solved anew. */
  readonly network: Network;
  /** Training loss of that network, an upper bound on the optimum. */
  readonly loss: number;
  /** Distinct sign patterns used. */
  readonly patterns: number;
  readonly iterations: number;
  readonly history: readonly LassoRecord[];
  readonly elapsedMs: number;
}

export const GATED_RELU_DEFAULTS: Resolved<PatternOptions> = Object.freeze({
  ...ITERATIVE_DEFAULTS,
  patterns: 100,
  tolerance: 1e-3,
  maxIterations: 5000,
});

const gatedReluTask: BaselineTask<Resolved<PatternOptions>, GatedReluResult> = {
  checks: PATTERN_CHECKS,
  defaults: GATED_RELU_DEFAULTS,
  prepare: begin,
  steps: gatedSteps,
};

/**
 * Trains a gated ReLU network with one output per neuron to its global optimum: the group lasso of Pilanci & Ergen (ICML 2020) without
 * the cone constraints, after Mishkin, Sahiner & Pilanci (Fast convex optimization for two-layer ReLU networks, ICML 2022, equation 6).
 * An iteration costs 4ndPc flops for P patterns; 8Pc(n + 6d) bytes.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option, MemoryError before allocating too much;
 * rejects with `signal.reason` when aborted
 */
export function gatedRelu(X: MatrixLike, Y: Targets, options: PatternOptions = {}): Promise<GatedReluResult> {
  return runTask(gatedReluTask, X, Y, options);
}

/** `gatedRelu` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function gatedReluSync(X: MatrixLike, Y: Targets, options: PatternOptions = {}): GatedReluResult {
  return runTaskSync(gatedReluTask, X, Y, options);
}

function* gatedSteps(
  kernels: Kernels,
  { data, options }: Begun<Resolved<PatternOptions>>,
  clock: RunClock,
): Generator<BaselineReport, GatedReluResult> {
  const { problem, featureMap, classes } = data;
  const { X, Y } = problem;
  const patterns = samplePatterns(X, options.patterns, new Random(options.seed));
  let status: RunStatus = 'stalled';
  let W: Float64Array = new Float64Array(X.columns * patterns.count * Y.columns);
  const history: LassoRecord[] = [];
  for (const { W: best, ...record } of new GroupLasso(kernels, problem, patterns).minimize()) {
    W = best;
    history.push(record);
    const { iteration, value, dualValue } = record;
    if (relativeGap(value, dualValue) <= options.tolerance) {
      status = 'converged';
      break;
    }
    if (clock.expired() || iteration >= options.maxIterations) {
      status = clock.expired() ? clock.expiredStatus() : 'max-iterations';
      break;
    }
    yield { kind: 'baseline', phase: 'baseline', iteration, elapsedMs: clock.elapsedMs(), value };
  }
  const weights = new Matrix(W, X.columns, patterns.count * Y.columns);
  const relu = reluNetwork(kernels, problem, patterns, weights);
  const { value, dualValue, iteration } = history[history.length - 1];
  return {
    status,
    model: new GatedNetwork(data, patterns.gates, weights),
    value,
    dualValue,
    gap: relativeGap(value, dualValue),
    network: new Network({ ...relu.weights, featureMap, classes }),
    loss: relu.loss,
    patterns: patterns.count,
    iterations: iteration,
    history,
    elapsedMs: clock.elapsedMs(),
  };
}
