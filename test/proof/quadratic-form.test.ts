import { expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import type { PairMultipliers } from '../../src/problem/parts/multipliers.js';
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
    const form = new QuadraticForm(problem.neurons, {
      reg: 1,
      a: Matrix.zeros(problem.neurons.count, 1),
      pairs: problem.N,
      w: problem.w,
    });
    if (!form.provesPositive(problem.w, 1e3)) continue;
    let low = 0;
    let high = 1e3;
    for (let step = 0; step < 70; step++) {
      const middle = (low + high) / 2;
      if (form.provesPositive(problem.w, middle)) high = middle;
      else low = middle;
    }
    if (low === 0) continue;
    proved++;
    expect(isPositiveDefinite(exactForm(problem, high))).toBe(true);
    expect(isPositiveDefinite(exactForm(problem, high * (1 - 1e-9)))).toBe(false);
  }
  expect(proved).toBeGreaterThan(20);
});
