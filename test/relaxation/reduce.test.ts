import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { squared } from '../../src/problem/losses/squared.js';
import { freeForms } from '../../src/problem/parts/free.js';
import { sparsePairs } from '../../src/problem/parts/multipliers.js';
import type { ReducedDual, ReducedProblem, TrainingProblem } from '../../src/problem/problem.js';
import { checkPairs } from '../../src/proof/pairs.js';
import { mergingDistance, type Reduction, reduceProblem } from '../../src/relaxation/reduce.js';
import { restoreCertificate, restoreGram } from '../../src/relaxation/restore.js';
import { PARALLEL_TOLERANCE } from '../../src/relaxation/rows.js';
import { loadFixture } from '../support/fixtures.js';
import { combine, diagonal, identity, inner, multiply, norm, randomMatrix } from '../support/matrices.js';
import { densePairs } from '../support/pairs.js';
import { squaredProblem } from '../support/problem.js';
import { DEGENERACIES, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const problems = Array.from({ length: 60 }, (_, seed) => randomProblem(seed));

const halfSquare = (A: Matrix): number => inner(A, A) / 2;

const stack = (...parts: Matrix[]): Matrix =>
  new Matrix(
    Float64Array.from(parts.flatMap((part) => [...part.data])),
    parts.reduce((rows, part) => rows + part.rows, 0),
    parts[0].columns,
  );

const relu = (A: Matrix, sign: 1 | -1): Matrix =>
  new Matrix(
    A.data.map((x) => Math.max(0, sign * x)),
    A.rows,
    A.columns,
  );

/** (alpha; beta) of the neurons U over the rows of X. */
const activationStack = (X: Matrix, U: Matrix): Matrix => stack(relu(multiply(X, U), 1), relu(multiply(X, U), -1));

/** The rows of the reduced loss picked from a stack and scaled. */
function lossPart(reduced: ReducedProblem, activations: Matrix): Matrix {
  const { lossRows, lossScale } = reduced;
  const result = Matrix.zeros(lossRows.length, activations.columns);
  lossRows.forEach((row, r) => {
    result.row(r).set(activations.row(row).map((x) => x * lossScale[r]));
  });
  return result;
}

/** U restricted to the row space of X, and its whitened coordinates u' = diag(s) Wᵀ u. */
function whitened({ reduced }: Reduction, U: Matrix): { inRowSpace: Matrix; coordinates: Matrix } {
  const projected = multiply(reduced.W.transpose(), U);
  return { inRowSpace: multiply(reduced.W, projected), coordinates: multiply(diagonal(reduced.s), projected) };
}

/** T = [[I, 0], [I, −X]]. */
function lift(X: Matrix): Matrix {
  const T = Matrix.zeros(2 * X.rows, X.rows + X.columns);
  for (let i = 0; i < X.rows; i++) {
    T.set(i, i, 1);
    T.set(X.rows + i, i, 1);
    for (let j = 0; j < X.columns; j++) T.set(X.rows + i, X.rows + j, -X.get(i, j));
  }
  return T;
}

/** −(Tᵀã)(Tᵀã)ᵀ/reg² + diag(0, price) − Tᵀ (N + W) T. */
function dualMatrix(X: Matrix, spread: Matrix, dual: ReducedDual, price: Float64Array, reg: number): Matrix {
  const T = lift(X);
  const N = densePairs(dual.pairs, 2 * X.rows);
  dual.w.forEach((value, i) => {
    N.set(i, X.rows + i, value);
    N.set(X.rows + i, i, value);
  });
  const Ta = multiply(T.transpose(), spread);
  const cost = diagonal([...new Array<number>(X.rows).fill(0), ...price]);
  const quadratic = multiply(Ta, Ta.transpose());
  return combine(combine(cost, quadratic, 1, -1 / reg ** 2), multiply(multiply(T.transpose(), N), T), 1, -1);
}

function randomDual(random: Random, { n, c, part, lossRows }: ReducedProblem): ReducedDual {
  const pairs = sparsePairs(
    part.pairs,
    Float64Array.from({ length: part.pairs.count }, () => Math.max(0, random.uniform() - 0.5)),
  );
  return { a: randomMatrix(random, lossRows.length, c), pairs, w: random.fillNormal(new Float64Array(n)) };
}

const bound = (a: Matrix, Y: Matrix): number => inner(a, Y) - halfSquare(a);

/** What a sum over the problem's numbers can lose to round-off, relative to the sum of their absolute values. */
const accuracy = ({ X, Y }: TrainingProblem, magnitude: number): number =>
  roundOff(4 * (X.rows + X.columns + Y.columns), magnitude, 64);

describe('the random problems', () => {
  it('cover every degeneracy', () => {
    expect(new Set(problems.map((problem) => problem.degeneracy)).size).toBe(DEGENERACIES.length);
  });
});

describe.each(problems.map((problem, seed) => ({ name: problem.name, problem, seed })))(
  '$name',
  ({ problem, seed }) => {
    const { X, Y, reg } = problem;
    const before = { X: X.clone(), Y: Y.clone() };
    const reduction = reduceProblem(problem);
    const { reduced } = reduction;
    const { n, d, c, Xw, s, W } = reduced;
    const random = new Random(1000 + seed);

    it('has the promised shapes and leaves its input alone', () => {
      expect({ X, Y }).toEqual(before);
      expect([Xw.rows, Xw.columns, s.length, W.rows, W.columns]).toEqual([n, d, d, X.columns, d]);
      expect([...reduced.lossRows.slice(0, n)]).toEqual([...Array(n).keys()]);
      expect([...reduced.lossScale.slice(0, n)]).toEqual(new Array(n).fill(1));
      expect(reduced.lossScale.every((scale) => scale > 0)).toBe(true);
      expect([reduced.Y.rows, c]).toEqual([reduced.lossRows.length, Y.columns]);
      expectAllWithin(multiply(Xw.transpose(), Xw), identity(d), roundOff(X.rows + d, 1, 32), 'XwᵀXw');
      expectAllWithin(multiply(W.transpose(), W), identity(d), roundOff(X.columns + d, 1, 32), 'WᵀW');
    });

    it('gives every network the same training loss', () => {
      const U = randomMatrix(random, X.columns, 4);
      const V = randomMatrix(random, c, 4);
      const { coordinates, inRowSpace } = whitened(reduction, U);
      const outputs = multiply(relu(multiply(X, U), 1), V.transpose());
      const original = halfSquare(combine(outputs, Y, 1, -1));
      const predicted = multiply(lossPart(reduced, activationStack(Xw, coordinates)), V.transpose());
      const size = (norm(X) * norm(U) * norm(V) + norm(Y)) ** 2;
      expectWithin(
        halfSquare(combine(predicted, reduced.Y, 1, -1)) + reduced.constant,
        original,
        accuracy(problem, size),
      );
      const price = coordinates.data.reduce((sum, x, k) => sum + (x / s[Math.floor(k / 4)]) ** 2, 0);
      expectWithin(price, 2 * halfSquare(inRowSpace), accuracy(problem, norm(U) ** 2), '‖u‖²');
    });

    it('carries a dual point back with its bound and its quadratic form', () => {
      const dual = randomDual(random, reduced);
      const certificate = restoreCertificate(reduction, dual);
      expect(certificate.reg).toBe(reg);
      expectWithin(
        bound(certificate.a, Y),
        reduced.constant + bound(dual.a, reduced.Y),
        accuracy(problem, norm(Y) ** 2 + norm(dual.a) ** 2),
        'bound',
      );

      const spread = Matrix.zeros(2 * n, c);
      reduced.lossRows.forEach((row, r) => {
        for (let k = 0; k < c; k++) spread.set(row, k, spread.get(row, k) + reduced.lossScale[r] * dual.a.get(r, k));
      });
      const small = dualMatrix(
        Xw,
        spread,
        dual,
        s.map((value) => value ** -2),
        reg,
      );
      const a = stack(certificate.a, Matrix.zeros(X.rows, c));
      const large = dualMatrix(X, a, certificate, new Float64Array(X.columns).fill(1), reg);
      const P = restorationMap(reduction);
      expectAllWithin(
        multiply(multiply(P.transpose(), large), P),
        small,
        accuracy(
          problem,
          norm(P) ** 2 * (1 + norm(X)) ** 2 * (norm(dual.pairs.value) + norm(dual.w) + (norm(a) / reg) ** 2 + 1),
        ),
        'PᵀEP',
      );
    });

    it('keeps N ≥ 0 with zeros at (n+i, i), and gives N and w to one row of a group', () => {
      const dual = randomDual(random, reduced);
      const { pairs, w } = restoreCertificate(reduction, dual);
      expect(pairs.value.length).toBe(dual.pairs.value.length);
      expect(pairs.value.every((value) => value > 0)).toBe(true);
      expect(() => checkPairs(pairs, freeForms(X.rows), 'pairs')).not.toThrow();
      const full = densePairs(pairs, 2 * X.rows);
      for (let i = 0; i < X.rows; i++) {
        expect(full.get(X.rows + i, i)).toBe(0);
        if (!reduction.groups.representatives.includes(i)) {
          expect(w[i]).toBe(0);
          expect(full.row(i).every((value) => value === 0)).toBe(true);
          expect(full.row(X.rows + i).every((value) => value === 0)).toBe(true);
        }
      }
    });

    it('carries the Gram matrix of a network back', () => {
      const U = randomMatrix(random, X.columns, 5);
      const { coordinates, inRowSpace } = whitened(reduction, U);
      const reducedNeurons = stack(relu(multiply(Xw, coordinates), 1), coordinates);
      const neurons = stack(relu(multiply(X, U), 1), inRowSpace);
      const restored = complete(restoreGram(reduction, multiply(reducedNeurons, reducedNeurons.transpose())));
      const size = ((1 + norm(X)) * norm(U)) ** 2;
      expectAllWithin(restored, multiply(neurons, neurons.transpose()), accuracy(problem, size));
      expect(restored).toEqual(restored.transpose());
    });
  },
);

/** The linear map P from (alpha', u') to (alpha, u); the Gram test checks the same map against real networks. */
function restorationMap(reduction: Reduction): Matrix {
  const { reduced, original, groups, terms } = reduction;
  const { n, d, Xw, s, W } = reduced;
  const rows = original.X.rows;
  const P = Matrix.zeros(rows + W.rows, n + d);
  for (let i = 0; i < rows; i++) {
    const k = groups.group[i];
    if (k < 0) continue;
    const factor = groups.lengths[i] / terms.lengths[k];
    P.set(i, k, factor);
    if (groups.orientation[i] < 0) for (let l = 0; l < d; l++) P.set(i, n + l, -factor * Xw.get(k, l));
  }
  for (let j = 0; j < W.rows; j++) for (let l = 0; l < d; l++) P.set(rows + j, n + l, W.get(j, l) / s[l]);
  return P;
}

describe('grouping', () => {
  it('merges duplicates, multiples and opposite multiples, and nothing else', () => {
    const X = Matrix.zeros(7, 2);
    [
      [0, 0],
      [1, 2],
      [0.1, 0.2],
      [-3, -6],
      [2, 1],
      [1, 2.00001],
      [1, 2],
    ].forEach((row, i) => {
      X.row(i).set(row);
    });
    const { groups, reduced } = reduceProblem(squaredProblem(X, randomMatrix(new Random(5), 7, 2), 1));
    expect([...groups.group]).toEqual([-1, 0, 0, 0, 1, 2, 0]);
    expect([...groups.orientation]).toEqual([0, -1, -1, 1, 1, 1, -1]);
    expect([...groups.representatives]).toEqual([3, 4, 5]);
    expect([...reduced.lossRows]).toEqual([0, 1, 2, 3]);
    expectWithin(reduced.lossScale[3], Math.sqrt(5 + 5 + 0.05) / Math.sqrt(45), roundOff(4, 1));
  });

  it('finds all multiples among many rows', () => {
    const random = new Random(6);
    const base = randomMatrix(random, 300, 3);
    const X = Matrix.zeros(900, 3);
    for (let i = 0; i < 900; i++) {
      const factor = (random.uniform() + 0.1) * (i % 2 === 0 ? 1 : -1);
      X.row(i).set(base.row(i % 300).map((x) => x * factor));
    }
    const { reduced } = reduceProblem(squaredProblem(X, randomMatrix(random, 900, 1), 1));
    expect([reduced.n, reduced.d]).toEqual([300, 3]);
  });

  it('merges rows up to the distance asked for', () => {
    const X = Matrix.zeros(4, 2);
    X.data.set([1, 0, 2, 2e-7, 1, 1e-4, -3, 3e-3]);
    const count = (distance?: number) => reduceProblem(squaredProblem(X, Matrix.zeros(4, 1), 1), distance).reduced.n;
    expect([count(1e-8), count(), count(2e-4), count(1e-2)]).toEqual([4, 3, 2, 1]);
    expect([mergingDistance(1e-3), mergingDistance(1e-8)]).toEqual([1e-5, PARALLEL_TOLERANCE]);
  });

  it('reduces an all-zero X to a constant', () => {
    const Y = randomMatrix(new Random(7), 4, 2);
    const { reduced } = reduceProblem(squaredProblem(Matrix.zeros(4, 3), Y, 1));
    expect([reduced.n, reduced.d, reduced.lossRows.length]).toEqual([0, 0, 0]);
    expectWithin(reduced.constant, halfSquare(Y), roundOff(8, halfSquare(Y)));
  });
});

describe('the data sets', () => {
  it.each([
    ['spiral', 57, 2],
    ['iris', 74, 4],
    ['random/0', 25, 2],
  ] as const)('%s reduces to %i rows of rank %i', (name, n, d) => {
    const { reduced } = reduceProblem({ ...loadFixture(name), reg: 0.1, loss: squared });
    expect([reduced.n, reduced.d]).toEqual([n, d]);
  });
});
