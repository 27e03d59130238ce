/** The copositive relaxation over sampled sign patterns: the semidefinite competitor of the library's own relaxation. */
import type { Resolved } from '../base/check.js';
import { powerOfTen, squareOf } from '../base/elementary.js';
import { MemoryError } from '../base/errors.js';
import { relativeGap } from '../base/gap.js';
import { Matrix, type MatrixLike } from '../base/matrix.js';
import { Random } from '../base/random.js';
import type { RunClock } from '../base/run.js';
import type { RunStatus } from '../base/types.js';
import type { Kernels } from '../engine/kernels.js';
import { Network } from '../network/network.js';
import { unitCenter, valueAtResidual } from '../problem/losses/unit-quadratic.js';
import type { TrainingProblem } from '../problem/problem.js';
import type { Targets } from '../problem/targets.js';
import { runTask, runTaskSync } from '../tasks/task.js';
import { type BaselineTask, type Begun, begin } from './begin.js';
import { type BarrierPoint, CopositiveBarrier } from './copositive-barrier.js';
import { GatedNetwork, reluNetwork } from './gated-network.js';
import { type BaselineReport, ITERATIVE_DEFAULTS, PATTERN_CHECKS, type PatternOptions } from './options.js';
import { coneMoment, type SignPatterns, samplePatterns } from './patterns.js';

export interface CopositiveRecord {
  readonly iteration: number;
  readonly value: number;
  /** Lower bound on this program's optimum (not on any network's loss). */
  readonly dualValue: number;
}

export interface CopositiveResult extends Omit<CopositiveRecord, 'iteration'> {
  /** 'converged' when the duality gap reached the tolerance. */
  readonly status: RunStatus;
  /** (value − dualValue) / value. */
  readonly gap: number;
  /** The relaxation's own predictor, a gated network with W_i = Q_i Xᵀ D_i a / reg. */
  readonly model: GatedNetwork;
  /** A ReLU network that begins as that predictor on the training rows and has its output layer solved anew. */
  readonly network: Network;
  /** Training loss of that network, an upper bound on the optimum. */
  readonly loss: number;
  /** Distinct sign patterns used. */
  readonly patterns: number;
  readonly iterations: number;
  readonly history: readonly CopositiveRecord[];
  readonly elapsedMs: number;
}

export const COPOSITIVE_DEFAULTS: Resolved<PatternOptions> = Object.freeze({
  ...ITERATIVE_DEFAULTS,
  patterns: 100,
  tolerance: 1e-3,
  maxIterations: 200,
});

/** The Newton matrix and its copies may take so much memory; below that its factorisation already takes minutes. */
const LIMIT_BYTES = 2 ** 30;
/** t grows by this factor after a step whose decrement was below CENTRED; so near the centre the multipliers 1/(tK) hardly need scaling. */
const GROWTH = 8;
const CENTRED = 1e-2;
const MAX_HALVINGS = 60;
/** Share of the slope a step must gain. */
const ARMIJO = 0.01;

const copositiveRelaxationTask: BaselineTask<Resolved<PatternOptions>, CopositiveResult> = {
  checks: PATTERN_CHECKS,
  defaults: COPOSITIVE_DEFAULTS,
  prepare: begin,
  steps: copositiveSteps,
};

/**
 * The convex program of Sahiner, Ergen, Pauly & Pilanci (ICLR 2021, arXiv:2012.13329, section 4.3) in which the copositive cones of the exact one are
 * replaced by positive semidefinite matrices with nonnegative products,
 *
 *   min over Q_i ⪰ 0 of reg/2 (tr Yᵀ(Σ_i D_i X Q_i Xᵀ D_i + reg I)⁻¹Y + Σ_i tr Q_i)   s.t.   (2D_i − I) X Q_i Xᵀ (2D_i − I) ≥ 0,
 *
 * over sampled patterns, by a barrier method with a duality gap at every iterate. Each feasible Q gives a feasible G of the library's relaxation with the
 * same value (the sum of (D_i X; I) Q_i (D_i X; I)ᵀ), so that its value is never below that relaxation's lower bound; with few patterns it can be above the
 * optimum of training. A step factorises a matrix of order Pd(d+1)/2, so that only few features or few patterns are in reach.
 *
 * @param X n×d features, in any accepted form of a matrix; not mutated
 * @param Y n×c targets, or n class labels
 * @throws InputError for data that cannot be used, OptionsError for an option, MemoryError before allocating too much;
 * rejects with `signal.reason` when aborted
 */
