/** The closed-form start and the start from another weight decay, each alone: strictly feasible on both sides, at the best scale, centred. */

import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { complete } from '../../src/base/run.js';
import { flat } from '../../src/linalg/views.js';
import { complementarity } from '../../src/relaxation/objective.js';
import { createPoint, type Point } from '../../src/relaxation/point.js';
import { dualReach, warmPoint } from '../../src/relaxation/start.js';
import { savePoint } from '../../src/relaxation/state.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { readMatrix, readVector, type Setting, settingOf, startOf } from '../support/interior.js';
import { combine, diagonal, isPositiveDefinite, multiply, norm } from '../support/matrices.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';
import { dualSlackOf, formsOf, predictionsOf, rowsOf } from './newton-equations.js';

const THETA = 0.1;
const problems = DEGENERACIES.filter((name) => name !== 'zero X' && name !== 'zero Y').map((degeneracy, k) =>
  randomProblem(50 + k, { n: 3 + 2 * k, d: 1 + (k % 4), c: 1 + (k % 3), reg: 0.1, degeneracy }),
);

/** Everything a point promises, from its own numbers and in plain TypeScript. */
function expectStrictlyFeasible(setting: Setting, point: Point): void {
  const forms = formsOf(setting);
  const Lambda = readMatrix(setting, point.Lambda);
  const { pairs, S } = rowsOf(forms, Lambda);
  const size = norm(forms.T) ** 2 * norm(Lambda);
  expect(isPositiveDefinite(Lambda)).toBe(true);
  expect(pairs.every((value) => value > 0)).toBe(true);
  expectAllWithin(S, new Float64Array(S.length), roundOff(Lambda.rows, size), 'S');
  expectAllWithin(readVector(setting, point.pairs), pairs, roundOff(Lambda.rows, size), 'K');
  expectAllWithin(
    readMatrix(setting, point.W),
    predictionsOf(forms, Lambda, setting.problem.c),
    roundOff(8, size),
    'W',
  );

  const [a, N, w] = [readMatrix(setting, point.a), readVector(setting, point.N), readVector(setting, point.w)];
  const Z = dualSlackOf(setting, a, N, w);
  expect(N.every((value) => value > 0)).toBe(true);
  expect(isPositiveDefinite(Z)).toBe(true);
  expectAllWithin(readMatrix(setting, point.Z), Z, roundOff(Z.rows, norm(Z) + norm(w) * norm(forms.T) ** 2), 'Z');
  for (const [factor, A] of [
    [point.primalFactor, Lambda],
    [point.dualFactor, Z],
  ] as const) {
    const L = readMatrix(setting, factor);
    for (let i = 0; i < L.rows; i++) for (let j = i + 1; j < L.rows; j++) L.set(i, j, 0);
    expectAllWithin(multiply(L, L.transpose()), A, roundOff(A.rows, norm(A)), 'L Lᵀ');
  }
}

