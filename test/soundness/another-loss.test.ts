/**
 * A loss that is not squared goes through everything by its type alone: training loss and gradient, output layers, master problem, growth,
 * exact bound, reductions, relaxation and certificate. And the squared loss with weights is the one with repeated rows.
 */
import { describe, expect, it } from 'vitest';
import { OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete, RunClock } from '../../src/base/run.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { fitOf, massesOf } from '../../src/growth/atoms.js';
import { grow } from '../../src/growth/grow.js';
import { solveMaster } from '../../src/growth/master.js';
import { fitWeights } from '../../src/network/fit.js';
import { TrainingObjective } from '../../src/network/objective.js';
import { withRidgeOutput } from '../../src/network/ridge.js';
import { placeProblem } from '../../src/problem/placed.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { dualBound } from '../../src/proof/dual-bound.js';
import { boundOfCertificate } from '../../src/proof/verify.js';
import { reduceProblem } from '../../src/relaxation/reduce.js';
import { restoreCertificate } from '../../src/relaxation/restore.js';
import { solveReduced } from '../../src/relaxation/solve.js';
import { logistic, signsOf } from '../support/logistic.js';
import { norm } from '../support/matrices.js';
import { DEGENERACIES, randomNetwork, randomProblem } from '../support/random.js';
import { DIFFERENCE_TOLERANCE, expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const clock = () => new RunClock();
const GROWTH = { tolerance: 1e-7, seed: 0, maxRounds: 100, certify: 'auto' } as const;

/** The logistic problem of a seed; every other one has weights. */
function logisticProblem(
  seed: number,
  shape: Parameters<typeof randomProblem>[1] = {},
): TrainingProblem & { name: string } {
  const { X, Y, reg, name } = randomProblem(seed, shape);
  const random = new Random(500 + seed);
  const weights =
    seed % 2 === 0 ? undefined : Float64Array.from({ length: X.rows }, () => 10 ** (random.uniform() - 0.5));
  return { X, Y: signsOf(Y), reg, loss: logistic, weights, name: `${name}${weights ? ', weighted' : ''}` };
}

const relax = (problem: TrainingProblem, options: { tolerance: number; method?: 'auto' | 'cg' | 'admm' }) => {
  const reduction = reduceProblem(problem);
  const settings = { maxIterations: 100, method: 'auto', ...options } as const;
  const solution = complete(solveReduced(createKernelsSync(), reduction.reduced, settings, clock()));
  const { lowerBound } = boundOfCertificate(problem, restoreCertificate(reduction, solution.dual));
  return { ...solution, lowerBound };
};

const train = (problem: TrainingProblem) => {
  const placed = placeProblem(createKernelsSync(), problem);
  const none = { U: Matrix.zeros(problem.X.columns, 0), V: Matrix.zeros(problem.Y.columns, 0) };
  return complete(grow(placed, none, GROWTH, clock()));
};

/**
 * The least of L(F) + reg Σ‖v_j‖ over fixed directions in the plane, many of them and both sides of each row's kink, by proximal gradient with
 * halved steps: plain, slow, and an upper bound of program 2 that is nearly its value.
 */
function enumerated(problem: TrainingProblem, count: number, steps: number): number {
  const { X, Y, reg, loss } = problem;
  const [n, c] = [X.rows, Y.columns];
  const kinks = Array.from({ length: n }, (_, i) => Math.atan2(X.get(i, 1), X.get(i, 0)) + Math.PI / 2);
  const angles = [
    ...Array.from({ length: count }, (_, j) => (2 * Math.PI * j) / count),
    ...kinks.flatMap((angle) => [angle, angle + Math.PI]),
  ];
  const H = angles.map((angle) =>
    Float64Array.from({ length: n }, (_, i) =>
      Math.max(0, X.get(i, 0) * Math.cos(angle) + X.get(i, 1) * Math.sin(angle)),
    ),
  );
  const outputs = (V: readonly Float64Array[]): Matrix => {
    const F = Matrix.zeros(n, c);
    V.forEach((v, j) => {
      if (v.every((entry) => entry === 0)) return;
      for (let i = 0; i < n; i++) for (let k = 0; k < c; k++) F.row(i)[k] += H[j][i] * v[k];
    });
    return F;
  };
  const smooth = (V: readonly Float64Array[]): number => loss.value(outputs(V), problem);
  let V = angles.map(() => new Float64Array(c));
  let [previous, momentum, step] = [V, 1, 1];
  const value = (at: readonly Float64Array[]): number =>
    smooth(at) + reg * at.reduce((sum, v) => sum + Math.hypot(...v), 0);
  let best = value(V);
  for (let iteration = 0; iteration < steps; iteration++) {
    const next = (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const point = V.map((v, j) => v.map((entry, k) => entry + ((momentum - 1) / next) * (entry - previous[j][k])));
    const g = Matrix.zeros(n, c);
    loss.gradient(outputs(point), problem, g);
    const gradient = H.map((h) =>
      Float64Array.from({ length: c }, (_, k) => h.reduce((sum, hi, i) => sum + hi * g.get(i, k), 0)),
    );
    const at = smooth(point);
    const proximal = (t: number) =>
      point.map((v, j) => {
        const z = v.map((entry, k) => entry - t * gradient[j][k]);
        const length = Math.hypot(...z);
        return z.map((entry) => entry * Math.max(0, 1 - (t * reg) / length));
      });
    let moved = proximal(step);
    const bound = (W: readonly Float64Array[]): number =>
      W.reduce(
        (sum, w, j) =>
          w.reduce((s, entry, k) => {
            const change = entry - point[j][k];
            return s + change * gradient[j][k] + change ** 2 / (2 * step);
          }, sum),
        at,
      );
    while (smooth(moved) > bound(moved) + 1e-14) {
      step /= 2;
      moved = proximal(step);
    }
    [previous, V, momentum] = [V, moved, next];
    best = Math.min(best, value(V));
  }
  return best;
}

describe('the logistic loss through the type', () => {
  it('has a training loss and the gradient that differences show', () => {
    for (const seed of [0, 1, 2, 3]) {
      const problem = logisticProblem(seed, { n: 9, d: 3, c: 2, degeneracy: 'none' });
      const weights = randomNetwork(new Random(seed), 3, 2, 5);
      const objective = new TrainingObjective(placeProblem(createKernelsSync(), problem));
      const loss = trainingLoss(problem, weights);
      expectWithin(objective.lossOf(weights), loss, roundOff(50, loss));
      const theta = objective.place(weights);
      const gradient = objective.algebra.vector(theta.length);
      objective.evaluate(theta, gradient);
      const [start, g] = [objective.algebra.read(theta), objective.algebra.read(gradient)];
      g.forEach((derivative, k) => {
        const at = (h: number): number => {
          objective.algebra.write(theta, start.with(k, start[k] + h));
          return objective.evaluate(theta);
        };
        expectWithin(derivative, (at(1e-6) - at(-1e-6)) / 2e-6, DIFFERENCE_TOLERANCE * (1 + loss));
      });
    }
  });

  it('has best output layers: no other is better, and the gradient is zero', () => {
    for (const seed of [0, 1]) {
      const problem = logisticProblem(seed, { n: 12, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });
      for (const m of [4, 20]) {
        const { U } = randomNetwork(new Random(seed), 3, 2, m);
        const objective = new TrainingObjective(placeProblem(createKernelsSync(), problem));
        const weights = withRidgeOutput(objective, U);
        const theta = objective.place(weights);
        const gradient = objective.algebra.vector(theta.length);
        const loss = objective.evaluate(theta, gradient);
        const ofV = objective.algebra.read(gradient).subarray(U.data.length);
        expect(norm(ofV)).toBeLessThan(1e-3 * loss);
      }
    }
  });

  it('has a master problem with the group lasso’s optimality conditions', () => {
    for (const seed of [0, 1, 2, 3]) {
      const problem = logisticProblem(seed, { n: 15, d: 3, c: 2, reg: 0.2, degeneracy: 'none' });
      const objective = new TrainingObjective(placeProblem(createKernelsSync(), problem));
      const { U } = randomNetwork(new Random(seed), 3, 2, 20);
      const start = { U, V: randomNetwork(new Random(100 + seed), 3, 2, 20).V };
      const solved = solveMaster(objective, start, { tolerance: 1e-10, maxIterations: 100, isOver: () => false });
      expect(solved.isConverged).toBe(true);
      const atoms = { U, V: solved.V };
      const { R } = fitOf(objective, atoms);
      const masses = massesOf(atoms);
      const largest = Math.max(...masses);
      for (let j = 0; j < 20; j++) {
        const z = new Float64Array(2);
        for (let i = 0; i < 15; i++) {
          let h = 0;
          for (let k = 0; k < 3; k++) h += problem.X.get(i, k) * U.get(k, j);
          for (let k = 0; k < 2; k++) z[k] += Math.max(0, h) * R.get(i, k);
        }
        expect(Math.hypot(...z)).toBeLessThanOrEqual(0.2 * (1 + 1e-4));
        if (masses[j] > 1e-3 * largest) expectWithin(Math.hypot(...z), 0.2, 1e-4);
      }
    }
  });

  it.each([0, 1, 2, 3, 4, 5])(
    'is grown to a proved optimum in the plane, which enumeration confirms (problem %i)',
    (seed) => {
      const problem = logisticProblem(seed, {
        n: 8,
        d: 2,
        c: 1 + (seed % 2),
        reg: [0.3, 0.1][seed % 2],
        degeneracy: 'none',
      });
      const { U, V, loss, lowerBound = 0 } = train(problem);
      const exact = trainingLoss(problem, { U, V });
      expectWithin(loss, exact, roundOff(100, exact));
      expect(loss - lowerBound).toBeLessThanOrEqual(GROWTH.tolerance * loss);
      const reference = enumerated(problem, 120, 1500);
      expect(lowerBound).toBeLessThanOrEqual(reference);
      expect(loss).toBeLessThanOrEqual(reference * (1 + 1e-7));
      expect(reference).toBeLessThanOrEqual(loss * (1 + 1e-2));
    },
  );

  it('has no network below any bound, of the exact oracle or of the relaxation, on random and degenerate problems', () => {
    for (let seed = 0; seed < 3 * DEGENERACIES.length; seed++) {
      const problem = logisticProblem(seed, { n: 3 + (seed % 6), d: 1 + (seed % 3), c: 1 + (seed % 2) });
      const placed = placeProblem(createKernelsSync(), problem);
      const options = { roundings: [], roundedStarts: 0, randomStarts: 2, width: 20, maxIterations: 500, seed };
      const { loss } = complete(fitWeights(placed, options, clock()));
      const grown = train(problem);
      const relaxed = relax(problem, { tolerance: 1e-3 });
      const best = Math.min(loss, grown.loss);
      expect(grown.lowerBound ?? 0, problem.name).toBeLessThanOrEqual(best * (1 + roundOff(20, 1)));
      expect(relaxed.lowerBound, problem.name).toBeLessThanOrEqual(best * (1 + roundOff(20, 1)));
      expect(relaxed.value, problem.name).toBeGreaterThanOrEqual(relaxed.lowerBound);
      expect(relaxed.lowerBound, problem.name).toBeGreaterThanOrEqual(relaxed.bound * (1 - 1e-5));
      expect(dualBound(problem, fitOf(new TrainingObjective(placed), grown).R, Number.POSITIVE_INFINITY)).toBe(0);
    }
  });

  it('has a relaxation that converges in few iterations', () => {
    for (const seed of [0, 1, 2, 3]) {
      const problem = logisticProblem(seed, { n: 12, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });
      const { value, bound, history } = relax(problem, { tolerance: 1e-4 });
      expect(value - bound).toBeLessThanOrEqual(1e-4 * value);
      expect(history.length).toBeLessThanOrEqual(30);
    }
  });

  it('is refused by the back ends that need a constant curvature', () => {
    const problem = logisticProblem(0, { n: 6, d: 2, c: 1, reg: 0.01, degeneracy: 'none' });
    for (const method of ['cg', 'admm'] as const) {
      expect(() => relax(problem, { tolerance: 1e-3, method })).toThrow(OptionsError);
    }
  });
});

describe('the squared loss with weights', () => {
  const { X, Y, reg, loss } = randomProblem(5, { n: 8, d: 2, c: 2, reg: 0.1, degeneracy: 'antiparallel rows' });
  const counts = [1, 3, 2, 1, 4, 1, 2, 2];
  const rows = counts.flatMap((count, i) => Array<number>(count).fill(i));
  const repeat = (A: Matrix): Matrix =>
    new Matrix(Float64Array.from(rows.flatMap((i) => [...A.row(i)])), rows.length, A.columns);
  const weighted: TrainingProblem = { X, Y, reg, loss, weights: Float64Array.from(counts) };
  const repeated: TrainingProblem = { X: repeat(X), Y: repeat(Y), reg, loss };

  it('is that with repeated rows: the loss of a network and its best output layer', () => {
    const { U, V } = randomNetwork(new Random(1), 2, 2, 5);
    expectWithin(
      trainingLoss(weighted, { U, V }),
      trainingLoss(repeated, { U, V }),
      roundOff(100, trainingLoss(repeated, { U, V })),
    );
    const best = [weighted, repeated].map(
      (problem) => withRidgeOutput(new TrainingObjective(placeProblem(createKernelsSync(), problem)), U).V,
    );
    expectAllWithin(best[0], best[1], 1e-10 * (1 + norm(best[1])));
  });

  it('the relaxation', () => {
    const [one, all] = [weighted, repeated].map((problem) => relax(problem, { tolerance: 1e-6 }));
    expectWithin(one.value, all.value, 2e-6 * all.value);
    expectWithin(one.lowerBound, all.lowerBound, 2e-6 * all.value);
  });

  it('growth', () => {
    const [one, all] = [weighted, repeated].map(train);
    expectWithin(one.loss, all.loss, 2 * GROWTH.tolerance * all.loss);
    expect(one.loss - (one.lowerBound ?? 0)).toBeLessThanOrEqual(GROWTH.tolerance * one.loss);
    expectWithin(one.lowerBound ?? 0, all.lowerBound ?? 0, 2 * GROWTH.tolerance * all.loss);
  });
});
