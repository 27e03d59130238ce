/** A whole solve of the reduced problem: shortcuts, set-up, iteration, and the best points in the problem's own units. */
import { squareOf } from '../base/elementary.js';
import { OptionsError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import type { RunClock } from '../base/run.js';
import type { RunStatus } from '../base/types.js';
import type { Kernels } from '../engine/kernels.js';
import { Algebra } from '../linalg/algebra.js';
import { flat } from '../linalg/views.js';
import { dualPointAtZero, valueAtZero } from '../problem/losses/models.js';
import { noPairs } from '../problem/parts/multipliers.js';
import type { ReducedDual, ReducedProblem } from '../problem/problem.js';
import { ADMM_STALL_WINDOW, admm } from './admm/admm.js';
import { barrierWeight, planBackend, supportedMethod } from './backends/choose.js';
import { chooseMethod } from './cost.js';
import { createIncumbent, type Incumbent, keepBest } from './incumbent.js';
import { Info } from './info.js';
import { iterate } from './iterate.js';
import type { Method } from './methods.js';
import { Objective } from './objective.js';
import { createPoint, type Point } from './point.js';
import type { RelaxationRecord, RelaxationReport } from './records.js';
import { type ScaledProblem, scaleProblem, unscaleDual } from './scaled-problem.js';
import { dropNegligible } from './sparsify.js';
import { Stack } from './stack.js';
import { dualReach, startFreeMultipliers, startPoint, type WarmStart, warmPoint } from './start.js';
import {
  type Checkpoint,
  checkCheckpoint,
  damagedCheckpoint,
  foreignCheckpoint,
  loadPoint,
  type PointState,
} from './state.js';
import { NO_TIME, type PhaseTimings, Stopwatch } from './timings.js';

export interface ReducedSolution {
  readonly status: RunStatus;
  /** Best relaxation value and best bound, the reduced problem's constant included. */
  readonly value: number;
  readonly bound: number;
  /** (n+d)×(n+d) over (alpha, u'), the G of that value. */
  readonly G: Matrix;
  /** The multipliers of that bound. */
  readonly dual: ReducedDual;
  readonly history: readonly RelaxationRecord[];
  readonly timings: PhaseTimings;
  /** Where to start a neighbouring reg; undefined when the solve did not come that far or needed no iteration. */
  readonly warmStart?: WarmStart | undefined;
}

export interface SolveOptions {
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly method: Method;
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
  /** Continues an interrupted solve of the same problem. */
  readonly resume?: Checkpoint | undefined;
  /** A point of the same problem at another reg to start from. */
  readonly warmStart?: WarmStart | undefined;
}

/**
 * Solves the reduced problem; the kernels' arena is as before when it ends. Yields one record per iterate, and heartbeats
 * where iterations are long.
 *
 * @throws InputError naming `resume` when that is a checkpoint of another problem
 */
export function* solveReduced(
  kernels: Kernels,
  reduced: ReducedProblem,
  options: SolveOptions,
  clock: RunClock,
): Generator<RelaxationReport, ReducedSolution> {
  const mark = kernels.arena.mark();
  try {
    if (reduced.n === 0 || dualPointAtZero(reduced).data.every((entry) => entry === 0)) {
      if (options.resume) throw foreignCheckpoint();
      return zeroNetwork(reduced, new Float64Array(reduced.n));
    }
    const algebra = new Algebra(kernels);
    const problem = scaleProblem(algebra, reduced);
    if (options.resume) checkCheckpoint(problem, options.resume);
    const reach = dualReach(algebra, problem);
    if (reach <= 1) return zeroNetwork(reduced, freeMultipliers(algebra, problem));
    return yield* solveScaled(algebra, problem, reduced, reach, options, clock);
  } finally {
    kernels.arena.release(mark);
  }
}

function* solveScaled(
  algebra: Algebra,
  problem: ScaledProblem,
  reduced: ReducedProblem,
  reach: number,
  options: SolveOptions,
  clock: RunClock,
): Generator<RelaxationReport, ReducedSolution> {
  const watch = new Stopwatch();
  const stack = new Stack(algebra, problem);
  const objective = new Objective(algebra, problem);
  const { resume, warmStart, onCheckpoint } = options;
  const method = chooseMethod(supportedMethod(options.method, reduced), reduced);
  if (method === 'admm' && resume)
    throw new OptionsError('resume', "checkpoints are the interior point's; leave out method: 'admm'");
  const theta = barrierWeight(problem, method);
  const point = createPoint(algebra, problem);
  const best = createIncumbent(algebra, point);
  const stallWindow = method === 'admm' ? ADMM_STALL_WINDOW : undefined;
  const rule = { ...options, clock, stallWindow };
  const info = new Info({ algebra, problem, objective, rule, best, onCheckpoint, resume });
  function* start(): Generator<void, boolean> {
    if (warmStart && (yield* warmPoint(algebra, stack, objective, warmStart, point))) return true;
    return yield* startPoint(algebra, stack, objective, theta, reach, point);
  }
  // A resumed solve has a point to come back to, and always gets there.
  const isStarted = resume
    ? yield* info.heartbeats(watch.steps('start', resumeAt(algebra, stack, objective, resume, point, best)))
    : yield* info.unlessExpired(watch.steps('start', start()));
  if (!isStarted) {
    return unstarted(algebra, problem, reduced, reach, isStarted === undefined ? clock.expiredStatus() : 'stalled');
  }

  const status =
    method === 'admm'
      ? yield* admm({ algebra, stack, objective }, point, createPoint(algebra, problem), info)
      : yield* iterate(
          { algebra, stack, objective, theta, watch, backend: planBackend(algebra, stack, method, resume?.backend) },
          point,
          info,
        );
  yield* info.unlessExpired(dropNegligible(algebra, stack, best, point, clock));
  return restore(algebra, problem, info, status, watch);
}

/** A checkpoint made by other kernels (relaxed SIMD) may differ in the last digits. */
const CLAIM_TOLERANCE = 1e-9;

/**
 * Loads a checkpoint. What it claims of its best points is computed from them anew: a forged or damaged one gives no value and no bound that
 * its own numbers do not have.
 *
 * @throws InputError when a point is not strictly feasible, as every one was that was taken, or does not have the value or bound it claims
 */
function* resumeAt(
  algebra: Algebra,
  stack: Stack,
  objective: Objective,
  checkpoint: Checkpoint,
  point: Point,
  best: Incumbent,
): Generator<void, true> {
  function* load(state: PointState): Generator<void, void> {
    if (!(yield* loadPoint(algebra, stack, state, point)))
      throw damagedCheckpoint('a point in it is not strictly feasible');
  }
  yield* load(checkpoint.best);
  yield* keepBest(algebra, objective, point, best);
  const { value, bound } = checkpoint.best;
  const allowed = CLAIM_TOLERANCE * Math.abs(best.value);
  if (!(Math.abs(value - best.value) <= allowed && Math.abs(bound - best.bound) <= allowed)) {
    throw damagedCheckpoint('its best points do not have the value and the bound that it claims');
  }
  yield* load(checkpoint.point);
  return true;
}

/** The incumbent in the reduced problem's units. */
function restore(
  algebra: Algebra,
  problem: ScaledProblem,
  { best, history, warmStart }: Info,
  status: RunStatus,
  watch: Stopwatch,
): ReducedSolution {
  const { m, p, sigma, units, constant } = problem;
  const Lambda = algebra.entries(flat(best.Lambda));
  const G = Matrix.zeros(m, m);
  for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) G.set(i, j, sigma * units.outputs * Lambda[i * p + j]);
  return {
    status,
    value: units.values * (best.value + constant),
    bound: units.values * (best.bound + constant),
    G,
    dual: unscaleDual(problem, algebra.read(flat(best.a)), algebra.read(best.N), algebra.read(best.w)),
    history,
    timings: watch.read(),
    warmStart,
  };
}

