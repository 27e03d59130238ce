/** The matrix that is factorised for a group and a cone, against the slack by its definition in exact arithmetic. */

import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { complete } from '../../../src/base/run.js';
import { type Cone, conesOf } from '../../../src/problem/parts/cone.js';
import { choleskyDefect, UNDERFLOW } from '../../../src/proof/cholesky.js';
import { sparseForms } from '../../../src/proof/grouped/forms.js';
import { Products } from '../../../src/proof/grouped/products.js';
import { Slack } from '../../../src/proof/grouped/slack.js';
import { formsOf } from '../../support/grouped.js';
import { densePairs, everyPair } from '../../support/pairs.js';
import { Dyadic } from '../dyadic.js';

/** Just below half an ulp of 1: added to 1 it is lost. */
const LOST = 0.999 * 2 ** -53;

interface Given {
  readonly cone: Cone;
  readonly Z: Matrix;
  /** What counts as their lengths. */
  readonly lengths: readonly number[];
  readonly a: Matrix;
  readonly N: (i: number, j: number) => number;
  readonly w: readonly number[];
  readonly M: Matrix;
}

function slackOf({ cone, Z, lengths, a, N, w, M }: Given): Slack {
  const m = Z.rows;
  const lists = sparseForms(
    Int32Array.from({ length: m }, (_, i) => i),
    m,
    Float64Array.from(lengths),
    cone,
  );
  const products = new Products(2 * m + cone.outputs.columns);
  const { i, j, value } = everyPair(lists.length, N);
  for (let k = 0; k < value.length; k++) products.add(value[k], lists[i[k]], lists[j[k]]);
  for (let k = 0; k < m; k++) products.add(w[k], lists[k], lists[m + k]);
  const rows = lengths.map((length, k) => ({ z: Z.row(k), length, a: a.row(k) }));
  return new Slack({ rows, products, M: M.data, outputs: cone.outputs, d: Z.columns });
}

/** diag(0, M) − E(a) − Tᵀ 𝒩 T. */
function definition({ cone, Z, lengths, a, N, w, M }: Given): Dyadic[][] {
  const [m, d] = [Z.rows, Z.columns];
  const at = new Map(lengths.map((length, i) => [Z.row(i).toString(), length]));
  const T = formsOf(Z, cone, (row) => at.get(row.toString()) ?? Number.NaN);
  const dense = densePairs(everyPair(T.rows, N), T.rows);
  w.forEach((entry, i) => {
    dense.set(i, m + i, dense.get(i, m + i) + entry);
    dense.set(m + i, i, dense.get(m + i, i) + entry);
  });
  const size = T.columns;
  const result = Array.from({ length: size }, (_, p) =>
    Array.from({ length: size }, (_, q) => (p >= m && q >= m ? Dyadic.of(M.get(p - m, q - m)) : Dyadic.zero)),
  );
  const half = Dyadic.of(1 / 2);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < cone.outputs.columns; l++) {
      const column = cone.outputs.transpose().row(l);
      const value = Dyadic.dot(a.row(i), column).times(half);
      result[i][m + d + l] = result[i][m + d + l].minus(value);
      result[m + d + l][i] = result[m + d + l][i].minus(value);
    }
  }
  for (let i = 0; i < T.rows; i++) {
    for (let j = 0; j < T.rows; j++) {
      if (dense.get(i, j) === 0) continue;
      const value = Dyadic.of(dense.get(i, j));
      for (let p = 0; p < size; p++) {
        if (T.get(i, p) === 0) continue;
        const left = Dyadic.of(T.get(i, p)).times(value);
        for (let q = 0; q < size; q++) {
          if (T.get(j, q) !== 0) result[p][q] = result[p][q].minus(left.times(Dyadic.of(T.get(j, q))));
        }
      }
    }
  }
  return result;
}

/** Z_ii − ((1 + φ) A_ii + UNDERFLOW) ≥ Σ_j |Z_ij − A_ij| over j ≠ i, exactly: then Z ⪰ A + φ diag(A) + UNDERFLOW·I. */
function isBelow(given: Given): boolean {
  const slack = slackOf(given);
  expect(slack.isOrdinary).toBe(true);
  const A = slack.lowered(0);
  const Z = definition(given);
  const size = Z.length;
  const lift = Dyadic.of(1).plus(Dyadic.of(choleskyDefect(size)));
  return Z.every((row, i) => {
    let rest = row[i].minus(Dyadic.of(A[i * size + i]).times(lift)).minus(Dyadic.of(UNDERFLOW));
    row.forEach((entry, j) => {
      const error = entry.minus(Dyadic.of(A[Math.max(i, j) * size + Math.min(i, j)]));
      if (i !== j) rest = error.sign() > 0 ? rest.minus(error) : rest.plus(error);
    });
    return rest.sign() >= 0;
  });
}

