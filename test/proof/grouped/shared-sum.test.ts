/** What the sum of the shared multipliers exceeds the price by, against exact arithmetic. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { type Cone, conesOf } from '../../../src/problem/parts/cone.js';
import { SharedSum } from '../../../src/proof/grouped/shared-sum.js';
import { Rational } from '../rational.js';

/** By Gershgorin's row sums, exactly: the largest of u's rows plus squareOfH times the largest of h's, each at least 0. */
function exactExcess(
  matrices: readonly Float64Array[],
  cone: Cone,
  balance: number,
  length: number,
  square: number,
): Rational {
  const e = cone.outputs.columns;
  const order = Math.sqrt(matrices[0].length);
  const d = order - e;
  const half = Rational.of(1 / 2);
  const [b, l] = [balance, length].map(Rational.of);
  const isRadius = (i: number): boolean => cone.radius >= 0 && i === d + cone.radius;
  const price = (i: number, j: number): Rational => {
    if (i < d || j < d) return i !== j ? Rational.zero : cone.radius < 0 ? half : half.plus(b);
    const outputs = cone.outputs.transpose();
    const dot = Rational.dot(outputs.row(i - d), outputs.row(j - d));
    if (cone.radius < 0) return half.times(dot);
    const onRadius = i === j && isRadius(i) ? half.minus(b).plus(l) : Rational.zero;
    return onRadius.minus(l.times(dot));
  };
  const largest = (start: number, end: number): Rational => {
    let most = Rational.zero;
    for (let i = start; i < end; i++) {
      let sum = Rational.zero;
      for (let j = 0; j < order; j++) {
        const total = Rational.sum(matrices.map((M) => Rational.of(M[i * order + j])));
        const rest = total.minus(price(i, j));
        sum = sum.plus(i !== j && rest.sign() < 0 ? rest.negative() : rest);
      }
      if (most.atMost(sum)) most = sum;
    }
    return most;
  };
  return largest(0, d).plus(largest(d, order).times(Rational.of(square)));
}

function check(matrices: readonly Float64Array[], cone: Cone, balance = 0, length = 0, square = 3): number {
  const shared = new SharedSum(Math.sqrt(matrices[0].length));
  for (const M of matrices) shared.add(M);
  const excess = shared.excess(cone, balance, length, square);
  expect(exactExcess(matrices, cone, balance, length, square).atMost(Rational.of(excess))).toBe(true);
  return excess;
}

const [ray] = conesOf('signed', 1);
const [fan] = conesOf('signed', 2);
const [free] = conesOf('free', 2);

describe('the excess is not below the exact one', () => {
  it('for random sums, near the price and far from it', () => {
    const random = new Random(41);
    for (let trial = 0; trial < 60; trial++) {
      const cone = [ray, fan, free][trial % 3];
      const order = 1 + random.integer(3) + cone.outputs.columns;
      const size = 2 ** Math.round(40 * random.uniform() - 20);
      const matrices = Array.from({ length: 1 + random.integer(8) }, () => {
        const M = new Float64Array(order * order);
        for (let i = 0; i < order; i++) {
          for (let j = 0; j <= i; j++) M[i * order + j] = M[j * order + i] = random.normal() * size;
        }
        return M;
      });
      check(matrices, cone, random.normal() * size, random.normal() * size, 1 + random.uniform());
    }
  });

  it('where terms are lost one by one, and it stays small', () => {
    const count = 4000;
    const tiny = 0.999 * 2 ** -54;
    const matrices = Array.from({ length: count }, (_, g) => Float64Array.of(g === 0 ? 0.5 : tiny, 0, 0, g === 0 ? 0.5 : tiny)); // biome-ignore format: one line
    const excess = check(matrices, ray);
    expect(excess).toBeGreaterThan(3.9 * count * tiny);
    expect(excess).toBeLessThan(4 * count * tiny + 1e-14);
  });

  it('where terms cancel', () => {
    const random = new Random(42);
    const values = Array.from({ length: 500 }, () => random.normal());
    const all = [...values, ...values.map((x) => -x * (1 + 2 ** -52)), 0.5];
    check(all.map((x) => Float64Array.of(x, 0, 0, x)), ray); // biome-ignore format: one line
  });

  it('where what is lost rounds again and again', () => {
    const random = new Random(43);
    const large = 2 ** 52;
    for (let trial = 0; trial < 10; trial++) {
      const parts = Array.from({ length: 300 }, () => random.uniform());
      const all = [large, ...parts, -large];
      check(all.map((x) => Float64Array.of(x, 0, 0, -1)), ray); // biome-ignore format: one line
      check(all.map((x) => Float64Array.of(-1, 0, 0, x)), ray); // biome-ignore format: one line
    }
  });

  it('where the price itself rounds', () => {
    for (const balance of [1e16, -1e16, 2 ** 53 + 2]) {
      check([Float64Array.of(balance, 0, 0, -balance)], ray, balance);
      check([Float64Array.of(balance + 2, 0, 0, 2 - balance)], ray, balance);
    }
    const random = new Random(45);
    for (let trial = 0; trial < 20; trial++) {
      const balance = random.uniform() / 4;
      check([Float64Array.of(0.5 + balance, 0, 0, 0.5 - balance)], ray, balance);
    }
    const M = new Float64Array(16);
    for (const length of [1e10, -1e10, 1 / 3]) check([M], fan, 0, length);
  });
});

it('the price alone exceeds nothing, and multiples of the equalities neither', () => {
  const random = new Random(44);
  const balance = random.normal();
  expect(check([Float64Array.of(0.5 + balance, 0, 0, 0.5 - balance)], ray, balance)).toBeLessThan(1e-13);
  expect(check([Float64Array.of(0.4 + balance, 0, 0, 0.2 - balance)], ray, balance)).toBeLessThanOrEqual(
    Number.MIN_VALUE,
  );
  expect(new SharedSum(2).excess(ray, 0, 0, 1)).toBeLessThanOrEqual(Number.MIN_VALUE);
});

it('numbers beyond all bounds exceed it infinitely', () => {
  const shared = new SharedSum(2);
  shared.add(Float64Array.of(1, 0, 0, 1));
  expect(shared.excess(ray, Number.POSITIVE_INFINITY, 0, 1)).toBe(Number.POSITIVE_INFINITY);
  expect(shared.excess(ray, Number.NaN, 0, 1)).toBe(Number.POSITIVE_INFINITY);
});
