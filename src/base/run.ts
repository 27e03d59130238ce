/**
 * Running long work: every long computation is a generator that yields reports, so that one body serves the
 * synchronous and the asynchronous face. The driver reports progress, honours the abort signal and, when asynchronous,
 * gives the host's event loop a turn; the generator itself looks at the clock to stop in time.
 */
import type { Report, RunLimits, RunStatus } from './types.js';

/** Longest stretch of work between two turns of the event loop, in milliseconds: one frame of a 30 Hz display. */
const SLICE_MS = 30;

/** The elapsed time of a run, and whether it should end now with what it has. */
export class RunClock {
  readonly #startMs: number;
  readonly #deadlineMs: number;
  readonly #stopSignal: AbortSignal | undefined;

  /** Starts now; `timeLimitMs` (none when undefined) and `stopSignal` say when to end early. */
  constructor(limits: Pick<RunLimits, 'timeLimitMs' | 'stopSignal'> = {}, startMs: number = performance.now()) {
    this.#startMs = startMs;
    this.#deadlineMs = startMs + (limits.timeLimitMs ?? Number.POSITIVE_INFINITY);
    this.#stopSignal = limits.stopSignal;
  }

  elapsedMs(): number {
    return performance.now() - this.#startMs;
  }

  /** Milliseconds left, Infinity without a limit; never negative. */
  remainingMs(): number {
    return Math.max(0, this.#deadlineMs - performance.now());
  }

  /** Whether the run was asked to stop or its time is over. */
  expired(): boolean {
    return this.#stopSignal?.aborted === true || performance.now() >= this.#deadlineMs;
  }

  /** The status of a run that ended because the clock had expired. */
  expiredStatus(): RunStatus {
    return this.#stopSignal?.aborted === true ? 'stopped' : 'time-limit';
  }

  /** A clock with the same start whose deadline is at most `ms` from now. */
  within(ms: number): RunClock {
    const now = performance.now();
    const timeLimitMs = Math.min(this.#deadlineMs, now + ms) - this.#startMs;
    return new RunClock({ timeLimitMs, stopSignal: this.#stopSignal }, this.#startMs);
  }
}

/** The result of work whose pauses nobody needs. */
export function complete<T>(work: Generator<unknown, T>): T {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}

/**
 * Runs work that pauses, with a report at every pause. Given up, undefined, at a pause where the clock has been expired for `graceMs`.
 */
export function* unlessOver<T, Pause>(
  work: Generator<void, T>,
  clock: RunClock,
  graceMs: number,
  report: () => Pause,
): Generator<Pause, T | undefined> {
  let expiredMs: number | undefined;
  try {
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value;
      yield report();
      if (!clock.expired()) continue;
      expiredMs ??= clock.elapsedMs();
      if (clock.elapsedMs() - expiredMs >= graceMs) return undefined;
    }
  } finally {
    work.return(undefined as T);
  }
}

/**
 * Runs the work to its end without a break.
 *
 * @throws the signal's reason when it is aborted (from within `onProgress`: nothing else can run meanwhile)
 */
export function runSync<T, Progress extends Report>(work: Generator<Progress, T>, limits: RunLimits<Progress> = {}): T {
  try {
    limits.signal?.throwIfAborted();
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value;
      limits.onProgress?.(step.value);
      limits.signal?.throwIfAborted();
    }
  } finally {
    work.return(undefined as T);
  }
}

/**
 * Runs the work to its end, giving the event loop a turn whenever SLICE_MS have passed.
 *
 * @throws (rejects with) the signal's reason when it is aborted
 */
export async function runAsync<T, Progress extends Report>(
  work: Generator<Progress, T>,
  limits: RunLimits<Progress> = {},
): Promise<T> {
  try {
    limits.signal?.throwIfAborted();
    let sliceStart = performance.now();
    for (let step = work.next(); ; step = work.next()) {
      if (step.done) return step.value;
      limits.onProgress?.(step.value);
      if (performance.now() - sliceStart >= SLICE_MS) {
        await turn();
        sliceStart = performance.now();
      }
      limits.signal?.throwIfAborted();
    }
  } finally {
    work.return(undefined as T);
  }
}

/** One turn of the event loop, in which timers, input and abort events are handled. */
const turn = (): Promise<void> =>
  new Promise((resolve) => (typeof setImmediate === 'function' ? setImmediate(resolve) : setTimeout(resolve, 0)));
