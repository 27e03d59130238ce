import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import {
  dotBounds,
  down,
  gamma,
  inflate,
  normAbove,
  powerOfTwoBelow,
  timesPowerOfTwo,
  timesPowerOfTwoAbove,
  UNIT_ROUNDOFF,
  up,
} from '../../src/base/round-off.js';
import { Dyadic, isPositiveDefinite } from '../proof/dyadic.js';
import { roundOff } from '../support/tolerance.js';

/** Every exponent of a double, the subnormal ones included. */
const anyNumber = (random: Random): number => random.normal() * 2 ** (2090 * random.uniform() - 1070);

describe('exact arithmetic of the tests', () => {
  it('adds, multiplies and compares whole numbers, fractions and subnormals', () => {
    const of = Dyadic.of;
    expect(of(0.1).plus(of(0.2)).atMost(of(0.3))).toBe(false);
    expect(of(3).times(of(-0.25)).minus(of(-0.75)).sign()).toBe(0);
    expect(of(Number.MIN_VALUE).times(of(Number.MIN_VALUE)).sign()).toBe(1);
  });

  it('tells definite from indefinite matrices that doubles cannot tell apart', () => {
    const matrix = (corner: number) =>
      [
        [1, 1],
        [1, corner],
      ].map((row) => row.map(Dyadic.of));
    expect(isPositiveDefinite(matrix(1 + Number.EPSILON))).toBe(true);
    expect(isPositiveDefinite(matrix(1))).toBe(false);
    expect(isPositiveDefinite(matrix(1 - Number.EPSILON))).toBe(false);
  });
});

describe('directed rounding', () => {
  const random = new Random(1);
  const pairs = Array.from({ length: 2000 }, () => [anyNumber(random), anyNumber(random)]);

  it('up and down enclose the exact sum and product', () => {
    for (const [x, y] of pairs) {
      const exactSum = Dyadic.of(x).plus(Dyadic.of(y));
      expect(Dyadic.of(down(x + y)).atMost(exactSum) && exactSum.atMost(Dyadic.of(up(x + y)))).toBe(true);
      if (!Number.isFinite(x * y)) continue;
      const exact = Dyadic.of(x).times(Dyadic.of(y));
      expect(Dyadic.of(down(x * y)).atMost(exact) && exact.atMost(Dyadic.of(up(x * y)))).toBe(true);
    }
  });

  it('powerOfTwoBelow is the power of two in (x/2, x], 2⁻¹⁰²² for subnormals', () => {
    for (const [value] of pairs) {
      const x = Math.abs(value);
      const power = powerOfTwoBelow(x);
      if (x < 2 ** -1022) expect(power).toBe(2.2250738585072014e-308);
      else expect(power <= x && power > x / 2 && Number.isInteger(Math.log2(power))).toBe(true);
    }
    for (const x of [1, 2, 1024, 0.5]) expect(powerOfTwoBelow(x)).toBe(x);
  });

  it('normAbove is above the norm, by round-off only, at every scale', () => {
    for (const size of [1, 1e-310, 1e-200, 1e200, 1e307]) {
      for (const length of [0, 1, 2, 17, 100]) {
        const x = Float64Array.from({ length }, () => random.normal() * size);
        const norm = normAbove(x);
        const square = Dyadic.dot(x, x);
        expect(square.atMost(Dyadic.of(norm).times(Dyadic.of(norm)))).toBe(true);
        if (size === 1)
          expect(norm).toBeLessThanOrEqual(Math.hypot(...x) * (1 + roundOff(length + 8, 1)) + Number.MIN_VALUE);
      }
    }
  });

  it('dotBounds enclose the exact sum at lengths around the run, closely', () => {
    for (const length of [0, 1, 15, 16, 17, 31, 32, 33, 100, 1000]) {
      for (const size of [1, 1e-160, 1e150]) {
        const x = Float64Array.from({ length }, () => random.normal() * size);
        const y = Float64Array.from({ length }, () => random.normal() * size);
        const { below, above } = dotBounds(x, y);
        const exact = Dyadic.dot(x, y);
        expect(Dyadic.of(below).atMost(exact) && exact.atMost(Dyadic.of(above))).toBe(true);
        if (size === 1) expect(above - below).toBeLessThanOrEqual(roundOff(length + 1, 1, 32));
      }
    }
  });

  it('inflate covers the sum of many roundings', () => {
    for (let trial = 0; trial < 50; trial++) {
      const terms = Float64Array.from({ length: 200 }, () => random.uniform());
      const sum = terms.reduce((total, term) => total + term, 0);
      const ones = new Float64Array(200).fill(1);
      expect(Dyadic.dot(terms, ones).atMost(Dyadic.of(inflate(sum, 200)))).toBe(true);
    }
  });
});

