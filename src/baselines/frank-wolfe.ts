/**
 * Frank–Wolfe on the vector-output convex program of Sahiner, Ergen, Pauly & Pilanci (ICLR 2021, arXiv:2012.13329, section 4.1), over sampled sign
 * patterns,
 *
 *   min ½‖Σ_i D_i X V_i − Y‖² + reg Σ_i ‖V_i‖_{K_i},   ‖·‖_{K_i} the gauge of conv{u gᵀ : u ∈ K_i, ‖u‖ ≤ 1, ‖g‖ ≤ 1},
 *
 * whose atoms are neurons: every iterate is a ReLU network and the objective its training loss.
 */
import { type OptionChecks, positive, type Resolved } from '../base/check.js';
import type { MatrixLike } from '../base/matrix.js';
import { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import type { RunStatus } from '../base/types.js';
import type { Kernels } from '../engine/kernels.js';
import { balance } from '../network/balance.js';
import { Network } from '../network/network.js';
import type { Targets } from '../problem/targets.js';
import { runTask, runTaskSync } from '../tasks/task.js';
import { type BaselineTask, type Begun, begin } from './begin.js';
import { ConeOracle } from './cone-oracle.js';
import { ConicIterate } from './conic-iterate.js';
import { type BaselineReport, ITERATIVE_DEFAULTS, PATTERN_CHECKS, type PatternOptions } from './options.js';
import { samplePatterns } from './patterns.js';

export interface FrankWolfeOptions extends PatternOptions {
  /**
   * The authors' constrained form: Σ ‖V_i‖_{K_i} ≤ budget, the weight decay ½(‖U‖² + ‖V‖²) a network may spend (the paper takes a trained
   * network's), instead of the penalty. A number > 0.
   */
  readonly budget?: number | undefined;
}

export interface FrankWolfeRecord {
  readonly iteration: number;
  /** Training loss of the iterate. */
  readonly value: number;
  /** Relative Frank–Wolfe gap as the oracle sees it: local search over sampled patterns, hence no proof. */
  readonly gap: number;
}

export interface FrankWolfeResult extends Omit<FrankWolfeRecord, 'iteration'> {
  /** 'converged' when the gap reached the tolerance. */
  readonly status: RunStatus;
  readonly network: Network;
  /** Distinct sign patterns used. */
  readonly patterns: number;
  readonly iterations: number;
  readonly history: readonly FrankWolfeRecord[];
  readonly elapsedMs: number;
}

type ResolvedFrankWolfe = Resolved<FrankWolfeOptions, 'budget'>;

export const FRANK_WOLFE_DEFAULTS: ResolvedFrankWolfe = Object.freeze({
  ...ITERATIVE_DEFAULTS,
  patterns: 100,
  tolerance: 1e-3,
  maxIterations: 500,
  budget: undefined,
});
export const FRANK_WOLFE_CHECKS: OptionChecks<ResolvedFrankWolfe> = {
  ...PATTERN_CHECKS,
  budget: positive,
};

const frankWolfeTask: BaselineTask<ResolvedFrankWolfe, FrankWolfeResult> = {
  checks: FRANK_WOLFE_CHECKS,
  defaults: FRANK_WOLFE_DEFAULTS,
  prepare: begin,
  steps: frankWolfeSteps,
};

/**
 * Frank–Wolfe on the program above. With a budget it is the authors' algorithm, each step the exact best of the segment towards the new
 * neuron; without one, the new neuron joins and the outputs of all are improved in turn (the fully corrective variant: M. Jaggi, ICML 2013,
 * algorithm 4, here by a few sweeps), so that the loss never rises. A step costs about 200ndP flops for P patterns.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option; rejects with `signal.reason` when aborted
 */
export function frankWolfe(X: MatrixLike, Y: Targets, options: FrankWolfeOptions = {}): Promise<FrankWolfeResult> {
  return runTask(frankWolfeTask, X, Y, options);
}

/** `frankWolfe` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function frankWolfeSync(X: MatrixLike, Y: Targets, options: FrankWolfeOptions = {}): FrankWolfeResult {
  return runTaskSync(frankWolfeTask, X, Y, options);
}

function* frankWolfeSteps(
  _kernels: Kernels,
  { data, options }: Begun<ResolvedFrankWolfe>,
  clock: RunClock,
): Generator<BaselineReport, FrankWolfeResult> {
  const { problem, featureMap, classes } = data;
  const { budget, tolerance, maxIterations } = options;
  const random = new Random(options.seed);
  const patterns = samplePatterns(problem.X, options.patterns, random);
  const oracle = new ConeOracle(problem.X, patterns, random);
  const iterate = new ConicIterate(problem);
  const history: FrankWolfeRecord[] = [];
  let status: RunStatus;
  for (let iteration = 0; ; iteration++) {
    const found = oracle.search(iterate.residual);
    const gap = iterate.gap(found?.value ?? 0, budget);
    history.push({ iteration, value: iterate.value, gap });
    if (!found || gap <= tolerance) {
      status = 'converged';
      break;
    }
    if (clock.expired() || iteration >= maxIterations) {
      status = clock.expired() ? clock.expiredStatus() : 'max-iterations';
      break;
    }
    yield { kind: 'baseline', phase: 'baseline', iteration, elapsedMs: clock.elapsedMs(), loss: iterate.value };
    if (budget === undefined) iterate.correct(found);
    else iterate.moveTowards(found, budget);
  }
  const { value, gap, iteration } = history[history.length - 1];
  return {
    status,
    network: new Network({ ...balance(iterate.weights()), featureMap, classes }),
    value,
    gap,
    patterns: patterns.count,
    iterations: iteration,
    history,
    elapsedMs: clock.elapsedMs(),
  };
}