export function copositiveRelaxation(
  X: MatrixLike,
  Y: Targets,
  options: PatternOptions = {},
): Promise<CopositiveResult> {
  return runTask(copositiveRelaxationTask, X, Y, options);
}

/** `copositiveRelaxation` without a break, for workers and scripts; throws `signal.reason` when aborted from within `onProgress`. */
export function copositiveRelaxationSync(X: MatrixLike, Y: Targets, options: PatternOptions = {}): CopositiveResult {
  return runTaskSync(copositiveRelaxationTask, X, Y, options);
}

function* copositiveSteps(
  kernels: Kernels,
  { data, options }: Begun<Resolved<PatternOptions>>,
  clock: RunClock,
): Generator<BaselineReport, CopositiveResult> {
  const { problem, featureMap, classes } = data;
  const patterns = samplePatterns(problem.X, options.patterns, new Random(options.seed));
  assertFits(patterns.count, problem.X.columns);
  const active = withoutZeroRows(problem, patterns);
  const barrier = new CopositiveBarrier(kernels, active.problem, active.patterns);
  const { status, history, point } = barrier.isZeroOptimal()
    ? zeroSolution(barrier, active)
    : yield* followPath(barrier, active, options, clock);

  const W = barrier.outputs(point);
  const relu = reluNetwork(kernels, problem, patterns, W);
  const { value, dualValue, iteration } = history[history.length - 1];
  return {
    status,
    value,
    dualValue,
    gap: relativeGap(value, dualValue),
    model: new GatedNetwork(data, patterns.gates, W),
    network: new Network({ ...relu.weights, featureMap, classes }),
    loss: relu.loss,
    patterns: patterns.count,
    iterations: iteration,
    history,
    elapsedMs: clock.elapsedMs(),
  };
}

interface Path {
  readonly status: RunStatus;
  readonly history: readonly CopositiveRecord[];
  readonly point: Pick<BarrierPoint, 'Q' | 'a'>;
}

/** Damped Newton steps on φ_t, t growing whenever the last step began near the central path (Boyd & Vandenberghe, section 11.3). */
function* followPath(
  barrier: CopositiveBarrier,
  active: ActiveRows,
  { tolerance, maxIterations, seed }: Resolved<PatternOptions>,
  clock: RunClock,
): Generator<BaselineReport, Path> {
  let point = startPoint(barrier, active, new Random(seed));
  let t = barrier.parameter / point.value;
  let dualValue = Number.NEGATIVE_INFINITY;
  const history: CopositiveRecord[] = [];
  for (let iteration = 0; ; iteration++) {
    const step = barrier.newton(point, t);
    dualValue = Math.max(dualValue, step?.dualValue ?? dualValue);
    const record = { value: point.value + active.constant, dualValue: dualValue + active.constant };
    history.push({ iteration, ...record });
    const end = (status: RunStatus): Path => ({ status, history, point });
    if (relativeGap(record.value, record.dualValue) <= tolerance) return end('converged');
    if (clock.expired()) return end(clock.expiredStatus());
    if (iteration >= maxIterations) return end('max-iterations');
    yield { kind: 'baseline', phase: 'baseline', iteration, elapsedMs: clock.elapsedMs(), value: record.value };
    if (!step) return end('stalled');
    const isCentred = step.decrement < CENTRED;
    const next = descend(barrier, point, step.direction, step.decrement, t);
    // At the centre a step may gain less than round-off: then only t is left to move.
    if (!next && !isCentred) return end('stalled');
    point = next ?? point;
    if (isCentred) t *= GROWTH;
  }
}

