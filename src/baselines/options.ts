/** The options of the baselines: the library's own words, and the few that only a baseline has. */
import {
  type Check,
  checkOptions,
  DEFAULT_OPTIONS,
  OPTION_CHECKS,
  type OptionChecks,
  type Options,
  positive,
} from '../base/options.js';
import type { RunLimits } from '../base/types.js';

/** Options of the closed-form baselines. */
export type DataFitOptions = Pick<Options, 'reg' | 'bias' | 'standardize'>;
export type ResolvedDataFitOptions = { readonly [K in keyof DataFitOptions]-?: Exclude<DataFitOptions[K], undefined> };

export const DATA_DEFAULTS: ResolvedDataFitOptions = Object.freeze({
  reg: DEFAULT_OPTIONS.reg,
  bias: DEFAULT_OPTIONS.bias,
  standardize: DEFAULT_OPTIONS.standardize,
});

export const DATA_CHECKS: OptionChecks<ResolvedDataFitOptions> = {
  reg: OPTION_CHECKS.reg,
  bias: OPTION_CHECKS.bias,
  standardize: OPTION_CHECKS.standardize,
};

/** @throws OptionsError for an unknown option or a value out of range */
export const resolveDataFit = (options: DataFitOptions): ResolvedDataFitOptions =>
  checkOptions(options, DATA_DEFAULTS, DATA_CHECKS);

/** Options of the iterative baselines: those of the data, of randomness and of limits. */
export interface IterativeOptions extends DataFitOptions, RunLimits {
  /** Iterations after which the run returns what it has; a whole number ≥ 0. */
  readonly maxIterations?: number | undefined;
  /** Seed of every random choice; a whole number in [0, 2⁵³). */
  readonly seed?: number | undefined;
}
/** Options with every default filled in; only limits may stay undefined. */
export type Resolved<T> = {
  readonly [K in keyof T]-?: K extends keyof RunLimits | 'budget' ? T[K] : Exclude<T[K], undefined>;
};

export const ITERATIVE_DEFAULTS = Object.freeze({
  ...DATA_DEFAULTS,
  seed: DEFAULT_OPTIONS.seed,
  onProgress: undefined,
  signal: undefined,
  stopSignal: undefined,
  timeLimitMs: undefined,
});

export const ITERATIVE_CHECKS: OptionChecks<Resolved<IterativeOptions>> = {
  ...DATA_CHECKS,
  maxIterations: OPTION_CHECKS.maxIterations,
  seed: OPTION_CHECKS.seed,
  onProgress: OPTION_CHECKS.onProgress,
  signal: OPTION_CHECKS.signal,
  stopSignal: OPTION_CHECKS.stopSignal,
  timeLimitMs: OPTION_CHECKS.timeLimitMs,
};

/** A number of things of which at least one is needed. */
export const natural: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 1 ? undefined : 'a whole number ≥ 1';

export { positive };

/** Options of gradient descent, plain and Adam. */
export interface DescentOptions extends IterativeOptions {
  /** Neurons m; a whole number ≥ 1. */
  readonly width?: number | undefined;
  /** First step length; a tenth of it is tried, from the start, whenever the loss runs away. */
  readonly learningRate?: number | undefined;
}

export const DESCENT_CHECKS: OptionChecks<Resolved<DescentOptions>> = {
  ...ITERATIVE_CHECKS,
  width: natural,
  learningRate: positive,
};

/** Options of the convex programs over sampled sign patterns. */
export interface PatternOptions extends IterativeOptions {
  /** Distinct sign patterns to use at most; fewer when random gates show no more. A whole number ≥ 1. */
  readonly patterns?: number | undefined;
  /** Relative duality gap at which the run stops; in (0, 1). */
  readonly tolerance?: number | undefined;
}

export const PATTERN_CHECKS: OptionChecks<Resolved<PatternOptions>> = {
  ...ITERATIVE_CHECKS,
  patterns: natural,
  tolerance: OPTION_CHECKS.tolerance,
};
