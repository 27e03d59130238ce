/**
 * The certificate's check beside a second checker in rational arithmetic (exact-checker.ts): what was proved in floating point is proved
 * exactly, by the same multipliers and from the definition, and no bound exceeds what its dual point allows.
 */

import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { noPairs, type PairMultipliers } from '../../src/problem/parts/multipliers.js';
import type { Certificate } from '../../src/problem/problem.js';
import { describeNeurons } from '../../src/proof/neurons.js';
import { QuadraticForm } from '../../src/proof/quadratic-form.js';
import { repair } from '../../src/proof/repair.js';
import { boundConstraint, ratioAbove } from '../../src/proof/verify.js';
import { fromRows } from '../support/matrices.js';
import { densePairs, everyPair } from '../support/pairs.js';
import { verifyCertificate } from '../support/problem.js';
import { claimIsCovered, outputsAreBelow, provesConstraint } from './exact-checker.js';
import { Rational } from './rational.js';

interface Given {
  readonly X: Matrix;
  readonly Y: Matrix;
  readonly certificate: Certificate;
}

/** Whole numbers and powers of two wherever forming E would round: the multipliers then prove exactly what is claimed. */
function randomCertificate(random: Random, d: number): Given {
  const [n, c] = [d + random.integer(3), 1 + random.integer(2)];
  const matrix = (columns: number, value: () => number): Matrix =>
    fromRows(Array.from({ length: n }, () => Array.from({ length: columns }, value)));
  const whole = (): number => random.integer(9) - 4;
  const X = matrix(d, () => whole() || 1);
  const a = matrix(c, () => whole() / 32);
  const pairs = everyPair(2 * n, () => (random.uniform() < 0.5 ? random.uniform() / 256 : 0));
  const w = Float64Array.from({ length: n }, () => -0.2 * random.uniform() - 0.01);
  return { X, Y: matrix(c, () => random.normal()), certificate: { reg: 0.5, a, pairs, w } };
}

describe('a bound from multipliers', () => {
  it.each([1, 2])('is below the exact maximum that its dual point allows, d = %i', (d) => {
    const random = new Random(20 + d);
    let better = 0;
    for (let trial = 0; trial < 80; trial++) {
      const { X, Y, certificate } = randomCertificate(random, d);
      const { a, reg } = certificate;
      const { ratio } = complete(boundConstraint(X, certificate));
      const square = Rational.of(ratio).times(Rational.of(reg)).square();
      expect(outputsAreBelow(X, a, square), `trial ${trial}`).toBe(true);
      expect(claimIsCovered(verifyCertificate(X, Y, certificate).lowerBound, a, Y, reg, square)).toBe(true);
      const trivial = complete(boundConstraint(X, { ...certificate, pairs: noPairs(), w: new Float64Array(X.rows) }));
      if (ratio < 0.99 * trivial.ratio) better++;
    }
    expect(better).toBeGreaterThan(3);
  });

  it('is one that the same multipliers prove in exact arithmetic, down to the smallest ε', () => {
    const random = new Random(31);
    let [asGiven, repaired] = [0, 0];
    for (let trial = 0; trial < 60; trial++) {
      const { X, certificate } = randomCertificate(random, 1 + random.integer(3));
      const neurons = describeNeurons(X, certificate);
      const { reg, a } = certificate;
      const N = densePairs(certificate.pairs, 2 * X.rows);
      const found = complete(repair(complete(QuadraticForm.build(neurons, certificate)), (epsilon) => epsilon < 1e3));
      if (!found) continue;
      if (found.epsilon > 0) repaired++;
      else asGiven++;
      const multipliers = {
        reg: Rational.of(reg),
        a,
        N: (i: number, j: number) => Rational.of(N.get(i, j)),
        w: (i: number) => Rational.of(found.w[i]).over(Rational.of(neurons.scale[i]).square()),
      };
      expect(provesConstraint(X, multipliers, Rational.one.plus(Rational.of(found.epsilon)))).toBe(true);
    }
    expect(Math.min(asGiven, repaired)).toBeGreaterThan(3);
  });
});

describe('the second checker', () => {
  const one = Rational.one;
  const certificate = (pairs: PairMultipliers, w: number) => ({
    reg: one,
    a: fromRows([[1]]),
    N: (i: number, j: number) => Rational.of(densePairs(pairs, 2).get(i, j)),
    w: () => Rational.of(w),
  });

  it('proves and refuses a constraint that can be seen', () => {
    // x = 1: E = [[−1 − 2w, w], [w, ratio²]] ⪰ 0 for w = −1 exactly when ratio² ≥ 1
    const X = fromRows([[1]]);
    expect(provesConstraint(X, certificate(noPairs(), -1), one)).toBe(true);
    expect(provesConstraint(X, certificate(noPairs(), -1), Rational.of(1 - Number.EPSILON))).toBe(false);
    expect(provesConstraint(X, certificate(noPairs(), 0), Rational.of(1e9))).toBe(false);
  });

  it('knows the exact maximum over a circle', () => {
    const X = fromRows([[3, 4], [-3, -4], [1, 0]]); // biome-ignore format: one line
    const a = fromRows([[2], [-7], [0]]); // biome-ignore format: one line
    expect(outputsAreBelow(X, a, Rational.of(35 ** 2))).toBe(true);
    expect(outputsAreBelow(X, a, Rational.of(35 ** 2 - 1e-9))).toBe(false);
  });
});

it('the ratio of a proof is above its exact value', () => {
  const random = new Random(2);
  for (let trial = 0; trial < 500; trial++) {
    const [epsilon, defect, transfer] = [1, 1, 1].map(() => 10 ** (-15 * random.uniform()));
    const stretch = 1 + 10 ** (-16 * random.uniform());
    const ratio = Rational.of(ratioAbove(epsilon, defect, stretch, transfer));
    const root = ratio.minus(Rational.of(transfer)).over(Rational.of(stretch)).minus(Rational.of(defect));
    expect(root.sign()).toBe(1);
    expect(one.plus(Rational.of(epsilon)).atMost(root.square())).toBe(true);
  }
});

const one = Rational.one;

describe('scales that underflow', () => {
  const { MIN_VALUE } = Number;

  /** For X with one column whose entries are positive, where the exact maximum is at u = 1. */
  const isCovered = (x: number[], a: number[], y: number[], reg: number): boolean => {
    const column = (values: number[]): Matrix => fromRows(values.map((value) => [value]));
    const certificate = { reg, a: column(a), pairs: noPairs(), w: new Float64Array(x.length) };
    const { lowerBound } = verifyCertificate(column(x), column(y), certificate);
    expect(lowerBound).toBeGreaterThan(0);
    return claimIsCovered(lowerBound, column(a), column(y), reg, Rational.dot(x, a).square());
  };

  it('a maximum of 1.1 units of the smallest double, which is what the weight decay is', () => {
    // the ratio of the two is bounded by less than 1.5, so its product with the weight decay rounds to one unit
    expect(isCovered([2 ** -1060], [1.1 * 2 ** -14], [1], MIN_VALUE)).toBe(true);
  });

  it('products of rows without multipliers', () => {
    const rows = (value: number): number[] => new Array<number>(60).fill(value);
    expect(isCovered(rows(2 ** -537), rows(1.4 * 2 ** -537), rows(1), 2 ** -1000)).toBe(true);
  });
});