const [ray] = conesOf('signed', 1);
const [free] = conesOf('free', 1);
const column = (...values: number[]): Matrix => new Matrix(Float64Array.from(values), values.length, 1);
const none = (): number => 0;
const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

describe('the matrix that is factorised is below Z by what factorising may lose', () => {
  it('on random groups whose terms have any size', () => {
    const random = new Random(31);
    for (let trial = 0; trial < 120; trial++) {
      const [m, d, c] = [1 + random.integer(4), 1 + random.integer(3), 1 + random.integer(3)];
      const cones = conesOf(random.uniform() < 0.3 ? 'free' : 'signed', c);
      const cone = cones[random.integer(cones.length)];
      const order = d + cone.outputs.columns;
      const sized = (): (() => number) => {
        const size = 2 ** Math.round(60 * random.uniform() - 30);
        return () => random.normal() * size;
      };
      const matrix = (rows: number, columns: number, entry: () => number): Matrix =>
        new Matrix(Float64Array.from({ length: rows * columns }, entry), rows, columns);
      const [ofN, ofW] = [sized(), sized()];
      const M = matrix(order, order, sized());
      for (let i = 0; i < order; i++) for (let j = 0; j < i; j++) M.set(j, i, M.get(i, j));
      const given = {
        cone,
        Z: matrix(m, d, () => (1 + random.uniform()) * (random.uniform() < 0.5 ? -1 : 1)),
        lengths: Array.from({ length: m }, () => 2 + random.uniform()),
        a: matrix(m, c, sized()),
        N: () => (random.uniform() < 0.4 ? Math.abs(ofN()) : 0),
        w: Array.from({ length: m }, ofW),
        M,
      };
      const pairs = everyPair(formsOf(given.Z, cone).rows, given.N);
      const dense = densePairs(pairs, formsOf(given.Z, cone).rows);
      expect(isBelow({ ...given, N: (i, j) => dense.get(i, j) }), `trial ${trial}`).toBe(true);
    }
  });

  it('where the output is lost beside a multiplier, and a multiplier beside M', () => {
    const M = new Matrix(Float64Array.of(1, 0, 0, 1), 2, 2);
    const N = (i: number, j: number): number => (i === 3 && j === 0 ? 1 : 0);
    expect(isBelow({ cone: ray, Z: column(1), lengths: [1], a: column(2 * LOST), N, w: [0], M })).toBe(true);
    const tiny = (i: number, j: number): number => (i === 2 && j === 1 ? LOST : 0);
    expect(isBelow({ cone: ray, Z: column(1), lengths: [1], a: column(0), N: tiny, w: [0], M })).toBe(true);
  });

  it('where outputs of many targets cancel', () => {
    const c = 40;
    const [cone] = conesOf('signed', c);
    const M = Matrix.zeros(1 + c + 1, 1 + c + 1);
    const a = new Matrix(Float64Array.from({ length: c }, (_, k) => (k === 0 ? 1e8 : 1 / 3)), 1, c); // biome-ignore format: one line
    expect(isBelow({ cone, Z: column(1), lengths: [1], a, N: none, w: [0], M })).toBe(true);
  });

  it('where products of multipliers and rows are lost one by one', () => {
    const m = 60;
    const Z = column(...times(m, 1).map((x, i) => x + i * 2 ** -40));
    const M = Matrix.zeros(2, 2);
    const N = (i: number, j: number): number =>
      i === m + 1 && j === m ? 1 : i >= m && i < 2 * m && j === m ? LOST : 0;
    expect(isBelow({ cone: free, Z, lengths: times(m, 2), a: column(...times(m, 0)), N, w: times(m, 0), M })).toBe(
      true,
    );
  });

  it('where products of r with every row are lost one by one', () => {
    const m = 60;
    const Z = column(...times(m, 1).map((x, i) => x + i * 2 ** -40));
    const M = Matrix.zeros(2, 2);
    // r (r‖z_i‖ − alpha_i − beta_i): all add to the entry (r, r)
    const N = (i: number, j: number): number => (i === 3 * m && j >= 2 * m ? (j === 2 * m ? 1 : LOST / 4) : 0);
    expect(isBelow({ cone: ray, Z, lengths: times(m, 2), a: column(...times(m, 0)), N, w: times(m, 0), M })).toBe(true);
  });

  it('where products of many pairs meet in one entry and are lost', () => {
    const m = 20;
    const Z = column(...times(m, 1).map((x, i) => x + i * 2 ** -40));
    // (r ν − …)(r ν − …) with ν = 2: the first adds 8 to the entry (r, r), every other less than half an ulp of that, twice
    const isReach = (form: number): boolean => form >= 2 * m && form < 3 * m;
    const N = (i: number, j: number): number => (isReach(i) && isReach(j) ? (i === 2 * m + 1 ? 1 : 2 * LOST) : 0);
    const zero = times(m, 0);
    const M = Matrix.zeros(2, 2);
    expect(isBelow({ cone: ray, Z, lengths: times(m, 2), a: column(...zero), N, w: zero, M })).toBe(true);
  });

  it('where many columns round the same way', () => {
    const random = new Random(1);
    for (let trial = 0; trial < 4; trial++) {
      const z = 1 + random.uniform();
      const d = 80;
      const Z = new Matrix(Float64Array.of(...times(d, z), ...times(d, 1)), 2, d);
      const value = (1 + random.uniform()) * 1e10;
      const N = (i: number, j: number): number => (i === 3 && j === 2 ? value : 0);
      const M = Matrix.zeros(d + 1, d + 1);
      expect(isBelow({ cone: free, Z, lengths: [30, 30], a: column(0, 0), N, w: [0, 0], M })).toBe(true);
    }
  });

  it('where everything is so small that only underflow is left', () => {
    const M = Matrix.zeros(2, 2);
    const N = (i: number, j: number): number => (i === 3 && j === 2 ? 2 ** -1000 : 0);
    const lengths = [2 ** -500];
    expect(isBelow({ cone: ray, Z: column(2 ** -500), lengths, a: column(2 ** -1060), N, w: [0], M })).toBe(true);
  });

  it('where the factorisation alone may lose more than forming the matrix', () => {
    const order = 60;
    const M = Matrix.zeros(order + 1, order + 1);
    M.data.fill(1);
    const Z = new Matrix(new Float64Array(order).fill(1), 1, order);
    expect(isBelow({ cone: free, Z, lengths: [8], a: column(0), N: none, w: [-1], M })).toBe(true);
  });
});

