import { describe, expect, it } from 'vitest';
import { OptionsError } from '../../../src/base/errors.js';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { RunClock, runSync } from '../../../src/base/run.js';
import { MAX_EXACT_RANK, NeuronOracle, neuronValue } from '../../../src/proof/exact/oracle.js';
import type { NeuronSearchOptions } from '../../../src/proof/exact/search-options.js';
import { fromRows, randomMatrix } from '../../support/matrices.js';
import { placeMatrix } from '../../support/placed.js';
import { DEGENERACIES, randomProblem } from '../../support/random.js';
import { roundOff } from '../../support/tolerance.js';
import { enumerateMaximum } from './enumerate.js';

const TOLERANCE = 1e-9;
/** Far above what underflow costs the bound, far below everything else. */
const UNDERFLOW = 1e-135;

function maximize(X: Matrix, R: Matrix, options: NeuronSearchOptions = {}) {
  const oracle = new NeuronOracle(placeMatrix(X));
  return runSync(oracle.maximize(R, { tolerance: TOLERANCE, maxNodes: 1e6, ...options }, new RunClock()));
}

const times = (A: Matrix, factor: number): Matrix =>
  new Matrix(
    A.data.map((x) => x * factor),
    A.rows,
    A.columns,
  );

function magnitude(X: Matrix, R: Matrix): number {
  let sum = 0;
  for (let i = 0; i < X.rows; i++) sum += Math.hypot(...X.row(i)) * Math.hypot(...R.row(i));
  return sum;
}

function randomDirection(random: Random, d: number): Float64Array {
  const u = random.fillNormal(new Float64Array(d));
  const norm = Math.hypot(...u);
  return u.map((x) => x / norm);
}

describe('exact oracle against enumeration of all cells', () => {
  it.each([
    [1, 6],
    [2, 9],
    [3, 8],
    [4, 7],
    [5, 6],
  ])('d = %i, n = %i', (d, n) => {
    for (let seed = 0; seed < 6; seed++) {
      const { X } = randomProblem(seed, { n, d, degeneracy: 'none' });
      const R = randomMatrix(new Random(1000 + seed), n, 1 + (seed % 3));
      const expected = enumerateMaximum(X, R);
      const { upperBound, value, direction, complete } = maximize(X, R);
      const noise = roundOff(n * d, magnitude(X, R), 64);
      expect(complete).toBe(true);
      expect(upperBound).toBeGreaterThanOrEqual(expected);
      expect(upperBound).toBeLessThanOrEqual(expected * (1 + 2 * TOLERANCE) + noise);
      expect(value).toBeGreaterThanOrEqual(expected * (1 - 2 * TOLERANCE) - noise);
      expect(value).toBe(neuronValue(X, R, direction));
    }
  });
});

