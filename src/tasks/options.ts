/** Options that several tasks have, with their checks and defaults, each written once. */
import { boolean, type OptionChecks, positive, type Resolved } from '../base/check.js';

/** What makes data a training problem. */
export interface ProblemOptions {
  /** Weight decay: the factor of ½(‖U‖² + ‖V‖²) in the training loss; > 0. */
  readonly reg?: number | undefined;
  /** Append a column of ones to X, as the paper does; its weights are regularised like all others. */
  readonly bias?: boolean | undefined;
  /** Subtract each feature's training mean and divide by its standard deviation, in training and in prediction. */
  readonly standardize?: boolean | undefined;
}

export const PROBLEM_CHECKS: OptionChecks<ProblemOptions> = Object.freeze({
  reg: positive,
  bias: boolean,
  standardize: boolean,
});

export const PROBLEM_DEFAULTS: Resolved<ProblemOptions> = Object.freeze({
  reg: 0.1,
  bias: false,
  standardize: false,
});