describe('round-off terms, each where a bound without it would be false', () => {
  /** Just above half an ulp of 1 from below: added to 1 it is lost. */
  const LOST = 0.999 * UNIT_ROUNDOFF;

  it('gamma is above k u / (1 − k u)', () => {
    for (const k of [1, 2, 100, 1e6, 1e10]) {
      const share = Dyadic.of(k).times(Dyadic.of(UNIT_ROUNDOFF));
      const left = Dyadic.of(gamma(k)).times(Dyadic.of(1).minus(share));
      expect(share.minus(left).sign()).toBe(-1);
    }
  });

  it('inflate covers terms that were lost one by one', () => {
    const terms = Float64Array.of(1, ...new Array<number>(100).fill(LOST));
    const sum = terms.reduce((total, term) => total + term, 0);
    expect(sum).toBe(1);
    expect(Dyadic.dot(terms, new Float64Array(101).fill(1)).atMost(Dyadic.of(inflate(sum, 101)))).toBe(true);
  });

  it('normAbove covers squares that were lost and results that are subnormal', () => {
    const { MIN_VALUE } = Number;
    for (const x of [
      Float64Array.of(1, ...new Array<number>(1000).fill(2 ** -26.6)),
      Float64Array.of(MIN_VALUE, MIN_VALUE),
      Float64Array.of(3 * MIN_VALUE, 2 * MIN_VALUE, 2 * MIN_VALUE, MIN_VALUE),
      Float64Array.of(2 ** -1060, 2 ** -1061, 2 ** -1062),
    ]) {
      const norm = Dyadic.of(normAbove(x));
      expect(Dyadic.dot(x, x).atMost(norm.times(norm))).toBe(true);
    }
  });

  it('dotBounds cover terms that were lost to rounding, to cancellation or to underflow', () => {
    const cases: [number[], number[]][] = [
      [
        [1, ...new Array<number>(14).fill(LOST)],
        [1, ...new Array<number>(14).fill(1)],
      ],
      [
        [-1, ...new Array<number>(14).fill(LOST)],
        [1, ...new Array<number>(14).fill(-1)],
      ],
      [new Array<number>(100).fill(2 ** -538), new Array<number>(100).fill(0.999 * 2 ** -537)],
      [new Array<number>(100).fill(2 ** -538), new Array<number>(100).fill(-0.999 * 2 ** -537)],
    ];
    for (const [x, y] of cases) {
      const { below, above } = dotBounds(Float64Array.from(x), Float64Array.from(y));
      const exact = Dyadic.dot(x, y);
      expect(Dyadic.of(below).atMost(exact) && exact.atMost(Dyadic.of(above))).toBe(true);
    }
  });

  it('timesPowerOfTwoAbove is exact where it can be and above where it cannot', () => {
    const random = new Random(8);
    for (let trial = 0; trial < 2000; trial++) {
      const x = Math.abs(anyNumber(random));
      const exponent = random.integer(4000) - 2000;
      const above = timesPowerOfTwoAbove(x, exponent);
      if (!Number.isFinite(above)) continue;
      const exact = Dyadic.of(x).times(new Dyadic(1n, exponent));
      expect(exact.atMost(Dyadic.of(above))).toBe(true);
      if (above > 1e-290) expect(exact.minus(Dyadic.of(above)).sign()).toBe(0);
    }
    expect(timesPowerOfTwo(3, -2000)).toBe(0);
    expect(timesPowerOfTwo(3 * 2 ** -1070, 2000)).toBe(3 * 2 ** 930);
  });
});
