import { beforeAll, describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete, RunClock } from '../../src/base/run.js';
import { createKernels, type Kernels } from '../../src/engine/kernels.js';
import { Algebra } from '../../src/linalg/algebra.js';
import { factorGram, factorPsd, leadingEigenpairs } from '../../src/network/rounding/factor.js';
import { factorLambda } from '../../src/network/rounding/lambda-factor.js';
import { projectReluSet } from '../../src/network/rounding/relu-set.js';
import type { RoundedLayer } from '../../src/network/rounding/rounding.js';
import { ROUNDING_BY_NAME, ROUNDINGS, type RoundingName } from '../../src/network/rounding/roundings.js';
import { columnNorms } from '../../src/network/weights.js';
import { kernelForm } from '../../src/problem/kernel-form.js';
import { placeProblem, withPlaced } from '../../src/problem/placed.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { activations } from '../../src/problem/training-loss.js';
import { combine, multiply, norm, randomMatrix, randomPsd } from '../support/matrices.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await createKernels();
});

/** Σ over neurons of (alpha, u)(alpha, u)ᵀ: the G that a network stands behind. */
function gramOf(X: Matrix, U: Matrix): Matrix {
  const { alpha } = activations(X, U);
  const L = new Matrix(Float64Array.of(...alpha.data, ...U.data), X.rows + X.columns, U.columns);
  return multiply(L, L.transpose());
}

function round(name: RoundingName, problem: TrainingProblem, G: Matrix, width: number, clock = new RunClock()) {
  const work = withPlaced(kernels, problem, (placed) =>
    ROUNDING_BY_NAME[name]({ placed, G }, width, new Random(2), clock),
  );
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value as RoundedLayer;
}

const problem = randomProblem(31, { n: 12, d: 3, c: 2, reg: 0.2, degeneracy: 'none' });
const { X } = problem;

