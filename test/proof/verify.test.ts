import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { squared } from '../../src/problem/losses/squared.js';
import { noPairs, type PairMultipliers } from '../../src/problem/parts/multipliers.js';
import type { Certificate } from '../../src/problem/problem.js';
import { dualBound } from '../../src/proof/dual-bound.js';
import { VALID_SLACK } from '../../src/proof/verify.js';
import { randomMatrix } from '../support/matrices.js';
import { everyPair } from '../support/pairs.js';
import { verifyCertificate } from '../support/problem.js';
import { randomProblem } from '../support/random.js';
import { CLOSED_FORM_CERTIFICATE_LOSS, roundOff } from '../support/tolerance.js';
import { solveOneColumn } from './one-column.js';
import { claimHoldsExactly, mapMatrix } from './reference.js';

const zeroMultipliers = (n: number): Pick<Certificate, 'pairs' | 'w'> => ({
  pairs: noPairs(),
  w: new Float64Array(n),
});

describe('one column, against the exact optimum', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('seed %i', (seed) => {
    const { X, Y, reg } = randomProblem(seed, { d: 1 });
    if (X.columns !== 1) return;
    const { optimum, certificate } = solveOneColumn(X, Y, reg);
    const { lowerBound, slack, valid } = verifyCertificate(X, Y, certificate);
    expect(claimHoldsExactly(X, Y, certificate.a, reg, lowerBound)).toBe(true);
    expect(lowerBound).toBeGreaterThanOrEqual(optimum * (1 - CLOSED_FORM_CERTIFICATE_LOSS));
    expect(slack).toBeLessThan(CLOSED_FORM_CERTIFICATE_LOSS);
    expect(valid).toBe(true);
  });

  it('never claims a last bit too much, whatever the scale', () => {
    const random = new Random(11);
    for (let trial = 0; trial < 400; trial++) {
      const { X, Y } = randomProblem(trial, { d: 1, n: 1 + (trial % 7), degeneracy: 'none' });
      const reg = 10 ** (6 * random.uniform() - 4);
      const xScale = 10 ** Math.floor(80 * random.uniform() - 40);
      const yScale = 10 ** Math.floor(80 * random.uniform() - 40);
      const Xs = mapMatrix(X, (x) => x * xScale);
      const Ys = mapMatrix(Y, (y) => y * yScale);
      const regs = reg * xScale * yScale;
      const { optimum, certificate } = solveOneColumn(Xs, Ys, regs);
      const { lowerBound } = verifyCertificate(Xs, Ys, certificate);
      expect(claimHoldsExactly(Xs, Ys, certificate.a, regs, lowerBound)).toBe(true);
      expect(lowerBound).toBeGreaterThanOrEqual(optimum * (1 - CLOSED_FORM_CERTIFICATE_LOSS));
    }
  });

  it('holds exactly for forged multipliers', () => {
    const random = new Random(5);
    for (let trial = 0; trial < 600; trial++) {
      const { X, Y, reg } = randomProblem(trial, { d: 1, n: 1 + (trial % 6), degeneracy: 'antiparallel rows' });
      const n = X.rows;
      const { certificate } = solveOneColumn(X, Y, reg);
      const wild = (): number => random.normal() * 10 ** (8 * random.uniform() - 4);
      const forged: Certificate = {
        reg,
        a: mapMatrix(certificate.a, (entry) => (trial % 3 === 0 ? wild() : entry * (1 + 1e-15 * random.normal()))),
        pairs: trial % 2 === 0 ? everyPair(2 * n, wild) : noPairs(),
        w: certificate.w.map((entry) => (trial % 5 === 0 ? wild() : entry * (1 + 1e-9 * random.normal()))),
      };
      const { lowerBound } = verifyCertificate(X, Y, forged);
      expect(claimHoldsExactly(X, Y, forged.a, reg, lowerBound), `trial ${trial}, n ${n}`).toBe(true);
    }
  });
});

