/** Wall-clock time of the phases of a solve, named in the source where they happen. */
export type SolverPhase = 'start' | 'scaling' | 'prepare' | 'direction' | 'step';

export type PhaseTimings = Readonly<Record<SolverPhase, number>>;

export const NO_TIME: PhaseTimings = Object.freeze({ start: 0, scaling: 0, prepare: 0, direction: 0, step: 0 });

export class Stopwatch {
  readonly #milliseconds: Record<SolverPhase, number> = { ...NO_TIME };

  /** Runs the work and books its time under the phase. */
  time<T>(phase: SolverPhase, work: () => T): T {
    const start = performance.now();
    try {
      return work();
    } finally {
      this.#milliseconds[phase] += performance.now() - start;
    }
  }

  /** Runs work that pauses; only its own time is booked. */
  *steps<T>(phase: SolverPhase, work: Generator<void, T>): Generator<void, T> {
    for (;;) {
      const step = this.time(phase, () => work.next());
      if (step.done) return step.value;
      yield;
    }
  }

  /** Milliseconds by phase so far. */
  read(): PhaseTimings {
    return { ...this.#milliseconds };
  }
}