describe('projectReluSet', () => {
  const random = new Random(3);
  const alpha = random.fillNormal(new Float64Array(200));
  const beta = random.fillNormal(new Float64Array(200));
  const [a, b] = [alpha.slice(), beta.slice()];
  projectReluSet(a, b);

  it('lands in the set and stays there', () => {
    for (let k = 0; k < 200; k++) expect(a[k] >= 0 && b[k] >= 0 && a[k] * b[k] === 0).toBe(true);
    const [again, twice] = [a.slice(), b.slice()];
    projectReluSet(again, twice);
    expect([again, twice]).toEqual([a, b]);
  });

  it('finds a nearest point', () => {
    for (let k = 0; k < 200; k++) {
      const distance = (alpha[k] - a[k]) ** 2 + (beta[k] - b[k]) ** 2;
      for (let t = 0; t <= 3; t += 0.1) {
        expect(distance).toBeLessThanOrEqual((alpha[k] - t) ** 2 + beta[k] ** 2);
        expect(distance).toBeLessThanOrEqual(alpha[k] ** 2 + (beta[k] - t) ** 2);
      }
    }
  });

  it('keeps alpha on a tie', () => {
    const [x, y] = [Float64Array.of(2, -1, 0), Float64Array.of(2, -1, 0)];
    projectReluSet(x, y);
    expect([Array.from(x), Array.from(y)]).toEqual([
      [2, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe('factors', () => {
  it.each([0, 1, 5, 20])('F Fᵀ is the matrix, order %i', (p) => {
    const A = randomPsd(new Random(p), p, Math.ceil(p / 2));
    const F = complete(factorPsd(new Algebra(kernels), A, 1e-12));
    expect(F.columns).toBe(Math.ceil(p / 2));
    expectAllWithin(multiply(F, F.transpose()), A, roundOff(p, norm(A)));
    const { values, vectors } = complete(leadingEigenpairs(new Algebra(kernels), A, 1e-12));
    expectAllWithin(
      columnNorms(vectors),
      values.map(() => 1),
      roundOff(p, 1),
    );
    expectAllWithin(multiply(A, vectors), multiply(vectors, diagonalOf(values)), roundOff(p, norm(A)));
  });

  it.each(['all', 'u'] as const)(
    'of G, %s of it, where X is wide: from a matrix of the order of n and the rank',
    (part) => {
      const wide = randomProblem(8, { n: 4, d: 300, c: 1, degeneracy: 'none' });
      // u in the row space of X, as the relaxation has it.
      const U = multiply(wide.X.transpose(), randomMatrix(new Random(6), 4, 3));
      const G = gramOf(wide.X, U);
      const before = kernels.arena.capacity;
      const F = complete(factorGram({ placed: placeProblem(kernels, wide), G }, part, 1e-12));
      const expected = part === 'all' ? G : multiply(U, U.transpose());
      expect(F.columns).toBe(3);
      expectAllWithin(multiply(F, F.transpose()), expected, roundOff(304, norm(expected)));
      // G and its eigenvectors alone would take 1.5 MB, the workspace twice that.
      expect(kernels.arena.capacity - before).toBeLessThan(8 * 304 ** 2 * 3);
    },
  );

  it('of Lambda: L Lᵀ is the kernel form’s Lambda, columns orthogonal and falling', () => {
    const G = gramOf(X, randomMatrix(new Random(1), 3, 5));
    const L = complete(factorLambda({ placed: placeProblem(kernels, problem), G }));
    const Lambda = kernelForm(problem, G).lambda();
    expectAllWithin(multiply(L, L.transpose()), Lambda, 1e-6 * norm(Lambda));
    const gram = multiply(L.transpose(), L);
    const squares = columnNorms(L).map((value) => value ** 2);
    expectAllWithin(gram, diagonalOf(squares), roundOff(L.rows, norm(gram)));
    expect(Array.from(squares)).toEqual(Array.from(squares).sort((first, second) => second - first));
  });
});

const diagonalOf = (values: ArrayLike<number>): Matrix => {
  const result = Matrix.zeros(values.length, values.length);
  for (let k = 0; k < values.length; k++) result.set(k, k, values[k]);
  return result;
};

describe.each(ROUNDINGS)('rounding %s', (name) => {
  it('gives at most the neurons asked for, the same bits each time, and its memory back', () => {
    const G = gramOf(X, randomMatrix(new Random(4), 3, 6));
    const mark = kernels.arena.mark();
    for (const width of [1, 4, 15]) {
      const { U } = round(name, problem, G, width);
      expect(U.rows).toBe(3);
      expect(U.columns).toBeGreaterThan(0);
      expect(U.columns).toBeLessThanOrEqual(width);
      expect(U.data.every(Number.isFinite)).toBe(true);
      expect(round(name, problem, G, width).U).toEqual(U);
    }
    expect(kernels.arena.mark()).toBe(mark);
  });

  it('recovers the single neuron behind a G', () => {
    const u = randomMatrix(new Random(5), 3, 1);
    const { U } = round(name, problem, gramOf(X, u), 2);
    const size = norm(u);
    const best = Math.max(
      ...[0, 1]
        .filter((j) => j < U.columns)
        .map((j) => {
          const column = [0, 1, 2].map((i) => U.get(i, j));
          return (
            Math.abs(column.reduce((sum, value, i) => sum + value * u.get(i, 0), 0)) /
            (Math.hypot(...column) * size || 1)
          );
        }),
    );
    expectWithin(best, 1, 1e-6, 'cosine');
  });

  it.each(DEGENERACIES)('survives %s', (degeneracy) => {
    const degenerate = randomProblem(33, { degeneracy });
    const G = gramOf(degenerate.X, randomMatrix(new Random(6), degenerate.X.columns, 4));
    const { U } = round(name, degenerate, G, 5);
    expect(U.data.every(Number.isFinite)).toBe(true);
    expect(round(name, degenerate, Matrix.zeros(G.rows, G.rows), 5).U.data.every(Number.isFinite)).toBe(true);
  });

  it('ends with what it has when the time is over', () => {
    const clock = new RunClock({ timeLimitMs: 0 });
    expect(round(name, problem, gramOf(X, randomMatrix(new Random(7), 3, 3)), 4, clock).U.rows).toBe(3);
  });
});

describe('Gaussian rounding', () => {
  it('has the u block of G as its covariance', () => {
    const G = gramOf(X, randomMatrix(new Random(8), 3, 4));
    const { U } = round('gaussian', problem, G, 20_000);
    const expected = Matrix.zeros(3, 3);
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) expected.set(i, j, G.get(12 + i, 12 + j));
    // Standard error of a sample covariance of 20 000 draws, five-fold.
    expectAllWithin(multiply(U, U.transpose()), expected, 5 * norm(expected) * Math.sqrt(2 / 20_000));
  });
});

describe('three-operator rounding', () => {
  it('keeps what is a network already, and says so', () => {
    const u = randomMatrix(new Random(9), 3, 1);
    const { errors } = round('three-operator', problem, gramOf(X, u), 1);
    expectWithin(errors?.linear ?? 1, 0, 1e-6);
    expectWithin(errors?.cone ?? 1, 0, 1e-6);
  });

  it('reports how far its columns are from neurons', () => {
    const G = gramOf(X, randomMatrix(new Random(10), 3, 6));
    const early = round('three-operator', problem, G, 6, new RunClock({ timeLimitMs: 0 })).errors;
    const late = round('three-operator', problem, G, 6).errors;
    expect(late?.cone).toBeLessThan(early?.cone as number);
    expect(late?.cone).toBeGreaterThan(0);
  });
});

describe('nearest-cone rounding', () => {
  it('matches the kernel of a few neurons better than Gaussian rounding does', () => {
    for (const seed of [11, 12, 13]) {
      const G = gramOf(X, randomMatrix(new Random(seed), 3, 3));
      const miss = (name: RoundingName) => norm(combine(gramOf(X, round(name, problem, G, 40).U), G, 1, -1)) / norm(G);
      expect(miss('nearest-cone')).toBeLessThan(miss('gaussian'));
    }
  });
});