describe('a shift', () => {
  const given = (): Given => ({
    cone: ray,
    Z: new Matrix(Float64Array.of(1, 0.5, -1.5, 0.25), 2, 2),
    lengths: [1.25, 1.75],
    a: column(0.3, -0.2),
    N: (i, j) => (i === 6 && j < 4 ? 0.1 : 0),
    w: [-0.2, -0.1],
    M: new Matrix(Float64Array.of(0.1, 0, 0, 0, 0.2, 0, 0, 0, 0.1), 3, 3),
  });

  it('costs what it adds on every neuron, and is proved', () => {
    const slack = slackOf(given());
    const without = slack.lowered(0).slice();
    for (const delta of [2 ** -40, 1e-6, 0.3]) {
      const D = slack.lowered(delta).map((x, k) => x - without[k]);
      const added = (x: readonly number[]): number =>
        x.reduce((sum, value, i) => sum + D[i * 5 + i] * value * value, 0);
      // the longest alpha, u and h with r = 1
      const most = added([1.25, 1.75, 0, 0, 0]) + Math.max(added([0, 0, 1, 0, 0]), added([0, 0, 0, 1, 0])) + 3 * added([0, 0, 0, 0, 1]); // biome-ignore format: one line
      expect(slack.costOf(delta, 3)).toBeGreaterThanOrEqual(most * (1 - 1e-9));
      expect(slack.costOf(delta, 3)).toBeLessThanOrEqual(most * (1 + 1e-4) + 1e-12);
    }
    expect(slack.costOf(0, 3)).toBe(0);
    expect(complete(slack.proves(1e-9))).toBe(false);
    expect(complete(slack.proves(10))).toBe(true);
  });

  it('is not offered where numbers are too large or none', () => {
    for (const value of [2 ** 91, Number.POSITIVE_INFINITY, Number.NaN]) {
      const M = new Matrix(Float64Array.of(value, 0, 0, 0, 1, 0, 0, 0, 1), 3, 3);
      expect(slackOf({ ...given(), M }).isOrdinary).toBe(false);
      expect(slackOf({ ...given(), w: [value, 0] }).isOrdinary).toBe(false);
      expect(slackOf({ ...given(), a: column(value, 0) }).isOrdinary).toBe(false);
    }
  });
});
