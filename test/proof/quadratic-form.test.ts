import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import type { PairMultipliers } from '../../src/problem/parts/multipliers.js';
import { choleskyDefect, UNDERFLOW } from '../../src/proof/cholesky.js';
import { linearForm } from '../../src/proof/linear-form.js';
import type { Neurons } from '../../src/proof/neurons.js';
import { QuadraticForm } from '../../src/proof/quadratic-form.js';
import { densePairs, everyPair } from '../support/pairs.js';
import { Dyadic, isPositiveDefinite } from './dyadic.js';

/** Whole eighths below 2: with these, b and f = Tᵀb have no rounding, and E can be written down exactly. */
const eighths = (random: Random, length: number): Float64Array =>
  Float64Array.from({ length }, () => (random.integer(31) - 15) / 8);

interface Case {
  readonly neurons: Neurons;
  readonly N: PairMultipliers;
  readonly w: Float64Array;
}

function randomCase(random: Random): Case {
  const count = 1 + random.integer(4);
  const columns = 1 + random.integer(3);
  const c = 1 + random.integer(2);
  const neurons: Neurons = {
    count,
    columns,
    row: Int32Array.from({ length: count }, (_, p) => p),
    scale: new Float64Array(count).fill(1),
    Z: eighths(random, count * columns),
    bAlpha: eighths(random, count * c).map((value) => value / 4),
    bBeta: eighths(random, count * c).map((value) => value / 4),
    transfer: 0,
  };
  const N = everyPair(2 * count, () => 0.2 * random.uniform() - 0.1);
  const w = Float64Array.from({ length: count }, () => -1 - random.uniform());
  return { neurons, N, w };
}

/** E(w, ε) = diag(0, (1 + ε) I) − Tᵀ(b bᵀ + N + W)T by the definition, in exact arithmetic. */
function exactForm({ neurons, N, w }: Case, epsilon: number): Dyadic[][] {
  const { count, columns, Z, bAlpha, bBeta } = neurons;
  const c = bAlpha.length / count;
  const size = count + columns;
  const b = new Matrix(Float64Array.of(...bAlpha, ...bBeta), 2 * count, c);
  const T = new Matrix(new Float64Array(2 * count * size), 2 * count, size);
  for (let p = 0; p < count; p++) {
    T.set(p, p, 1);
    T.set(count + p, p, 1);
    for (let k = 0; k < columns; k++) T.set(count + p, count + k, -Z[p * columns + k]);
  }
  const dense = densePairs(N, 2 * count);
  const middle = Array.from({ length: 2 * count }, (_, i) =>
    Array.from({ length: 2 * count }, (_, j) => {
      const [high, low] = [Math.max(i, j), Math.min(i, j)];
      const free = high === low + count;
      const value = free ? w[low] : Math.max(0, dense.get(high, low));
      return Dyadic.dot(b.row(i), b.row(j)).plus(Dyadic.of(value));
    }),
  );
  return Array.from({ length: size }, (_, r) =>
    Array.from({ length: size }, (_, s) => {
      let entry = r === s && r >= count ? Dyadic.of(1).plus(Dyadic.of(epsilon)) : Dyadic.zero;
      middle.forEach((row, i) => {
        row.forEach((value, j) => {
          entry = entry.minus(
            Dyadic.of(T.get(i, r))
              .times(value)
              .times(Dyadic.of(T.get(j, s))),
          );
        });
      });
      return entry;
    }),
  );
}

it('a proof holds exactly, down to the smallest ε that is proved, and little is given away', () => {
  const random = new Random(2);
  let proved = 0;
  for (let trial = 0; trial < 60; trial++) {
    const problem = randomCase(random);
    const form = complete(
      QuadraticForm.build(problem.neurons, {
        reg: 1,
        a: Matrix.zeros(problem.neurons.count, 1),
        pairs: problem.N,
        w: problem.w,
      }),
    );
    if (!complete(form.provesPositive(problem.w, 1e3))) continue;
    let low = 0;
    let high = 1e3;
    for (let step = 0; step < 70; step++) {
      const middle = (low + high) / 2;
      if (complete(form.provesPositive(problem.w, middle))) high = middle;
      else low = middle;
    }
    if (low === 0) continue;
    proved++;
    expect(isPositiveDefinite(exactForm(problem, high))).toBe(true);
    expect(isPositiveDefinite(exactForm(problem, high * (1 - 1e-9)))).toBe(false);
  }
  expect(proved).toBeGreaterThan(20);
});

