/** What the steps of a baseline are given: its options, and the data of training. */
import type { MatrixLike } from '../base/matrix.js';
import type { RunLimits } from '../base/types.js';
import { type DataOptions, prepareData, type TrainingData } from '../problem/data.js';
import type { Targets } from '../problem/targets.js';
import type { Task } from '../tasks/task.js';
import type { BaselineReport } from './options.js';

export interface Begun<Options> {
  readonly options: Options;
  readonly data: TrainingData;
}

/** A baseline as a task of the library's kind. */
export type BaselineTask<Options extends RunLimits<BaselineReport>, Result> = Task<
  Options,
  Result,
  Begun<Options>,
  Targets,
  BaselineReport
>;

/** `prepare` of every baseline's task. */
export const begin = <Options extends DataOptions>(X: MatrixLike, Y: Targets, options: Options): Begun<Options> => ({
  options,
  data: prepareData(X, Y, options),
});
