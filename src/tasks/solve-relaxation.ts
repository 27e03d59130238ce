/**
 * The doubly nonnegative relaxation solved and certified: exact reductions, the interior point, and the bound recomputed from the raw
 * multipliers by the certificate module, which shares nothing with the solver.
 */

import {
  type Check,
  callback,
  count,
  fraction,
  LIMIT_CHECKS,
  NO_LIMITS,
  type OptionChecks,
  oneOf,
  type Resolved,
  width,
} from '../base/check.js';
import { cubeOf } from '../base/elementary.js';
import { OptionsError } from '../base/errors.js';
import { relativeGap } from '../base/gap.js';
import { Matrix, type MatrixLike } from '../base/matrix.js';
import { type RunClock, unlessOver } from '../base/run.js';
import type { RunLimits } from '../base/types.js';
import { svdFlops } from '../linalg/svd.js';
import { prepareData, type TrainingData } from '../problem/data.js';
import { valueAtZero } from '../problem/losses/models.js';
import { CONE_KINDS, type ConeKind } from '../problem/parts/cone.js';
import { type Placed, withPlaced } from '../problem/placed.js';
import type { Certificate, TrainingProblem } from '../problem/problem.js';
import type { Targets } from '../problem/targets.js';
import { normsCertificate, zeroCertificate } from '../problem/zero-network.js';
import { proofOf } from '../proof/proof.js';
import { boundOfCertificate, boundSteps } from '../proof/verify.js';
import { supportedMethod } from '../relaxation/backends/choose.js';
import { assertResultsFit, assertRowsFit, assertSolveFits, type GivenSize, resultsFit } from '../relaxation/fits.js';
import { METHODS, type Method } from '../relaxation/methods.js';
import { mergingDistance, type Reduction, reductionSteps } from '../relaxation/reduce.js';
import { restoreCertificate, restoreGram } from '../relaxation/restore.js';
import type { ProblemSize } from '../relaxation/size.js';
import { type SolveOptions, solveReduced } from '../relaxation/solve.js';
import type { WarmStart } from '../relaxation/start.js';
import { type Checkpoint, isCheckpoint } from '../relaxation/state.js';
import { NO_TIME } from '../relaxation/timings.js';
import { type GroupSize, groupedSteps } from './grouped-relaxation.js';
import { PROBLEM_CHECKS, PROBLEM_DEFAULTS, type ProblemOptions } from './options.js';
import type { Progress } from './progress.js';
import type { RelaxationResult } from './relaxation-result.js';
import { judge } from './status.js';
import { runTask, runTaskSync, type Task } from './task.js';

/** Every option may be left out; the task's defaults then hold. */
export interface RelaxationOptions extends ProblemOptions, RunLimits<Progress> {
  /** Relative gap (value − lowerBound) / value of the relaxation at which the solver stops; in (0, 1). */
  readonly tolerance?: number | undefined;
  /** Iterations of the solver after which it returns what it has; a whole number ≥ 0. */
  readonly maxIterations?: number | undefined;
  /**
   * 'free': v is anything (the paper's program 4). 'signed': neurons are sorted by the direction of v and balanced, ‖u‖ = ‖v‖; the bound is
   * tighter, at two or more blocks in place of one (docs/theory.md).
   */
  readonly cone?: ConeKind | undefined;
  /**
   * Rows a block, neighbours in direction: the cost grows linearly with the rows instead of with their sixth power, and the bound is lower the
   * smaller the groups are. Infinity: one block. 'auto': the most rows that about a minute allows. A whole number ≥ 1, Infinity or 'auto'.
   */
  readonly groupSize?: GroupSize | undefined;
  /** How the relaxation is solved; for cone 'free' in one block only. */
  readonly method?: Method | undefined;
  /** Receives the state of the solve (by the interior point) before every iteration; copying it costs far less than the iteration. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
  /** Continues the solve of the same problem from such a state, bit for bit. */
  readonly resume?: Checkpoint | undefined;
}

type Unset = 'onCheckpoint' | 'resume';

const isGroupSize: Check = (value) =>
  value === 'auto' ? undefined : width(value) && "a whole number ≥ 1, Infinity or 'auto'";

export const RELAXATION_CHECKS: OptionChecks<RelaxationOptions> = Object.freeze({
  ...PROBLEM_CHECKS,
  tolerance: fraction,
  maxIterations: count,
  cone: oneOf(CONE_KINDS),
  groupSize: isGroupSize,
  method: oneOf(METHODS),
  onCheckpoint: callback,
  resume: isCheckpoint,
  ...LIMIT_CHECKS,
});

