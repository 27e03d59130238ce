/**
 * The strictly feasible primal–dual interior point. Every iterate is strictly feasible on both sides, so each yields a true
 * relaxation value and a true lower bound; the loop below reads as the method does: scale, factorise, predict and correct, step.
 */

import { relativeGap } from '../base/gap.js';
import type { RunClock } from '../base/run.js';
import type { Progress, RunStatus } from '../base/types.js';
import type { Algebra } from '../linalg/algebra.js';
import { flat, type Vector, type View } from '../linalg/views.js';
import { type Backend, isLong, type NewtonPoint } from './backends/contract.js';
import { PredictorCorrector } from './direction.js';
import { complementarity, type Objective } from './objective.js';
import { createPoint, type Point } from './point.js';
import { NesterovTodd } from './scaling.js';
import type { Stack } from './stack.js';
import type { WarmStart } from './start.js';
import { type Checkpoint, createCheckpoint, savePoint } from './state.js';
import { damped, moveDual, movePrimal, stepLengths } from './step.js';
import { Stopping, type StoppingRule } from './stopping.js';
import { succeeds } from './succeeds.js';
import type { Stopwatch } from './timings.js';

const WARM_GAP = 0.03;

/** What one iteration did, in the user's units. */
export interface IterationRecord extends Progress {
  readonly phase: 'relaxation';
  /** Best so far. */
  readonly value: number;
  readonly lowerBound: number;
  /** (value − lowerBound)/value. */
  readonly gap: number;
  /** Complementarity μ, in the solver's scaled units. */
  readonly mu: number;
  /** Lengths of the step that led here; 0 for the start. */
  readonly primalStep: number;
  readonly dualStep: number;
  readonly centring: number;
  /** The back end of the step that led here. */
  readonly backend: 'dense' | 'cg' | 'admm';
  /** Floating-point operations so far. */
  readonly flops: number;
  /** Cholesky factorisations so far. */
  readonly factorizations: number;
  /** Conjugate-gradient steps so far. */
  readonly cgSteps: number;
}

/** Everything the iteration works with. */
export interface Solver {
  readonly algebra: Algebra;
  readonly stack: Stack;
  readonly objective: Objective;
  readonly createBackend: () => Backend;
  /** Name of the back end before it is made. */
  readonly firstBackend: Backend['name'];
  /** Weight of the inequality rows in the barrier. */
  readonly theta: number;
  readonly rule: StoppingRule;
  readonly watch: Stopwatch;
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
  /** Receives the first iterate whose gap is at most WARM_GAP: well centred, and far enough along for a neighbouring problem. */
  readonly onWarmStart?: ((warm: WarmStart) => void) | undefined;
}

/** The best points seen: G by value, (a, N, w) by bound. */
export interface Incumbent {
  value: number;
  bound: number;
  readonly Lambda: View;
  readonly a: View;
  readonly N: Vector;
  readonly w: Vector;
}

export function createIncumbent(algebra: Algebra, point: Point): Incumbent {
  const copy = (A: View): View => algebra.matrix(A.rows, A.columns);
  return {
    value: Number.POSITIVE_INFINITY,
    bound: Number.NEGATIVE_INFINITY,
    Lambda: copy(point.Lambda),
    a: copy(point.a),
    N: algebra.vector(point.N.length),
    w: algebra.vector(point.w.length),
  };
}

/** Keeps the point's value and bound when they are the best so far. */
export function keepBest(algebra: Algebra, objective: Objective, point: Point, best: Incumbent): void {
  const value = objective.value(point.Lambda, point.K);
  if (value < best.value) {
    best.value = value;
    algebra.copyMatrix(point.Lambda, best.Lambda);
  }
  const bound = objective.bound(point.a);
  if (bound > best.bound) {
    best.bound = bound;
    algebra.copyMatrix(point.a, best.a);
    algebra.copy(point.N, best.N);
    algebra.copy(point.w, best.w);
  }
}

/** What iterations need beside the present point. Made by the first: a run that makes none does not pay for it. */
interface Workspace {
  readonly backend: Backend;
  readonly scaling: NesterovTodd;
  readonly predictorCorrector: PredictorCorrector;
  readonly delta: Vector;
  readonly residual: View;
  next: Point;
}

function createWorkspace({ algebra, stack, theta, createBackend }: Solver): Workspace {
  const { p, c, pairs, lossCount } = stack.problem;
  return {
    backend: createBackend(),
    scaling: new NesterovTodd(algebra, p),
    predictorCorrector: new PredictorCorrector(algebra, stack, theta),
    delta: algebra.vector(pairs),
    residual: algebra.matrix(lossCount, c),
    next: createPoint(algebra, stack.problem),
  };
}