/** Backtracking on φ_t; undefined when no step lowers it. */
function descend(
  barrier: CopositiveBarrier,
  point: BarrierPoint,
  direction: Float64Array,
  decrement: number,
  t: number,
): BarrierPoint | undefined {
  let length = 1;
  for (let halving = 0; halving < MAX_HALVINGS; halving++, length /= 2) {
    const next = barrier.evaluate(point.Q.map((q, k) => q + length * direction[k]));
    if (!next) continue;
    const change = t * (next.value - point.value) + next.barrier - point.barrier;
    if (change <= -ARMIJO * length * decrement) return next;
  }
  return undefined;
}

/** Q_i = κ times the second moment of the unit ball's part in K_i, which is as far inside as one can ask; κ the power of ten with the lowest value. */
function startPoint(barrier: CopositiveBarrier, active: ActiveRows, random: Random): BarrierPoint {
  const size = squareOf(barrier.d);
  const Q = new Float64Array(barrier.patterns * size);
  for (let i = 0; i < barrier.patterns; i++) Q.set(coneMoment(active.problem.X, active.patterns, i, random), i * size);
  const candidates = Array.from({ length: 17 }, (_, k) => barrier.evaluate(Q.map((q) => powerOfTen(k - 12) * q)));
  return candidates.reduce((best, next) => (next && (!best || next.value < best.value) ? next : best)) as BarrierPoint;
}

/** The rows of X that are not zero: the others add their part of L(0) and no constraint. */
interface ActiveRows {
  readonly problem: TrainingProblem;
  readonly patterns: SignPatterns;
  readonly constant: number;
}

function withoutZeroRows(problem: TrainingProblem, patterns: SignPatterns): ActiveRows {
  const { X, Y } = problem;
  const isZero = Uint8Array.from({ length: X.rows }, (_, r) => (X.row(r).every((x) => x === 0) ? 1 : 0));
  const kept = Array.from(isZero.keys()).filter((r) => isZero[r] === 0);
  const select = (A: Matrix): Matrix => {
    const result = Matrix.zeros(kept.length, A.columns);
    kept.forEach((r, k) => {
      result.row(k).set(A.row(r));
    });
    return result;
  };
  const P = patterns.count;
  const active = Uint8Array.from(kept.flatMap((r) => Array.from(patterns.active.subarray(r * P, (r + 1) * P))));
  const center = unitCenter(problem);
  const constant = valueAtResidual(center.data) - valueAtResidual(select(center).data);
  return {
    problem: { ...problem, X: select(X), Y: select(Y) },
    patterns: { ...patterns, active, margins: select(patterns.margins) },
    constant,
  };
}

function zeroSolution(barrier: CopositiveBarrier, { problem, constant }: ActiveRows): Path {
  const center = unitCenter(problem);
  const value = valueAtResidual(center.data) + constant;
  const Q = new Float64Array(barrier.patterns * squareOf(barrier.d));
  return { status: 'converged', history: [{ iteration: 0, value, dualValue: value }], point: { Q, a: center.data } };
}

/** @throws MemoryError when the Newton matrix of P patterns in d features would be too large */
function assertFits(P: number, d: number): void {
  const bytes = (count: number): number => 8 * (squareOf((count * d * (d + 1)) / 2) + 3 * squareOf(count * d));
  const required = bytes(P);
  if (required <= LIMIT_BYTES) return;
  let fits = P;
  while (fits > 0 && bytes(fits) > LIMIT_BYTES) fits--;
  throw new MemoryError(
    `patterns: ${P} patterns in ${d} features make a Newton matrix of order ${(P * d * (d + 1)) / 2}; ` +
      `${fits === 0 ? 'use fewer features' : `at most ${fits} patterns fit`}`,
    required,
    LIMIT_BYTES,
  );
}
