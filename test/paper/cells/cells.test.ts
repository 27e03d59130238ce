/** Cells with hardly any time: their shape, and what must hold between their numbers. */
import { describe, expect, it } from 'vitest';
import {
  ACCURACY_METHODS,
  type CellSpec,
  cellName,
  DATA_NAMES,
  type Experiment,
  type ExperimentData,
  planCells,
  runCell,
} from '../../../paper/cells/index.js';
import { type Dataset, randomTeacher, spiral, stratifiedHalves } from '../../../src/datasets/index.js';

const options = { data: DATA_NAMES, regs: [0.1, 0.01], seeds: 5, effort: 1 };

describe('the plan', () => {
  const cells = planCells(options);

  it('has every cell once, heaviest first', () => {
    const names = cells.map(({ key }) => cellName(key));
    expect(new Set(names).size).toBe(names.length);
    const expected = cells.map(({ expectedMs }) => expectedMs);
    expect(expected).toEqual([...expected].sort((first, second) => second - first));
  });

  it('has the experiments that each data set allows', () => {
    const count = (data: string, experiment: Experiment): number =>
      cells.filter(({ key }) => key.data === data && key.experiment === experiment).length;
    expect(count('random', 'objective')).toBe(200);
    const few = planCells({ ...options, data: ['random'], regs: [0.1], trials: 3 });
    expect(few.map(({ key }) => key.experiment).filter((name) => name === 'objective')).toHaveLength(3);
    expect(count('spiral', 'accuracy')).toBe(0);
    // Two regs, six splits, with and without bias.
    expect(count('iris', 'accuracy')).toBe(24);
    expect(count('mnist20', 'descent')).toBe(10);
  });

  it('multiplies its time limits by the effort, and nothing else', () => {
    const half = planCells({ ...options, effort: 0.5 });
    const find = (all: readonly CellSpec[]) => all.find(({ key }) => cellName(key) === 'objective-iris-0-reg0.1');
    const full = Object.entries({ ...find(cells)?.settings });
    const less = { ...find(half)?.settings };
    expect(less).toEqual(
      Object.fromEntries(full.map(([name, value]) => [name, name.endsWith('Ms') ? Number(value) / 2 : value])),
    );
  });
});

/** The spec of a cell of the plan whose limits leave time for little. */
function specOf(experiment: Experiment, data: (typeof DATA_NAMES)[number], changes: object): CellSpec {
  const found = planCells({ ...options, data: [data], regs: [0.1] }).find(({ key }) => key.experiment === experiment);
  if (!found) throw new Error('no such cell');
  return { ...found, settings: { ...found.settings, ...changes } } as CellSpec;
}

/** What a file would hold. */
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('cells', () => {
  const dataOf = (name: ExperimentData['name'], dataset: Dataset): ExperimentData => ({
    name,
    source: 'generator',
    parts: [dataset],
  });
  const random = dataOf('random', { train: randomTeacher(0, { rows: 8, outputs: 2 }) });
  const small = spiral(0, 6);

  it('objective: bound ≤ network’s loss ≤ every rounding; the same JSON on either side of a file', () => {
    const limits = { relaxationMs: 3000, networkMs: 2000, roundingMs: 200, roundingSteps: 50, widthsMs: 300 };
    const seen: string[] = [];
    const cell = runCell(specOf('objective', 'random', limits), random, ({ phase }) => seen.push(phase));
    if (cell.key.experiment !== 'objective' || !('relaxation' in cell.result)) throw new Error('not an objective');
    const { relaxation, network, roundings, Lambda, widths } = cell.result;
    expect(relaxation.lowerBound).toBeLessThanOrEqual(relaxation.value);
    expect(relaxation.lowerBound).toBeLessThanOrEqual(network.loss);
    expect(network.lowerBound).toBeLessThanOrEqual(network.loss);
    expect(relaxation.history.length).toBeGreaterThan(1);
    expect(network.history.at(-1)?.[1]).toBe(network.loss);
    expect(roundings.map(({ kind }) => kind)).toEqual([
      'gaussian',
      'nearest-cone',
      'three-operator',
      'eigenvectors',
      'random',
    ]);
    for (const { bestPolished, lossPolished, lossRounded } of roundings) {
      expect(bestPolished).toBeGreaterThanOrEqual(network.lowerBound);
      expect(bestPolished).toBeLessThanOrEqual(lossPolished);
      expect(lossPolished).toBeLessThanOrEqual(lossRounded);
    }
    expect(Lambda.eigenvalues.length).toBeGreaterThanOrEqual(Lambda.rank);
    expect(Lambda.order).toBe(2 * 8 + 2 + 2);
    expect(widths?.criticalWidth).toBe(17);
    expect(seen).toContain('relaxation');
    expect(throughJson(cell)).toEqual(cell);
  });

  it('descent and programs: losses above the relaxation’s bound, short histories, finite numbers', () => {
    const descent = runCell(specOf('descent', 'random', { seeds: [1, 2], sgdSteps: 300, adamSteps: 300 }), random);
    const programs = runCell(specOf('programs', 'random', { limitMs: 300, patterns: 10 }), random);
    expect(throughJson([descent, programs])).toEqual([descent, programs]);
    if (!('sgd' in descent.result) || !('frankWolfe' in programs.result)) throw new Error('other results');
    for (const run of [descent.result.sgd, descent.result.adam]) {
      expect(run.seeds).toBe(2);
      expect(run.loss).toBe(Math.min(...run.losses));
      expect(run.history.length).toBeLessThanOrEqual(200);
      expect(run.history[0][0]).toBe(0);
    }
    expect(programs.result.copositiveRelaxation?.value).toBeGreaterThan(0);
  });

  it('accuracy: every method on the same split, the test-tuned score beside the honest one', () => {
    const iris = dataOf('iris', stratifiedHalves({ X: small.X, Y: small.Y }, 0));
    const cell = runCell(specOf('accuracy', 'iris', { oursMs: 300, descentMs: 100, programMs: 100 }), iris);
    if (!('runs' in cell.result)) throw new Error('not an accuracy');
    expect(cell.result.runs.map(({ method }) => method)).toEqual(ACCURACY_METHODS);
    for (const { test, testTuned, loss } of cell.result.runs) {
      expect(test.accuracy).toBeGreaterThanOrEqual(0);
      expect(testTuned.accuracy).toBeLessThanOrEqual(1);
      expect(test.confusion.flat().reduce((sum, count) => sum + count)).toBe(9);
      expect(loss === undefined || loss > 0).toBe(true);
    }
    expect(throughJson(cell)).toEqual(cell);
  });

  it('a set’s own split is number 0, others are halves of all its rows, scaled by their own training rows', () => {
    const own = stratifiedHalves({ X: small.X, Y: small.Y }, 3);
    const mnist = dataOf('mnist20', own);
    const quick = { oursMs: 1, descentMs: 1, programMs: 1 };
    const spec = specOf('accuracy', 'mnist20', quick);
    const first = runCell(spec, mnist);
    const other = runCell({ ...spec, key: { ...spec.key, index: 1 } } as CellSpec, mnist);
    expect(first.data).toEqual({
      rows: 9,
      features: 2,
      outputs: 3,
      testRows: 9,
      scaling: 'scalar',
      source: 'generator',
    });
    expect(other.data).toEqual(first.data);
    const ridgeOf = ({ result }: typeof first) => 'runs' in result && result.runs.find((run) => run.method === 'ridge');
    expect(ridgeOf(other)).not.toEqual(ridgeOf(first));
  });
});
