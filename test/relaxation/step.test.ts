/** Step lengths, the moves that stay strictly feasible, and the restoration of the dual side: each against its definition. */

import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { flat } from '../../src/linalg/views.js';
import type { Direction } from '../../src/relaxation/backends/contract.js';
import { createPoint, type Point } from '../../src/relaxation/point.js';
import { NesterovTodd } from '../../src/relaxation/scaling.js';
import { damped, moveDual, movePrimal, restoreDual, stepLengths } from '../../src/relaxation/step.js';
import { randomInteriorPoint, readMatrix, readVector, settingOf, writeMatrix } from '../support/interior.js';
import { combine, isPositiveDefinite, multiply, norm, randomMatrix, randomSymmetric } from '../support/matrices.js';
import { randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';
import { adjointOf, dualSlackOf, formsOf, predictionsOf, rowsOf } from './newton-equations.js';

const setting = settingOf(randomProblem(3, { n: 7, d: 3, c: 2, degeneracy: 'antiparallel rows', reg: 0.2 }));
const { algebra, problem, stack, objective } = setting;
const { n, d, m, p, pairs } = problem;
const forms = formsOf(setting);
const point = randomInteriorPoint(setting, new Random(1));
const scaling = new NesterovTodd(algebra, p);
complete(scaling.update(point));
const D = readMatrix(setting, scaling.D);

const dualOf = (from: Pick<Point, 'a' | 'N' | 'w'>) => ({
  a: readMatrix(setting, from.a),
  N: readVector(setting, from.N),
  w: readVector(setting, from.w),
});

/** A direction with all its parts from a change of Lambda (complementary) and of (a, N, w). */
function directionOf(dLambda: Matrix, { a, N, w }: ReturnType<typeof dualOf>): Direction {
  const place = (values: Matrix) => {
    const A = algebra.matrix(values.rows, values.columns);
    writeMatrix(setting, A, values);
    return A;
  };
  const vector = (values: Float64Array) => {
    const v = algebra.vector(values.length);
    algebra.write(v, values);
    return v;
  };
  const direction = {
    scaledLambda: algebra.matrix(p, p),
    Lambda: place(dLambda),
    pairs: vector(rowsOf(forms, dLambda).pairs),
    W: place(predictionsOf(forms, dLambda, problem.c)),
    a: place(a),
    N: vector(N),
    w: vector(w),
    scaledZ: place(combine(multiply(multiply(D.transpose(), adjointOf(forms, a, N, w)), D), D, -1, 0)),
  };
  scaling.fromPrimal(direction.Lambda, direction.scaledLambda);
  return direction;
}

/** Symmetric, with A_ii = x_i·C_i, so that every S_ii stays 0. */
function complementaryMatrix(random: Random): Matrix {
  const A = randomSymmetric(random, p);
  const Xw = readMatrix(setting, problem.Xw);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += Xw.get(i, k) * A.get(i, n + k);
    A.set(i, i, sum);
  }
  return A;
}

const randomDual = (random: Random, size: number): ReturnType<typeof dualOf> => ({
  a: combine(
    randomMatrix(random, problem.lossCount, problem.c),
    randomMatrix(random, problem.lossCount, problem.c),
    size,
    0,
  ),
  N: randomMatrix(random, pairs, 1).data.map((value) => size * value),
  w: randomMatrix(random, n, 1).data.map((value) => size * value),
});

const along = (start: ReturnType<typeof dualOf>, step: ReturnType<typeof dualOf>, t: number) => ({
  a: combine(start.a, step.a, 1, t),
  N: start.N.map((value, k) => value + t * step.N[k]),
  w: start.w.map((value, k) => value + t * step.w[k]),
});

describe('step lengths', () => {
  const random = new Random(2);
  test.each([0, 1, 2, 3, 4, 5])('are the ways to the boundary, direction %i', (k) => {
    const dLambda = combine(complementaryMatrix(random), readMatrix(setting, point.Lambda), 1, k % 2);
    const dual = randomDual(random, 0.01);
    const { primal, dual: dualLength } = complete(
      stepLengths(algebra, scaling, point, directionOf(dLambda, dual), setting.problem.loss),
    );
    const Lambda = readMatrix(setting, point.Lambda);
    const K = readVector(setting, point.pairs);
    const dK = rowsOf(forms, dLambda).pairs;
    const isInside = (t: number) =>
      isPositiveDefinite(combine(Lambda, dLambda, 1, t)) && K.every((value, r) => value + t * dK[r] > 0);
    expect([isInside(primal * (1 - 1e-6)), isInside(primal * (1 + 1e-6))]).toEqual([true, false]);

    const start = dualOf(point);
    const isDualInside = (t: number) => {
      const { a, N, w } = along(start, dual, t);
      return isPositiveDefinite(dualSlackOf(setting, a, N, w)) && N.every((value) => value > 0);
    };
    expect([isDualInside(dualLength * (1 - 1e-6)), isDualInside(dualLength * (1 + 1e-6))]).toEqual([true, false]);
  });

  test('are infinite along the point itself, and damped to 0.95 of the way, at most 1', () => {
    const { a, N, w } = dualOf(point);
    const lengths = complete(
      stepLengths(
        algebra,
        scaling,
        point,
        directionOf(readMatrix(setting, point.Lambda), { a, N, w }),
        setting.problem.loss,
      ),
    );
    expect(lengths.primal).toBe(Number.POSITIVE_INFINITY);
    expect([damped(0), damped(0.5), damped(1), damped(2), damped(Number.POSITIVE_INFINITY)]).toEqual([
      0, 0.475, 0.95, 1, 1,
    ]);
  });
});

