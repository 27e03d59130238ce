/** The data as every task trains on them, for those who want to see them first. */
import { checkOptions, type Resolved } from '../base/check.js';
import type { MatrixLike } from '../base/matrix.js';
import { prepareData as prepare, type TrainingData } from '../problem/data.js';
import type { Targets } from '../problem/targets.js';
import { PROBLEM_CHECKS, PROBLEM_DEFAULTS, type ProblemOptions } from './options.js';

/**
 * Checks and copies the data, standardises and widens X and encodes labels as the tasks do with the same options.
 *
 * @param X n×d features, in any accepted form of a matrix
 * @param Y n×c targets, or n labels (one-hot encoded)
 * @throws InputError naming X or Y when it cannot be trained on; OptionsError for an option
 */
export function prepareData(X: MatrixLike, Y: Targets, options: ProblemOptions = {}): TrainingData {
  return prepare(X, Y, checkOptions<Resolved<ProblemOptions>>(options, PROBLEM_DEFAULTS, PROBLEM_CHECKS));
}
