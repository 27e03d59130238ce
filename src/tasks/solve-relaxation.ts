/**
 * The doubly nonnegative relaxation solved and certified: exact reductions, the interior point, and the bound recomputed from the raw
 * multipliers by the certificate module, which shares nothing with the solver.
 */

import { relativeGap } from '../base/gap.js';
import { Matrix, type MatrixLike } from '../base/matrix.js';
import { type Options, type ResolvedOptions, resolveOptions } from '../base/options.js';
import { RunClock, runAsync, runSync } from '../base/run.js';
import type { Progress, RunStatus } from '../base/types.js';
import { createKernels, createKernelsSync, type Kernels } from '../engine/kernels.js';
import { svdFlops } from '../linalg/svd.js';
import { prepareData, type Targets } from '../problem/data.js';
import type { Certificate, TrainingProblem } from '../problem/problem.js';
import { zeroCertificate, zeroValue } from '../problem/zero-network.js';
import { verifyCertificate } from '../proof/verify.js';
import type { IterationRecord } from '../relaxation/iterate.js';
import { assertResultsFit, assertRowsFit, assertSolveFits } from '../relaxation/memory.js';
import { mergingDistance, type Reduction, reductionSteps } from '../relaxation/reduce.js';
import { restoreCertificate, restoreGram } from '../relaxation/restore.js';
import { solveReduced } from '../relaxation/solve.js';
import type { WarmStart } from '../relaxation/start.js';
import { NO_TIME, type PhaseTimings } from '../relaxation/timings.js';

export interface RelaxationResult {
  readonly status: RunStatus;
  /** Value of the relaxation at G: an upper bound on the relaxation's optimum (not on the training loss of any network). */
  readonly value: number;
  /** Rigorous lower bound on the training loss of every network of any width, verified from the certificate. */
  readonly lowerBound: number;
  /** (value − lowerBound) / value, 0 when the value is 0. */
  readonly gap: number;
  readonly iterations: number;
  /** Floating-point operations of the iteration. */
  readonly flops: number;
  readonly factorizations: number;
  /** Wall-clock milliseconds by phase. */
  readonly timings: PhaseTimings;
  /** One record per iterate, the start included. */
  readonly history: readonly IterationRecord[];
  /** (n+d)×(n+d) over (alpha, u), in the coordinates of X. */
  readonly G: Matrix;
  /** The multipliers that prove lowerBound: verifyCertificate(X, Y, certificate). */
  readonly certificate: Certificate;
}

/**
 * Solves the doubly nonnegative relaxation of two-layer ReLU training.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option, MemoryError before allocating too much;
 * rejects with `signal.reason` when aborted
 */
export async function solveRelaxation(X: MatrixLike, Y: Targets, options: Options = {}): Promise<RelaxationResult> {
  const resolved = resolveOptions(options);
  const clock = new RunClock(resolved);
  const { problem } = prepareData(X, Y, resolved);
  return runAsync(relaxationSteps(await createKernels(), problem, resolved, clock), resolved);
}

/** `solveRelaxation` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function solveRelaxationSync(X: MatrixLike, Y: Targets, options: Options = {}): RelaxationResult {
  const resolved = resolveOptions(options);
  const clock = new RunClock(resolved);
  const { problem } = prepareData(X, Y, resolved);
  return runSync(relaxationSteps(createKernelsSync(), problem, resolved, clock), resolved);
}

/** What the decomposition of X sustains on a fast machine, in the flops of `svdFlops`. */
const FAST_SVD_FLOPS_PER_MS = 4e6;

/** n + d from which verification and restoration take more than a tenth of a second. */
const LONG_ORDER = 400;

/** What one solve of a path leaves for the next. */
export interface PathState {
  warmStart?: WarmStart | undefined;
}

/**
 * The work of a solve, one Progress per iterate, and where X is large further ones before, between and after.
 *
 * @param path where to start, and then where the next solve of the same data at a smaller reg may start
 */
export function* relaxationSteps(
  kernels: Kernels,
  problem: TrainingProblem,
  options: ResolvedOptions,
  clock: RunClock,
  path: PathState = {},
): Generator<Progress, RelaxationResult> {
  assertResultsFit(problem.X.rows, problem.X.columns);
  const reduction = yield* reduce(problem, options, clock);
  if (!reduction) return unsolved(problem, clock);
  assertSolveFits(reduction.reduced, options.method);
  const { tolerance, maxIterations, method, onCheckpoint, resume } = options;
  const solveOptions = { tolerance, maxIterations, method, onCheckpoint, resume, warmStart: path.warmStart };
  const solution = yield* solveReduced(kernels, reduction.reduced, solveOptions, clock);
  path.warmStart = solution.warmStart;
  const { status, value, dual, history } = solution;
  const last = history.at(-1);
  function* pause(): Generator<Progress, void> {
    if (problem.X.rows + problem.X.columns < LONG_ORDER) return;
    yield { phase: 'relaxation', iteration: last?.iteration ?? 0, elapsedMs: clock.elapsedMs(), value };
  }
  yield* pause();
  const certificate = restoreCertificate(reduction, dual);
  const { lowerBound } = verifyCertificate(problem.X, problem.Y, certificate);
  yield* pause();
  const G = restoreGram(reduction, solution.G);
  yield* pause();
  return {
    status,
    value,
    lowerBound,
    gap: relativeGap(value, lowerBound),
    iterations: last?.iteration ?? 0,
    flops: last?.flops ?? 0,
    factorizations: last?.factorizations ?? 0,
    timings: solution.timings,
    history,
    G,
    certificate,
  };
}

/**
 * The exact reductions; undefined when the time is over before they are done, or would be even on a fast machine. A resumed solve has a
 * point to come back to and always gets there.
 */
function* reduce(
  problem: TrainingProblem,
  { tolerance, method, resume }: ResolvedOptions,
  clock: RunClock,
): Generator<Progress, Reduction | undefined> {
  const { columns } = problem.X;
  let leastMs = 0;
  const reducing = reductionSteps(problem, mergingDistance(tolerance), (rows) => {
    assertRowsFit(rows, columns, problem.Y.columns, method);
    leastMs = svdFlops({ rows, columns }) / FAST_SVD_FLOPS_PER_MS;
  });
  const startMs = clock.elapsedMs();
  const endMs = startMs + clock.remainingMs();
  let step = reducing.next();
  for (; !step.done; step = reducing.next()) {
    if (!resume && (clock.expired() || startMs + leastMs > endMs)) return undefined;
    yield { phase: 'reduce', iteration: 0, elapsedMs: clock.elapsedMs() };
  }
  return step.value;
}

/** The network zero and the bound that is known without any work. */
function unsolved(problem: TrainingProblem, clock: RunClock): RelaxationResult {
  const { X, Y } = problem;
  const value = zeroValue(problem);
  const certificate = zeroCertificate(problem);
  const { lowerBound } = verifyCertificate(X, Y, certificate);
  return {
    status: clock.expiredStatus(),
    value,
    lowerBound,
    gap: relativeGap(value, lowerBound),
    iterations: 0,
    flops: 0,
    factorizations: 0,
    timings: NO_TIME,
    history: [],
    G: Matrix.zeros(X.rows + X.columns, X.rows + X.columns),
    certificate,
  };
}