export const RELAXATION_DEFAULTS: Resolved<RelaxationOptions, Unset> = Object.freeze({
  ...PROBLEM_DEFAULTS,
  tolerance: 1e-3,
  maxIterations: 200,
  cone: 'free',
  groupSize: Number.POSITIVE_INFINITY,
  method: 'auto',
  onCheckpoint: undefined,
  resume: undefined,
  ...NO_LIMITS,
});

interface Prepared {
  readonly data: TrainingData;
  readonly options: Resolved<RelaxationOptions, Unset>;
}

/** @throws OptionsError for options of the solver in one free block where another is asked for */
function assertCompatible(options: Resolved<RelaxationOptions, Unset>): void {
  if (!isGrouped(options)) return;
  const { method, onCheckpoint, resume } = options;
  const refused = method !== 'auto' ? 'method' : onCheckpoint ? 'onCheckpoint' : resume ? 'resume' : undefined;
  if (refused) throw new OptionsError(refused, "is for cone 'free' in one block; leave it out with cones or groups");
}

export const solveRelaxationTask: Task<Resolved<RelaxationOptions, Unset>, RelaxationResult, Prepared> = {
  checks: RELAXATION_CHECKS,
  defaults: RELAXATION_DEFAULTS,
  prepare(X, Y, options) {
    assertCompatible(options);
    return { data: prepareData(X, Y, options), options };
  },
  *steps(kernels, { data, options }, clock) {
    if (isGrouped(options)) {
      return yield* withPlaced(kernels, data.problem, (placed) => groupedSteps(placed, data, options, clock));
    }
    const solving = (placed: Placed) => relaxationSteps(placed, data, options, clock);
    return (yield* withPlaced(kernels, data.problem, solving)).relaxation;
  },
};

/**
 * Solves the doubly nonnegative relaxation of two-layer ReLU training.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option, MemoryError before allocating too much;
 * rejects with `signal.reason` when aborted
 */
export function solveRelaxation(X: MatrixLike, Y: Targets, options: RelaxationOptions = {}): Promise<RelaxationResult> {
  return runTask(solveRelaxationTask, X, Y, options);
}

/** `solveRelaxation` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function solveRelaxationSync(X: MatrixLike, Y: Targets, options: RelaxationOptions = {}): RelaxationResult {
  return runTaskSync(solveRelaxationTask, X, Y, options);
}

/** Whether the solver of cones and groups is asked for. */
const isGrouped = ({ cone, groupSize }: Pick<RelaxationOptions, 'cone' | 'groupSize'>): boolean =>
  cone === 'signed' || groupSize !== Number.POSITIVE_INFINITY;

const ONE_FREE_BLOCK = { cone: 'free', groupSize: Number.POSITIVE_INFINITY } as const;

/** What the decomposition of X sustains on a fast machine, in the flops of `svdFlops`. */
const FAST_SVD_FLOPS_PER_MS = 4e6;

/** The iteration may have this share of the time at least, whatever the proof of its bound takes. */
const SOLVE_SHARE = 0.5;
/** A proof that is not done so long after the time is over is given up: the bound is then what the lengths of the rows prove. */
const PROOF_GRACE_MS = 150;
/** What plain TypeScript does in a millisecond, and the factorisations that a proof takes. */
const OPERATIONS_PER_MS = 5e5;
const USUAL_FACTORIZATIONS = 3;

/** About how long it takes to prove the bound of a solution: multiplications in the form, and its factorisations. */
const proofMs = ({ n, d }: Pick<ProblemSize, 'n' | 'd'>): number =>
  (3 * n * n * d + (USUAL_FACTORIZATIONS / 3) * cubeOf(n + d)) / OPERATIONS_PER_MS;

/** Where there is no time for a proof, one may take so long. */
const QUICK_MS = 100;

/** A bound without a solution: the better one where its proof is quick. Wide X are brought to their row space first, by projections. */
function quickCertificate(problem: TrainingProblem): Certificate {
  const { rows: n, columns } = problem.X;
  const projectionMs = columns > n ? (12 * n * n * columns) / OPERATIONS_PER_MS : 0;
  const isQuick = proofMs({ n, d: Math.min(n, columns) }) + projectionMs <= QUICK_MS;
  return isQuick ? zeroCertificate(problem) : normsCertificate(problem);
}

/** A solved relaxation, and a point of it from which a solve at a smaller reg may start (none where it took no iteration). */
export interface SolvedRelaxation {
  readonly relaxation: RelaxationResult;
  readonly warmStart?: WarmStart | undefined;
}

