import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { RunClock } from '../../src/base/run.js';
import { NeuronAscent } from '../../src/growth/ascent.js';
import { StartDirections } from '../../src/growth/starts.js';
import { neuronValue } from '../../src/proof/exact/oracle.js';
import { randomMatrix } from '../support/matrices.js';
import { placeMatrix } from '../support/placed.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

const column = (A: Matrix, j: number): Float64Array => Float64Array.from({ length: A.rows }, (_, k) => A.get(k, j));

const unit = (u: Float64Array): Float64Array => u.map((x) => x / Math.hypot(...u));

/** The steps of docs/growth.md from one start. */
function plainAscent(X: Matrix, R: Matrix, start: Float64Array, steps: number): Float64Array {
  let u = start;
  let share = 1;
  for (let step = 0; step < steps; step++) {
    const products = Array.from({ length: X.rows }, (_, i) => X.row(i).reduce((sum, x, k) => sum + x * u[k], 0));
    const z = new Float64Array(R.columns);
    products.forEach((p, i) => {
      for (let k = 0; k < R.columns; k++) z[k] += R.get(i, k) * Math.max(0, p);
    });
    const g = new Float64Array(u.length);
    products.forEach((p, i) => {
      const weight = p > 0 ? R.row(i).reduce((sum, r, k) => sum + r * z[k], 0) : 0;
      for (let k = 0; k < g.length; k++) g[k] += weight * X.get(i, k);
    });
    const towards = unit(g);
    const next = unit(u.map((x, k) => (1 - share) * x + share * towards[k]));
    const rises = neuronValue(X, R, next) > neuronValue(X, R, u);
    if (rises) u = next;
    share = rises ? Math.min(1, 1.5 * share) : share / 2;
  }
  return u;
}

describe('local search for neurons', () => {
  it.each([
    [1, 1, 1, 1],
    [7, 3, 2, 5],
    [33, 9, 4, 17],
  ])('n = %i, d = %i, c = %i, %i starts: unit directions, true values, none lower than its start', (n, d, c, s) => {
    const random = new Random(n);
    const X = randomMatrix(random, n, d);
    const R = randomMatrix(random, n, c);
    const starts = randomMatrix(random, d, s);
    const ascent = new NeuronAscent(placeMatrix(X), c);
    ascent.setResidual(R);
    const { U, values } = ascent.ascend(starts, 40);
    const atU = ascent.values(U);
    for (let j = 0; j < s; j++) {
      const u = column(U, j);
      const start = column(starts, j);
      const startNorm = Math.hypot(...start);
      const noise = roundOff(n * d, Math.hypot(...X.data) * Math.hypot(...R.data));
      expectWithin(Math.hypot(...u), 1, roundOff(d, 1));
      expectWithin(values[j], neuronValue(X, R, u), noise);
      expectWithin(atU[j], values[j], noise);
      expect(values[j]).toBeGreaterThanOrEqual(
        neuronValue(
          X,
          R,
          start.map((x) => x / startNorm),
        ) - noise,
      );
    }
  });

  it('finds the maximum when no row is ever inactive', () => {
    const X = new Matrix(Float64Array.from([1, 0, 0, 2]), 2, 2);
    const R = new Matrix(Float64Array.from([3, 0, 0, 1]), 2, 2);
    const ascent = new NeuronAscent(placeMatrix(X), 2);
    ascent.setResidual(R);
    const { values, U } = ascent.ascend(new Matrix(Float64Array.from([1, 1]), 2, 1), 200);
    expectWithin(values[0], 3, 1e-9);
    expectWithin(U.get(0, 0), 1, 1e-4);
  });

  it('steps towards the gradient of the active rows, and from where it has risen to', () => {
    const random = new Random(8);
    const [X, R, starts] = [randomMatrix(random, 12, 3), randomMatrix(random, 12, 2), randomMatrix(random, 3, 9)];
    const ascent = new NeuronAscent(placeMatrix(X), 2);
    ascent.setResidual(R);
    const expected = Array.from({ length: 9 }, (_, j) => plainAscent(X, R, unit(column(starts, j)), 6));
    const { U } = ascent.ascend(starts, 6);
    for (let j = 0; j < 9; j++) for (let k = 0; k < 3; k++) expectWithin(U.get(k, j), expected[j][k], 1e-7);
  });

  it('stops where it is when time is up', () => {
    const X = randomMatrix(new Random(5), 9, 3);
    const ascent = new NeuronAscent(placeMatrix(X), 2);
    ascent.setResidual(randomMatrix(new Random(6), 9, 2));
    const start = new Matrix(Float64Array.from([0, 0, 1]), 3, 1);
    expect(ascent.ascend(start, 50, () => true).U).toEqual(start);
  });

  it('leaves a direction that activates nothing where it is', () => {
    const ascent = new NeuronAscent(placeMatrix(new Matrix(Float64Array.from([1, 0]), 1, 2)), 1);
    ascent.setResidual(Matrix.zeros(1, 1));
    const { U, values } = ascent.ascend(new Matrix(Float64Array.from([-1, 0]), 2, 1), 10);
    expect([...U.data, ...values]).toEqual([-1, 0, 0]);
  });
});

describe('start directions', () => {
  it('are finite, not zero, and the same for the same seed', () => {
    const X = randomMatrix(new Random(1), 9, 4);
    for (let i = 0; i < 9; i++) X.set(i, 3, 2 * X.get(i, 0));
    const present = randomMatrix(new Random(2), 4, 3);
    const sample = (): Matrix => new StartDirections(placeMatrix(X), new Random(3), new RunClock()).sample(40, present);
    expect(sample()).toEqual(sample());
    for (let j = 0; j < 40; j++) expect(Math.hypot(...column(sample(), j))).toBeGreaterThan(0);
    expect(
      new StartDirections(placeMatrix(X), new Random(3), new RunClock()).sample(7, Matrix.zeros(4, 0)).columns,
    ).toBe(7);
  });

  it('are rows of both signs', () => {
    const X = new Matrix(Float64Array.of(3, 4), 1, 2);
    const hurried = new StartDirections(placeMatrix(X), new Random(3), new RunClock({ timeLimitMs: 0 }));
    const U = hurried.sample(20, Matrix.zeros(2, 0));
    expect(new Set(column(U.transpose(), 0))).toEqual(new Set([3, -3]));
  });

  it('are whitened: along every axis the data see as much of them', () => {
    const X = new Matrix(Float64Array.of(1000, 0, 0, 1), 2, 2);
    const U = new StartDirections(placeMatrix(X), new Random(3), new RunClock()).sample(80, Matrix.zeros(2, 0));
    // every fourth is a row
    const whitened = Array.from({ length: 80 }, (_, j) => j).filter((j) => j % 4 !== 1);
    const seen = [1000, 1].map((size, k) => whitened.reduce((sum, j) => sum + Math.abs(size * U.get(k, j)), 0));
    expect(seen[0] / seen[1]).toBeGreaterThan(0.5);
    expect(seen[0] / seen[1]).toBeLessThan(2);
  });

  it('do without the decomposition that whitening needs when there is no time for it', () => {
    const X = randomMatrix(new Random(4), 9, 4);
    const hurried = new StartDirections(placeMatrix(X), new Random(3), new RunClock({ timeLimitMs: 0 }));
    const U = hurried.sample(12, Matrix.zeros(4, 0));
    const rows = X.toArray().map((row) => JSON.stringify(row.map(Math.abs)));
    for (let j = 0; j < 12; j++) expect(rows).toContain(JSON.stringify(Array.from(column(U, j), Math.abs)));
  });
});
