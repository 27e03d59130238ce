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

  it('do without the decomposition that whitening needs when there is no time for it', () => {
    const X = randomMatrix(new Random(4), 9, 4);
    const hurried = new StartDirections(placeMatrix(X), new Random(3), new RunClock({ timeLimitMs: 0 }));
    const U = hurried.sample(12, Matrix.zeros(4, 0));
    const rows = X.toArray().map((row) => JSON.stringify(row.map(Math.abs)));
    for (let j = 0; j < 12; j++) expect(rows).toContain(JSON.stringify(Array.from(column(U, j), Math.abs)));
  });
});
