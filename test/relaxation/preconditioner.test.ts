/** The preconditioner's equations, and the correction of rows that the iteration left a little wrong, by their definitions. */

import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { slice, type Vector } from '../../src/linalg/views.js';
import { Preconditioner } from '../../src/relaxation/backends/preconditioner.js';
import { WhitenedStack } from '../../src/relaxation/backends/whitened-stack.js';
import { NesterovTodd } from '../../src/relaxation/scaling.js';
import { randomInteriorPoint, readMatrix, readVector, settingOf, writeMatrix } from '../support/interior.js';
import { combine, multiply, norm, randomMatrix, randomSymmetric } from '../support/matrices.js';
import { randomProblem } from '../support/random.js';
import { expectAllWithin, NEWTON_ROW_ACCURACY } from '../support/tolerance.js';
import { formsOf } from './newton-equations.js';

describe.each([
  [1, 1, 2],
  [5, 2, 1],
  [9, 3, 3],
  [17, 2, 2],
])('%i rows of rank %i with %i outputs', (n, d, c) => {
  const setting = settingOf(randomProblem(n + 1, { n, d, c, degeneracy: 'antiparallel rows', reg: 0.1 }));
  const { algebra, problem } = setting;
  const { p, lossCount } = problem;
  const random = new Random(n);
  const point = randomInteriorPoint(setting, random, 1e-2);
  const scaling = new NesterovTodd(algebra, p);
  complete(scaling.update(point));
  const delta = algebra.vector(problem.pairs);
  algebra.kernels.exports.divide(problem.pairs, point.N.at, point.pairs.at, delta.at);
  const stack = new WhitenedStack(algebra, problem);
  complete(stack.prepare(scaling));
  const preconditioner = new Preconditioner(algebra, problem, stack);
  expect(complete(preconditioner.prepare(delta))).toBe(true);

  // S over the stack: row r is lossScale[r] times form lossRows[r]
  const rows = readMatrix(setting, stack.rows);
  const forms = rows.rows - c;
  const T = pickRows(
    rows,
    Array.from({ length: forms }, (_, k) => k),
  );
  const V = pickRows(
    rows,
    Array.from({ length: c }, (_, k) => forms + k),
  );
  const S = pickRows(T, setting.reduced.lossRows, setting.reduced.lossScale);
  const { list } = preconditioner.active;
  const [i, j] = [list.i, list.j].map((at) => [...algebra.kernels.arena.ints(at, list.count)]);
  const slack = readVector(setting, preconditioner.active.slack);
  const predict = (X: Matrix): Matrix => multiply(multiply(S, X), V.transpose());
  const pairsOf = (X: Matrix): Float64Array => {
    const K = multiply(multiply(T, X), T.transpose());
    return Float64Array.from(i, (row, k) => K.get(row, j[k]));
  };
  /** T̃ᵀ(λ/2)T̃ + E~(l), symmetric. */
  const adjoint = (lambda: Float64Array, l: Matrix): Matrix => {
    const N = Matrix.zeros(forms, forms);
    lambda.forEach((value, k) => {
      N.set(i[k], j[k], N.get(i[k], j[k]) + value);
    });
    const half = combine(multiply(multiply(T.transpose(), N), T), multiply(multiply(S.transpose(), l), V));
    return combine(half, half.transpose(), 0.5, 0.5);
  };
  const place = (values: Matrix) => {
    const A = algebra.matrix(values.rows, values.columns);
    writeMatrix(setting, A, values);
    return A;
  };
  const room = (length: number): Vector => slice(algebra.vector(length), 0, length);

  test('has the whitened rows of T and S', () => {
    // W = D̂ D̂ᵀ over the forms is T Wn Tᵀ with Wn = D Dᵀ
    const D = readMatrix(setting, scaling.D);
    const plain = multiply(formsOf(setting).T, D);
    expectAllWithin(
      multiply(T, T.transpose()),
      multiply(plain, plain.transpose()),
      NEWTON_ROW_ACCURACY * norm(plain) ** 2,
    );
  });

  test('is inverted exactly: what it takes away adds up, its rows hold', () => {
    const r = randomSymmetric(random, p);
    const [z, l, lambda] = [algebra.matrix(p, p), algebra.matrix(lossCount, c), room(list.count)];
    complete(preconditioner.solve(place(r), z, lambda, l));
    const [Z, L, multipliers] = [readMatrix(setting, z), readMatrix(setting, l), readVector(setting, lambda)];
    const size = norm(r) * (1 + norm(T) ** 2);
    expectAllWithin(combine(Z, adjoint(multipliers, L)), r, NEWTON_ROW_ACCURACY * size, 'sum');
    expectAllWithin(predict(Z), L, NEWTON_ROW_ACCURACY * size, 'loss rows');
    expectAllWithin(
      pairsOf(Z),
      slack.map((value, k) => value * multipliers[k]),
      NEWTON_ROW_ACCURACY * size,
      'rows',
    );
  });

  test('corrects rows that do not hold, and leaves the sum as it was', () => {
    const X = randomSymmetric(random, p);
    const start = randomMatrix(random, list.count, 1).data;
    const [view, lambda, step, correction] = [place(X), room(list.count), algebra.matrix(p, p), room(list.count)];
    algebra.write(lambda, start);
    const energy = complete(preconditioner.correctRows(view, lambda, step, correction));
    const [after, multipliers] = [readMatrix(setting, view), readVector(setting, lambda)];
    const size = (norm(X) + norm(start)) * (1 + norm(T) ** 2);
    expectAllWithin(
      pairsOf(after),
      slack.map((value, k) => value * multipliers[k]),
      NEWTON_ROW_ACCURACY * size,
      'rows',
    );
    const total = (A: Matrix, lambdas: Float64Array) => combine(A, adjoint(lambdas, predict(A)));
    expectAllWithin(total(after, multipliers), total(X, start), NEWTON_ROW_ACCURACY * size * (1 + norm(T) ** 2), 'sum');
    expect(norm(combine(after, X, 1, -1)) ** 2).toBeLessThanOrEqual(energy * (1 + 1e-9) + 1e-20);
    // a second correction finds nothing to do
    expect(complete(preconditioner.correctRows(view, lambda, step, correction))).toBeLessThanOrEqual(
      1e-12 * (1 + energy),
    );
  });
});

function pickRows(A: Matrix, rows: ArrayLike<number>, factors?: ArrayLike<number>): Matrix {
  const result = Matrix.zeros(rows.length, A.columns);
  for (let k = 0; k < rows.length; k++) {
    for (let j = 0; j < A.columns; j++) result.set(k, j, (factors?.[k] ?? 1) * A.get(rows[k], j));
  }
  return result;
}
