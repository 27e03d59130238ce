/** Is the relaxation exact here? Rank and numerical completely positive factorisation of its Lambda, and what the bounds say. */
import type { MatrixLike } from '../base/matrix.js';
import { type Options, type ResolvedOptions, resolveOptions } from '../base/options.js';
import { Random } from '../base/random.js';
import { RunClock, runAsync, runSync } from '../base/run.js';
import type { Progress } from '../base/types.js';
import { createKernels, createKernelsSync, type Kernels } from '../engine/kernels.js';
import { factorizeCp } from '../network/cp-factorization.js';
import type { CpFactorization } from '../network/cp-search.js';
import type { Network } from '../network/network.js';
import { lambdaSpectrum } from '../network/rounding/lambda-factor.js';
import { prepareData, type Targets } from '../problem/data.js';
import type { TrainingProblem } from '../problem/problem.js';
import type { RelaxationResult } from './solve-relaxation.js';

/** The parts of a training result that are examined. */
export interface Examined {
  readonly network: Network;
  readonly loss: number;
  readonly relaxation: RelaxationResult;
  readonly globalLowerBound?: number | undefined;
}

export interface RelaxationReport {
  /** Eigenvalues of Lambda above 1e-7 of the largest, largest first. */
  readonly eigenvalues: Float64Array;
  /** Eigenvalues above 1e-4 of the largest: a network behind Lambda has at least so many neurons. */
  readonly rank: number;
  /** The best approximation of Lambda's leading block by neurons that was found; its error is small where Lambda is a network's. */
  readonly factorization: CpFactorization;
  /**
   * 'exact': the network's loss is within the tolerance of the relaxation's bound. 'not exact': the exact oracle proved that no
   * network comes down to the relaxation's value. 'unknown': neither.
   */
  readonly verdict: 'exact' | 'not exact' | 'unknown';
}

/** A proof that the relaxation is not exact must not hang on the last bits of its computed value. */
const PROOF_MARGIN = 1e-9;

/**
 * Examines the relaxation of a training result.
 *
 * @param X n×d features of the training data
 * @param Y n×c targets or n labels
 * @param fit what `train` returned for them
 * @param options the options it was given; `tolerance` is also that of the verdict
 */
export async function examineRelaxation(
  X: MatrixLike,
  Y: Targets,
  fit: Examined,
  options: Options = {},
): Promise<RelaxationReport> {
  const resolved = resolveOptions(options);
  const clock = new RunClock(resolved);
  const { problem } = prepareData(X, Y, resolved);
  return runAsync(examineSteps(await createKernels(), problem, fit, resolved, clock), resolved);
}

/** `examineRelaxation` without a break, for workers and scripts. */
export function examineRelaxationSync(
  X: MatrixLike,
  Y: Targets,
  fit: Examined,
  options: Options = {},
): RelaxationReport {
  const resolved = resolveOptions(options);
  const clock = new RunClock(resolved);
  const { problem } = prepareData(X, Y, resolved);
  return runSync(examineSteps(createKernelsSync(), problem, fit, resolved, clock), resolved);
}

function* examineSteps(
  kernels: Kernels,
  problem: TrainingProblem,
  fit: Examined,
  { seed, tolerance }: ResolvedOptions,
  clock: RunClock,
): Generator<Progress, RelaxationReport> {
  const input = { kernels, problem, G: fit.relaxation.G };
  const { eigenvalues, rank } = lambdaSpectrum(input);
  const search = factorizeCp(input, fit.network.U, new Random(seed), clock);
  let step = search.next();
  for (let iteration = 0; !step.done; step = search.next(), iteration++) {
    yield { phase: 'rounding', iteration, elapsedMs: clock.elapsedMs() };
  }
  return {
    eigenvalues,
    rank,
    factorization: step.value,
    verdict: judge(fit, tolerance),
  };
}

function judge({ loss, relaxation, globalLowerBound }: Examined, tolerance: number): RelaxationReport['verdict'] {
  if (loss - relaxation.lowerBound <= tolerance * loss) return 'exact';
  if (globalLowerBound !== undefined && globalLowerBound > relaxation.value * (1 + PROOF_MARGIN)) return 'not exact';
  return 'unknown';
}
