/** The options of the baselines: the library's own words, and the few that only a baseline has. */
import {
  type Check,
  checkOptions,
  count,
  fraction,
  LIMIT_CHECKS,
  NO_LIMITS,
  type OptionChecks,
  positive,
  type Resolved,
} from '../base/check.js';
import type { Report, RunLimits } from '../base/types.js';
import { PROBLEM_CHECKS, PROBLEM_DEFAULTS, type ProblemOptions } from '../tasks/options.js';

/** Options of the closed-form baselines. */
export type DataFitOptions = ProblemOptions;

/** @throws OptionsError for an unknown option or a value out of range */
export const resolveDataFit = (options: DataFitOptions): Resolved<DataFitOptions> =>
  checkOptions<Resolved<DataFitOptions>>(options, PROBLEM_DEFAULTS, PROBLEM_CHECKS);

/** What an iterative baseline reports. */
export interface BaselineReport extends Report {
  readonly kind: 'baseline';
  readonly phase: 'baseline';
}

/** Options of the iterative baselines: those of the data, of randomness and of limits. */
export interface IterativeOptions extends DataFitOptions, RunLimits<BaselineReport> {
  /** Iterations after which the run returns what it has; a whole number ≥ 0. */
  readonly maxIterations?: number | undefined;
  /** Seed of every random choice; a whole number in [0, 2⁵³). */
  readonly seed?: number | undefined;
}

export const ITERATIVE_DEFAULTS = Object.freeze({ ...PROBLEM_DEFAULTS, seed: 0, ...NO_LIMITS });

export const ITERATIVE_CHECKS: OptionChecks<Resolved<IterativeOptions>> = {
  ...PROBLEM_CHECKS,
  maxIterations: count,
  seed: count,
  ...LIMIT_CHECKS,
};

/** A number of things of which at least one is needed. */
export const natural: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 1 ? undefined : 'a whole number ≥ 1';

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
  tolerance: fraction,
};
