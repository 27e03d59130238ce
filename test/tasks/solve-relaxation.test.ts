/** The relaxation end to end, in the user's coordinates: what was reduced away comes back, and equal problems have equal values. */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import type { Report } from '../../src/base/types.js';
import { thinSvd } from '../../src/linalg/svd.js';
import { kernelForm } from '../../src/problem/kernel-form.js';
import { valueAtZero } from '../../src/problem/losses/models.js';
import type { Certificate, TrainingProblem } from '../../src/problem/problem.js';
import { zeroCertificate } from '../../src/problem/zero-network.js';
import { VALID_SLACK } from '../../src/proof/verify.js';
import type { RelaxationResult } from '../../src/tasks/relaxation-result.js';
import { solveRelaxation } from '../../src/tasks/solve-relaxation.js';
import { train } from '../../src/tasks/train.js';
import { verifyProofSync } from '../../src/tasks/verify-proof.js';
import { liftedProgram } from '../support/lifted-program.js';
import { multiply, norm, randomMatrix } from '../support/matrices.js';
import { squaredProblem, verifyCertificate } from '../support/problem.js';
import { randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff, solverTolerance } from '../support/tolerance.js';

const TOLERANCE = 1e-5;
const problems = Array.from({ length: 24 }, (_, seed) => randomProblem(seed, { n: 4 + (seed % 9) }));

const solve = ({ X, Y, reg }: TrainingProblem): Promise<RelaxationResult> =>
  solveRelaxation(X, Y, { reg, tolerance: TOLERANCE });

/** A matrix with the given rows. */
const fromRows = (rows: readonly Float64Array[], columns: number): Matrix => {
  const result = Matrix.zeros(rows.length, columns);
  rows.forEach((row, i) => {
    result.row(i).set(row);
  });
  return result;
};

const rowsOf = (A: Matrix): Float64Array[] => Array.from({ length: A.rows }, (_, i) => A.row(i));

const times = (row: Float64Array, factor: number): Float64Array => row.map((x) => x * factor);

/** Problems with the same optimum, by construction. */
const EQUIVALENTS: Record<string, (problem: TrainingProblem, random: Random) => TrainingProblem> = {
  'rotated features': ({ X, Y, reg }, random) => {
    const { U: rotation } = thinSvd(randomMatrix(random, X.columns, X.columns), 1e-12);
    return squaredProblem(multiply(X, rotation), Y, reg);
  },
  'permuted rows': ({ X, Y, reg }, random) => {
    const order = [...random.permutation(X.rows)];
    const pick = (A: Matrix) =>
      fromRows(
        order.map((i) => A.row(i)),
        A.columns,
      );
    return squaredProblem(pick(X), pick(Y), reg);
  },
  'negated features': ({ X, ...rest }) => ({
    ...rest,
    X: new Matrix(
      X.data.map((x) => -x),
      X.rows,
      X.columns,
    ),
  }),
  'rows split into parallel parts': ({ X, Y, reg }) => {
    const split = (A: Matrix) =>
      fromRows(
        rowsOf(A).flatMap((row) => [times(row, 0.6), times(row, 0.8)]),
        A.columns,
      );
    return squaredProblem(split(X), split(Y), reg);
  },
  'larger weights on larger data': ({ X, reg, ...rest }) => ({
    ...rest,
    X: new Matrix(
      X.data.map((x) => 1e3 * x),
      X.rows,
      X.columns,
    ),
    reg: 1e3 * reg,
  }),
};

describe.each(problems.map((problem, seed) => ({ name: problem.name, problem, seed })))(
  '$name',
  ({ problem, seed }) => {
    const { X, Y, reg } = problem;
    const solved = solve(problem);

    it('returns G and multipliers in the coordinates of X: value, feasibility and bound can be recomputed from them', async () => {
      const { G, value, proof, lowerBound } = await solved;
      const order = X.rows + X.columns;
      expect([G.rows, G.columns]).toEqual([order, order]);
      const form = kernelForm(problem, G);
      expectWithin(form.value, value, roundOff(order, norm(Y) ** 2 * (1 + norm(G) / reg), 64), 'value at G');
      const Lambda = form.lambda();
      const accuracy = roundOff(Lambda.rows, norm(Lambda) * (1 + norm(X)) ** 2, 64);
      const program = liftedProgram(problem);
      const report = program.feasibility(Lambda);
      expectWithin(report.linear, 0, accuracy, 'tr MΛMᵀ');
      expectWithin(report.complementarity, 0, accuracy, 'tr Λ[alpha,beta]');
      expect(report.smallestEntry).toBeGreaterThanOrEqual(-accuracy);
      expect(report.smallestEigenvalue).toBeGreaterThanOrEqual(-accuracy);
      expect(lowerBound).toBeLessThanOrEqual(value);
      expect(proof).toMatchObject({ lowerBound, reg, exact: undefined });
      expect(verifyCertificate(X, Y, proof.relaxation as Certificate).lowerBound).toBe(lowerBound);
      expectAllWithin(G.transpose(), G, 0);
    });

    it.each(Object.entries(EQUIVALENTS))('has the value of the same problem with %s', async (_, equivalent) => {
      const { value, lowerBound } = await solved;
      const other = await solve(equivalent(problem, new Random(3000 + seed)));
      expect(other.lowerBound).toBeLessThanOrEqual(value);
      expect(lowerBound).toBeLessThanOrEqual(other.value);
    });

    it('gains ½‖y‖² from a zero row', async () => {
      const { value, lowerBound } = await solved;
      const y = new Float64Array(Y.columns).fill(2);
      const added = 2 * Y.columns;
      const other = await solve({
        ...problem,
        X: fromRows([new Float64Array(X.columns), ...rowsOf(X)], X.columns),
        Y: fromRows([y, ...rowsOf(Y)], Y.columns),
      });
      const slack = roundOff(X.rows, norm(Y) ** 2 + added);
      expect(other.lowerBound).toBeLessThanOrEqual(value + added + slack);
      expect(lowerBound + added).toBeLessThanOrEqual(other.value + slack);
    });
  },
);

