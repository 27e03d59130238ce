/**
 * What may not change a bound, and what may change it in one direction only: the order and orientation of the data, rows split in parts,
 * units, columns of zeros, and the weight decay. And bounds against planted networks, whose loss is known without any solver.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { init } from '../../src/engine/load.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { trainSync } from '../../src/tasks/train.js';
import { fromRows, multiply, randomMatrix } from '../support/matrices.js';
import { randomNetwork, randomProblem } from '../support/random.js';

/** Relative gap asked of the solver; bounds of the same problem then differ by about as much. */
const TOLERANCE = 1e-6;
const AGREEMENT = 4 * TOLERANCE;
const LIMIT_MS = 180_000;

beforeAll(() => init());

interface Problem {
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly reg: number;
}

const boundOf = ({ X, Y, reg }: Problem): number => solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE }).lowerBound;

const scaled = (M: Matrix, factor: number): Matrix => mapRows(M, (row) => row.map((x) => x * factor));
const mapRows = (M: Matrix, change: (row: number[], i: number) => number[]): Matrix =>
  fromRows(M.toArray().map((row, i) => change(row, i)));

/** A rotation: the Gram–Schmidt basis of random vectors. */
function rotation(random: Random, d: number): Matrix {
  const basis: number[][] = [];
  while (basis.length < d) {
    let v = Array.from({ length: d }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const product = b.reduce((sum, x, k) => sum + x * v[k], 0);
        v = v.map((x, k) => x - product * b[k]);
      }
    }
    const norm = Math.hypot(...v);
    basis.push(v.map((x) => x / norm));
  }
  return fromRows(basis);
}

const CHANGES: readonly [string, (problem: Problem, random: Random) => { problem: Problem; factor: number }][] = [
  [
    'rows permuted',
    ({ X, Y, reg }, random) => {
      const order = random.permutation(X.rows);
      const permuted = (M: Matrix): Matrix => mapRows(M, (_, i) => Array.from(M.row(order[i])));
      return { problem: { X: permuted(X), Y: permuted(Y), reg }, factor: 1 };
    },
  ],
  [
    'features rotated',
    ({ X, Y, reg }, random) => ({ problem: { X: multiply(X, rotation(random, X.columns)), Y, reg }, factor: 1 }),
  ],
  [
    'targets rotated',
    ({ X, Y, reg }, random) => ({ problem: { X, Y: multiply(Y, rotation(random, Y.columns)), reg }, factor: 1 }),
  ],
  [
    'a row split into two of 3/5 and 4/5 of it',
    // (3/5)² + (4/5)² = 1: the two have the same loss together for every network
    ({ X, Y, reg }) => {
      const split = (M: Matrix): Matrix => {
        const [first, ...others] = M.toArray();
        return fromRows([first.map((x) => 0.6 * x), ...others, first.map((x) => 0.8 * x)]);
      };
      return { problem: { X: split(X), Y: split(Y), reg }, factor: 1 };
    },
  ],
  [
    'X, Y and reg in other units',
    // (aX, bY, abs reg): a network scaled by √(b/a) in each layer has b² times the loss
    ({ X, Y, reg }) => ({ problem: { X: scaled(X, 16), Y: scaled(Y, 0.3), reg: reg * 16 * 0.3 }, factor: 0.09 }),
  ],
  [
    'a column of zeros added',
    ({ X, Y, reg }) => ({ problem: { X: mapRows(X, (row) => [...row, 0]), Y, reg }, factor: 1 }),
  ],
  [
    'a row of zeros added, with its target',
    ({ X, Y, reg }) => ({
      problem: {
        X: fromRows([...X.toArray(), new Array<number>(X.columns).fill(0)]),
        Y: fromRows([...Y.toArray(), new Array<number>(Y.columns).fill(0)]),
        reg,
      },
      factor: 1,
    }),
  ],
];

