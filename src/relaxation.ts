/**
 * The doubly nonnegative relaxation solved and certified: exact reductions, the interior point, and the bound recomputed from the raw
 * multipliers by the certificate module, which shares nothing with the solver.
 */
import { verifyCertificate } from './certificate/verify.js';
import type { Matrix, MatrixLike } from './matrix.js';
import { prepareData, type Targets } from './model/data.js';
import { assertResultsFit, assertRowsFit, assertSolveFits } from './model/memory.js';
import type { Certificate, TrainingProblem } from './model/problem.js';
import { mergingDistance, reduceProblem } from './model/reduce.js';
import { restoreCertificate, restoreGram } from './model/restore.js';
import { type Options, type ResolvedOptions, resolveOptions } from './options.js';
import { RunClock, runAsync, runSync } from './run.js';
import type { IterationRecord } from './solver/iterate.js';
import { solveReduced } from './solver/solve.js';
import type { WarmStart } from './solver/start.js';
import { relativeGap } from './solver/stopping.js';
import type { PhaseTimings } from './solver/timings.js';
import type { Progress, RunStatus } from './types.js';
import { createKernels, createKernelsSync, type Kernels } from './wasm/kernels.js';

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

/** What one solve of a path leaves for the next. */
export interface PathState {
  warmStart?: WarmStart | undefined;
}

/**
 * The work of a solve, one Progress per iterate.
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
  const reduction = reduceProblem(problem, mergingDistance(options.tolerance), (rows) =>
    assertRowsFit(rows, problem.X.columns, problem.Y.columns, options.method),
  );
  assertSolveFits(reduction.reduced, options.method);
  const { tolerance, maxIterations, method, onCheckpoint, resume } = options;
  const solveOptions = { tolerance, maxIterations, method, onCheckpoint, resume, warmStart: path.warmStart };
  const solution = yield* solveReduced(kernels, reduction.reduced, solveOptions, clock);
  path.warmStart = solution.warmStart;
  const { status, value, dual, G, history } = solution;
  const certificate = restoreCertificate(reduction, dual);
  const { lowerBound } = verifyCertificate(problem.X, problem.Y, certificate);
  const last = history.at(-1);
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
    G: restoreGram(reduction, G),
    certificate,
  };
}