describe('a primal move', () => {
  const random = new Random(3);
  const dLambda = complementaryMatrix(random);
  const direction = directionOf(dLambda, randomDual(random, 0.01));
  const next = createPoint(algebra, problem);
  const { primal } = complete(stepLengths(algebra, scaling, point, direction, setting.problem.loss));

  test('within the boundary goes all the way and keeps everything that follows from Lambda', () => {
    expect(complete(movePrimal(algebra, stack, point, direction, 0.9 * primal, next))).toBe(0.9 * primal);
    const Lambda = readMatrix(setting, next.Lambda);
    const size = norm(Lambda) * norm(forms.T) ** 2;
    expectAllWithin(Lambda, combine(readMatrix(setting, point.Lambda), dLambda, 1, 0.9 * primal), roundOff(p, size));
    expectAllWithin(readVector(setting, next.pairs), rowsOf(forms, Lambda).pairs, roundOff(p, size));
    expectAllWithin(readMatrix(setting, next.W), predictionsOf(forms, Lambda, problem.c), roundOff(p, size));
    expect(Lambda).toEqual(Lambda.transpose());
  });

  test('makes A_ii = x_i·C_i to the last bits although the direction does not', () => {
    const spoilt = directionOf(dLambda, randomDual(random, 0.01));
    const values = readMatrix(setting, spoilt.Lambda);
    for (let i = 0; i < n; i++) values.set(i, i, values.get(i, i) + 1e-3);
    writeMatrix(setting, spoilt.Lambda, values);
    const t = complete(movePrimal(algebra, stack, point, spoilt, 0.5 * primal, next));
    const { S } = rowsOf(forms, readMatrix(setting, next.Lambda));
    expect(t).toBeGreaterThan(0);
    expectAllWithin(S, new Float64Array(n), roundOff(d, norm(readMatrix(setting, next.Lambda))));
  });

  test.each([1.05, 2, 100])('%f times too far is shortened by 0.7 as often as needed, and no more', (factor) => {
    const t = complete(movePrimal(algebra, stack, point, direction, factor * primal, next));
    let expected = factor * primal;
    while (expected >= primal) expected *= 0.7;
    expectWithin(t, expected, roundOff(64, expected));
  });

  test('that can nowhere go stays, all of it', () => {
    const nowhere = directionOf(dLambda, randomDual(random, 0.01));
    algebra.fill(flat(nowhere.Lambda), Number.NaN);
    for (const part of Object.values(next)) algebra.fill('rows' in part ? flat(part) : part, Number.NaN);
    expect(complete(movePrimal(algebra, stack, point, nowhere, 1, next))).toBe(0);
    for (const name of ['Lambda', 'K', 'W', 'primalFactor'] as const) {
      expect(readMatrix(setting, next[name])).toEqual(readMatrix(setting, point[name]));
    }
    expect(readVector(setting, next.pairs)).toEqual(readVector(setting, point.pairs));
  });
});

