import { describe, expect, it } from 'vitest';
import { accuracyOf, scoreClasses, tuneThreshold } from '../../../paper/cells/scores.js';
import { Matrix } from '../../../src/base/matrix.js';
import { nngp, ntk } from '../../../src/baselines/index.js';
import { irisTest, KERNEL_REFERENCES, loadFixture } from '../../support/fixtures.js';
import { expectWithin, roundOff } from '../../support/tolerance.js';

const matrix = (rows: number[][]): Matrix => new Matrix(Float64Array.from(rows.flat()), rows.length, rows[0].length);
const Y = matrix([
  [1, 0],
  [1, 0],
  [1, 0],
  [0, 1],
]);

describe('scores', () => {
  it('by the largest output', () => {
    const outputs = matrix([
      [0.9, 0.1],
      [0.3, 0.2],
      [0.1, 0.2],
      [-1, 0.4],
    ]);
    const { accuracy, precision, recall, f1, perClass, confusion } = scoreClasses(outputs, Y);
    expect(accuracy).toBe(0.75);
    expect(accuracyOf(outputs, Y)).toBe(0.75);
    expect(confusion).toEqual([
      [2, 1],
      [0, 1],
    ]);
    expect(perClass.map(({ support }) => support)).toEqual([3, 1]);
    expectWithin(precision, (1 + 1 / 2) / 2, roundOff(4, 1));
    expectWithin(recall, (2 / 3 + 1) / 2, roundOff(4, 1));
    expectWithin(f1, (4 / 5 + 2 / 3) / 2, roundOff(4, 1));
  });

  it('a class that is never predicted has precision, recall and F1 of 0', () => {
    const { perClass } = scoreClasses(
      Y.clone(),
      matrix([
        [1, 0],
        [1, 0],
        [1, 0],
        [1, 0],
      ]),
    );
    expect(perClass[1]).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it('the paper’s protocol: whole rows, and the best threshold on these rows', () => {
    const outputs = matrix([
      [0.6, 0.3],
      [0.36, 0.2],
      [0.34, 0.1],
      [0.1, 0.5],
    ]);
    expect(tuneThreshold(outputs, Y)).toEqual({ accuracy: 1, threshold: 0.3 });
    expect(
      tuneThreshold(
        matrix([
          [0.6, 0.7],
          [0.6, 0.7],
          [0.6, 0.7],
          [0.6, 0.7],
        ]),
        Y,
      ),
    ).toEqual({
      accuracy: 0.25,
      threshold: 0.6,
    });
  });
});

describe('NNGP and NTK on iris', () => {
  it.each(KERNEL_REFERENCES)('reg $reg, $kernel: both accuracies to the last sample', (reference) => {
    const { X, Y: targets } = loadFixture('iris');
    const test = irisTest();
    const outputs = { NNGP: nngp, NTK: ntk }[reference.kernel](X, targets, { reg: reference.reg }).predict(test.X);
    expect(scoreClasses(outputs, test.Y).accuracy * 75).toBe(Math.round(reference.testAccuracy * 75));
    const { accuracy, threshold } = tuneThreshold(outputs, test.Y);
    expect(Math.round(accuracy * 75)).toBe(Math.round(reference.tunedAccuracy * 75));
    expectWithin(threshold, reference.tunedThreshold, 1e-9);
  });
});
