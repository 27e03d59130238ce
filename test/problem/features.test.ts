import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { fitFeatureMap, mapFeatures } from '../../src/problem/features.js';
import { trainSync } from '../../src/tasks/train.js';
import { expectWithin } from '../support/tolerance.js';

const STANDARDIZE = { bias: false, standardize: true };

describe('standardisation', () => {
  it.each([7, 67_000, 200_000])('a constant column has scale 1 and becomes 0, with %i rows', (rows) => {
    const X = new Matrix(new Float64Array(rows).fill(14.62), rows, 1);
    const map = fitFeatureMap(X, STANDARDIZE);
    expect(map.standardization).toEqual({ means: Float64Array.of(14.62), scales: Float64Array.of(1) });
    expect(mapFeatures(X, map, 'X').data.every((entry) => entry === 0)).toBe(true);
  });

  it('has mean 0 and deviation 1 far from the origin', () => {
    const random = new Random(3);
    const rows = 5000;
    const X = new Matrix(
      Float64Array.from({ length: rows }, () => 1e9 + random.normal()),
      rows,
      1,
    );
    const { data } = mapFeatures(X, fitFeatureMap(X, STANDARDIZE), 'X');
    const mean = data.reduce((sum, x) => sum + x, 0) / rows;
    const square = data.reduce((sum, x) => sum + x * x, 0) / rows;
    expectWithin(mean, 0, 1e-6);
    expectWithin(square, 1, 1e-6);
  });
});

describe('a feature that never varied in training', () => {
  it('has no influence on predictions', () => {
    const random = new Random(5);
    const X = Array.from({ length: 30 }, () => [random.normal(), 14.62, random.normal()]);
    const Y = X.map(([x, , z]) => [Math.abs(x) - z]);
    const { network } = trainSync(X, Y, { reg: 0.5, bias: true, standardize: true, maxIterations: 5 });
    const at = (constant: number) => network.predict([[0.3, constant, -0.7]]).data;
    expect(at(14.62 + 1e-9)).toEqual(at(14.62));
    expect(at(20)).toEqual(at(14.62));
    expect(at(14.62)[0]).not.toBe(0);
  });
});
