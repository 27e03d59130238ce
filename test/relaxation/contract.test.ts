/**
 * The four equations of backends/contract.ts, for every back end, at random strictly interior points and random right-hand sides: far from
 * the central path and (small depth) near the boundary, where Delta reaches 1e8.
 */
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.js';
import { flat } from '../../src/linalg/views.js';
import { CgBackend } from '../../src/relaxation/backends/cg.js';
import type { Backend, Direction, NewtonPoint } from '../../src/relaxation/backends/contract.js';
import { DenseBackend } from '../../src/relaxation/backends/dense.js';
import { complementarity } from '../../src/relaxation/objective.js';
import { NesterovTodd } from '../../src/relaxation/scaling.js';
import {
  randomInteriorPoint,
  readMatrix,
  readVector,
  type Setting,
  settingOf,
  writeMatrix,
} from '../support/interior.js';
import { combine, multiply, norm, randomMatrix, randomSymmetric } from '../support/matrices.js';
import { randomProblem } from '../support/random.js';
import { expectAllWithin, NEWTON_ROW_ACCURACY, roundOff } from '../support/tolerance.js';
import { formsOf, newtonResiduals, predictionsOf, rowsOf } from './newton-equations.js';

const BACKENDS: Readonly<Record<Backend['name'], (setting: Setting) => Backend>> = {
  dense: ({ algebra, stack }) => new DenseBackend(algebra, stack),
  cg: ({ algebra, stack }) => new CgBackend(algebra, stack),
};

const SHAPES = [
  { n: 1, d: 1, c: 1 },
  { n: 1, d: 1, c: 3 },
  { n: 2, d: 1, c: 1 },
  { n: 2, d: 2, c: 3 },
  { n: 9, d: 3, c: 1 },
  { n: 12, d: 12, c: 1 },
  { n: 33, d: 1, c: 3 },
  { n: 33, d: 2, c: 3 },
  { n: 33, d: 33, c: 3 },
];

/** Dense unknowns of the largest shape would take a minute. */
const CASES = (['dense', 'cg'] as const).flatMap((name) =>
  SHAPES.filter(({ d }) => name === 'cg' || d < 33).flatMap((shape) =>
    (['none', 'antiparallel rows'] as const).flatMap((degeneracy) =>
      [1, 1e-3].map((depth) => ({ name, ...shape, degeneracy, depth })),
    ),
  ),
);

function newtonAt(setting: Setting, random: Random, depth: number): NewtonPoint {
  const { algebra, problem } = setting;
  const point = randomInteriorPoint(setting, random, depth);
  const scaling = new NesterovTodd(algebra, problem.p);
  expect(scaling.update(point)).toBe(true);
  const delta = algebra.vector(problem.pairs);
  algebra.kernels.exports.divide(problem.pairs, point.N.at, point.pairs.at, delta.at);
  const residual = algebra.matrix(problem.lossCount, problem.c);
  writeMatrix(setting, residual, randomMatrix(random, problem.lossCount, problem.c));
  return {
    point,
    scaling,
    delta,
    residual,
    mu: complementarity(algebra, problem, 0.1, point),
    gaps: [1],
    isExpired: () => false,
    remainingMs: () => Number.POSITIVE_INFINITY,
  };
}

/** Buffers full of NaN: what a solve does not write shows. */
function poisonedDirection({ algebra, problem: { n, p, c, pairs, lossCount } }: Setting): Direction {
  const matrix = (rows: number, columns: number) => {
    const A = algebra.matrix(rows, columns);
    algebra.fill(flat(A), Number.NaN);
    return A;
  };
  const vector = (length: number) => {
    const v = algebra.vector(length);
    algebra.fill(v, Number.NaN);
    return v;
  };
  return {
    scaledLambda: matrix(p, p),
    Lambda: matrix(p, p),
    scaledZ: matrix(p, p),
    pairs: vector(pairs),
    W: matrix(lossCount, c),
    a: matrix(lossCount, c),
    N: vector(pairs),
    w: vector(n),
  };
}

describe.each(CASES)(
  '$name on $n×$d with $c outputs, $degeneracy, depth $depth',
  ({ name, n, d, c, degeneracy, depth }) => {
    const setting = settingOf(randomProblem(n + d + c, { n, d, c, degeneracy, reg: 0.1 }));
    const { algebra, problem } = setting;
    const random = new Random(100 * n + 10 * d + c);
    const newton = newtonAt(setting, random, depth);
    const backend = BACKENDS[name](setting);
    expect(backend.prepare(newton)).toBe(true);
    const right = { Z: algebra.matrix(problem.p, problem.p), N: algebra.vector(problem.pairs) };
    const solve = (removed: number, tolerance: number) => {
      writeMatrix(setting, right.Z, randomSymmetric(random, problem.p));
      algebra.write(right.N, randomMatrix(random, problem.pairs, 1).data);
      const direction = poisonedDirection(setting);
      const rightHandSide = { ...right, removed, tolerance };
      for (const _ of backend.solve(rightHandSide, direction));
      return { direction, ...newtonResiduals(setting, newton, rightHandSide, direction) };
    };

    test.each([
      [1, backend.settings.predictorTolerance],
      [0.4, backend.settings.correctorTolerance],
      [0.7, 1e-6],
    ])('solves its equations, %f of the point removed, to %f', (removed, tolerance) => {
      const { direction, Z, rows, completed } = solve(removed, tolerance);
      const size = 1 + norm(readMatrix(setting, direction.Lambda));
      const scaledSize = 1 + norm(readMatrix(setting, direction.scaledLambda));
      const allowed = tolerance * Math.sqrt(problem.p * newton.mu) + NEWTON_ROW_ACCURACY * scaledSize;
      expect(norm(Z)).toBeLessThanOrEqual(allowed);
      expectAllWithin(rows.S, new Float64Array(problem.n), NEWTON_ROW_ACCURACY * size);
      expectAllWithin(completed.W.data, new Float64Array(completed.W.data.length), NEWTON_ROW_ACCURACY * size);
      const delta = readVector(setting, newton.delta);
      rows.N.forEach((left, k) => {
        const least = Math.min(Math.abs(left), Math.abs(completed.N[k]));
        expect(least / (1 + delta[k])).toBeLessThanOrEqual(NEWTON_ROW_ACCURACY * size);
      });
    });

    test('returns one direction in all its forms', () => {
      const { direction } = solve(0.5, backend.settings.correctorTolerance);
      const read = (A: typeof direction.a) => readMatrix(setting, A);
      const D = read(newton.scaling.D);
      const Lambda = read(direction.Lambda);
      const size = norm(D) ** 2 * norm(read(direction.scaledLambda));
      expectAllWithin(
        multiply(multiply(D, read(direction.scaledLambda)), D.transpose()),
        Lambda,
        roundOff(problem.p, size, 64),
      );
      const forms = formsOf(setting);
      const formSize = norm(forms.T) ** 2 * norm(Lambda);
      expectAllWithin(readVector(setting, direction.pairs), rowsOf(forms, Lambda).pairs, roundOff(problem.p, formSize));
      expectAllWithin(
        read(direction.W),
        predictionsOf(forms, Lambda, c),
        roundOff(problem.p, norm(forms.S) * norm(Lambda)),
      );
      const sum = combine(read(direction.scaledLambda), read(direction.scaledZ));
      expectAllWithin(
        sum,
        read(right.Z),
        roundOff(problem.p, norm(read(direction.scaledLambda)) + norm(read(right.Z))),
      );
    });
  },
);
