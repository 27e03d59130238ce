/** One cell: the split and the scaling it is about, the experiment, and what it was run on. */

import { allExamples, type Dataset, randomHalves, scaleByScalars, stratifiedHalves } from '../../src/datasets/index.js';
import type { Report } from '../../src/index.js';
import { runAccuracy } from './accuracy.js';
import { runDescent } from './descent.js';
import { runObjective } from './objective.js';
import type { CellSpec } from './plan.js';
import { runPrograms } from './programs.js';
import type { Cell, DataName, DataSummary } from './results.js';

/** A data set of the paper: one part for most, one for each trial of `random`. */
export interface ExperimentData {
  readonly name: DataName;
  readonly source: DataSummary['source'];
  readonly parts: readonly Dataset[];
}

/** What a cell says of itself before anybody adds where and when it was run. */
export type BareCell = {
  [E in Cell['key']['experiment']]: Omit<Extract<Cell, { key: { experiment: E } }>, 'provenance'>;
}[Cell['key']['experiment']];

/** @throws what the methods throw: InputError, MemoryError, NumericalError */
export function runCell(spec: CellSpec, data: ExperimentData, onProgress?: (progress: Report) => void): BareCell {
  const { key } = spec;
  const isAccuracy = key.experiment === 'accuracy';
  const whole = isAccuracy ? chooseSplit(data, key.index) : data.parts[key.index];
  const isScaled = key.data === 'mnist20';
  const { train, test } = isScaled ? scaleByScalars(whole) : whole;
  const summary: DataSummary = {
    rows: train.X.rows,
    features: train.X.columns,
    outputs: train.Y.columns,
    testRows: test?.X.rows ?? 0,
    scaling: isScaled ? 'scalar' : 'raw',
    source: data.source,
  };
  const base = { format: 1, data: summary } as const;
  switch (spec.experiment) {
    case 'objective':
      return { ...base, key: spec.key, result: runObjective(train, key.reg, spec.settings, onProgress) };
    case 'descent':
      return {
        ...base,
        key: spec.key,
        result: runDescent(train, key.reg, key.width as number, spec.settings, onProgress),
      };
    case 'programs':
      return { ...base, key: spec.key, result: runPrograms(train, key.reg, spec.settings, onProgress) };
    case 'accuracy': {
      const task = { train, test: test ?? train, reg: key.reg, bias: key.bias, settings: spec.settings };
      return { ...base, key: spec.key, result: runAccuracy(task, onProgress) };
    }
  }
}

/** Split 0 is the data set's own; where it has none, halves by seed 0. */
function chooseSplit({ parts: [dataset] }: ExperimentData, index: number): Dataset {
  if (index > 0) return stratifiedHalves(allExamples(dataset), index);
  return dataset.test ? dataset : randomHalves(dataset.train, 0);
}
