/** What the steps of a baseline are given: its options, and the data of training. */
import type { MatrixLike } from '../base/matrix.js';
import { type DataOptions, prepareData, type TrainingData } from '../problem/data.js';
import type { Targets } from '../problem/targets.js';

export interface Begun<Options> {
  readonly options: Options;
  readonly data: TrainingData;
}

/** `prepare` of every baseline's task. */
export const begin = <Options extends DataOptions>(X: MatrixLike, Y: Targets, options: Options): Begun<Options> => ({
  options,
  data: prepareData(X, Y, options),
});