/** The zero network, which is optimal: −∇L(0) is feasible with the free multipliers alone. */
function zeroNetwork(reduced: ReducedProblem, w: Float64Array): ReducedSolution {
  const { n, d, constant } = reduced;
  const value = constant + valueAtZero(reduced);
  return {
    status: 'converged',
    value,
    bound: value,
    G: Matrix.zeros(n + d, n + d),
    dual: { a: dualPointAtZero(reduced), pairs: noPairs(), w },
    history: [],
    timings: NO_TIME,
  };
}

/** No strictly feasible start in floating point (rows too nearly parallel) or in time: the zero network and a feasible multiple of −∇L(0). */
function unstarted(
  algebra: Algebra,
  problem: ScaledProblem,
  reduced: ReducedProblem,
  reach: number,
  status: RunStatus,
): ReducedSolution {
  const { dual, value, G } = zeroNetwork(reduced, freeMultipliers(algebra, problem));
  const a = new Matrix(
    dual.a.data.map((entry) => entry / reach),
    dual.a.rows,
    dual.a.columns,
  );
  return {
    status,
    value,
    bound: reduced.constant - reduced.loss.conjugate(a, reduced),
    G,
    dual: { ...dual, a },
    history: [],
    timings: NO_TIME,
  };
}

/** The start's w in the certificate's normalisation. */
function freeMultipliers(algebra: Algebra, problem: ScaledProblem): Float64Array {
  const w = algebra.vector(problem.n);
  startFreeMultipliers(algebra, problem, { w });
  const factor = 1 / problem.reg / squareOf(problem.sigma);
  return algebra.read(w).map((value) => factor * value);
}
