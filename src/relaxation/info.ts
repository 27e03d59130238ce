/**
 * What is known of a run: its records, the best points, whether it should end, and what can be carried out of it, checkpoints and a warm
 * start. The methods hand it their iterates.
 */
import { relativeGap } from '../base/gap.js';
import { type RunClock, unlessOver } from '../base/run.js';
import type { Heartbeat, RunStatus } from '../base/types.js';
import type { Algebra } from '../linalg/algebra.js';
import type { Backend } from './backends/contract.js';
import { type Incumbent, keepBest } from './incumbent.js';
import type { Objective } from './objective.js';
import type { Point } from './point.js';
import type { AdmmRecord, IterationRecord, RelaxationRecord, Standing } from './records.js';
import type { ScaledProblem } from './scaled-problem.js';
import type { WarmStart } from './start.js';
import { type Checkpoint, createCheckpoint, savePoint } from './state.js';
import { Stopping, type StoppingRule } from './stopping.js';

/** A point within this gap is far enough along to start a neighbouring problem from, and still well centred. */
const WARM_GAP = 0.03;

export interface InfoOptions {
  readonly algebra: Algebra;
  readonly problem: ScaledProblem;
  readonly objective: Objective;
  readonly rule: StoppingRule;
  readonly best: Incumbent;
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
  /** Where an interrupted run was. */
  readonly resume?: Pick<Checkpoint, 'iteration' | 'gaps'> | undefined;
}

/** How an iterate of the interior point was reached. */
export interface StepTaken {
  readonly primal: number;
  readonly dual: number;
  readonly centring: number;
}

export class Info {
  readonly best: Incumbent;
  readonly clock: RunClock;
  readonly firstIteration: number;
  readonly history: RelaxationRecord[] = [];
  /** The first iterate whose gap is at most WARM_GAP. */
  warmStart: WarmStart | undefined;
  readonly #options: InfoOptions;
  readonly #stopping: Stopping;
  #standing: Standing | undefined;

  constructor(options: InfoOptions) {
    const { best, rule, resume } = options;
    this.#options = options;
    this.#stopping = new Stopping(rule, resume?.gaps);
    this.best = best;
    this.clock = rule.clock;
    this.firstIteration = resume?.iteration ?? 0;
  }

  /** Relative gap between best value and best bound at every iterate that was checked. */
  get gaps(): readonly number[] {
    return this.#stopping.gaps;
  }

  /** Whether the rule, not the clock, lets the run go on after so many iterations. */
  isLast(iteration: number): boolean {
    return iteration >= this.#options.rule.maxIterations || this.clock.expired();
  }

  /** Takes an iterate of the interior point: the best so far, the checkpoint, its record. */
  *recordIterate(
    iteration: number,
    point: Point,
    mu: number,
    step: StepTaken,
    backend: Pick<Backend, 'name' | 'cgSteps'>,
  ): Generator<void, IterationRecord> {
    const { algebra, problem, onCheckpoint } = this.#options;
    const standing = yield* this.#stand(iteration, point);
    const { best, gaps } = this;
    onCheckpoint?.(createCheckpoint(algebra, problem, { iteration, backend: backend.name, gaps, point, best }));
    return this.#keep({
      kind: 'iterate',
      ...standing,
      ...this.#counts(),
      mu,
      primalStep: step.primal,
      dualStep: step.dual,
      centring: step.centring,
      backend: backend.name,
      cgSteps: backend.cgSteps,
    });
  }

  /** Takes a repaired point of ADMM. */
  *recordAdmm(iteration: number, point: Point, rho: number): Generator<void, AdmmRecord> {
    const standing = yield* this.#stand(iteration, point);
    return this.#keep({ kind: 'admm', ...standing, ...this.#counts(), rho });
  }

  /** Keeps the iterate that was recorded last as a warm start where it is the first that serves. */
  offerWarmStart(point: Point, mu: number): void {
    const { algebra, problem } = this.#options;
    if (this.warmStart || !this.#standing || this.#standing.gap > WARM_GAP) return;
    this.warmStart = { ...savePoint(algebra, point), reg: problem.reg, mu };
  }

  /** The status with which to end after the iterate that was recorded last, undefined to go on. */
  check(): RunStatus | undefined {
    const { iteration, gap } = this.#standing ?? { iteration: 0, gap: Number.POSITIVE_INFINITY };
    return this.#stopping.check(iteration, gap);
  }

  /** Runs work that pauses, with a heartbeat of what is known at every pause. */
  *heartbeats<T>(work: Generator<void, T>): Generator<Heartbeat, T> {
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value;
      yield this.#heartbeat();
    }
  }

  /** `heartbeats` for work that can be given up: undefined when the time is over at a pause. */
  unlessExpired<T>(work: Generator<void, T>): Generator<Heartbeat, T | undefined> {
    return unlessOver(work, this.clock, 0, () => this.#heartbeat());
  }

  #heartbeat(): Heartbeat {
    const before = { phase: 'relaxation', iteration: this.firstIteration } as const;
    return { kind: 'heartbeat', ...before, ...this.#standing, elapsedMs: this.clock.elapsedMs() };
  }

  *#stand(iteration: number, point: Point): Generator<void, Standing> {
    const { algebra, objective, problem } = this.#options;
    const { units, constant } = problem;
    yield* keepBest(algebra, objective, point, this.best);
    const value = this.best.value + constant;
    const bound = this.best.bound + constant;
    this.#standing = {
      phase: 'relaxation',
      iteration,
      elapsedMs: this.clock.elapsedMs(),
      value: units.values * value,
      lowerBound: units.values * bound,
      gap: relativeGap(value, bound),
    };
    return this.#standing;
  }

  #counts(): { readonly flops: number; readonly factorizations: number } {
    const { flops, factorizations } = this.#options.algebra;
    return { flops, factorizations };
  }

  #keep<Kind extends RelaxationRecord>(record: Kind): Kind {
    this.history.push(record);
    return record;
  }
}
