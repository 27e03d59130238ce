/** The exact oracle's bounds in exact arithmetic, each on data where one of their terms alone keeps them true. */
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { complete, RunClock, runSync } from '../../../src/base/run.js';
import { searchCones } from '../../../src/proof/exact/cone-search.js';
import { NeuronOracle } from '../../../src/proof/exact/oracle.js';
import { maximizeInPlane } from '../../../src/proof/exact/plane.js';
import { fromRows } from '../../support/matrices.js';
import { placeMatrix } from '../../support/placed.js';
import { outputSquared, outputsAreBelow } from '../exact-checker.js';
import { Rational } from '../rational.js';

const column = (values: readonly number[]): Matrix => fromRows(values.map((value) => [value]));
const square = (x: number): Rational => Rational.of(x).square();

describe('the maximum in the plane', () => {
  const holds = (Z: Matrix, R: Matrix): boolean => outputsAreBelow(Z, R, square(maximizeInPlane(Z, R).upperBound));

  it('is bounded exactly and closely, for rows of whole and of any numbers', () => {
    const random = new Random(7);
    for (let trial = 0; trial < 60; trial++) {
      const [n, c] = [1 + random.integer(9), 1 + random.integer(3)];
      const number = trial % 2 === 0 ? () => random.integer(5) - 2 : () => random.normal();
      const matrix = (columns: number): Matrix =>
        fromRows(Array.from({ length: n }, () => Array.from({ length: columns }, number)));
      const [Z, R] = [matrix(2), matrix(c)];
      const { upperBound } = maximizeInPlane(Z, R);
      expect(outputsAreBelow(Z, R, square(upperBound)), `trial ${trial}`).toBe(true);
      if (upperBound > 1e-9) expect(outputsAreBelow(Z, R, square(upperBound * (1 - 1e-10)))).toBe(false);
    }
  });

  it('where outputs of many rows cancel', () => {
    const random = new Random(8);
    for (let trial = 0; trial < 15; trial++) {
      const rows = Array.from({ length: 7 }, () => [random.normal(), random.normal()]);
      const Z = [...rows, ...rows.map((row) => row.map((x) => x * (1 + 1e-13 * random.normal())))];
      const r = rows.map(() => random.normal());
      expect(holds(fromRows(Z), column([...r, ...r.map((x) => -x)])), `trial ${trial}`).toBe(true);
    }
  });

  it('where squares underflow', () => {
    expect(holds(fromRows([[2 ** -550, 0], [1, 1]]), column([1, 0]))).toBe(true); // biome-ignore format: one line
    expect(holds(fromRows([[1, 0], [0, 0]]), column([2 ** -550, 1]))).toBe(true); // biome-ignore format: one line
  });

  it('where the maximum lies just behind an end, the start near a minimum', () => {
    for (const tiny of [1e-2, 1e-3, 1e-6, 1e-7]) {
      expect(holds(fromRows([[1, tiny]]), column([1]))).toBe(true);
      expect(holds(fromRows([[1, -tiny]]), column([1]))).toBe(true);
      expect(holds(fromRows([[tiny, 1], [0.5, 0.25]]), column([1, -1]))).toBe(true); // biome-ignore format: one line
    }
  });
});

describe('the maximum over cones', () => {
  const LIMITS = { floor: 0, tolerance: 1e-12, candidateLevel: Number.POSITIVE_INFINITY, maxNodes: 1e6 };
  const search = (Z: Matrix, R: Matrix) => complete(searchCones(placeMatrix(Z).algebra, Z, R, LIMITS, new RunClock()));

  it('is above a sum of outputs that are lost one by one', () => {
    const count = 3000;
    const Z = fromRows(new Array(count).fill([1, 0, 0]));
    const R = column([1, ...new Array<number>(count - 1).fill(0.999 * 2 ** -53)]);
    const { upperBound } = search(Z, R);
    const along = [Rational.one, Rational.zero, Rational.zero];
    expect(outputSquared(Z, R, along).atMost(square(upperBound))).toBe(true);
    expect(upperBound).toBeLessThan(1 + 1e-11);
  });

  it('is above what is left when squares underflow', () => {
    const Z = fromRows([
      [2 ** -560, 0, 0],
      [1, 0, 1],
      [0, 1, 1],
      [1, 1, 1],
    ]);
    const R = column([1, 0, 0, 0]);
    const { upperBound } = search(Z, R);
    expect(upperBound).toBeGreaterThanOrEqual(2 ** -560);
  });
});

describe('the maximum in the data', () => {
  const covers = (X: Matrix, R: Matrix, u: readonly number[]): boolean => {
    const { upperBound } = runSync(new NeuronOracle(placeMatrix(X)).maximize(R, {}, new RunClock()));
    return outputSquared(X, R, u.map(Rational.of)).atMost(square(upperBound));
  };

  it('pays for what the row space cuts off', () => {
    // along the first direction the outputs cancel; the second is below the rank's threshold
    const X = fromRows([[1, 0], [1, 2 ** -43]]); // biome-ignore format: one line
    for (const u of [[0, 1], [1, 0], [-1, 0], [2 ** -43, 1]]) expect(covers(X, column([-1, 1]), u)).toBe(true); // biome-ignore format: one line
  });

  it('pays for a direction of the row space whose squares are lost one by one', () => {
    // computed, the row has length 1; so have the direction made of it and the row along that direction
    const x = [1, ...new Array<number>(2000).fill(2 ** -26.51)];
    expect(covers(fromRows([x]), column([1]), x)).toBe(true);
  });

  it('is above the sum of what many rows cut off, lost one by one', () => {
    // the first row has no output and hides all others; these, on their own scale, span too many dimensions
    const axis = (k: number, size: number): number[] => Array.from({ length: 8 }, (_, j) => (j === k ? size : 0));
    const small = 2 ** -60;
    const lost = Array.from({ length: 2000 }, () => axis(1, 0.999 * 2 ** -53 * small));
    const spanning = [2, 3, 4, 5, 6, 7].map((k) => axis(k, 2 ** -28 * small).with(1, small));
    const X = fromRows([axis(0, 1), axis(1, small), ...lost, ...spanning]);
    const R = column([0, 1, ...lost.map(() => 1), ...spanning.map(() => 2 ** -10)]);
    expect(covers(X, R, axis(1, 1))).toBe(true);
  });

  it.each([1, 2, 3, 6, 12])('is above its exact value for rows along one direction of %i columns', (d) => {
    const random = new Random(d);
    for (let trial = 0; trial < 60; trial++) {
      const along = Array.from({ length: d }, () => random.normal());
      const X = fromRows([along.map((x) => 2 * x), along, along.map((x) => -x / 4)]);
      const R = column([random.normal(), random.normal(), random.normal()]);
      const { upperBound } = runSync(new NeuronOracle(placeMatrix(X)).maximize(R, {}, new RunClock()));
      for (const sign of [1, -1]) {
        const u = along.map((x) => Rational.of(sign * x));
        expect(outputSquared(X, R, u).atMost(square(upperBound)), `trial ${trial}`).toBe(true);
      }
    }
  });
});
