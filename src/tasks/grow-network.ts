/** Growth as a function of its own: from any network, or none, to the best one found and the best bound proved. */
import {
  type Check,
  count,
  fraction,
  LIMIT_CHECKS,
  NO_LIMITS,
  type OptionChecks,
  oneOf,
  type Resolved,
} from '../base/check.js';
import { InputError } from '../base/errors.js';
import { relativeGap } from '../base/gap.js';
import { Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import type { RunLimits, RunStatus } from '../base/types.js';
import { type GrowthResult, type GrowthRound, grow, isWithinReach } from '../growth/grow.js';
import { fitWeights } from '../network/fit.js';
import { Network } from '../network/network.js';
import { type Weights, widthOf } from '../network/weights.js';
import { prepareData, type TrainingData } from '../problem/data.js';
import { type Placed, withPlaced } from '../problem/placed.js';
import type { TrainingProblem } from '../problem/problem.js';
import type { Targets } from '../problem/targets.js';
import { exactOracle } from '../proof/exact/oracle.js';
import { type Proof, proofOf } from '../proof/proof.js';
import { PROBLEM_CHECKS, PROBLEM_DEFAULTS, type ProblemOptions } from './options.js';
import type { Progress } from './progress.js';
import { judge } from './status.js';
import { runTask, runTaskSync, type Task } from './task.js';

export interface GrowthOptions extends ProblemOptions, RunLimits<Progress> {
  /** Layers U d×m and V c×m to start from, such as those of a Network of the same `bias` and `standardize`; none by default. */
  readonly initial?: { readonly U: MatrixLike; readonly V: MatrixLike } | undefined;
  /**
   * Relative gap between loss and lower bound at which growth ends; without the exact oracle, the excess over reg that
   * ‖Rᵀ(Xu)₊‖ may still have. In (0, 1).
   */
  readonly tolerance?: number | undefined;
  /** Seed of every random choice; a whole number in [0, 2⁵³). */
  readonly seed?: number | undefined;
  /** Rounds after which growth returns what it has; a whole number ≥ 0. */
  readonly maxRounds?: number | undefined;
  /** `'auto'`: prove optimality by the exact oracle where its cost allows; `'never'`: local search only. */
  readonly certify?: 'auto' | 'never' | undefined;
}

export interface GrownNetwork {
  /** 'certified': lowerBound proves the loss optimal to the tolerance. 'converged': no neuron was found that would lower the loss further. */
  readonly status: RunStatus;
  readonly network: Network;
  /** Training loss of that very network. */
  readonly loss: number;
  /** Rigorous lower bound on the loss of every network of any width; undefined when nothing was proved. */
  readonly lowerBound: number | undefined;
  /** (loss − lowerBound) / loss; undefined with it. */
  readonly gap: number | undefined;
  /** What proves it again: verifyProof(X, Y, proof); undefined with it. */
  readonly proof: Proof | undefined;
  readonly history: readonly GrowthRound[];
}

type ResolvedGrowth = Resolved<GrowthOptions, 'initial'>;

interface Prepared {
  readonly data: TrainingData;
  readonly initial: Weights;
  readonly settings: Required<Pick<ResolvedGrowth, 'tolerance' | 'seed' | 'maxRounds' | 'certify'>>;
}

const isPairOfLayers: Check = (value) => {
  const { U, V } = Object(value);
  return U && V ? undefined : 'the layers { U, V } of a network';
};

/** Where the exact oracle does not reach and no network is given: the best of some wide random starts, polished. */
const STARTS = { roundings: [], roundedStarts: 0, randomStarts: 3, maxIterations: 5000 };
const STARTS_WIDTH = 400;
/** Share of the time limit they may take. */
const STARTS_SHARE = 0.5;

export const growNetworkTask: Task<ResolvedGrowth, GrownNetwork, Prepared> = {
  checks: {
    ...PROBLEM_CHECKS,
    initial: isPairOfLayers,
    tolerance: fraction,
    seed: count,
    maxRounds: count,
    certify: oneOf(['auto', 'never']),
    ...LIMIT_CHECKS,
  } satisfies OptionChecks<GrowthOptions>,
  defaults: Object.freeze({
    ...PROBLEM_DEFAULTS,
    initial: undefined,
    tolerance: 1e-6,
    seed: 0,
    maxRounds: 200,
    certify: 'auto',
    ...NO_LIMITS,
  }),
  prepare(X, Y, { initial, tolerance, seed, maxRounds, certify, ...options }) {
    const data = prepareData(X, Y, options);
    return { data, initial: layers(initial, data.problem), settings: { tolerance, seed, maxRounds, certify } };
  },
  *steps(kernels, { data, initial, settings }, clock) {
    const { problem, featureMap, classes } = data;
    const grown = yield* withPlaced(kernels, problem, (placed) => growthSteps(placed, initial, settings, clock));
    const { U, V, loss, lowerBound, exactCertificate: exact, history, status } = grown;
    const gap = lowerBound === undefined ? undefined : relativeGap(loss, lowerBound);
    return {
      status: judge(gap, settings.tolerance, status),
      network: new Network({ U, V, featureMap, classes }),
      loss,
      lowerBound,
      gap,
      proof: lowerBound === undefined ? undefined : proofOf(data, { lowerBound, exact }),
      history,
    };
  },
};

/**
 * Grows a network by column generation.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be trained on or an `initial` network that does not fit it, OptionsError for an option;
 * rejects with `signal.reason` when aborted
 */
export function growNetwork(X: MatrixLike, Y: Targets, options: GrowthOptions = {}): Promise<GrownNetwork> {
  return runTask(growNetworkTask, X, Y, options);
}

/** `growNetwork` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function growNetworkSync(X: MatrixLike, Y: Targets, options: GrowthOptions = {}): GrownNetwork {
  return runTaskSync(growNetworkTask, X, Y, options);
}

function* growthSteps(
  placed: Placed,
  initial: Weights,
  settings: Prepared['settings'],
  clock: RunClock,
): Generator<Progress, GrowthResult> {
  if (widthOf(initial) > 0 || isWithinReach(exactOracle(placed.X), settings)) {
    return yield* grow(placed, initial, settings, clock);
  }
  const { X, Y } = placed.problem;
  const width = Math.min(STARTS_WIDTH, X.rows * Y.columns + 1);
  const share = clock.within(STARTS_SHARE * clock.remainingMs());
  const { weights } = yield* fitWeights(placed, { ...STARTS, width, seed: settings.seed }, share);
  return yield* grow(placed, weights, settings, clock);
}

/** The network to start from, checked against the data; by default the one without neurons. */
function layers(initial: GrowthOptions['initial'], { X, Y }: TrainingProblem): Weights {
  if (initial === undefined) return { U: Matrix.zeros(X.columns, 0), V: Matrix.zeros(Y.columns, 0) };
  const U = toMatrix(initial.U, 'initial.U');
  const V = toMatrix(initial.V, 'initial.V');
  checkShape('initial.U', U, X.columns, U.columns);
  checkShape('initial.V', V, Y.columns, U.columns);
  return { U, V };
}

function checkShape(name: string, A: Matrix, rows: number, columns: number): void {
  if (A.rows !== rows || A.columns !== columns) {
    throw new InputError(name, `is ${A.rows}×${A.columns}, but this problem and U need ${rows}×${columns}`);
  }
}