describe('exact oracle bound', () => {
  it.each(DEGENERACIES.map((degeneracy) => [degeneracy]))('is never exceeded by a direction: %s', (degeneracy) => {
    for (let seed = 0; seed < 12; seed++) {
      const { X, name } = randomProblem(seed, { degeneracy, n: 4 + seed, d: 1 + (seed % 5) });
      const random = new Random(seed);
      const R = randomMatrix(random, X.rows, 1 + (seed % 3));
      const oracle = new NeuronOracle(placeMatrix(X));
      if (!oracle.isApplicable) continue;
      const { upperBound, value, complete } = maximize(X, R, { tolerance: 1e-6 });
      expect(complete, name).toBe(true);
      expect(value, name).toBeLessThanOrEqual(upperBound);
      expect(upperBound, name).toBeLessThanOrEqual(
        value * (1 + 2e-6) + roundOff(X.rows * X.columns, magnitude(X, R), 64) + UNDERFLOW,
      );
      for (let k = 0; k < 300; k++) {
        expect(neuronValue(X, R, randomDirection(random, X.columns)), name).toBeLessThanOrEqual(upperBound);
      }
    }
  });

  it('is as tight where the largest rows are those with no or little residual', () => {
    const rows = [
      [1, 1, 0],
      [1, -1, 1],
      [0.5, 2, 3],
      [-1, -1, -1],
    ];
    const residual = [[1], [2], [1], [-1]];
    const alone = maximize(fromRows(rows), fromRows(residual));
    for (const [huge, silent] of [
      [[1e14, 3e13, 1], 0],
      [[1e200, 1e200, -1e200], 0],
      [[1e100, 3e100, 1e100], 1e-120],
    ] as const) {
      const X = fromRows([[...huge], ...rows]);
      const { value, upperBound } = maximize(X, fromRows([[silent], ...residual]));
      expect(value).toBeGreaterThan(alone.value * (1 - 2 * TOLERANCE));
      expect(upperBound).toBeLessThanOrEqual(alone.upperBound * (1 + 2 * TOLERANCE));
      expect(upperBound).toBeGreaterThanOrEqual(value);
    }
  });

  it('is above 0 where the maximum is below every double', () => {
    const { upperBound, value } = maximize(fromRows([[1e-200]]), fromRows([[1e-200]]));
    expect(value).toBe(0);
    expect(upperBound).toBeGreaterThan(0);
  });

  it('is Infinity where it is above every double', () => {
    const { upperBound } = maximize(
      fromRows([
        [1e200, 0, 1],
        [0, 1e200, 2],
        [3, 1, 1e200],
      ]),
      fromRows([[1e200], [0], [1]]),
    );
    expect(upperBound).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['tolerance', Number.NaN],
    ['tolerance', -1],
    ['tolerance', 0],
    ['floor', Number.NaN],
    ['floor', Number.POSITIVE_INFINITY],
    ['maxNodes', 0.5],
    ['maxNodes', Number.NaN],
    ['candidateLevel', Number.NaN],
  ] as const)('needs a search that can end: %s %d is an error', (option, value) => {
    const { X } = randomProblem(1, { n: 8, d: 3, degeneracy: 'none' });
    expect(() => maximize(X, X, { maxNodes: 1000, [option]: value })).toThrow(OptionsError);
  });

  it('counts a tolerance below round-off as one that can be reached', () => {
    for (let seed = 0; seed < 6; seed++) {
      const { X } = randomProblem(seed, { n: 12, d: 3 + (seed % 2), degeneracy: 'none' });
      const R = randomMatrix(new Random(seed), 12, 2);
      const { upperBound, value, complete } = maximize(X, R, { tolerance: Number.MIN_VALUE, maxNodes: 1e6 });
      expect(complete).toBe(true);
      expect(upperBound).toBeLessThanOrEqual(value * (1 + 1e-11) + roundOff(48, magnitude(X, R), 64));
    }
  });

  it('holds, and is as tight, for coplanar rows, for rows of very different sizes and for a rank below d', () => {
    const random = new Random(5);
    const spread = randomMatrix(random, 14, 4);
    for (let i = 0; i < 14; i++) for (let j = 0; j < 4; j++) spread.set(i, j, spread.get(i, j) * 10 ** -i);
    const coplanar = randomMatrix(random, 14, 4);
    for (let i = 0; i < 9; i++) coplanar.set(i, 3, 0);
    const lowRank = Matrix.zeros(14, 9);
    const factors = [randomMatrix(random, 14, 3), randomMatrix(random, 3, 9)];
    for (let i = 0; i < 14; i++)
      for (let j = 0; j < 9; j++)
        for (let k = 0; k < 3; k++) lowRank.set(i, j, lowRank.get(i, j) + factors[0].get(i, k) * factors[1].get(k, j));
    for (const X of [spread, coplanar, lowRank]) {
      const R = randomMatrix(random, 14, 2);
      const { upperBound, value } = maximize(X, R);
      expect(upperBound).toBeLessThanOrEqual(value * (1 + 2 * TOLERANCE) + roundOff(14 * 9, magnitude(X, R), 64));
      for (let k = 0; k < 500; k++) {
        expect(neuronValue(X, R, randomDirection(random, X.columns))).toBeLessThanOrEqual(upperBound);
      }
    }
  });

  it.each([2, 3, 4])('is right where many rows meet in one line: entries −1, 0 and 1, d = %i', (d) => {
    for (let seed = 0; seed < 8; seed++) {
      const random = new Random(seed);
      const whole = (rows: number, columns: number): Matrix =>
        new Matrix(
          Float64Array.from({ length: rows * columns }, () => random.integer(3) - 1),
          rows,
          columns,
        );
      const X = whole(7, d);
      const R = whole(7, 2);
      const expected = enumerateMaximum(X, R);
      const { upperBound, value } = maximize(X, R);
      const noise = roundOff(7 * d, magnitude(X, R), 64) + UNDERFLOW;
      expect(upperBound).toBeGreaterThanOrEqual(expected);
      expect(upperBound).toBeLessThanOrEqual(value * (1 + 2 * TOLERANCE) + noise);
      expect(value).toBeGreaterThanOrEqual(expected - noise - 2 * TOLERANCE * expected);
    }
  });

  it('ends where the only rows that count are too small for their squares', () => {
    const X = randomMatrix(new Random(11), 8, 3);
    const R = randomMatrix(new Random(12), 8, 1);
    for (let i = 1; i < 8; i++) for (let j = 0; j < 3; j++) X.set(i, j, X.get(i, j) * 1e-200);
    R.set(0, 0, 0);
    const { upperBound, value, complete } = maximize(X, R);
    expect(complete).toBe(true);
    expect(upperBound).toBeGreaterThanOrEqual(value);
    expect(upperBound).toBeLessThan(UNDERFLOW);
  });

  it.each([1, 2, 3, 4])('scales with X and R over the whole range of doubles, d = %i', (d) => {
    const X = randomMatrix(new Random(1), 9, d);
    const R = randomMatrix(new Random(2), 9, 2);
    const one = maximize(X, R);
    for (const [sizeX, sizeR] of [
      [2 ** 500, 2 ** -490],
      [2 ** -500, 2 ** 400],
      [2 ** 900, 1],
      [1, 2 ** -900],
    ]) {
      const { upperBound, value } = maximize(times(X, sizeX), times(R, sizeR));
      expect(upperBound).toBeGreaterThanOrEqual(one.value * sizeX * sizeR);
      expect(upperBound).toBeLessThanOrEqual(one.upperBound * sizeX * sizeR * (1 + roundOff(9, 1)));
      expect(value).toBeGreaterThanOrEqual(one.value * sizeX * sizeR * (1 - roundOff(9, 1)));
    }
  });

  it('is 0 up to round-off where nothing depends on u', () => {
    const R = randomMatrix(new Random(3), 5, 2);
    for (const d of [1, 2, 3, 5]) {
      expect(maximize(Matrix.zeros(5, d), R)).toMatchObject({ value: 0, complete: true });
      const X = randomMatrix(new Random(4), 5, d);
      expect(maximize(X, Matrix.zeros(5, 2))).toMatchObject({ value: 0, complete: true });
      expect(maximize(X, Matrix.zeros(5, 2)).upperBound).toBeLessThan(Number.EPSILON);
    }
  });

  it('closes also where rows cancel exactly, so that the function is zero though no part of it is', () => {
    const half = randomMatrix(new Random(6), 6, 3);
    const X = new Matrix(Float64Array.from([...half.data, ...half.data]), 12, 3);
    const r = randomMatrix(new Random(7), 6, 2);
    const R = new Matrix(Float64Array.from([...r.data, ...r.data.map((x) => -x)]), 12, 2);
    const { upperBound, complete } = maximize(X, R);
    expect(complete).toBe(true);
    expect(upperBound).toBeLessThan(1e-10);
  });
});

