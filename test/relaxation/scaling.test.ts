/** The Nesterov–Todd scaling, the value, the bound and the complementarity of a point: identities in plain TypeScript. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { complementarity } from '../../src/relaxation/objective.js';
import { NesterovTodd } from '../../src/relaxation/scaling.js';
import { randomInteriorPoint, readMatrix, readVector, settingOf, writeMatrix } from '../support/interior.js';
import { combine, diagonal, identity, inner, multiply, norm, randomSymmetric } from '../support/matrices.js';
import { randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin } from '../support/tolerance.js';
import { formsOf } from './newton-equations.js';

const CASES = [
  { n: 1, d: 1, c: 1, depth: 1 },
  { n: 4, d: 2, c: 3, depth: 1 },
  { n: 9, d: 5, c: 2, depth: 1e-3 },
  { n: 33, d: 2, c: 1, depth: 1e-2 },
];

describe.each(CASES)('a random interior point, n = $n, d = $d, c = $c, depth $depth', ({ n, d, c, depth }) => {
  const training = randomProblem(n, { n, d, c, degeneracy: 'antiparallel rows', reg: 0.15 });
  const setting = settingOf(training);
  const { algebra, problem, objective } = setting;
  const { p, reg, pairs } = problem;
  const point = randomInteriorPoint(setting, new Random(n), depth);
  const scaling = new NesterovTodd(algebra, p);
  const [Lambda, Z] = [readMatrix(setting, point.Lambda), readMatrix(setting, point.Z)];

  test('is scaled to one diagonal matrix on both sides', () => {
    expect(complete(scaling.update(point))).toBe(true);
    const [D, inverse] = [readMatrix(setting, scaling.D), readMatrix(setting, scaling.inverse)];
    const sigma = readVector(setting, scaling.sigma);
    const Sigma = diagonal(sigma);
    expect(sigma.every((value) => value > 0)).toBe(true);
    expectAllWithin(multiply(D, inverse), identity(p), 1e-10 * norm(D) * norm(inverse));
    expectAllWithin(multiply(multiply(D.transpose(), Z), D), Sigma, 1e-10 * norm(D) ** 2 * norm(Z));
    expectAllWithin(
      multiply(multiply(inverse, Lambda), inverse.transpose()),
      Sigma,
      1e-10 * norm(inverse) ** 2 * norm(Lambda),
    );
    expectAllWithin(
      readVector(setting, scaling.inverseRoot),
      sigma.map((value) => 1 / Math.sqrt(value)),
      1e-12 / Math.sqrt(Math.min(...sigma)),
    );
  });

  test('has maps to and from its coordinates', () => {
    const A = randomSymmetric(new Random(2), p);
    const [from, to] = [algebra.matrix(p, p), algebra.matrix(p, p)];
    writeMatrix(setting, from, A);
    const [D, inverse] = [readMatrix(setting, scaling.D), readMatrix(setting, scaling.inverse)];
    const maps = [
      ['toDualScale', D.transpose()],
      ['toPrimal', D],
      ['fromPrimal', inverse],
      ['toDual', inverse.transpose()],
    ] as const;
    for (const [name, B] of maps) {
      scaling[name](from, to);
      const expected = multiply(multiply(B, A), B.transpose());
      expectAllWithin(readMatrix(setting, to), expected, 1e-12 * norm(B) ** 2 * norm(A), name);
    }
  });

  test('has the value of its kernel, ½ γ tr Yᵀ(S G Sᵀ + γI)⁻¹Y and the price of u', () => {
    const { S } = formsOf(setting);
    const Y = readMatrix(setting, problem.Y);
    const kernel = combine(multiply(multiply(S, Lambda), S.transpose()), identity(problem.lossCount), 1, reg);
    const value = complete(objective.value(point));
    let price = 0;
    const { s } = setting.reduced;
    for (let k = 0; k < setting.reduced.d; k++) {
      const at = problem.n + k;
      price += (reg / 2) * (problem.sigma / s[k]) ** 2 * Lambda.get(at, at);
    }
    // solve by steepest descent on the quadratic ½⟨P, kernel P⟩ − ⟨P, Y⟩ until its minimum −½ tr YᵀP stands
    let P = combine(Y, Y, 0, 0);
    for (let k = 0, r = Y, step = Y, square = inner(Y, Y); k < 500 && square > 1e-26; k++) {
      const image = multiply(kernel, step);
      const length = square / inner(step, image);
      P = combine(P, step, 1, length);
      r = combine(r, image, 1, -length);
      const next = inner(r, r);
      step = combine(r, step, 1, next / square);
      square = next;
    }
    expectWithin(value, (reg / 2) * inner(Y, P) + price, 1e-9 * value);
    expect(complete(objective.value(point))).toBe(value);
  });

  test('has the bound ⟨a, Y⟩ − ½‖a‖² and the complementarity of both parts', () => {
    const [a, Y] = [readMatrix(setting, point.a), readMatrix(setting, problem.Y)];
    expectWithin(objective.bound(point.a), inner(a, Y) - inner(a, a) / 2, 1e-13 * (1 + inner(a, a)));
    const [N, K] = [readVector(setting, point.N), readVector(setting, point.pairs)];
    const total = inner(Lambda, Z) + N.reduce((sum, value, k) => sum + value * K[k], 0);
    for (const theta of [0, 0.3, 1]) {
      const mu = complementarity(algebra, problem, theta, point);
      expectWithin(mu, total / (p + theta * pairs), 1e-11 * Math.abs(total));
    }
  });
});