describe('rows without multipliers of their own', () => {
  it('are carried by their representative: duplicates, multiples of both signs, zero rows', () => {
    const X = [[2], [-0.7], [0], [0.1], [6], [-3]];
    const Y = [
      [1, 2],
      [0.5, -1],
      [3, 0],
      [0, 1],
      [-1, 1],
      [2, 2],
    ];
    const toData = (rows: number[][]): Matrix =>
      new Matrix(Float64Array.from(rows.flat()), rows.length, rows[0].length);
    const { optimum, certificate } = solveOneColumn(toData(X), toData(Y), 0.3);
    const { lowerBound, valid } = verifyCertificate(X, Y, certificate);
    expect(valid).toBe(true);
    expect(lowerBound).toBeLessThanOrEqual(optimum);
    expect(lowerBound).toBeGreaterThanOrEqual(optimum * (1 - CLOSED_FORM_CERTIFICATE_LOSS));
  });

  it('cost the distance to it when they are only nearly parallel', () => {
    const angle = 1e-7;
    const X = new Matrix(Float64Array.of(1, 0, Math.cos(angle), Math.sin(angle)), 2, 2);
    const Y = new Matrix(Float64Array.of(1, 1.5), 2, 1);
    const merged = solveOneColumn(new Matrix(Float64Array.of(1, 1), 2, 1), Y, 0.1);
    const { lowerBound, slack } = verifyCertificate(X, Y, merged.certificate);
    const { a } = merged.certificate;
    const cost = (Math.abs(a.get(1, 0)) * 2 * Math.sin(angle / 2)) / 0.1;
    expect(slack).toBeGreaterThan(0.5 * cost);
    expect(slack).toBeLessThan(2 * cost);
    expect(lowerBound).toBeGreaterThan(merged.optimum * (1 - 10 * cost));
    expect(lowerBound).toBeLessThan(merged.optimum);
  });
});

describe('more columns than rows', () => {
  it('gives the bound of the same problem in its row space', () => {
    const random = new Random(3);
    for (const [n, d] of [
      [1, 5],
      [3, 4],
      [6, 40],
    ]) {
      const X = randomMatrix(random, n, d);
      const Y = randomMatrix(random, n, 2);
      const wide = new Matrix(
        Float64Array.from({ length: n * 3 * d }, (_, k) => {
          const column = k % (3 * d);
          return column < d ? X.get(Math.floor(k / (3 * d)), column) : 0;
        }),
        n,
        3 * d,
      );
      const w = Float64Array.from({ length: n }, (_, i) => -1 / (n * X.row(i).reduce((sum, x) => sum + x * x, 0)));
      const weighted = Math.sqrt(Y.data.reduce((sum, y, k) => sum + y ** 2 / -w[Math.floor(k / 2)], 0));
      const certificate = { reg: 0.5, a: mapMatrix(Y, (y) => (0.17 * y) / weighted), ...zeroMultipliers(n), w };
      const bound = verifyCertificate(X, Y, certificate);
      const wideBound = verifyCertificate(wide, Y, certificate);
      expect(bound.valid).toBe(true);
      expect(wideBound.valid).toBe(true);
      expect(Math.abs(wideBound.lowerBound - bound.lowerBound)).toBeLessThan(
        CLOSED_FORM_CERTIFICATE_LOSS * bound.lowerBound,
      );
    }
  });
});