describe('the matrix that is factorised is below E by what factorising may lose', () => {
  /** Just below half an ulp of 1: added to 1 it is lost. */
  const LOST = 0.999 * 2 ** -53;
  const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

  interface Given {
    readonly Z: readonly (readonly number[])[];
    /** count × c. */
    readonly bAlpha: readonly (readonly number[])[];
    readonly bBeta: readonly (readonly number[])[];
    readonly N?: (i: number, j: number) => number;
    readonly w: readonly number[];
    readonly epsilon?: number;
  }

  /** E_ii − ((1 + φ) A_ii + UNDERFLOW) ≥ Σ_j |E_ij − A_ij| over j ≠ i, exactly: then E ⪰ A + φ diag(A) + UNDERFLOW·I. */
  function isBelow({ Z, bAlpha, bBeta, N = () => 0, w, epsilon = 0 }: Given): boolean {
    const [count, columns] = [Z.length, Z[0].length];
    const neurons: Neurons = {
      count,
      columns,
      row: Int32Array.from(Z.keys()),
      scale: new Float64Array(count).fill(1),
      Z: Float64Array.from(Z.flat()),
      bAlpha: Float64Array.from(bAlpha.flat()),
      bBeta: Float64Array.from(bBeta.flat()),
      transfer: 0,
    };
    const pairs = everyPair(2 * count, N);
    const weights = Float64Array.from(w);
    const form = complete(QuadraticForm.build(neurons, { reg: 1, a: Matrix.zeros(count, 1), pairs, w: weights }));
    const A = form.lowered(weights, epsilon);
    const E = definition(neurons, densePairs(pairs, 2 * count), weights, epsilon);
    const size = count + columns;
    const lift = Dyadic.of(1).plus(Dyadic.of(choleskyDefect(size)));
    return E.every((row, i) => {
      let rest = row[i].minus(Dyadic.of(A[i * size + i]).times(lift)).minus(Dyadic.of(UNDERFLOW));
      row.forEach((entry, j) => {
        const error = entry.minus(Dyadic.of(A[Math.max(i, j) * size + Math.min(i, j)]));
        if (i !== j) rest = error.sign() > 0 ? rest.minus(error) : rest.plus(error);
      });
      return rest.sign() >= 0;
    });
  }

  /** E with the f that is computed. */
  function definition(neurons: Neurons, N: Matrix, w: Float64Array, epsilon: number): Dyadic[][] {
    const { count, columns } = neurons;
    const { f } = linearForm(neurons);
    const size = count + columns;
    const c = f.length / size;
    const one = Dyadic.of(1);
    const entry = (i: number, j: number): Dyadic => {
      if (Math.abs(i - j) === count) return Dyadic.of(w[Math.min(i, j)]);
      return Dyadic.of(Math.max(0, N.get(i, j)));
    };
    /** Row i of T, as pairs (position, value). */
    const T = Array.from({ length: 2 * count }, (_, i): [number, Dyadic][] =>
      i < count
        ? [[i, one]]
        : [
            [i - count, one],
            ...Array.from({ length: columns }, (_, k): [number, Dyadic] => [
              count + k,
              Dyadic.of(-neurons.Z[(i - count) * columns + k]),
            ]),
          ],
    );
    const E = Array.from({ length: size }, (_, r) =>
      Array.from({ length: size }, (_, s) => {
        const identity = r === s && r >= count ? one.plus(Dyadic.of(epsilon)) : Dyadic.zero;
        return identity.minus(Dyadic.dot(f.subarray(r * c, (r + 1) * c), f.subarray(s * c, (s + 1) * c)));
      }),
    );
    for (let i = 0; i < 2 * count; i++) {
      for (let j = 0; j < 2 * count; j++) {
        const value = entry(i, j);
        if (value.sign() === 0) continue;
        for (const [r, x] of T[i]) for (const [s, y] of T[j]) E[r][s] = E[r][s].minus(x.times(value).times(y));
      }
    }
    return E;
  }

  it('on random forms whose terms have any size', () => {
    const random = new Random(12);
    for (let trial = 0; trial < 150; trial++) {
      const [count, columns, c] = [1 + random.integer(4), 1 + random.integer(3), 1 + random.integer(3)];
      const sized =
        (exponent: number): (() => number) =>
        () =>
          random.normal() * 2 ** exponent;
      const exponent = (): number => Math.round(120 * random.uniform() - 60);
      const [alpha, beta, N, free] = [exponent(), exponent(), exponent(), exponent()].map(sized);
      const matrix = (width: number, value: () => number): number[][] =>
        Array.from({ length: count }, () => Array.from({ length: width }, value));
      const given = {
        Z: matrix(columns, () => (1 + random.uniform()) * (random.uniform() < 0.5 ? -1 : 1)),
        bAlpha: matrix(c, alpha),
        bBeta: matrix(c, beta),
        N: () => (random.uniform() < 0.5 ? N() : 0),
        w: matrix(1, free).flat(),
        epsilon: 2 ** exponent(),
      };
      expect(isBelow(given), `trial ${trial}`).toBe(true);
    }
  });

  const none = (count: number): number[][] => times(count, 0).map(() => [0]);

  it('where the output is lost beside a multiplier', () => {
    const N = (i: number, j: number): number => (i === 1 && j === 0 ? 1 : 0);
    const b = [[2 ** -27], [2 ** -27]];
    expect(isBelow({ Z: [[1], [1]], bAlpha: b, bBeta: none(2), N, w: [0, 0] })).toBe(true);
  });

  it('where outputs cancel, many targets', () => {
    const row = [1, ...times(40, 2 ** -26.51)];
    expect(isBelow({ Z: [[1]], bAlpha: [row], bBeta: [row.map(() => 0)], w: [-1] })).toBe(true);
  });

  it('where a free multiplier is lost beside another, or the one of u beside ε', () => {
    expect(isBelow({ Z: [[1]], bAlpha: [[1]], bBeta: [[0]], w: [LOST / 4] })).toBe(true);
    expect(isBelow({ Z: [[1.1], [1.3]], bAlpha: none(2), bBeta: none(2), w: [1e8 / 3, -1e8 / 7] })).toBe(true);
    expect(isBelow({ Z: [[1]], bAlpha: [[0]], bBeta: [[0]], w: [0], epsilon: 2 ** -53 * 0.999 })).toBe(true);
  });

  it('where products of multipliers and rows are lost one by one, more than a run of them', () => {
    const count = 70;
    const N = (i: number, j: number): number => {
      const isOfFirst = i % count === 0 || j % count === 0;
      return i >= count && j >= count && isOfFirst ? (i === count + 1 || j === count + 1 ? 1 : LOST) : 0;
    };
    const rows = times(count, 1).map(() => [1]);
    expect(isBelow({ Z: rows, bAlpha: none(count), bBeta: none(count), N, w: times(count, 0) })).toBe(true);
  });

  it('where many columns round the same way', () => {
    const random = new Random(1);
    for (let trial = 0; trial < 10; trial++) {
      const z = 1 + random.uniform();
      const value = 1 + random.uniform();
      const rows = [times(150, z), times(150, 1)];
      const N = (i: number, j: number): number => (i === 3 && j === 2 ? value * 1e10 : 0);
      expect(isBelow({ Z: rows, bAlpha: none(2), bBeta: none(2), N, w: [0, 0] })).toBe(true);
    }
  });

  it('where everything is so small that only underflow is left', () => {
    expect(isBelow({ Z: [[2 ** -500]], bAlpha: [[2 ** -540]], bBeta: [[0]], w: [-(2 ** -1000)] })).toBe(true);
  });

  it('where the factorisation alone may lose more than forming the matrix', () => {
    const count = 60;
    const Z = times(count, 1).map((_, p) => [p === 0 ? 1 : 2 ** -40]);
    expect(isBelow({ Z, bAlpha: none(count), bBeta: none(count), w: times(count, -1) })).toBe(true);
  });
});
