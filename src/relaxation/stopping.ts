/** When a solve ends: tolerance reached, limits, or no more progress. */
import type { RunClock } from '../base/run.js';
import type { RunStatus } from '../base/types.js';

export interface StoppingRule {
  /** Relative gap between best value and best bound. */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly clock: RunClock;
  /** Iterates over which the gap must have shrunk by STALL_FACTOR; STALL_WINDOW when left out. */
  readonly stallWindow?: number | undefined;
}

/** Iterations over which the gap must have shrunk by STALL_FACTOR; long, since far from the central path steps can be short for a while. */
const STALL_WINDOW = 20;
const STALL_FACTOR = 0.9;

export class Stopping {
  readonly #rule: StoppingRule;
  readonly #gaps: number[];
  /** When the last iterate was checked. */
  #checkedMs: number | undefined;

  /** @param gaps of the iterates before this run, when it continues one */
  constructor(rule: StoppingRule, gaps: readonly number[] = []) {
    this.#rule = rule;
    this.#gaps = [...gaps];
  }

  /** Relative gap of every iterate so far. */
  get gaps(): readonly number[] {
    return this.#gaps;
  }

  /** The status with which to end after this iterate, undefined to go on. Whether 'converged' is 'certified', the verified bound decides. */
  check(iteration: number, gap: number): RunStatus | undefined {
    const { tolerance, maxIterations, clock, stallWindow = STALL_WINDOW } = this.#rule;
    this.#gaps.push(gap);
    if (gap <= tolerance) return 'converged';
    if (clock.expired() || !this.#hasTimeForAnother()) return clock.expiredStatus();
    if (iteration >= maxIterations) return 'max-iterations';
    const before = this.#gaps.at(-1 - stallWindow);
    return before !== undefined && gap > STALL_FACTOR * before ? 'stalled' : undefined;
  }

  /** Iterations take about equally long: one that would end after the deadline is not begun. */
  #hasTimeForAnother(): boolean {
    const { clock } = this.#rule;
    const now = clock.elapsedMs();
    const duration = this.#checkedMs === undefined ? 0 : now - this.#checkedMs;
    this.#checkedMs = now;
    return duration <= clock.remainingMs();
  }
}