/** What is known while the iteration after a record is under way. */
const meanwhile = ({ phase, iteration, value, lowerBound, gap }: IterationRecord, clock: RunClock): Progress => ({
  phase,
  iteration,
  elapsedMs: clock.elapsedMs(),
  value,
  lowerBound,
  gap,
});

/** Whether a report is that of an iterate, not one of those that come while a long iteration is under way. */
export const isRecord = (progress: Progress): progress is IterationRecord => 'mu' in progress;

/**
 * Iterates from `point` (strictly feasible) and keeps the best in `best`; `begin` says where an interrupted run was.
 * Yields one record per iterate, the start included, and where iterations are long plain reports in between.
 */
export function* iterate(
  solver: Solver,
  point: Point,
  best: Incumbent,
  begin: { readonly iteration: number; readonly gaps: readonly number[] } = { iteration: 0, gaps: [] },
): Generator<Progress, RunStatus> {
  const { algebra, stack, objective, theta, rule, watch } = solver;
  const { problem } = stack;
  const { tau, constant, p, pairs } = problem;
  const stopping = new Stopping(rule, begin.gaps);
  const pauses = isLong(8 * p ** 3);
  const { exports } = algebra.kernels;

  let current = point;
  let workspace: Workspace | undefined;
  let isWarmSaved = false;
  let last = { primal: 0, dual: 0, centring: 0 };
  for (let { iteration } = begin; ; iteration++) {
    keepBest(algebra, objective, current, best);
    const mu = complementarity(algebra, problem, theta, current);
    const value = best.value + constant;
    const bound = best.bound + constant;
    const gap = relativeGap(value, bound);
    solver.onCheckpoint?.(
      createCheckpoint(algebra, problem, {
        iteration,
        backend: workspace?.backend.name ?? solver.firstBackend,
        gaps: stopping.gaps,
        point: current,
        best,
      }),
    );
    const record: IterationRecord = {
      phase: 'relaxation',
      iteration,
      elapsedMs: rule.clock.elapsedMs(),
      value: tau ** 2 * value,
      lowerBound: tau ** 2 * bound,
      gap,
      mu,
      primalStep: last.primal,
      dualStep: last.dual,
      centring: last.centring,
      backend: workspace?.backend.name ?? solver.firstBackend,
      flops: algebra.flops,
      factorizations: algebra.factorizations,
      cgSteps: workspace?.backend.cgSteps ?? 0,
    };
    yield record;
    if (gap <= WARM_GAP && !isWarmSaved) {
      solver.onWarmStart?.({ ...savePoint(algebra, current), reg: problem.reg, mu });
      isWarmSaved = true;
    }
    const status = stopping.check(iteration, gap);
    if (status) return status;
    workspace ??= createWorkspace(solver);
    const { backend, scaling, predictorCorrector, delta, residual, next } = workspace;

    if (!watch.time('scaling', () => succeeds(() => scaling.update(current)))) return 'stalled';
    if (pauses) yield meanwhile(record, rule.clock);
    exports.divide(pairs, current.N.at, current.pairs.at, delta.at);
    algebra.copyMatrix(current.W, residual);
    algebra.axpy(-1, flat(problem.Y), flat(residual));
    algebra.axpy(1, flat(current.a), flat(residual));
    const newton: NewtonPoint = {
      point: current,
      scaling,
      delta,
      residual,
      mu,
      gaps: stopping.gaps,
      isExpired: () => rule.clock.expired(),
      remainingMs: () => rule.clock.remainingMs(),
    };
    if (!watch.time('prepare', () => succeeds(() => backend.prepare(newton)))) return 'stalled';
    if (pauses) yield meanwhile(record, rule.clock);
    const steps = watch.steps('direction', predictorCorrector.compute(newton, backend));
    let step = steps.next();
    for (; !step.done; step = steps.next()) yield meanwhile(record, rule.clock);
    const centring = step.value;
    const { direction } = predictorCorrector;
    const { primal, dual } = watch.time('step', () => {
      const lengths = stepLengths(algebra, scaling, current, direction);
      return {
        primal: movePrimal(algebra, stack, current, direction, damped(lengths.primal), next),
        dual: moveDual(algebra, stack, objective, current, direction, damped(lengths.dual), next),
      };
    });
    if (primal === 0 && dual === 0) return 'stalled';
    last = { primal, dual, centring };
    [current, workspace.next] = [next, current];
  }
}
