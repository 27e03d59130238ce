/** describeNeurons, by its definition in exact arithmetic: every term of `transfer` on data where it alone keeps the statement true. */
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { noPairs } from '../../src/problem/parts/multipliers.js';
import type { Certificate } from '../../src/problem/problem.js';
import { describeNeurons } from '../../src/proof/neurons.js';
import { fromRows } from '../support/matrices.js';
import { Rational } from './rational.js';

interface Given {
  readonly X: Matrix;
  readonly a: Matrix;
  readonly reg: number;
  /** Rows with a multiplier of their own. */
  readonly own?: readonly number[];
}

/**
 * ‖aᵀ(Xu)₊/reg − bAlphaᵀ(Zu)₊ − bBetaᵀ(−Zu)₊‖ ≤ transfer ‖u‖, exactly, for ± the unit vectors and, in two dimensions, the multiples of
 * (3, 4), (5, 12) … whose lengths are whole.
 */
function holds({ X, a, reg, own = [] }: Given): boolean {
  const w = new Float64Array(X.rows);
  for (const i of own) w[i] = -1;
  const certificate: Certificate = { reg, a, pairs: noPairs(), w };
  const { count, Z, columns, bAlpha, bBeta, transfer } = describeNeurons(X, certificate);
  const c = a.columns;
  const positive = (x: Rational): Rational => (x.sign() > 0 ? x : Rational.zero);
  return directions(columns).every((u) => {
    const along = (row: ArrayLike<number>): Rational => Rational.dot(row, u);
    const differences = Array.from({ length: c }, (_, k) => {
      let sum = Rational.zero;
      for (let i = 0; i < X.rows; i++) sum = sum.plus(positive(along(X.row(i))).times(Rational.of(a.get(i, k))));
      sum = sum.over(Rational.of(reg));
      for (let p = 0; p < count; p++) {
        const z = along(Z.subarray(p * columns, (p + 1) * columns));
        sum = sum.minus(positive(z).times(Rational.of(bAlpha[p * c + k])));
        sum = sum.minus(positive(z.negative()).times(Rational.of(bBeta[p * c + k])));
      }
      return sum;
    });
    const square = Rational.sum(differences.map((x) => x.square()));
    return square.atMost(Rational.of(transfer).square().times(Rational.dot(u, u)));
  });
}

function directions(d: number): number[][] {
  const axes = Array.from({ length: d }, (_, k) => Array.from({ length: d }, (_, j) => (j === k ? 1 : 0)));
  const slanted = d > 2 ? [times(d, 1)] : d === 2 ? [[3, 4], [5, -12], [8, 15], [-20, 21]] : []; // biome-ignore format: one line
  return [...axes, ...slanted].flatMap((u) => [u, u.map((x) => -x)]);
}

const column = (values: readonly number[]): Matrix => fromRows(values.map((value) => [value]));
const times = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
const LOST = 0.999 * 2 ** -53;
const { MIN_VALUE } = Number;

describe('the neurons of a certificate stand for all rows', () => {
  it('when rows are moved onto near ones, or to nothing', () => {
    const X = fromRows([
      [1, 0],
      [1, 2 ** -20],
      [-1, 2 ** -20],
      [2 ** -60, 2 ** -60],
    ]);
    const a = fromRows([
      [1, 2],
      [3, -1],
      [1, 1],
      [1, -1],
    ]);
    expect(holds({ X, a, reg: 0.5, own: [0] })).toBe(true);
  });

  it('when a move is far less than the difference of two doubles', () => {
    // 3 · fl(1/3) is 1 − 2⁻⁵⁴, but 1 in floating point
    expect(holds({ X: column([3, 1]), a: column([0, 1]), reg: 2 ** -30, own: [0] })).toBe(true);
    expect(holds({ X: column([1.1, 0.7]), a: column([0, 1]), reg: 2 ** -30, own: [0] })).toBe(true);
    // 2 · 1.6 units of the smallest double are 3 in floating point, where such a row weighs much
    expect(holds({ X: column([1.6, 3 * MIN_VALUE]), a: column([0, 2 ** 600]), reg: 1, own: [0] })).toBe(true);
  });

  it('when coefficients of many equal rows are lost one by one', () => {
    const a = [...times(1, [1, 1]), ...times(60, [LOST, LOST])];
    expect(holds({ X: column(times(61, 1)), a: fromRows(a), reg: 1, own: [0] })).toBe(true);
  });

  it('when coefficients underflow: in the quotient by reg, or in a product that a small reg makes large', () => {
    const ones = times(30, 1);
    const X = fromRows(times(60, ones));
    expect(holds({ X, a: fromRows(times(60, times(4, 1.4 * 2 ** -74))), reg: 2 ** 1000, own: [0] })).toBe(true);
    const small = fromRows(
      times(
        2,
        ones.map(() => 2 ** -538),
      ),
    );
    const a = fromRows(times(2, times(4, 0.98 * 2 ** -537)));
    expect(holds({ X: small, a, reg: 2 ** -1000, own: [0] })).toBe(true);
  });

  it('when an entry of a representative underflows', () => {
    expect(holds({ X: fromRows([[2 ** 1000, 2 ** -76]]), a: column([1]), reg: 1, own: [0] })).toBe(true);
  });

  it('when what a row moved to nothing contributes underflows, once or many times', () => {
    expect(holds({ X: column([2 ** -600]), a: column([2 ** -600]), reg: 2 ** -1000 })).toBe(true);
    expect(holds({ X: column(times(60, 2 ** -37)), a: column(times(60, 1.4 * 2 ** -37)), reg: 2 ** 1000 })).toBe(true);
  });

  it('when contributions to the transfer are lost one by one', () => {
    // every row is moved to nothing, the first at a price of 2⁻⁴⁰
    const small = 2 ** -40;
    const X = [small, ...times(200, small * LOST)];
    expect(holds({ X: column(X), a: column(times(201, 1)), reg: 1 })).toBe(true);
  });

  it('whatever the rows, exactly', () => {
    const random = new Random(4);
    for (let trial = 0; trial < 200; trial++) {
      const [n, d, c] = [1 + random.integer(6), 1 + random.integer(3), 1 + random.integer(2)];
      const size = (): number => 10 ** (40 * random.uniform() - 20);
      const base = Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
      const rows = base.map((row, i) => {
        const source = base[random.integer(i + 1)];
        const factor = random.normal();
        return random.uniform() < 0.5 ? row : source.map((x) => x * factor * (1 + 1e-9 * random.normal()));
      });
      const a = base.map(() => Array.from({ length: c }, () => random.normal() * (trial % 2 === 0 ? 1 : size())));
      const own = base.map((_, i) => i).filter(() => random.uniform() < 0.5);
      expect(holds({ X: fromRows(rows), a: fromRows(a), reg: trial % 3 === 0 ? size() : 0.1, own })).toBe(true);
    }
  });
});

it('a row with a free multiplier of its own stays, however near it is to another', () => {
  const X = fromRows([[1, 0], [1, 1e-9], [1, -1e-9]]); // biome-ignore format: one line
  const certificate: Certificate = { reg: 1, a: column([1, 1, 1]), pairs: noPairs(), w: Float64Array.of(-1, -1, 0) };
  expect(Array.from(describeNeurons(X, certificate).row)).toEqual([0, 1]);
});
