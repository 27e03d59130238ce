/** Types shared by every layer: run status, reports, limits. */
import type { Matrix } from './matrix.js';

/**
 * Outcome of a run; never an error. 'certified': the gap between value and proved bound is at most the tolerance. 'converged': the work ended by
 * itself, but the gap is larger, or nothing was proved. The others say what cut it short.
 */
export type RunStatus = 'certified' | 'converged' | 'time-limit' | 'stopped' | 'max-iterations' | 'stalled';

export type Phase = 'reduce' | 'relaxation' | 'rounding' | 'polish' | 'growth' | 'oracle' | 'baseline';

/** What every report of work under way has; fields not known yet are undefined. */
export interface Report {
  /** Which kind of report it is; each kind is a type of its own, with the work that makes it. */
  readonly kind: string;
  readonly phase: Phase;
  readonly iteration: number;
  readonly elapsedMs: number;
  /** Best relaxation value so far. */
  readonly value?: number;
  /** Best lower bound so far, as the solver sees it; the final one is re-verified from the raw multipliers. */
  readonly lowerBound?: number;
  /** Relative gap between value (or loss, once a network exists) and lower bound. */
  readonly gap?: number;
  /** Best training loss of a network so far. */
  readonly loss?: number;
  /** Layers U d×m and V c×m of the best network so far, where this report brings a better one; what a live picture needs. */
  readonly weights?: { readonly U: Matrix; readonly V: Matrix };
}

/** The work goes on, and nothing was found since the last report. */
export interface Heartbeat extends Report {
  readonly kind: 'heartbeat';
}

/** Limits every long function takes; `Progress` is what it reports. */
export interface RunLimits<Progress extends Report = Report> {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborting makes the promise reject with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /** Wall-clock limit in milliseconds; the best iterate so far is returned with status 'time-limit'. */
  readonly timeLimitMs?: number | undefined;
  /** Aborting ends the run soon; the best iterate so far is returned with status 'stopped' (what Ctrl-C does on the command line). */
  readonly stopSignal?: AbortSignal | undefined;
}
