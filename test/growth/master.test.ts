import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { type Atoms, fitOf, lossOf, massesOf } from '../../src/growth/atoms.js';
import { solveMaster } from '../../src/growth/master.js';
import { TrainingObjective } from '../../src/network/objective.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { randomMatrix } from '../support/matrices.js';
import { placeProblem } from '../support/placed.js';
import { randomProblem } from '../support/random.js';
import { expectWithin } from '../support/tolerance.js';

const TOLERANCE = 1e-10;
const OPTIONS = { tolerance: TOLERANCE, maxIterations: 100, isOver: () => false };

/** Block coordinate descent on the equivalent group lasso min ½‖Y − HVᵀ‖² + reg Σ‖v_j‖: slow, but nothing can go wrong. */
function coordinateDescent({ X, Y, reg }: TrainingProblem, U: Matrix): number {
  const m = U.columns;
  const c = Y.columns;
  const H = Array.from({ length: m }, (_, j) =>
    Array.from({ length: X.rows }, (_, i) =>
      Math.max(
        0,
        X.row(i).reduce((sum, x, k) => sum + x * U.get(k, j), 0),
      ),
    ),
  );
  const V = Array.from({ length: m }, () => new Float64Array(c));
  const R = Y.clone();
  const shift = (j: number, sign: number): void => {
    for (let i = 0; i < R.rows; i++) for (let a = 0; a < c; a++) R.row(i)[a] += sign * H[j][i] * V[j][a];
  };
  for (let sweep = 0; sweep < 3000; sweep++) {
    for (let j = 0; j < m; j++) {
      const square = H[j].reduce((sum, h) => sum + h * h, 0);
      if (square === 0) continue;
      shift(j, 1);
      const z = V[j].map((_, a) => H[j].reduce((sum, h, i) => sum + h * R.get(i, a), 0));
      const length = Math.hypot(...z);
      V[j] = z.map((x) => (x * Math.max(0, 1 - reg / length)) / square);
      shift(j, -1);
    }
  }
  const masses = V.reduce((total, v) => total + Math.hypot(...v), 0);
  return R.data.reduce((total, r) => total + (r * r) / 2, 0) + reg * masses;
}

function solve(problem: TrainingProblem, U: Matrix, start: Float64Array, options = OPTIONS) {
  const objective = new TrainingObjective(placeProblem(problem));
  const begin = new Matrix(
    Float64Array.from([...start, ...new Float64Array((problem.Y.columns - 1) * start.length)]),
    problem.Y.columns,
    start.length,
  );
  const { V, isConverged, iterations } = solveMaster(objective, { U, V: begin }, options);
  const atoms: Atoms = { U, V };
  const fit = fitOf(objective, atoms);
  return { loss: lossOf(fit, massesOf(atoms), problem.reg), R: fit.R, V, isConverged, iterations };
}

function unitColumns(seed: number, d: number, m: number): Matrix {
  const U = randomMatrix(new Random(seed), d, m);
  for (let j = 0; j < m; j++) {
    const norm = Math.hypot(...Array.from({ length: d }, (_, k) => U.get(k, j)));
    for (let k = 0; k < d; k++) U.set(k, j, U.get(k, j) / norm);
  }
  return U;
}

describe('master problem', () => {
  it.each([1, 2, 3, 12])('agrees with coordinate descent, or is ahead of it where that is slow: %i directions', (m) => {
    for (let seed = 0; seed < 3; seed++) {
      const problem = randomProblem(seed, { n: 11, d: 3, c: 2, reg: [1, 0.1, 0.01][seed], degeneracy: 'none' });
      const U = unitColumns(seed, 3, m);
      const { loss, isConverged } = solve(problem, U, new Float64Array(m).fill(1));
      const expected = coordinateDescent(problem, U);
      expect(isConverged).toBe(true);
      expect(loss).toBeLessThanOrEqual(expected * (1 + 10 * TOLERANCE));
      if (m <= 3) expectWithin(loss, expected, 10 * TOLERANCE * expected);
    }
  });

  it('satisfies the optimality conditions: ‖h_jᵀR‖ ≤ reg, with equality where there is mass', () => {
    const problem = randomProblem(4, { n: 20, d: 4, c: 3, reg: 0.05, degeneracy: 'none' });
    const U = unitColumns(4, 4, 40);
    const { R, V } = solve(problem, U, new Float64Array(40).fill(1e-3));
    const masses = massesOf({ U, V });
    const largest = Math.max(...masses);
    for (let j = 0; j < 40; j++) {
      const z = new Float64Array(3);
      for (let i = 0; i < 20; i++) {
        const h = Math.max(
          0,
          problem.X.row(i).reduce((sum, x, k) => sum + x * U.get(k, j), 0),
        );
        for (let a = 0; a < 3; a++) z[a] += h * R.get(i, a);
      }
      expect(Math.hypot(...z)).toBeLessThanOrEqual(0.05 * (1 + 1e-6));
      if (masses[j] > 1e-3 * largest) expectWithin(Math.hypot(...z), 0.05, 1e-6);
    }
  });

  it('takes 15 steps from masses far off, which it would not without centring', () => {
    const problem = randomProblem(4, { n: 60, d: 5, c: 3, reg: 0.01, degeneracy: 'none' });
    const { iterations, isConverged } = solve(problem, unitColumns(4, 5, 100), new Float64Array(100).fill(1));
    expect(isConverged).toBe(true);
    expect(iterations).toBeLessThanOrEqual(15);
  });

  it('ends between two steps when time is up, with the best outputs for the masses it has', () => {
    const problem = randomProblem(4, { n: 20, d: 4, c: 3, reg: 0.05, degeneracy: 'none' });
    const run = (steps: number) => {
      let asked = 0;
      return solve(problem, unitColumns(4, 4, 40), new Float64Array(40).fill(1), {
        ...OPTIONS,
        isOver: () => asked++ === steps,
      });
    };
    const [now, later] = [run(0), run(4)];
    expect([now.iterations, later.iterations]).toEqual([0, 4]);
    expect(later.loss).toBeLessThan(now.loss);
  });

  it('copes with equal, nearly equal and dead directions and with masses far off', () => {
    const problem = randomProblem(5, { n: 12, d: 2, c: 2, reg: 0.1, degeneracy: 'none' });
    for (let i = 0; i < 12; i++) problem.X.set(i, 0, Math.abs(problem.X.get(i, 0)));
    const U = new Matrix(Float64Array.from([1, 1, 1, -1, 0, 0, 0, 1e-9, 0, 1]), 2, 5);
    const expected = coordinateDescent(problem, U);
    for (const start of [1e-12, 1, 1e6]) {
      const { loss } = solve(problem, U, new Float64Array(5).fill(start));
      expectWithin(loss, expected, 1e-8 * expected);
    }
  });

  it('takes no directions at all', () => {
    const problem = randomProblem(6, { n: 5, d: 2, c: 2, degeneracy: 'none' });
    expect(solve(problem, Matrix.zeros(2, 0), new Float64Array(0)).V.columns).toBe(0);
  });

  it('needs a few dozen steps', () => {
    const problem = randomProblem(7, { n: 30, d: 4, c: 3, reg: 0.01, degeneracy: 'none' });
    expect(solve(problem, unitColumns(7, 4, 60), new Float64Array(60).fill(0.01)).iterations).toBeLessThan(40);
  });
});