describe('multipliers that prove less', () => {
  const { X, Y } = randomProblem(0, { n: 6, d: 3, c: 2, degeneracy: 'none' });
  const n = X.rows;

  it('none at all: the repair still finds a positive bound', () => {
    const { lowerBound, valid } = verifyCertificate(X, Y, { reg: 0.2, a: Y, ...zeroMultipliers(n) });
    expect(valid).toBe(false);
    expect(lowerBound).toBeGreaterThan(0);
    expect(lowerBound).toBeLessThan(Y.data.reduce((sum, y) => sum + (y * y) / 2, 0));
  });

  it('are worth ½‖Y‖² when reg is so large that only the zero network is optimal', () => {
    const { lowerBound, valid } = verifyCertificate(X, Y, { reg: 1e4, a: Y, ...zeroMultipliers(n) });
    const value = Y.data.reduce((sum, y) => sum + (y * y) / 2, 0);
    expect(valid).toBe(true);
    expect(lowerBound).toBeLessThanOrEqual(value);
    expect(lowerBound).toBeGreaterThan(value * (1 - roundOff(1, 1, 64)));
  });

  it('a = 0 claims 0 and is valid; −a claims less than 0 and is not', () => {
    const a = Matrix.zeros(n, 2);
    expect(verifyCertificate(X, Y, { reg: 1, a, ...zeroMultipliers(n) })).toEqual({
      lowerBound: 0,
      slack: 0,
      valid: true,
    });
    const negative = verifyCertificate(X, Y, { reg: 1e4, a: mapMatrix(Y, (y) => -y), ...zeroMultipliers(n) });
    expect(negative).toEqual({ lowerBound: 0, slack: 0, valid: false });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d anywhere proves nothing', (bad) => {
    const nothing = { lowerBound: 0, slack: Number.POSITIVE_INFINITY, valid: false };
    const good = { reg: 1, a: Y, ...zeroMultipliers(n) };
    const spoil = (values: Float64Array): Float64Array => values.with(values.length - 1, bad);
    expect(verifyCertificate(X, Y, { ...good, a: new Matrix(spoil(Y.data), n, 2) })).toEqual(nothing);
    const spoiltPairs = everyPair(2 * n, (i, j) => (i === 2 && j === 1 ? bad : 1));
    expect(verifyCertificate(X, Y, { ...good, pairs: spoiltPairs })).toEqual(nothing);
    expect(verifyCertificate(X, Y, { ...good, w: spoil(good.w) })).toEqual(nothing);
  });

  it.each([1e-320, 1e-200, 1e200, 1e306])('survives data and multipliers of size %d', (size) => {
    for (const which of ['X', 'Y', 'a', 'N', 'w', 'reg']) {
      const grow = (name: string, matrix: Matrix): Matrix => mapMatrix(matrix, (x) => (name === which ? x * size : x));
      const certificate = {
        reg: which === 'reg' ? size : 1,
        a: grow('a', Y),
        pairs: everyPair(2 * n, () => (which === 'N' ? size : 0.01)),
        w: zeroMultipliers(n).w.fill(which === 'w' ? -size : -0.01),
      };
      const targets = grow('Y', Y);
      const { lowerBound } = verifyCertificate(grow('X', X), targets, certificate);
      expect(lowerBound).toBeGreaterThanOrEqual(0);
      if (which !== 'Y') expect(lowerBound).toBeLessThanOrEqual(Y.data.reduce((sum, y) => sum + (y * y) / 2, 0));
      expect(lowerBound).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });

  it('leaves its inputs alone', () => {
    const certificate = { reg: 0.2, a: Y.clone(), pairs: everyPair(2 * n, () => -1), w: zeroMultipliers(n).w.fill(2) };
    const before = structuredClone([X.data, Y.data, certificate.a.data, certificate.pairs, certificate.w]);
    verifyCertificate(X, Y, certificate);
    expect([X.data, Y.data, certificate.a.data, certificate.pairs, certificate.w]).toEqual(before);
  });

  it.each([
    ['X', { rows: 0, columns: 3, data: [] }, undefined],
    ['Y', undefined, Matrix.zeros(n + 1, 2)],
  ])('refuses a wrong %s', (argument, badX, badY) => {
    const run = () => verifyCertificate(badX ?? X, badY ?? Y, { reg: 1, a: Y, ...zeroMultipliers(n) });
    expect(run).toThrow(InputError);
    expect(run).toThrow(argument);
  });

  it.each([
    ['certificate.reg', { reg: 0 }],
    ['certificate.reg', { reg: Number.NaN }],
    ['certificate.a', { a: Matrix.zeros(n, 3) }],
    ['certificate.a', { a: {} as Matrix }],
    ['certificate.w', { w: new Float64Array(n + 1) }],
    ['certificate.w', { w: { length: n } as Float64Array }],
  ])('refuses a wrong %s', (argument, change) => {
    const run = () => verifyCertificate(X, Y, { reg: 1, a: Y, ...zeroMultipliers(n), ...change });
    expect(run).toThrow(InputError);
    expect(run).toThrow(argument);
  });
});

describe('pairs from anywhere', () => {
  const X = new Matrix(Float64Array.of(1, 0, 0, 1, -1, 0.2, 0.2, -1), 4, 2);
  const Y = new Matrix(Float64Array.of(0.5, 0.4, 0.6, 0.5), 4, 1);
  const n = X.rows;
  const given = (pairs: unknown): Certificate => ({
    reg: 1,
    a: Y,
    w: new Float64Array(n).fill(-0.45),
    pairs: pairs as PairMultipliers,
  });
  const list = (entries: readonly (readonly [i: number, j: number, value: number])[]): PairMultipliers => ({
    i: Int32Array.from(entries, ([i]) => i),
    j: Int32Array.from(entries, ([, j]) => j),
    value: Float64Array.from(entries, ([, , value]) => value),
  });
  const good = list([
    [2, 0, 0.1],
    [5, 2, 0.2],
    [6, 4, 0.3],
  ]);

  it.each([
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['nothing in it', {}],
    ['plain arrays', { i: [1], j: [0], value: [1] }],
    ['floating-point indices', { ...good, i: Float64Array.from(good.i) }],
    ['BigInt values', { ...good, value: BigInt64Array.of(1n, 2n, 3n) }],
    ['arrays of different lengths', { ...good, j: Int32Array.of(0, 2) }],
    ['an index below 0', list([[1, -1, 1]])],
    ['an index above the last form', list([[2 * n, 0, 1]])],
    ['the largest index', list([[2 ** 31 - 1, 0, 1]])],
    ['i = j', list([[3, 3, 1]])],
    ['i < j', list([[1, 3, 1]])],
    [
      'a pair twice',
      list([
        [3, 1, 1],
        [3, 1, 1],
      ]),
    ],
    [
      'descending j',
      list([
        [3, 2, 1],
        [3, 1, 1],
      ]),
    ],
    [
      'descending i',
      list([
        [3, 1, 1],
        [2, 1, 1],
      ]),
    ],
  ])('%s: refused by name', (_, pairs) => {
    const run = () => verifyCertificate(X, Y, given(pairs));
    expect(run).toThrow(InputError);
    expect(run).toThrow('certificate.pairs');
  });

  it('what is not positive, and what stands at a complementary pair, counts as zero', () => {
    const expected = verifyCertificate(X, Y, given(good));
    const spoilt = list([
      [1, 0, -3],
      [2, 0, 0.1],
      [3, 1, 0],
      [n, 0, 7],
      [5, 1, -0],
      [5, 2, 0.2],
      [6, 2, 1e300],
      [6, 4, 0.3],
      [7, 0, -1e300],
    ]);
    expect(verifyCertificate(X, Y, given(spoilt))).toEqual(expected);
    expect(verifyCertificate(X, Y, given(noPairs()))).not.toEqual(expected);
  });

  it('proves nothing by a value that is not finite, wherever it stands', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const pair of [
        [1, 0, bad],
        [n, 0, bad],
      ] as const) {
        expect(verifyCertificate(X, Y, given(list([pair]))).valid).toBe(false);
      }
    }
  });
});