describe.each(problems)('the start on $name', (problem) => {
  const setting = settingOf(problem);
  const { algebra, objective } = setting;
  const { n, c, m, p, reg, pairs } = setting.problem;
  const point = startOf(setting, THETA);

  test('is strictly feasible on both sides', () => {
    expectStrictlyFeasible(setting, point);
  });

  test('has the scale of G with the least value, to a fifth of a decade', () => {
    const value = complete(objective.value(point));
    const other = createPoint(algebra, setting.problem);
    for (const factor of [10 ** -0.4, 10 ** -0.2, 10 ** 0.2, 10 ** 0.4]) {
      algebra.write(flat(other.Lambda), combine(readMatrix(setting, point.Lambda), Matrix.zeros(p, p), factor).data);
      complete(setting.stack.lift(other.Lambda, other.K));
      expect(complete(objective.value(other))).toBeGreaterThanOrEqual(value * (1 - 1e-12));
    }
  });

  test('predicts by kernel ridge regression on its own kernel, with V₀ and its mean trace as slack', () => {
    const forms = formsOf(setting);
    const Lambda = readMatrix(setting, point.Lambda);
    const GS = multiply(Lambda, forms.S.transpose());
    const kernel = multiply(forms.S, GS);
    const shifted = combine(kernel, diagonal(new Float64Array(kernel.rows).fill(reg)));
    // W = kernel P with (kernel + γI) P = Y, so (kernel + γI) W = kernel Y
    const Y = readMatrix(setting, setting.problem.Y);
    const W = predictionsOf(forms, Lambda, c);
    const size = (norm(kernel) + reg) * norm(Y);
    expectAllWithin(multiply(shifted, W), multiply(kernel, Y), roundOff(p, size, 64));
    // γP = Y − W, and Lambda[v, v] = Pᵀ kernel P + (tr/c) I
    const P = combine(Y, W, 1 / reg, -1 / reg);
    const V0 = multiply(P.transpose(), W);
    const slack = traceOf(V0) / c;
    for (let k = 0; k < c; k++) {
      for (let l = 0; l < c; l++) {
        const expected = V0.get(k, l) + (k === l ? slack : 0);
        expectWithin(Lambda.get(m + k, m + l), expected, 1e-9 * (1 + Math.abs(slack)), 'V');
      }
    }
  });

  test('has 0.35 of the largest multiple of Y that the free multipliers bear, and N K constant, as large as Z bears', () => {
    const reach = dualReach(algebra, setting.problem);
    const Y = readMatrix(setting, setting.problem.Y);
    expectAllWithin(readMatrix(setting, point.a), combine(Y, Y, 0.35 / reach, 0), roundOff(4, norm(Y) / reach));
    // at the reach itself Z(a, 0, w) is on the boundary: positive definite before, no more after
    const w = readVector(setting, point.w);
    const none = new Float64Array(pairs);
    const boundary = (share: number) => dualSlackOf(setting, combine(Y, Y, share / reach, 0), none, w);
    expect(isPositiveDefinite(boundary(0.999), 1e-12)).toBe(true);
    if (n === 1) expect(isPositiveDefinite(boundary(1.001), -1e-12)).toBe(false);

    const [N, K] = [readVector(setting, point.N), readVector(setting, point.pairs)];
    const target = N.length === 0 ? 0 : N[0] * K[0];
    N.forEach((value, k) => {
      expectWithin(value * K[k], target, roundOff(1, target));
    });
    const doubled = dualSlackOf(
      setting,
      readMatrix(setting, point.a),
      N.map((value) => 2 * value),
      w,
    );
    const Lambda = readMatrix(setting, point.Lambda);
    const bare = dualSlackOf(setting, readMatrix(setting, point.a), none, w);
    const first = (THETA * Lambda.data.reduce((sum, value, k) => sum + value * bare.data[k], 0)) / p;
    if (N.length > 0 && 2 * target <= first * (1 + 1e-9)) expect(isPositiveDefinite(doubled)).toBe(false);
    const halvings = Math.log2(first / target);
    if (N.length > 0) expectWithin(halvings, Math.max(0, Math.round(halvings)), 1e-9);
  });
});

const traceOf = (A: Matrix): number => Array.from({ length: A.rows }, (_, k) => A.get(k, k)).reduce((x, y) => x + y, 0);