describe('rows with near-copies', () => {
  const base = randomProblem(1, { n: 12, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });
  /** The last six rows are ±1.5 times the first six, displaced by `distance`. */
  const withNearCopies = (sign: 1 | -1, distance: number): TrainingProblem => {
    const random = new Random(9);
    const X = base.X.clone();
    for (let i = 6; i < 12; i++) X.row(i).set(X.row(i - 6).map((x) => sign * 1.5 * x + distance * random.normal()));
    return { ...base, X };
  };

  it.each([1, -1] as const)(
    'times %i: merged where too close to tell apart at the tolerance, with a sound bound',
    async (sign) => {
      const tolerance = 1e-3;
      const exact = withNearCopies(sign, 0);
      const reference = await solveRelaxation(exact.X, exact.Y, { reg: exact.reg, tolerance });
      for (const distance of [1e-12, 1e-9, 1e-7, 1e-6]) {
        const { X, Y, reg } = withNearCopies(sign, distance);
        const { status, gap, value } = await solveRelaxation(X, Y, { reg, tolerance });
        expect(status).toBe('certified');
        expect(gap).toBeLessThanOrEqual(tolerance);
        expectWithin(value, reference.value, solverTolerance(tolerance, reference.value));
      }
    },
  );
});

describe('rows too far apart to merge and nearly parallel', () => {
  it.each([1, -1].flatMap((sign) => [3e-6, 3e-5, 1e-4].map((distance) => ({ sign, distance }))))(
    'solves with pairs at $sign and distance $distance',
    async ({ sign, distance }) => {
      const random = new Random(1);
      const X = randomMatrix(random, 12, 3);
      const Y = randomMatrix(random, 12, 2);
      for (let i = 9; i < 12; i++) X.row(i).set(X.row(i - 9).map((x) => sign * 1.5 * x + distance * random.normal()));
      const { loss, relaxation } = await train(X, Y, { reg: 0.1, tolerance: TOLERANCE });
      expect(relaxation?.status).toBe('certified');
      expect(relaxation?.gap).toBeLessThanOrEqual(TOLERANCE);
      expect(relaxation?.lowerBound).toBeLessThanOrEqual(loss);
    },
  );
});

describe('limits within the reductions of a large problem', () => {
  const X = randomMatrix(new Random(8), 200, 200);
  const Y = randomMatrix(new Random(9), 200, 1);

  it('the time limit leaves the zero network and a bound known without work', async () => {
    const { status, value, lowerBound, history, proof } = await solveRelaxation(X, Y, { reg: 1, timeLimitMs: 0 });
    expect(status).toBe('time-limit');
    expect(history).toHaveLength(0);
    expect(value).toBe(valueAtZero(squaredProblem(X, Y, 1)));
    expect(lowerBound).toBeGreaterThan(0);
    expect(verifyProofSync(X, Y, proof)).toMatchObject({ lowerBound, valid: true, from: 'norms' });
  });

  it('signals are seen', async () => {
    const abort = new AbortController();
    const onProgress = ({ phase }: Report) => phase === 'reduce' && abort.abort('reducing');
    await expect(solveRelaxation(X, Y, { onProgress, signal: abort.signal })).rejects.toBe('reducing');
    const stopped = await solveRelaxation(X, Y, { onProgress: () => {}, stopSignal: abort.signal });
    expect(stopped.status).toBe('stopped');
    const { network, loss, lowerBound } = await train(X, Y, { reg: 1, stopSignal: abort.signal });
    expect(loss).toBeGreaterThanOrEqual(lowerBound);
    expect(network.width).toBeGreaterThanOrEqual(0);
  });

  it.each(problems.map((problem) => [problem.name, problem] as const))('its bound is true: %s', async (_, problem) => {
    const { lowerBound, slack, valid } = verifyCertificate(problem.X, problem.Y, zeroCertificate(problem));
    expect(valid).toBe(true);
    expect(slack).toBeLessThanOrEqual(VALID_SLACK);
    expect(lowerBound).toBeLessThanOrEqual((await solve(problem)).value);
  });
});