describe('dualBound', () => {
  const row = (...values: number[]): Matrix => new Matrix(Float64Array.from(values), 1, values.length);
  const bound = (a: Matrix, Y: Matrix, reg: number, B: number): number => dualBound({ Y, reg, loss: squared }, a, B);

  it('takes the best multiple of a that B allows', () => {
    const half = verifyNear(bound(row(1), row(3), 1, 1), 2.5);
    expect(half).toBe(true);
    expect(verifyNear(bound(row(1), row(3), 1, 2), 0.5 * 3 - 0.125)).toBe(true);
    expect(verifyNear(bound(row(1), row(3), 1, 0.25), 4.5)).toBe(true);
    expect(verifyNear(bound(row(1), row(3), 1, 0), 4.5)).toBe(true);
  });

  it('is 0 when nothing follows', () => {
    for (const B of [Number.NaN, Number.POSITIVE_INFINITY, -1]) expect(bound(row(1), row(3), 1, B)).toBe(0);
    expect(bound(row(-1), row(3), 1, 1)).toBe(0);
    expect(bound(row(0), row(3), 1, 1)).toBe(0);
    expect(bound(row(1e200), row(1e200), 1, 1)).toBe(0);
  });

  it('is never above the exact maximum', () => {
    const random = new Random(8);
    for (let trial = 0; trial < 500; trial++) {
      const n = 1 + random.integer(40);
      const Y = randomMatrix(random, n, 1);
      const a = mapMatrix(Y, (y) => y * (1 + 0.5 * random.normal()));
      // X = (1): ‖aᵀ(Xu)₊‖ is the given B for the one row with entry B / |a|.
      const single = new Matrix(Float64Array.of(1 + random.uniform()), 1, 1);
      const target = new Matrix(Float64Array.of(random.normal()), 1, 1);
      const dual = new Matrix(Float64Array.of(random.normal()), 1, 1);
      const reg = random.uniform();
      const B = Math.abs(dual.data[0] * single.data[0]) * (1 + 2 ** -50);
      expect(claimHoldsExactly(single, target, dual, reg, bound(dual, target, reg, B))).toBe(true);
      expect(claimHoldsExactly(Matrix.zeros(n, 1), Y, a, reg, bound(a, Y, reg, 0))).toBe(true);
    }
  });
});

/** Within a few roundings below. */
const verifyNear = (value: number, exact: number): boolean =>
  value <= exact && value >= exact * (1 - roundOff(1, 1, 64));

it('VALID_SLACK is far below any gap a user asks for', () => {
  expect(VALID_SLACK).toBeLessThanOrEqual(1e-6);
});