describe('a dual move', () => {
  const random = new Random(4);
  const step = randomDual(random, 0.01);
  const direction = directionOf(complementaryMatrix(random), step);
  const next = createPoint(algebra, problem);
  const { dual } = complete(stepLengths(algebra, scaling, point, direction, setting.problem.loss));

  test('within the boundary goes all the way, Z anew from (a, N, w)', () => {
    expect(complete(moveDual(algebra, stack, objective, point, direction, 0.9 * dual, next))).toBe(0.9 * dual);
    const expected = along(dualOf(point), step, 0.9 * dual);
    const Z = dualSlackOf(setting, expected.a, expected.N, expected.w);
    expectAllWithin(readMatrix(setting, next.Z), Z, roundOff(p, norm(Z) + norm(forms.T) ** 2));
    expectAllWithin(readMatrix(setting, next.a), expected.a, roundOff(1, norm(expected.a)));
    expectAllWithin(readVector(setting, next.N), expected.N, roundOff(1, norm(expected.N)));
    expectAllWithin(readVector(setting, next.w), expected.w, roundOff(1, norm(expected.w)));
  });

  test('too far is shortened by 0.8 where restoring it would not raise the bound', () => {
    // a falls, so that no restored point has a larger bound
    const falling = { ...step, a: combine(readMatrix(setting, point.a), step.a, -1, 0) };
    const down = directionOf(complementaryMatrix(random), falling);
    const length = complete(stepLengths(algebra, scaling, point, down, setting.problem.loss)).dual;
    const t = complete(moveDual(algebra, stack, objective, point, down, 1.5 * length, next));
    let expected = 1.5 * length;
    while (!isDualInside(falling, expected)) expected *= 0.8;
    expectWithin(t, expected, roundOff(64, expected));
  });

  const isDualInside = (direction: typeof step, t: number): boolean => {
    const { a, N, w } = along(dualOf(point), direction, t);
    return isPositiveDefinite(dualSlackOf(setting, a, N, w));
  };

  test('a little too far is restored where that raises the bound', () => {
    const rising = { a: readMatrix(setting, problem.Y), N: new Float64Array(pairs), w: new Float64Array(n) };
    const up = directionOf(complementaryMatrix(random), rising);
    const length = complete(stepLengths(algebra, scaling, point, up, setting.problem.loss)).dual * (1 + 1e-7);
    expect(complete(moveDual(algebra, stack, objective, point, up, length, next))).toBe(length);
    const { a, N, w } = dualOf(next);
    expect(isPositiveDefinite(dualSlackOf(setting, a, N, w))).toBe(true);
    expect(objective.bound(next.a)).toBeGreaterThan(objective.bound(point.a));
    // not the point itself, which is outside, but a point at a price
    expect(norm(a)).toBeLessThan(norm(along(dualOf(point), rising, length).a));
  });

  test('that can nowhere go stays, all of it', () => {
    const nowhere = directionOf(complementaryMatrix(random), step);
    algebra.fill(nowhere.N, Number.NaN);
    expect(complete(moveDual(algebra, stack, objective, point, nowhere, 1, next))).toBe(0);
    for (const name of ['a', 'Z', 'dualFactor'] as const) {
      expect(readMatrix(setting, next[name])).toEqual(readMatrix(setting, point[name]));
    }
    expect([readVector(setting, next.N), readVector(setting, next.w)]).toEqual([
      readVector(setting, point.N),
      readVector(setting, point.w),
    ]);
  });
});

describe('dual restoration', () => {
  const { reg, frameBound } = problem;
  const inverseSquares = readVector(setting, problem.inverseSquares);
  const priceOf = (delta: number): number => (1 + (2 * delta * frameBound * 1.0001) / reg) ** -0.5;
  const restored = ({ a, N, w }: ReturnType<typeof dualOf>, delta: number) => {
    const t = priceOf(delta);
    return {
      a: combine(a, a, t, 0),
      N: N.map((value) => t ** 2 * value),
      w: w.map((value, i) => t ** 2 * (value - 2 * delta * inverseSquares[i])),
    };
  };
  /** The point with w raised until the smallest eigenvalue of Z is a little below zero. */
  function infeasible(share: number): Point {
    const copy = createPoint(algebra, problem);
    const { a, N, w } = dualOf(point);
    const shifted = (t: number) => w.map((value, i) => value + t * inverseSquares[i]);
    let [inside, outside] = [0, 1];
    while (isPositiveDefinite(dualSlackOf(setting, a, N, shifted(outside)))) outside *= 2;
    for (let k = 0; k < 60; k++) {
      const middle = (inside + outside) / 2;
      if (isPositiveDefinite(dualSlackOf(setting, a, N, shifted(middle)))) inside = middle;
      else outside = middle;
    }
    writeMatrix(setting, copy.a, a);
    algebra.write(copy.N, N);
    algebra.write(copy.w, shifted(outside + (share * reg) / frameBound));
    return copy;
  }

  test.each([1e-8, 1e-6, 1e-4])(
    'of a point outside by %f takes the smallest δ of its ladder that brings it in',
    (share) => {
      const copy = infeasible(share);
      const before = dualOf(copy);
      expect(isPositiveDefinite(dualSlackOf(setting, before.a, before.N, before.w))).toBe(false);
      expect(complete(restoreDual(algebra, stack, copy))).toBe(true);
      const after = dualOf(copy);
      const isInside = (delta: number): boolean => {
        const { a, N, w } = restored(before, delta);
        return isPositiveDefinite(dualSlackOf(setting, a, N, w));
      };
      let delta = (1e-9 * reg) / frameBound;
      while (!isInside(delta)) delta *= 3.3;
      const expected = restored(before, delta);
      expectAllWithin(after.a, expected.a, roundOff(32, norm(expected.a)));
      expectAllWithin(after.N, expected.N, roundOff(32, norm(expected.N)));
      expectAllWithin(after.w, expected.w, roundOff(32, norm(expected.w)));
      const Z = dualSlackOf(setting, after.a, after.N, after.w);
      expect(isPositiveDefinite(Z)).toBe(true);
      expectAllWithin(readMatrix(setting, copy.Z), Z, roundOff(m, norm(Z) + norm(forms.T) ** 2));
      // so small a price: t = (1 + 2δλ̂/γ)^{-½}
      expect(after.a.data[0] / before.a.data[0]).toBeGreaterThan(1 - 10 * share - 1e-8);
    },
  );

  test('of a point far outside fails, and of one by a single attempt too', () => {
    expect(complete(restoreDual(algebra, stack, infeasible(1)))).toBe(false);
    expect(complete(restoreDual(algebra, stack, infeasible(1e-4), 1))).toBe(false);
  });
});
