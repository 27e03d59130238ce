/** What every iterative baseline begins with, in its async and its sync face. */
import { checkOptions, type OptionChecks, type Resolved } from '../base/check.js';
import type { MatrixLike } from '../base/matrix.js';
import { RunClock } from '../base/run.js';
import { prepareData, type Targets, type TrainingData } from '../problem/data.js';
import type { IterativeOptions } from './options.js';

export interface Begun<T> {
  readonly resolved: T;
  readonly clock: RunClock;
  readonly data: TrainingData;
}

/**
 * Checks the options, starts the clock (preparing the data counts towards a time limit), then checks and copies the data.
 *
 * @throws InputError for data that cannot be used, OptionsError for an option
 */
export function begin<T extends Resolved<IterativeOptions>>(
  X: MatrixLike,
  Y: Targets,
  options: { readonly [K in keyof T]?: T[K] | undefined },
  defaults: T,
  checks: OptionChecks<T>,
): Begun<T> {
  const resolved = checkOptions(options, defaults, checks);
  const clock = new RunClock(resolved);
  return { resolved, clock, data: prepareData(X, Y, resolved) };
}
