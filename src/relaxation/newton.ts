/** The parts of one iteration of the interior point, each a step of its own: scale, prepare, solve, move. */
import { cubeOf } from '../base/elementary.js';
import type { Algebra } from '../linalg/algebra.js';
import type { Vector, View } from '../linalg/views.js';
import type { Backend, BackendPlan, NewtonPoint } from './backends/contract.js';
import { PredictorCorrector } from './direction.js';
import type { Info, StepTaken } from './info.js';
import type { Objective } from './objective.js';
import { createPoint, type Point } from './point.js';
import { NesterovTodd } from './scaling.js';
import { copiesBytes, liftedOrder, type ProblemSize } from './size.js';
import type { Stack } from './stack.js';
import { damped, moveDual, movePrimal, type StepLengths, stepLengths } from './step.js';
import { succeedsSteps } from './succeeds.js';
import type { Stopwatch } from './timings.js';

/** Working memory of all that an iteration holds beside its back end: points, scaling, directions, the start's and the stack's. */
const COPIES = { lifted: 24, forms: 24 } as const;
/** Scaling and step lengths, in units of p³. */
const COST = 40;

/** Bytes and flops of an iteration without its back end. */
export const iterationBytes = (size: ProblemSize): number => copiesBytes(size, COPIES);
export const iterationFlops = (size: ProblemSize): number => COST * cubeOf(liftedOrder(size));

/** What the kernels sustain over a whole iteration on a good machine. */
export const FAST_FLOPS_PER_MS = 15e6;

/** What the iteration works with. */
export interface Solver {
  readonly algebra: Algebra;
  readonly stack: Stack;
  readonly objective: Objective;
  /** Weight of the inequality rows in the barrier. */
  readonly theta: number;
  readonly backend: BackendPlan;
  readonly watch: Stopwatch;
}

/** A point, and how it was reached. */
export interface Moved {
  readonly point: Point;
  readonly step: StepTaken;
}

/** Holds what iterations need beside the present point. Made by the first: a run that makes none does not pay for it. */
export class Newton {
  readonly backend: Backend;
  readonly #solver: Solver;
  readonly #scaling: NesterovTodd;
  readonly #predictorCorrector: PredictorCorrector;
  /** N/K. */
  readonly #delta: Vector;
  /** W − W(a). */
  readonly #residual: View;
  /** H(a) where it is not the identity. */
  readonly #curvature: View | undefined;
  #newton: NewtonPoint | undefined;
  #next: Point;

  constructor(solver: Solver) {
    const { algebra, stack, theta, backend } = solver;
    const { p, c, pairs, lossCount, loss } = stack.problem;
    this.#solver = solver;
    this.backend = backend.create();
    this.#scaling = new NesterovTodd(algebra, p);
    this.#predictorCorrector = new PredictorCorrector(algebra, stack, theta);
    this.#delta = algebra.vector(pairs);
    this.#residual = algebra.matrix(lossCount, c);
    this.#curvature = loss.curvature && algebra.matrix(lossCount, c * c);
    this.#next = createPoint(algebra, stack.problem);
  }

  /** The Nesterov–Todd scaling of the point; false where it does not exist in floating point. */
  scale(point: Point): Generator<void, boolean> {
    return this.#solver.watch.steps('scaling', succeedsSteps(this.#scaling.update(point)));
  }

  /** Builds and factorises the Newton system; false where that fails. The scaling must be this point's. */
  *prepare(point: Point, mu: number, { clock, gaps }: Info): Generator<void, boolean> {
    const { algebra, stack, watch } = this.#solver;
    const { loss } = stack.problem;
    algebra.divide(point.N, point.pairs, this.#delta);
    loss.residual(point.W, point.a, this.#residual);
    if (this.#curvature) loss.curvature?.(point.a, this.#curvature);
    const newton = {
      point,
      scaling: this.#scaling,
      delta: this.#delta,
      residual: this.#residual,
      curvature: this.#curvature,
      mu,
      gaps,
      isExpired: () => clock.expired(),
      remainingMs: () => clock.remainingMs(),
    };
    this.#newton = newton;
    return yield* watch.steps('prepare', succeedsSteps(this.backend.prepare(newton)));
  }

  /** The direction at the prepared point; returns its centring. Pauses where the back end does. */
  *solve(): Generator<void, number> {
    if (!this.#newton) return 0;
    return yield* this.#solver.watch.steps('direction', this.#predictorCorrector.compute(this.#newton, this.backend));
  }

  /** The point a step along the direction from `point`, whose memory serves the step after; undefined when it cannot move at all. */
  *move(point: Point, centring: number): Generator<void, Moved | undefined> {
    const next = this.#next;
    const step = { ...(yield* this.#solver.watch.steps('step', this.#step(point, next))), centring };
    if (step.primal === 0 && step.dual === 0) return undefined;
    this.#next = point;
    return { point: next, step };
  }

  *#step(point: Point, next: Point): Generator<void, StepLengths> {
    const { algebra, stack, objective } = this.#solver;
    const { direction } = this.#predictorCorrector;
    const lengths = yield* stepLengths(algebra, this.#scaling, point, direction, stack.problem.loss);
    return {
      primal: yield* movePrimal(algebra, stack, point, direction, damped(lengths.primal), next),
      dual: yield* moveDual(algebra, stack, objective, point, direction, damped(lengths.dual), next),
    };
  }
}