/**
 * The work of a solve, one record per iterate, and where X is large heartbeats before, between and after.
 *
 * @param given where the placed problem comes from; its reg may be another
 */
export function* relaxationSteps(
  placed: Placed,
  given: TrainingData,
  options: SolveOptions,
  clock: RunClock,
): Generator<Progress, SolvedRelaxation> {
  const { problem, algebra } = placed;
  const data = { ...given, problem };
  const size = givenSize(problem, options.method);
  assertResultsFit(size);
  const reduction = yield* reduce(placed, options, clock);
  if (!reduction) return { relaxation: unsolved(data, options.tolerance, clock) };
  assertSolveFits(reduction.reduced, supportedMethod(options.method, reduction.reduced), size);
  const reserveMs = proofMs(reduction.reduced);
  const solveClock = clock.within(Math.max(SOLVE_SHARE * clock.remainingMs(), clock.remainingMs() - reserveMs));
  const solution = yield* solveReduced(algebra.kernels, reduction.reduced, options, solveClock);
  const { status, value, dual, history, warmStart } = solution;
  const last = history.at(-1);
  const heartbeat = (): Progress => ({
    kind: 'heartbeat',
    phase: 'relaxation',
    iteration: last?.iteration ?? 0,
    elapsedMs: clock.elapsedMs(),
    value,
  });
  const solved = restoreCertificate(reduction, dual);
  const proved = yield* unlessOver(boundSteps(problem, solved), clock, PROOF_GRACE_MS, heartbeat);
  const certificate = proved ? solved : quickCertificate(problem);
  const { lowerBound } = proved ?? boundOfCertificate(problem, certificate);
  const G = yield* reported(restoreGram(reduction, solution.G), heartbeat);
  const gap = relativeGap(value, lowerBound);
  const relaxation = {
    status: judge(gap, options.tolerance, status),
    value,
    lowerBound,
    gap,
    iterations: last?.iteration ?? 0,
    flops: last?.flops ?? 0,
    factorizations: last?.factorizations ?? 0,
    timings: solution.timings,
    history,
    ...ONE_FREE_BLOCK,
    G,
    proof: proofOf(data, { lowerBound, relaxation: certificate }),
  };
  return { relaxation, warmStart };
}

/** The work with a report at every pause. */
function* reported<T, Pause>(work: Generator<void, T>, report: () => Pause): Generator<Pause, T> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    yield report();
  }
}

/**
 * The exact reductions; undefined when the time is over before they are done, or would be even on a fast machine. A resumed solve has a
 * point to come back to and always gets there.
 */
function* reduce(
  { problem, X }: Placed,
  { tolerance, method, resume }: SolveOptions,
  clock: RunClock,
): Generator<Progress, Reduction | undefined> {
  const { columns } = problem.X;
  let leastMs = 0;
  const checkRows = (rows: number): void => {
    assertRowsFit(rows, givenSize(problem, method));
    leastMs = svdFlops({ rows, columns }) / FAST_SVD_FLOPS_PER_MS;
  };
  const reducing = reductionSteps(problem, mergingDistance(tolerance), { checkRows, decomposed: X });
  const startMs = clock.elapsedMs();
  const endMs = startMs + clock.remainingMs();
  let step = reducing.next();
  for (; !step.done; step = reducing.next()) {
    if (!resume && (clock.expired() || startMs + leastMs > endMs)) return undefined;
    yield { kind: 'heartbeat', phase: 'reduce', iteration: 0, elapsedMs: clock.elapsedMs() };
  }
  return step.value;
}

const givenSize = ({ X, Y }: TrainingProblem, method: Method): GivenSize => ({
  rows: X.rows,
  columns: X.columns,
  outputs: Y.columns,
  method,
});

/** The zero network and the bound that is known without any work. */
export function unsolved(data: TrainingData, tolerance: number, clock: RunClock): RelaxationResult {
  const { problem } = data;
  const { X } = problem;
  const value = valueAtZero(problem);
  const certificate = quickCertificate(problem);
  const { lowerBound } = boundOfCertificate(problem, certificate);
  const gap = relativeGap(value, lowerBound);
  return {
    status: judge(gap, tolerance, clock.expiredStatus()),
    value,
    lowerBound,
    gap,
    iterations: 0,
    flops: 0,
    factorizations: 0,
    timings: NO_TIME,
    history: [],
    ...ONE_FREE_BLOCK,
    G: resultsFit(X.rows, X.columns) ? Matrix.zeros(X.rows + X.columns, X.rows + X.columns) : Matrix.zeros(0, 0),
    proof: proofOf(data, { lowerBound, relaxation: certificate }),
  };
}