describe('dualReach', () => {
  test('is where the zero network stops being optimal for one row: |y| ‖x‖ = reg', () => {
    for (const [x, y, reg] of [
      [2, 3, 1],
      [0.5, 4, 3],
      [1, 1, 1],
    ]) {
      const setting = settingOf({
        ...randomProblem(0),
        X: new Matrix(Float64Array.of(x), 1, 1),
        Y: new Matrix(Float64Array.of(y), 1, 1),
        reg,
      });
      expectWithin(dualReach(setting.algebra, setting.problem), (x * y) / reg, roundOff(8, (x * y) / reg));
    }
  });

  test('is the spectral norm of the weighted targets, merged rows by their own length', () => {
    const problem = randomProblem(3, { n: 9, d: 2, c: 2, degeneracy: 'antiparallel rows', reg: 0.3 });
    const setting = settingOf(problem);
    const { reduced } = setting;
    const { sigma, units, reg, frameBound } = setting.problem;
    const rows = Array.from({ length: reduced.n }, (_, i) =>
      reduced.Xw.row(i).reduce((sum, x, k) => sum + (x * reduced.s[k]) ** 2, 0),
    );
    const weighted = reduced.Y.clone();
    reduced.lossRows.forEach((row, r) => {
      const length = (reduced.lossScale[r] * Math.sqrt(rows[row % reduced.n])) / sigma;
      for (let k = 0; k < 2; k++)
        weighted.set(r, k, (weighted.get(r, k) / units.duals) * length * Math.sqrt(frameBound));
    });
    const [[a, b], [, e]] = multiply(weighted.transpose(), weighted).toArray();
    const largest = (a + e) / 2 + Math.hypot((a - e) / 2, b);
    expectWithin(
      dualReach(setting.algebra, setting.problem),
      Math.sqrt(largest) / reg,
      (1e-12 * Math.sqrt(largest)) / reg,
    );
  });
});

describe('a warm start', () => {
  const problem = randomProblem(4, { n: 12, d: 3, c: 2, degeneracy: 'antiparallel rows', reg: 0.1 });
  const setting = settingOf(problem);
  const point = startOf(setting, THETA);
  const mu = complementarity(setting.algebra, setting.problem, THETA, point);
  const state = { ...savePoint(setting.algebra, point), reg: setting.problem.reg, mu };

  test.each([0.5, 2, 1, 0.01])('at %f times the weight decay is strictly feasible, its dual side scaled', (ratio) => {
    const other = settingOf({ ...problem, reg: 0.1 * ratio });
    const warm = createPoint(other.algebra, other.problem);
    expect(complete(warmPoint(other.algebra, other.stack, other.objective, state, warm))).toBe(true);
    expectStrictlyFeasible(other, warm);
    const scaled = (values: Float64Array) => values.map((value) => ratio * value);
    const size = norm(readMatrix(setting, point.Z));
    expectAllWithin(
      readMatrix(other, warm.Z).data,
      scaled(readMatrix(setting, point.Z).data),
      roundOff(16, ratio * size),
    );
    expectAllWithin(readVector(other, warm.N), scaled(readVector(setting, point.N)), roundOff(4, ratio * size));
    // the slack of V makes it complementary to Z_vv = γ/2 at the old μ
    const { m, c, reg } = other.problem;
    const forms = formsOf(other);
    const Y = readMatrix(other, other.problem.Y);
    const Lambda = readMatrix(other, warm.Lambda);
    const W = predictionsOf(forms, Lambda, c);
    const V0 = multiply(combine(Y, W, 1 / reg, -1 / reg).transpose(), W);
    for (let k = 0; k < c; k++) {
      expectWithin((Lambda.get(m + k, m + k) - V0.get(k, k)) * (reg / 2), mu, 1e-7 * mu * (1 + V0.get(k, k) / mu));
    }
  });

  test('of a point of no use is refused', () => {
    const warm = createPoint(setting.algebra, setting.problem);
    const spoilt = { ...state, N: state.N.map(() => 1e6) };
    expect(complete(warmPoint(setting.algebra, setting.stack, setting.objective, spoilt, warm))).toBe(false);
  });
});

describe('the zero network', () => {
  test('is certified exactly where the free multipliers bear Y', () => {
    const problem = randomProblem(6, { n: 8, d: 2, c: 2, degeneracy: 'none', reg: 1 });
    const setting = settingOf(problem);
    const reach = dualReach(setting.algebra, setting.problem);
    const half = problem.Y.data.reduce((sum, y) => sum + y * y, 0) / 2;
    const above = solveRelaxationSync(problem.X, problem.Y, { reg: reach * (1 + 1e-9) });
    expect(above.iterations).toBe(0);
    expectWithin(above.lowerBound, half, roundOff(16, half, 64));
    expectWithin(above.value, half, roundOff(16, half));
    const below = solveRelaxationSync(problem.X, problem.Y, { reg: reach * (1 - 1e-9) });
    expect(below.iterations).toBeGreaterThan(0);
  });
});
