/** Is the relaxation exact here? Rank and numerical completely positive factorisation of its Lambda, and what the bounds say. */
import {
  boolean,
  type Check,
  count,
  fraction,
  LIMIT_CHECKS,
  NO_LIMITS,
  type OptionChecks,
  type Resolved,
} from '../base/check.js';
import { InputError } from '../base/errors.js';
import { checkMatrix, type Matrix, type MatrixLike } from '../base/matrix.js';
import { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import type { RunLimits } from '../base/types.js';
import type { Kernels } from '../engine/kernels.js';
import { factorizeCp } from '../network/cp-factorization.js';
import type { CpFactorization } from '../network/cp-search.js';
import { isNetwork, type Network } from '../network/network.js';
import { lambdaSpectrum } from '../network/rounding/lambda-factor.js';
import type { RoundingInput } from '../network/rounding/rounding.js';
import { problemOf } from '../network/targets.js';
import { DEFAULT_LOSS, lossNamed } from '../problem/losses/named.js';
import { placeProblem } from '../problem/placed.js';
import type { TrainingProblem } from '../problem/problem.js';
import type { Targets } from '../problem/targets.js';
import type { Bound } from './bound.js';
import { isRelaxation } from './given-relaxation.js';
import type { Progress } from './progress.js';
import type { RelaxationResult } from './relaxation-result.js';
import { runTask, runTaskSync, type Task } from './task.js';

/** The parts of a training result that are examined. */
export interface Examined {
  readonly network: Network;
  readonly loss: number;
  readonly bound: Bound;
  readonly relaxation?: RelaxationResult | undefined;
}

export interface RelaxationReport {
  /** Eigenvalues of Lambda above 1e-7 of the largest, largest first. */
  readonly eigenvalues: Float64Array;
  /** Eigenvalues above 1e-4 of the largest: a network behind Lambda has at least so many neurons. */
  readonly rank: number;
  /** The order of Lambda, so many eigenvalues it has. */
  readonly order: number;
  /**
   * The best approximation of Lambda's leading block by neurons that was found; its error is small where Lambda is a network's. Undefined
   * when it was not asked for.
   */
  readonly factorization: CpFactorization | undefined;
  /**
   * 'exact': the network's loss is within the tolerance of the relaxation's bound. 'not exact': the exact oracle proved that no
   * network comes down to the relaxation's value. 'unknown': neither.
   */
  readonly verdict: 'exact' | 'not exact' | 'unknown';
}

/** A proof that the relaxation is not exact must not hang on the last bits of its computed value. */
const PROOF_MARGIN = 1e-9;

export interface ExamineOptions extends RunLimits<Progress> {
  /** What `train` returned for the data. */
  readonly result: Examined;
  /** Whether the factorisation is searched for, which takes far longer than all the rest. */
  readonly factorize?: boolean | undefined;
  /** Gap, as a share of the loss, within which the relaxation counts as exact; in (0, 1). */
  readonly tolerance?: number | undefined;
  /** Seed of the search for a factorisation; a whole number in [0, 2⁵³). */
  readonly seed?: number | undefined;
}

type ResolvedExamine = Resolved<ExamineOptions>;

type Solved = Examined & { readonly relaxation: RelaxationResult };

interface Prepared extends Pick<ResolvedExamine, 'factorize' | 'tolerance' | 'seed'> {
  readonly problem: TrainingProblem;
  readonly result: Solved;
}

const isExamined: Check = (value) => {
  const { network, loss, bound, relaxation } = Object(value);
  const isFine =
    isNetwork(network) === undefined &&
    isRelaxation(relaxation) === undefined &&
    [loss, Object(bound).value].every(Number.isFinite);
  return isFine ? undefined : 'what train returned, with a relaxation that was solved';
};

export const examineRelaxationTask: Task<ResolvedExamine, RelaxationReport, Prepared> = {
  checks: {
    result: isExamined,
    factorize: boolean,
    tolerance: fraction,
    seed: count,
    ...LIMIT_CHECKS,
  } satisfies OptionChecks<ExamineOptions>,
  defaults: Object.freeze({ factorize: true, tolerance: 1e-3, seed: 0, ...NO_LIMITS }),
  prepare(X, Y, { result, factorize, tolerance, seed }) {
    const { network, relaxation } = result as Solved;
    const { reg } = relaxation.proof;
    const loss = lossNamed(relaxation.proof.loss) ?? DEFAULT_LOSS;
    const problem = problemOf(network, network.features(X), Y, { reg, loss });
    const { rows, columns } = problem.X;
    checkMatrix(relaxation.G, 'result.relaxation.G');
    if (relaxation.G.rows !== rows + columns) {
      throw new InputError(
        'X',
        `is ${rows} × ${columns} as it was trained on, but the relaxation is of order ${relaxation.G.rows}`,
      );
    }
    return { problem, result: { ...result, relaxation }, factorize, tolerance, seed };
  },
  steps: examineSteps,
};

/**
 * Examines the relaxation of a training result.
 *
 * @param X n×d features of the training data
 * @param Y n×c targets or n labels
 * @throws InputError for data that the result is not of, OptionsError for an option; rejects with `signal.reason` when aborted
 */
export function examineRelaxation(X: MatrixLike, Y: Targets, options: ExamineOptions): Promise<RelaxationReport> {
  return runTask(examineRelaxationTask, X, Y, options);
}

/** `examineRelaxation` without a break, for workers and scripts. */
export function examineRelaxationSync(X: MatrixLike, Y: Targets, options: ExamineOptions): RelaxationReport {
  return runTaskSync(examineRelaxationTask, X, Y, options);
}

function* examineSteps(
  kernels: Kernels,
  { problem, result, factorize, tolerance, seed }: Prepared,
  clock: RunClock,
): Generator<Progress, RelaxationReport> {
  const input = { placed: placeProblem(kernels, problem), G: result.relaxation.G };
  const spectrum = lambdaSpectrum(input);
  const factorization = factorize ? yield* search(input, result.network.U, new Random(seed), clock) : undefined;
  return { ...spectrum, factorization, verdict: judge(result, tolerance) };
}

function* search(
  input: RoundingInput,
  U: Matrix,
  random: Random,
  clock: RunClock,
): Generator<Progress, CpFactorization> {
  const searching = factorizeCp(input, U, random, clock);
  let step = searching.next();
  for (let iteration = 0; !step.done; step = searching.next(), iteration++) {
    yield { kind: 'heartbeat', phase: 'rounding', iteration, elapsedMs: clock.elapsedMs() };
  }
  return step.value;
}

function judge({ loss, relaxation, bound }: Solved, tolerance: number): RelaxationReport['verdict'] {
  if (loss - relaxation.lowerBound <= tolerance * loss) return 'exact';
  if (bound.value > relaxation.value * (1 + PROOF_MARGIN)) return 'not exact';
  return 'unknown';
}
