import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { kernelForm } from '../../src/problem/kernel-form.js';
import { solveRelaxation, solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { loadFixture, referenceOptimum } from '../support/fixtures.js';
import { squaredProblem } from '../support/problem.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { expectWithin, referenceTolerance, roundOff, solverTolerance } from '../support/tolerance.js';

const TOLERANCE = 1e-6;
const scaled = (A: Matrix, factor: number): Matrix =>
  new Matrix(
    A.data.map((value) => factor * value),
    A.rows,
    A.columns,
  );

describe('solveRelaxation on random problems', () => {
  test.each(DEGENERACIES.map((degeneracy, seed) => ({ degeneracy, seed })))(
    'solves $degeneracy',
    ({ degeneracy, seed }) => {
      const { X, Y, reg } = randomProblem(seed, { degeneracy });
      const result = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE });
      expect(result.status).toBe('certified');
      expect(result.lowerBound).toBeLessThanOrEqual(result.value + roundOff(Y.data.length, result.value));
      expect(result.gap).toBeLessThanOrEqual(10 * TOLERANCE);
    },
  );

  test('does not depend on the units of X and Y', () => {
    const { X, Y, reg } = randomProblem(0, { n: 6, d: 2, c: 2, degeneracy: 'none' });
    const { value } = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE });
    for (const [x, y] of [
      [1e8, 1],
      [1e-9, 1e6],
      [1, 1e-7],
    ]) {
      const other = solveRelaxationSync(scaled(X, x), scaled(Y, y), { reg: reg * x * y, tolerance: TOLERANCE });
      expect(other.status).toBe('certified');
      expectWithin(other.value / y ** 2, value, solverTolerance(TOLERANCE, value));
      expectWithin(other.lowerBound / y ** 2, value, solverTolerance(TOLERANCE, value));
    }
  });

  test('returns the zero network exactly when the weight decay is huge', () => {
    const { X, Y } = randomProblem(3, { n: 5, d: 2, c: 2, degeneracy: 'none' });
    const result = solveRelaxationSync(X, Y, { reg: 1e6 });
    const half = Y.data.reduce((sum, y) => sum + y * y, 0) / 2;
    expectWithin(result.value, half, roundOff(Y.data.length, half));
    expectWithin(result.lowerBound, half, roundOff(Y.data.length, half, 64));
    expect(result.G.data.every((entry) => entry === 0)).toBe(true);
  });

  test('its G has the value it reports', () => {
    const { X, Y, reg } = randomProblem(5, { n: 6, d: 2, c: 2, degeneracy: 'none' });
    const { G, value } = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE });
    expectWithin(kernelForm(squaredProblem(X, Y, reg), G).value, value, solverTolerance(TOLERANCE, value));
  });

  test('gives the same bits twice, in both faces', async () => {
    const { X, Y, reg } = randomProblem(7, { n: 7, d: 3, c: 2, degeneracy: 'none' });
    const first = solveRelaxationSync(X, Y, { reg });
    const second = await solveRelaxation(X, Y, { reg });
    expect(second.G.data).toEqual(first.G.data);
    expect(second.proof.relaxation?.pairs).toEqual(first.proof.relaxation?.pairs);
  });

  test('leaves its inputs as they were', () => {
    const { X, Y, reg } = randomProblem(8, { n: 5, d: 2, c: 1, degeneracy: 'none' });
    const [before, targets] = [X.clone(), Y.clone()];
    solveRelaxationSync(X, Y, { reg });
    expect(X.data).toEqual(before.data);
    expect(Y.data).toEqual(targets.data);
  });
});

describe('a run that is limited', () => {
  const { X, Y, reg } = randomProblem(9, { n: 12, d: 3, c: 2, degeneracy: 'none' });

  test('returns the best of so many iterations with a true bound', () => {
    const full = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE });
    const short = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE, maxIterations: 4 });
    expect(short.status).toBe('max-iterations');
    expect(short.iterations).toBe(4);
    expect(short.lowerBound).toBeLessThanOrEqual(full.value);
    expect(short.value).toBeGreaterThanOrEqual(full.lowerBound);
  });

  test('stops at a time limit of zero', () => {
    expect(solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE, timeLimitMs: 0 }).status).toBe('time-limit');
  });

  test('stops when asked and rejects when aborted', async () => {
    const stop = new AbortController();
    const onProgress = ({ iteration }: { iteration: number }) => iteration === 2 && stop.abort();
    const result = await solveRelaxation(X, Y, { reg, tolerance: TOLERANCE, onProgress, stopSignal: stop.signal });
    expect(result.status).toBe('stopped');
    const reason = new Error('enough');
    await expect(solveRelaxation(X, Y, { reg, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('records its cost and never loses ground', () => {
    const { history } = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE });
    for (let k = 1; k < history.length; k++) {
      expect(history[k].iteration).toBe(k);
      expect(history[k].flops).toBeGreaterThan(history[k - 1].flops);
      expect(history[k].factorizations).toBeGreaterThan(history[k - 1].factorizations);
      expect(history[k].value).toBeLessThanOrEqual(history[k - 1].value);
      expect(history[k].lowerBound).toBeGreaterThanOrEqual(history[k - 1].lowerBound);
    }
  });
});

/** Requirements of the reference suite: value to valueAccuracy, bound to boundAccuracy below it and never above. */
const REFERENCES = [
  { dataset: 'random/0', regs: [0.1, 0.01], valueAccuracy: 1e-6, boundAccuracy: 1e-5 },
  { dataset: 'random/1', regs: [0.1, 0.01], valueAccuracy: 1e-6, boundAccuracy: 1e-5 },
  { dataset: 'random/2', regs: [0.1, 0.01], valueAccuracy: 1e-6, boundAccuracy: 1e-5 },
  { dataset: 'spiral', regs: [0.1], valueAccuracy: 1e-5, boundAccuracy: 1e-5 },
] as const;

describe('the reference optima', () => {
  const cases = REFERENCES.flatMap(({ regs, ...rest }) => regs.map((reg) => ({ ...rest, reg })));
  test.each(cases)('$dataset at reg $reg', ({ dataset, reg, valueAccuracy, boundAccuracy }) => {
    const { X, Y } = loadFixture(dataset);
    const reference = referenceOptimum(dataset, reg).relaxation;
    const optimum = reference.value;
    const result = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE });
    expectWithin(result.value, optimum, valueAccuracy * optimum);
    expectWithin(result.lowerBound, optimum, boundAccuracy * optimum);
    expect(result.lowerBound).toBeLessThanOrEqual(
      optimum + referenceTolerance(0, reference.relativeAccuracy) * optimum,
    );
  });
});
