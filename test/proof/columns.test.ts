import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { fitFeatureMap, mapFeatures } from '../../src/problem/features.js';
import { encodeLabels, mapColumns, type ProofColumns, standardizationFault } from '../../src/proof/columns.js';
import { randomMatrix } from '../support/matrices.js';

const fitted = (X: Matrix, bias = false): ProofColumns => {
  const { standardization } = fitFeatureMap(X, { bias, standardize: true });
  return { features: X.columns, bias, standardization };
};

const column = (values: readonly number[]): Matrix => new Matrix(Float64Array.from(values), values.length, 1);

describe('the standardisation of a proof', () => {
  it('is accepted when it is that of training, whatever the size of the data', () => {
    for (let seed = 0; seed < 40; seed++) {
      const random = new Random(seed);
      const X = randomMatrix(random, 1 + Math.floor(300 * random.uniform() ** 3), 3);
      const shift = 10 ** (12 * random.uniform() - 4);
      const scale = 10 ** (80 * random.uniform() - 40);
      X.data.forEach((x, k) => {
        X.data[k] = (x + shift) * scale;
      });
      expect(standardizationFault(X, fitted(X)), `seed ${seed}`).toBeUndefined();
    }
  });

  it('is accepted for constant columns, zero columns and hardly varying ones', () => {
    const values = [14.62, 14.62, 14.62, 14.62, 14.62];
    for (const X of [column(values), column([0, 0, 0]), column([1, 1 + 1e-9, 1 - 1e-9]), column([3])]) {
      expect(standardizationFault(X, fitted(X))).toBeUndefined();
    }
  });

  it('is refused when means or scales are not those of the data', () => {
    const X = randomMatrix(new Random(3), 30, 3);
    const { standardization, ...rest } = fitted(X);
    const { means, scales } = standardization as NonNullable<ProofColumns['standardization']>;
    const faultOf = (change: Partial<typeof standardization & object>): string | undefined =>
      standardizationFault(X, { ...rest, standardization: { means, scales, ...change } });
    expect(faultOf({})).toBeUndefined();
    expect(faultOf({ scales: scales.map((scale) => scale / 1000) })).toMatch(/feature 0 is divided by .*deviation is/);
    for (const factor of [-1, 0, 1 - 1e-9, 1 + 1e-9, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(faultOf({ scales: scales.with(2, factor * scales[2]) }), `scale × ${factor}`).toMatch(
        /feature 2 is divided/,
      );
    }
    for (const change of [1e-9, -1e-9, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(faultOf({ means: means.with(1, means[1] + change) }), `mean + ${change}`).toMatch(
        /feature 1 is centred at/,
      );
    }
  });

  it('is compared with the mean itself, of which plain sums may lose everything', () => {
    const X = column([2 ** 53, 1, 1, -(2 ** 53)]);
    const standardization = { means: Float64Array.of(2 ** 50), scales: Float64Array.of(2 ** 53 / Math.SQRT2) };
    expect(standardizationFault(X, { features: 1, bias: false, standardization })).toMatch(/but its mean is 0\.5$/);
  });

  it('of a constant column has no scale but 1', () => {
    const X = column([14.62, 14.62, 14.62]);
    const { standardization, ...rest } = fitted(X);
    const means = standardization?.means as Float64Array;
    for (const scale of [1e-16, 1e-3, 0, 2, Number.NaN]) {
      const scales = Float64Array.of(scale);
      expect(standardizationFault(X, { ...rest, standardization: { means, scales } })).toMatch(/feature 0 is divided/);
    }
  });
});

describe('the mapped columns', () => {
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('are to the last bit those that a network computes, bias %s, standardize %s', (bias, standardize) => {
    const X = randomMatrix(new Random(5), 17, 4);
    const map = fitFeatureMap(X, { bias, standardize });
    const columns = { features: 4, bias, standardization: map.standardization };
    expect(mapColumns(X, columns)).toEqual(mapFeatures(X, map, 'X'));
  });
});

describe('labels', () => {
  const columns = { features: 1, bias: false, classes: ['a', 'b', 7] };

  it('become one-hot rows in the order of the proof', () => {
    expect(encodeLabels([7, 'a', 'b'], columns)).toEqual(new Matrix(Float64Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0), 3, 3));
  });

  it('that the proof does not know are refused in words', () => {
    expect(encodeLabels(['a', 'c'], columns)).toMatch(/label 1 of Y is none of the 3 classes/);
    expect(encodeLabels(['a', '7'], columns)).toMatch(/label 1 of Y/);
    expect(encodeLabels(['a'], { features: 1, bias: false })).toMatch(/targets that are numbers/);
  });
});
