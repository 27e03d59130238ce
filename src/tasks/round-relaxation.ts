/**
 * A solved relaxation rounded: networks rounded from its G in every way asked for, each given its best output layer and polished, and the best
 * kept. `train` does this and then grows the network; here the roundings can be looked at one by one, over seeds, and next to random starts.
 */
import {
  count,
  fraction,
  LIMIT_CHECKS,
  NO_LIMITS,
  type OptionChecks,
  type Resolved,
  someOf,
  width,
} from '../base/check.js';
import { relativeGap } from '../base/gap.js';
import type { MatrixLike } from '../base/matrix.js';
import type { RunLimits, RunStatus } from '../base/types.js';
import { criticalWidthBound } from '../network/critical-width.js';
import { fitWeights, type StartReport } from '../network/fit.js';
import { Network } from '../network/network.js';
import { ROUNDINGS, type RoundingName } from '../network/rounding/roundings.js';
import { prepareData, type TrainingData } from '../problem/data.js';
import { withPlaced } from '../problem/placed.js';
import type { Targets } from '../problem/targets.js';
import { trainingLoss } from '../problem/training-loss.js';
import { isRelaxation, verifiedRelaxation } from './given-relaxation.js';
import type { Progress } from './progress.js';
import type { RelaxationResult } from './relaxation-result.js';
import { judge } from './status.js';
import { runTask, runTaskSync, type Task } from './task.js';

export interface RoundingOptions extends RunLimits<Progress> {
  /** What `solveRelaxation` returned for the data, or `train` as its result's `relaxation`. It knows reg, bias and scaling. */
  readonly relaxation: RelaxationResult;
  /** How its solution becomes neurons, or several ways to compare. */
  readonly rounding?: RoundingName | readonly RoundingName[] | undefined;
  /** Networks from each rounding, with one seed each; one from a rounding that does not depend on it. A whole number ≥ 0. */
  readonly roundedStarts?: number | undefined;
  /** Random networks, which are polished as well, to compare with. A whole number ≥ 0. */
  readonly randomStarts?: number | undefined;
  /** Neurons each start begins with; never more than nc + 1, which always suffice. */
  readonly width?: number | undefined;
  /** Steps of L-BFGS that polish each start; a whole number ≥ 0. */
  readonly maxIterations?: number | undefined;
  /** Relative gap between loss and lower bound at which the network counts as certified; in (0, 1). */
  readonly tolerance?: number | undefined;
  /** Seed of every random choice; a whole number in [0, 2⁵³). */
  readonly seed?: number | undefined;
}

export interface RoundedNetwork {
  /** 'certified' when the gap is within the tolerance; 'converged' when every start was polished and it is not; else what cut it short. */
  readonly status: RunStatus;
  /** The best of all starts. */
  readonly network: Network;
  /** Training loss of that very network. */
  readonly loss: number;
  /** The relaxation's bound on the loss of every network of any width. */
  readonly lowerBound: number;
  /** (loss − lowerBound) / loss. */
  readonly gap: number;
  /** What became of each start, in the order they ran; the network without neurons is the first. */
  readonly starts: readonly StartReport[];
}

type ResolvedRounding = Resolved<RoundingOptions>;

interface Prepared {
  readonly data: TrainingData;
  readonly options: ResolvedRounding;
}

export const roundRelaxationTask: Task<ResolvedRounding, RoundedNetwork, Prepared> = {
  checks: {
    relaxation: isRelaxation,
    rounding: someOf(ROUNDINGS),
    roundedStarts: count,
    randomStarts: count,
    width,
    maxIterations: count,
    tolerance: fraction,
    seed: count,
    ...LIMIT_CHECKS,
  } satisfies OptionChecks<RoundingOptions>,
  defaults: Object.freeze({
    rounding: 'gaussian',
    roundedStarts: 1,
    randomStarts: 0,
    width: 100,
    maxIterations: 3000,
    tolerance: 1e-3,
    seed: 0,
    ...NO_LIMITS,
  }),
  prepare(X, Y, options) {
    const { relaxation } = options;
    const { reg, columns } = relaxation.proof;
    const { bias, standardization } = columns;
    const data = prepareData(X, Y, { reg, bias, standardize: standardization !== undefined });
    return { data, options: { ...options, relaxation: verifiedRelaxation(data, relaxation) } };
  },
  *steps(kernels, { data, options }, clock) {
    const { relaxation, rounding, roundedStarts, tolerance, ...rest } = options;
    const { problem, featureMap, classes } = data;
    const roundings = roundedStarts > 0 ? [rounding].flat() : [];
    const width = Math.min(rest.width, criticalWidthBound(problem.X.rows, problem.Y.columns));
    const settings = { ...rest, G: relaxation.G, roundings, roundedStarts, width };
    const fit = yield* withPlaced(kernels, problem, (placed) => fitWeights(placed, settings, clock));
    const loss = trainingLoss(problem, fit.weights);
    const { lowerBound } = relaxation;
    const gap = relativeGap(loss, lowerBound);
    return {
      status: judge(gap, tolerance, fit.isComplete ? 'converged' : clock.expiredStatus()),
      network: new Network({ ...fit.weights, featureMap, classes }),
      loss,
      lowerBound,
      gap,
      starts: fit.starts,
    };
  },
};

/**
 * Rounds a solved relaxation to networks and polishes them.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option, also when the relaxation is not of these data; rejects with
 * `signal.reason` when aborted
 */
export function roundRelaxation(X: MatrixLike, Y: Targets, options: RoundingOptions): Promise<RoundedNetwork> {
  return runTask(roundRelaxationTask, X, Y, options);
}

/** `roundRelaxation` without a break, for workers and scripts. */
export function roundRelaxationSync(X: MatrixLike, Y: Targets, options: RoundingOptions): RoundedNetwork {
  return runTaskSync(roundRelaxationTask, X, Y, options);
}
