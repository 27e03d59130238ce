/** Mehrotra's predictor and corrector: what the back end is asked, for a direction that is known, against the formulas in plain TypeScript. */
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import type { Backend, Direction, NewtonPoint, RightHandSide } from '../../src/relaxation/backends/contract.js';
import { PredictorCorrector } from '../../src/relaxation/direction.js';
import { complementarity } from '../../src/relaxation/objective.js';
import { NesterovTodd } from '../../src/relaxation/scaling.js';
import { stepLengths } from '../../src/relaxation/step.js';
import { randomInteriorPoint, readMatrix, readVector, settingOf, writeMatrix } from '../support/interior.js';
import { combine, inner, multiply, norm, randomMatrix, randomSymmetric } from '../support/matrices.js';
import { randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const THETA = 0.05;
const setting = settingOf(randomProblem(5, { n: 5, d: 2, c: 2, degeneracy: 'none', reg: 0.2 }));
const { algebra, problem, stack } = setting;
const { p, pairs } = problem;
const point = randomInteriorPoint(setting, new Random(1));
const scaling = new NesterovTodd(algebra, p);
complete(scaling.update(point));
const mu = complementarity(algebra, problem, THETA, point);
const sigma = readVector(setting, scaling.sigma);
const [K, N] = [readVector(setting, point.pairs), readVector(setting, point.N)];

const newton = { point, scaling, mu } as NewtonPoint;

interface Asked {
  readonly Z: Matrix;
  readonly N: Float64Array;
  readonly removed: number;
  readonly tolerance: number;
}

interface Step {
  readonly scaledLambda: Matrix;
  readonly scaledZ: Matrix;
  readonly pairs: Float64Array;
  readonly N: Float64Array;
}

/** Answers every solve with the given step and notes what it was asked. */
function recorder(name: Backend['name'], bound: number, step: Step): { backend: Backend; asked: Asked[] } {
  const asked: Asked[] = [];
  const backend: Backend = {
    name,
    settings: { predictorTolerance: 0.2, correctorTolerance: 0.01, secondOrderBound: bound },
    cgSteps: 0,
    *prepare() {
      yield;
      return true;
    },
    *solve({ Z, N: Rn, removed, tolerance }: RightHandSide, direction: Direction) {
      yield;
      asked.push({ Z: readMatrix(setting, Z), N: readVector(setting, Rn), removed, tolerance });
      writeMatrix(setting, direction.scaledLambda, step.scaledLambda);
      writeMatrix(setting, direction.scaledZ, step.scaledZ);
      algebra.write(direction.pairs, step.pairs);
      algebra.write(direction.N, step.N);
    },
  };
  return { backend, asked };
}

function randomStep(seed: number, size: number): Step {
  const random = new Random(seed);
  const scaled = (values: Float64Array, factor: Float64Array) => values.map((value, k) => size * value * factor[k]);
  return {
    scaledLambda: combine(randomSymmetric(random, p), Matrix.zeros(p, p), size * Math.sqrt(mu), 0),
    scaledZ: combine(randomSymmetric(random, p), Matrix.zeros(p, p), size * Math.sqrt(mu), 0),
    pairs: scaled(randomMatrix(random, pairs, 1).data, K),
    N: scaled(
      randomMatrix(random, pairs, 1).data,
      K.map((value) => (THETA * mu) / value),
    ),
  };
}

/** The complementarity after a step of these lengths, entry by entry. */
function affineMu({ scaledLambda, scaledZ, pairs: dK, N: dN }: Step, primal: number, dual: number): number {
  const diagonal = new Matrix(new Float64Array(p * p), p, p);
  for (let k = 0; k < p; k++) diagonal.set(k, k, sigma[k]);
  let total = inner(combine(diagonal, scaledLambda, 1, primal), combine(diagonal, scaledZ, 1, dual));
  K.forEach((value, k) => {
    total += (value + primal * dK[k]) * (N[k] + dual * dN[k]);
  });
  return total / (p + THETA * pairs);
}

describe.each([
  ['dense', 3, Number.POSITIVE_INFINITY, 0.02],
  ['dense', 3, Number.POSITIVE_INFINITY, 1],
  ['cg', 5, 3, 0.02],
  ['cg', 5, 3, 5],
] as const)('the corrector of %s (exponent %i, second order to %f, step %f)', (name, exponent, bound, size) => {
  const step = randomStep(7, size);
  const { backend, asked } = recorder(name, bound, step);
  const direction = new PredictorCorrector(algebra, stack, THETA);
  const centring = complete(direction.compute(newton, backend));
  const [predictor, corrector] = asked;

  test('is preceded by a predictor that removes the whole point', () => {
    expect([asked.length, predictor.removed, predictor.tolerance]).toEqual([2, 1, 0.2]);
    const expected = Matrix.zeros(p, p);
    for (let k = 0; k < p; k++) expected.set(k, k, -sigma[k]);
    expect(predictor.Z).toEqual(expected);
    expect(predictor.N).toEqual(N.map((value) => -value));
  });

  test('centres by the complementarity that the predicted step would leave', () => {
    const { primal, dual } = complete(stepLengths(algebra, scaling, point, direction.direction, setting.problem.loss));
    const left = affineMu(step, Math.min(1, primal), Math.min(1, dual)) / mu;
    const expected = Math.min(1, Math.max(1e-6, Math.max(0, left) ** exponent));
    expectWithin(centring, expected, 1e-10 * Math.max(1, expected));
    expectWithin(corrector.removed, 1 - centring, roundOff(1, 1));
    expect(corrector.tolerance).toBe(0.01);
  });

  test('asks for σμI on the matrix, second order included and clipped', () => {
    const product = multiply(step.scaledLambda, step.scaledZ);
    let C = combine(product, product.transpose(), -0.5, -0.5);
    const limit = bound * mu * Math.sqrt(p);
    const isClipped = norm(C) > limit;
    expect(isClipped).toBe(name === 'cg' && size > 1);
    if (isClipped) C = combine(C, C, limit / norm(C), 0);
    const expected = Matrix.zeros(p, p);
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        const target = C.get(i, j) + (i === j ? centring * mu - sigma[i] ** 2 : 0);
        expected.set(i, j, (2 * target) / (sigma[i] + sigma[j]));
      }
    }
    expectAllWithin(corrector.Z, expected, roundOff(p, norm(expected)));
  });

  test('asks for θσμ on the rows, second order clipped, none below half of its target', () => {
    const target = THETA * centring * mu;
    const limit = bound * THETA * mu;
    let raised = 0;
    const expected = K.map((value, k) => {
      const second = Math.max(-limit, Math.min(limit, step.pairs[k] * step.N[k]));
      const wanted = (target - second) / value - N[k];
      const least = (0.5 * target) / value - N[k];
      if (least > wanted) raised++;
      return Math.max(wanted, least);
    });
    expectAllWithin(corrector.N, expected, roundOff(4, norm(expected)));
    expect(raised > 0).toBe(size >= 1);
  });
});

test('a predictor that leaves nothing still centres a little', () => {
  const whole = recorder('dense', 1, {
    scaledLambda: combine(scaledPoint(), scaledPoint(), -1, 0),
    scaledZ: Matrix.zeros(p, p),
    pairs: K.map((value) => -value),
    N: new Float64Array(pairs),
  });
  const centring = complete(new PredictorCorrector(algebra, stack, THETA).compute(newton, whole.backend));
  expect(centring).toBe(1e-6);
});

function scaledPoint(): Matrix {
  const result = Matrix.zeros(p, p);
  for (let k = 0; k < p; k++) result.set(k, k, sigma[k]);
  return result;
}
