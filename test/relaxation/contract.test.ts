/**
 * The four equations of backends/contract.ts, for every back end, at random strictly interior points and random right-hand sides: far from
 * the central path and (small depth) near the boundary, where Delta reaches 1e8.
 */

import { beforeAll, describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { flat, type View } from '../../src/linalg/views.js';
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
import { type Degeneracy, randomProblem } from '../support/random.js';
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

/** H of the loss where it is not the identity: any, and one that is singular as softmax's is. */
const CURVATURES = ['random', 'singular'] as const;

interface Case {
  readonly name: Backend['name'];
  readonly n: number;
  readonly d: number;
  readonly c: number;
  readonly degeneracy: Degeneracy;
  readonly depth: number;
  readonly curvature: 'identity' | (typeof CURVATURES)[number];
}

/** Small ones first; dense unknowns of the largest shape would take a minute, and only the dense back end takes other curvatures. */
const CASES: readonly Case[] = SHAPES.flatMap((shape) =>
  (['cg', 'dense'] as const)
    .filter((name) => name === 'cg' || shape.d < 33)
    .flatMap((name) =>
      (['none', 'antiparallel rows'] as const).flatMap((degeneracy) =>
        [1, 1e-3].flatMap((depth) => {
          const curvatures = name === 'dense' && shape.c > 1 && depth < 1 ? CURVATURES : [];
          return (['identity', ...curvatures] as const).map((curvature) => ({
            name,
            ...shape,
            degeneracy,
            depth,
            curvature,
          }));
        }),
      ),
    ),
);

/** A symmetric positive semidefinite block for each loss row. */
function randomCurvature({ algebra, problem }: Setting, random: Random, isSingular: boolean): View {
  const { lossCount, c } = problem;
  const H = algebra.matrix(lossCount, c * c);
  const blocks = Array.from({ length: lossCount }, () => {
    const B = randomMatrix(random, c, Math.max(1, isSingular ? c - 1 : c));
    return [...multiply(B, B.transpose()).data];
  });
  algebra.write(flat(H), blocks.flat());
  return H;
}

function newtonAt(setting: Setting, random: Random, depth: number, curvature: string): NewtonPoint {
  const { algebra, problem } = setting;
  const point = randomInteriorPoint(setting, random, depth);
  const scaling = new NesterovTodd(algebra, problem.p);
  expect(complete(scaling.update(point))).toBe(true);
  const delta = algebra.vector(problem.pairs);
  algebra.kernels.exports.divide(problem.pairs, point.N.at, point.pairs.at, delta.at);
  const residual = algebra.matrix(problem.lossCount, problem.c);
  writeMatrix(setting, residual, randomMatrix(random, problem.lossCount, problem.c));
  return {
    point,
    scaling,
    delta,
    residual,
    curvature: curvature === 'identity' ? undefined : randomCurvature(setting, random, curvature === 'singular'),
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

/** A back end, prepared at a random point of a random problem. */
function systemOf({ name, n, d, c, degeneracy, depth, curvature }: Case) {
  const setting = settingOf(randomProblem(n + d + c, { n, d, c, degeneracy, reg: 0.1 }));
  const { algebra, problem } = setting;
  const random = new Random(100 * n + 10 * d + c);
  const newton = newtonAt(setting, random, depth, curvature);
  const backend = BACKENDS[name](setting);
  expect(complete(backend.prepare(newton))).toBe(true);
  const right = { Z: algebra.matrix(problem.p, problem.p), N: algebra.vector(problem.pairs) };
  return {
    setting,
    newton,
    backend,
    right,
    /** A solve for random right-hand sides, and what is left of the equations. */
    solve(removed: number, tolerance: number) {
      writeMatrix(setting, right.Z, randomSymmetric(random, problem.p));
      algebra.write(right.N, randomMatrix(random, problem.pairs, 1).data);
      const direction = poisonedDirection(setting);
      const rightHandSide = { ...right, removed, tolerance };
      for (const _ of backend.solve(rightHandSide, direction));
      return { direction, ...newtonResiduals(setting, newton, rightHandSide, direction) };
    },
  };
}

describe.each(CASES)('$name on $n×$d with $c outputs, $degeneracy, depth $depth, curvature $curvature', (options) => {
  let system: ReturnType<typeof systemOf>;
  beforeAll(() => {
    system = systemOf(options);
  });

  test.each([
    [1, 'predictorTolerance'],
    [0.4, 'correctorTolerance'],
    [0.7, 'a millionth'],
  ] as const)('solves its equations, %f of the point removed, to its %s', (removed, name) => {
    const { setting, newton, backend, solve } = system;
    const { p, n, mu } = { ...setting.problem, mu: newton.mu };
    const tolerance = name === 'a millionth' ? 1e-6 : backend.settings[name];
    const { direction, Z, rows, completed } = solve(removed, tolerance);
    const size = 1 + norm(readMatrix(setting, direction.Lambda));
    const scaledSize = 1 + norm(readMatrix(setting, direction.scaledLambda));
    expect(norm(Z)).toBeLessThanOrEqual(tolerance * Math.sqrt(p * mu) + NEWTON_ROW_ACCURACY * scaledSize);
    expectAllWithin(rows.S, new Float64Array(n), NEWTON_ROW_ACCURACY * size);
    const H = newton.curvature ? 1 + norm(readMatrix(setting, newton.curvature)) : 1;
    expectAllWithin(completed.W.data, new Float64Array(completed.W.data.length), NEWTON_ROW_ACCURACY * size * H);
    const delta = readVector(setting, newton.delta);
    rows.N.forEach((left, k) => {
      const least = Math.min(Math.abs(left), Math.abs(completed.N[k]));
      expect(least / (1 + delta[k])).toBeLessThanOrEqual(NEWTON_ROW_ACCURACY * size);
    });
  });

  test('returns one direction in all its forms', () => {
    const { setting, newton, backend, right, solve } = system;
    const { p, c } = setting.problem;
    const { direction } = solve(0.5, backend.settings.correctorTolerance);
    const read = (A: View): Matrix => readMatrix(setting, A);
    const [D, scaled, Lambda, Z] = [newton.scaling.D, direction.scaledLambda, direction.Lambda, right.Z].map(read);
    const forms = formsOf(setting);
    const formSize = norm(forms.T) ** 2 * norm(Lambda);
    expectAllWithin(multiply(multiply(D, scaled), D.transpose()), Lambda, roundOff(p, norm(D) ** 2 * norm(scaled), 64));
    expectAllWithin(readVector(setting, direction.pairs), rowsOf(forms, Lambda).pairs, roundOff(p, formSize));
    expectAllWithin(read(direction.W), predictionsOf(forms, Lambda, c), roundOff(p, norm(forms.S) * norm(Lambda)));
    expectAllWithin(combine(scaled, read(direction.scaledZ)), Z, roundOff(p, norm(scaled) + norm(Z)));
  });
});