describe('the bound stays the same with', () => {
  it.each(CHANGES)('%s', { timeout: LIMIT_MS }, (_, change) => {
    for (let seed = 0; seed < 5; seed++) {
      const { X, Y, reg, name } = randomProblem(300 + seed, { n: 9, d: 3, c: 2, degeneracy: 'none' });
      const before = boundOf({ X, Y, reg });
      const { problem, factor } = change({ X, Y, reg }, new Random(seed));
      const after = boundOf(problem) / factor;
      expect(before, name).toBeGreaterThan(0);
      expect(Math.abs(after - before), name).toBeLessThanOrEqual(AGREEMENT * before);
    }
  });
});

describe('the bound of training stays the same with', () => {
  // Two proofs of the same problem: each is within the tolerance of the optimum.
  it.each(CHANGES)('%s', { timeout: LIMIT_MS }, (_, change) => {
    const { X, Y, reg } = randomProblem(310, { n: 8, d: 2, c: 2, reg: 0.3, degeneracy: 'none' });
    const certify = ({ X, Y, reg }: Problem) => trainSync(X, Y, { reg, tolerance: 1e-4, seed: 1 });
    const before = certify({ X, Y, reg });
    const { problem, factor } = change({ X, Y, reg }, new Random(5));
    const after = certify(problem);
    expect(after.lowerBound / factor).toBeLessThanOrEqual(before.loss * (1 + 1e-9));
    expect(before.lowerBound).toBeLessThanOrEqual((after.loss / factor) * (1 + 1e-9));
  });
});

it('the bound never falls as the weight decay grows', { timeout: LIMIT_MS }, () => {
  for (let seed = 0; seed < 4; seed++) {
    const { X, Y, name } = randomProblem(320 + seed, {
      n: 8,
      d: 2 + (seed % 2),
      c: 1 + (seed % 2),
      degeneracy: 'none',
    });
    const energy = Y.data.reduce((sum, y) => sum + (y * y) / 2, 0);
    let last = 0;
    for (const reg of [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100]) {
      const bound = boundOf({ X, Y, reg });
      expect(bound, `${name}, reg ${reg}`).toBeGreaterThanOrEqual(last * (1 - AGREEMENT));
      expect(bound).toBeLessThanOrEqual(energy * (1 + AGREEMENT));
      last = bound;
    }
    // the zero network is optimal from some weight decay on
    expect(last).toBeGreaterThanOrEqual(energy * (1 - AGREEMENT));
  }
});

it('no bound is above the loss of a planted network', { timeout: LIMIT_MS }, () => {
  for (let seed = 0; seed < 12; seed++) {
    const random = new Random(seed);
    const [n, d, c, width] = [
      6 + random.integer(8),
      1 + random.integer(4),
      1 + random.integer(2),
      1 + random.integer(3),
    ];
    const X = randomMatrix(random, n, d);
    const { U, V } = randomNetwork(random, d, c, width);
    const Y = outputsOf(X, U, V);
    const reg = 10 ** (-3 * random.uniform() - 0.5);
    // the outputs are the targets, so all that is paid is weight decay, balanced between the layers
    const planted = reg * sum(Array.from({ length: width }, (_, j) => norm(columnOf(U, j)) * norm(columnOf(V, j))));
    const label = `seed ${seed}: n ${n}, d ${d}, c ${c}, width ${width}, reg ${reg}`;
    expect(boundOf({ X, Y, reg }), label).toBeLessThanOrEqual(planted * (1 + 1e-9));
    const { lowerBound, loss } = trainSync(X, Y, { reg, tolerance: 1e-2, seed });
    expect(lowerBound, label).toBeLessThanOrEqual(Math.min(loss, planted) * (1 + 1e-9));
  }
});

/** (XU)₊Vᵀ. */
function outputsOf(X: Matrix, U: Matrix, V: Matrix): Matrix {
  const hidden = mapRows(multiply(X, U), (row) => row.map((x) => Math.max(0, x)));
  return multiply(hidden, V.transpose());
}

const columnOf = (M: Matrix, j: number): number[] => M.toArray().map((row) => row[j]);
const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
const norm = (x: readonly number[]): number => Math.hypot(...x);
