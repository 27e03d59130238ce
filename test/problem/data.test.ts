import { Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { Matrix, type MatrixLike } from '../../src/base/matrix.js';
import { prepareData } from '../../src/problem/data.js';
import { mapFeatures } from '../../src/problem/features.js';
import { decodeLabels } from '../../src/problem/labels.js';
import type { Targets } from '../../src/problem/targets.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const plain = { reg: 0.1, bias: false, standardize: false };
const X = [
  [1, 2],
  [3, 4],
  [5, 9],
];
const Y = [[1], [0], [2]];

/** What a caller without types might pass. */
const prepareUntyped = (features: unknown, targets: unknown) =>
  prepareData(features as MatrixLike, targets as Targets, plain);

function expectInputError(action: () => unknown, argument: string, message: RegExp): void {
  let error: unknown;
  try {
    action();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ argument, message: expect.stringMatching(message) });
}

describe('prepareData', () => {
  it('takes every form of matrix and copies it', () => {
    const typed = Float64Array.from(X.flat());
    for (const form of [X, X.map((row) => Float64Array.from(row)), new Matrix(typed, 3, 2), new MlMatrix(X)]) {
      const { problem } = prepareData(form, Y, plain);
      expect(problem.X.toArray()).toEqual(X);
      problem.X.data.fill(0);
      expect(form instanceof MlMatrix ? form.to2DArray() : [...typed]).toEqual(form instanceof MlMatrix ? X : X.flat());
    }
    expect(X[0]).toEqual([1, 2]);
  });

  it('takes a flat array of numbers that are not all whole as targets', () => {
    for (const flat of [[0.5, 1, 2], Float64Array.of(0.5, 1, 2)]) {
      const data = prepareData(X, flat, plain);
      expect(data.problem.Y.toArray()).toEqual([[0.5], [1], [2]]);
      expect('classes' in data).toBe(false);
    }
  });

  it('keeps targets as they are and reports no classes', () => {
    const data = prepareData(X, Y, plain);
    expect(data.problem.Y.toArray()).toEqual(Y);
    expect(data.problem.reg).toBe(0.1);
    expect('classes' in data).toBe(false);
  });

  it.each<[string, Targets, unknown, number[][]]>([
    [
      'strings',
      ['b', 'a', 'b'],
      ['a', 'b'],
      [
        [0, 1],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      'numbers that are said to be labels',
      { labels: [10, 2, 10] },
      [2, 10],
      [
        [0, 1],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      'booleans',
      [true, false, true],
      [false, true],
      [
        [0, 1],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      'a typed array of labels',
      { labels: Int32Array.of(0, 1, 2) },
      [0, 1, 2],
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    ],
  ])('encodes labels given as %s', (_, labels, classes, expected) => {
    const data = prepareData(X, labels, plain);
    expect(data.classes).toEqual(classes);
    expect(data.problem.Y.toArray()).toEqual(expected);
    const given = 'labels' in labels ? labels.labels : labels;
    expect(decodeLabels(data.problem.Y, data.classes ?? [])).toEqual(Array.from(given as ArrayLike<unknown>));
  });

  it('appends a column of ones after standardising, and maps new data alike', () => {
    const { problem, featureMap } = prepareData(X, Y, { reg: 1, bias: true, standardize: true });
    const n = 3;
    for (let j = 0; j < 2; j++) {
      const column = problem.X.toArray().map((row) => row[j]);
      expectWithin(
        column.reduce((sum, x) => sum + x, 0),
        0,
        roundOff(n, 3),
      );
      expectWithin(
        column.reduce((sum, x) => sum + x * x, 0),
        n,
        roundOff(n, 3),
      );
    }
    expect(problem.X.toArray().map((row) => row[2])).toEqual([1, 1, 1]);
    const mapped = mapFeatures(new Matrix(Float64Array.of(3, 5), 1, 2), featureMap, 'X');
    expectAllWithin(mapped.row(0), [0, 0, 1], roundOff(n, 5));
    expectInputError(() => mapFeatures(Matrix.zeros(1, 3), featureMap, 'X'), 'X', /3 columns.*2 features/);
  });

  it('gives a constant column scale 1 and centres it to zero', () => {
    const { problem } = prepareData(
      [
        [1e9 / 3, 1],
        [1e9 / 3, 2],
        [1e9 / 3, 4],
      ],
      Y,
      { ...plain, standardize: true },
    );
    for (const row of problem.X.toArray()) expectWithin(row[0], 0, roundOff(3, 1e9));
  });

  it.each<[string, unknown, unknown, string, RegExp]>([
    ['no rows', [], [], 'X', /0 × 0.*at least one row/],
    ['no columns', [[], []], Y, 'X', /2 × 0/],
    ['ragged rows', [[1], [1, 2]], Y, 'X', /row 1 has 2 entries/],
    ['NaN', [[1], [Number.NaN], [2]], Y, 'X', /entry \(1, 0\) is NaN/],
    ['Infinity in Y', X, [[1], [1 / 0], [2]], 'Y', /entry \(1, 0\) is Infinity/],
    ['huge entries', [[1], [1e60], [2]], Y, 'X', /entry \(1, 0\) is 1e\+60.*rescale/],
    ['strings in X', [['1'], ['2'], ['3']], Y, 'X', /entry \(0, 0\)/],
    ['no matrix', 'data.csv', Y, 'X', /expected/],
    ['null', X, null, 'Y', /expected/],
    ['another number of rows', X, [[1], [2]], 'Y', /has 2 rows, but X has 3/],
    ['another number of labels', X, ['a', 'b'], 'Y', /has 2 rows, but X has 3/],
    ['no targets', X, [], 'Y', /empty/],
    ['one class', X, ['a', 'a', 'a'], 'Y', /all 3 labels are 'a'.*two classes/],
    ['mixed labels', X, ['a', 1, 'a'], 'Y', /mixes strings and numbers: label 0 is 'a', label 1 1/],
    ['whole numbers, which may be either', X, [1, 2, 1], 'Y', /\{ labels: Y \}.*regression.*\[\[y0\]/],
    ['real numbers as labels', X, { labels: [0.5, 1, 2] }, 'Y.labels', /label 0 is 0.5/],
    ['bigints', X, { labels: [1n, 2n, 1n] }, 'Y.labels', /label 0 is the bigint 1n/],
    ['labels that are none', X, { labels: 'abc' }, 'Y.labels', /an array of labels, got 'abc'/],
    ['NaN among numbers', X, [0.5, Number.NaN, 1], 'Y', /entry \(1, 0\) is NaN/],
    [
      'numbers meant as targets',
      X,
      { labels: Int32Array.from({ length: 12_000 }, (_, i) => i) },
      'Y',
      /12000 distinct labels.*regression/,
    ],
    ['a missing label', X, ['a', undefined, 'b'], 'Y', /label 1 is undefined/],
  ])('rejects %s', (_, features, targets, argument, message) => {
    expectInputError(() => prepareUntyped(features, targets), argument, message);
  });
});