describe('exact oracle limits', () => {
  const X = randomMatrix(new Random(8), 40, 4);
  const R = randomMatrix(new Random(9), 40, 2);

  it('proves nothing when cut short, and says so', () => {
    const { upperBound, complete, value } = maximize(X, R, { maxNodes: 10 });
    expect({ upperBound, complete }).toEqual({ upperBound: Number.POSITIVE_INFINITY, complete: false });
    expect(value).toBeGreaterThan(0);
    const oracle = new NeuronOracle(placeMatrix(X));
    const expired = new RunClock({ timeLimitMs: 0 });
    expect(runSync(oracle.maximize(R, {}, expired)).complete).toBe(false);
  });

  it('needs fewer cones when less is asked', () => {
    const exact = maximize(X, R);
    expect(maximize(X, R, { tolerance: 0.1 }).nodes).toBeLessThan(exact.nodes);
    const floored = maximize(X, R, { floor: 2 * exact.value, candidateLevel: 0.9 * exact.value });
    expect(floored.nodes).toBeLessThan(exact.nodes);
    expect(floored.upperBound).toBeGreaterThanOrEqual(exact.value);
    expect(floored.upperBound).toBeLessThanOrEqual(2 * exact.value * (1 + 2 * TOLERANCE));
  });

  it('returns candidates above the level, each once, the best first', () => {
    const { candidates, value } = maximize(X, R, { candidateLevel: 1 });
    expect(candidates.length).toBeGreaterThan(1);
    expect(candidates[0].value).toBe(value);
    for (let k = 0; k < candidates.length; k++) {
      expect(candidates[k].value).toBe(neuronValue(X, R, candidates[k].direction));
      expect(candidates[k].value).toBeGreaterThanOrEqual(1);
      if (k > 0) expect(candidates[k].value).toBeLessThanOrEqual(candidates[k - 1].value);
    }
  });

  it('knows where it does not apply', () => {
    expect(new NeuronOracle(placeMatrix(randomMatrix(new Random(1), 20, MAX_EXACT_RANK + 1))).isApplicable).toBe(false);
    expect(new NeuronOracle(placeMatrix(randomMatrix(new Random(1), 20, MAX_EXACT_RANK))).isApplicable).toBe(true);
  });

  it('leaves X and R as they were and repeats itself bit for bit', () => {
    const before = [X.clone(), R.clone()];
    expect(maximize(X, R)).toEqual(maximize(X, R));
    expect([X, R]).toEqual(before);
  });
});
