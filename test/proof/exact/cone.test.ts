/** The steps of a cone's bound (docs/exact.md, "The bound on a cone"), each against its statement in exact arithmetic. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.js';
import { isPositiveSemidefinite, Rational } from '../rational.js';
import { ConeFunctions } from './cone-functions.js';

/** The compiler is loaded and run once. */
const COMPILE_LIMIT_MS = 180_000;

beforeAll(async () => {
  await ConeFunctions.create(1, 3, 1, new Float64Array(3), new Float64Array(1));
}, COMPILE_LIMIT_MS);

const exact = Rational.of;
const zero = Rational.zero;
const positive = (x: Rational): Rational => (x.sign() > 0 ? x : zero);
const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/** Unit vectors of one orthant, as rows. */
function randomVertices(random: Random, d: number): Float64Array {
  return Float64Array.from(
    range(d).flatMap(() => {
      const v = range(d).map(() => Math.abs(random.normal()));
      const norm = Math.hypot(...v);
      return v.map((x) => x / norm);
    }),
  );
}

describe.each([3, 4, 5])('in %i dimensions', (d) => {
  const n = 9;
  const c = 2;

  it('Q is above its exact value, G below', async () => {
    const random = new Random(d);
    let ambiguous = 0;
    for (let trial = 0; trial < 20; trial++) {
      const Z = random.fillNormal(new Float64Array(n * d));
      const R = random.fillNormal(new Float64Array(n * c));
      const kernel = await ConeFunctions.create(n, d, c, Z, R);
      const vertices = randomVertices(random, d);
      const count = kernel.form(vertices);
      ambiguous += count;
      const Q = kernel.read('quadratic', d * d);
      const G = kernel.read('gram', d * d);
      const { q, g } = definition(kernel, d, c, count, vertices);
      for (const k of range(d)) {
        for (const l of range(d)) {
          expect(q[k][l].atMost(exact(Q[k * d + l])), `Q ${k} ${l}, trial ${trial}`).toBe(true);
          expect(exact(G[k * d + l]).atMost(g[k][l]), `G ${k} ${l}, trial ${trial}`).toBe(true);
        }
      }
    }
    expect(ambiguous).toBeGreaterThan(20);
  });

  it('the bound is above the smaller of the largest ratio and the largest Q_kk/h²', async () => {
    const random = new Random(10 + d);
    const kernel = await ConeFunctions.create(n, d, c, new Float64Array(n * d), new Float64Array(n * c));
    let [fromRatio, fromHeight] = [0, 0];
    for (let trial = 0; trial < 300; trial++) {
      const G = symmetric(d, (k, l) => (k === l ? 1 : 0.9 * random.uniform() + 0.1));
      const Q = symmetric(d, (k, l) => (k === l ? 1 : trial % 2 === 0 ? 0 : 2) * random.uniform());
      kernel.write('gram', G);
      kernel.write('quadratic', Q);
      const ratio = largest(Array.from(Q, (x, k) => exact(x).over(exact(G[k]))));
      const height = largest(range(d).map((k) => exact(Q[k * (d + 1)]))).over(heightSquared(d, G));
      const isRatio = ratio.atMost(height);
      if (isRatio) fromRatio++;
      else fromHeight++;
      expect((isRatio ? ratio : height).atMost(exact(kernel.coneBound())), `trial ${trial}`).toBe(true);
    }
    expect(Math.min(fromRatio, fromHeight)).toBeGreaterThan(30);
  });

  it('limit · G − Q is taken from below, its positive entries beside the diagonal left out where asked', async () => {
    const random = new Random(20 + d);
    const kernel = await ConeFunctions.create(n, d, c, new Float64Array(n * d), new Float64Array(n * c));
    for (let trial = 0; trial < 100; trial++) {
      const limit = 1 + random.uniform();
      const G = symmetric(d, () => random.uniform());
      // nearly the same, so that the difference is all round-off
      const Q = G.map((x) => x * limit * (1 + 1e-15 * random.normal()));
      kernel.write('gram', G);
      kernel.write('quadratic', Q);
      const kept = kernel.subtractBelow(limit, false);
      for (const dropPositive of [false, true]) {
        const C = kernel.subtractBelow(limit, dropPositive);
        for (const k of range(d)) {
          for (const l of range(k + 1)) {
            const at = k * d + l;
            const difference = exact(limit).times(exact(G[at])).minus(exact(Q[at]));
            expect(exact(C[at]).atMost(difference), `${k} ${l}, trial ${trial}`).toBe(true);
            expect(C[at]).toBe(dropPositive && l < k ? Math.min(kept[at], 0) : kept[at]);
          }
        }
      }
    }
  });

  it('a matrix whose factorisation runs to its end is positive semidefinite', async () => {
    const random = new Random(30 + d);
    const kernel = await ConeFunctions.create(n, d, c, new Float64Array(n * d), new Float64Array(n * c));
    let [proved, refused] = [0, 0];
    for (let trial = 0; trial < 600; trial++) {
      const factors = range(d).map(() => range(d - 1).map(() => random.normal()));
      const scale = range(d).map(() => 2 ** (4 * random.normal()));
      const edge = trial % 2 === 0 ? 0 : d * d * 2 ** (16 * random.uniform());
      const C = symmetric(d, (k, l) => {
        const product = factors[k].reduce((sum, x, m) => sum + x * factors[l][m], 0);
        return scale[k] * scale[l] * product * (k === l ? 1 + edge * Number.EPSILON : 1);
      });
      if (!kernel.factorises(C)) {
        refused++;
        continue;
      }
      proved++;
      const rows = range(d).map((k) => range(d).map((l) => exact(C[Math.max(k, l) * d + Math.min(k, l)])));
      expect(isPositiveSemidefinite(rows), `trial ${trial}`).toBe(true);
    }
    expect(Math.min(proved, refused)).toBeGreaterThan(20);
  });
});

const symmetric = (d: number, entry: (k: number, l: number) => number): Float64Array => {
  const A = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    for (let l = 0; l <= k; l++) {
      A[k * d + l] = entry(k, l);
      A[l * d + k] = A[k * d + l];
    }
  }
  return A;
};

const largest = (values: readonly Rational[]): Rational => values.reduce((x, y) => (x.atMost(y) ? y : x));
const least = (values: readonly Rational[]): Rational => values.reduce((x, y) => (x.atMost(y) ? x : y));

/** max(least G_kl, (least row sum)²/sum), exactly. */
function heightSquared(d: number, G: Float64Array): Rational {
  const sums = range(d).map((k) => Rational.sum(range(d).map((l) => exact(G[k * d + l]))));
  const smallest = least(sums);
  return largest([least(Array.from(G, exact)), smallest.square().over(Rational.sum(sums))]);
}

/** Q and G by their definitions, from the products p, the residuals, the b_k and the vertices as the kernel stores them. */
function definition(kernel: ConeFunctions, d: number, c: number, count: number, vertices: Float64Array) {
  const s = kernel.stride;
  const p = kernel.read('product', d * s);
  const residual = kernel.read('residual', c * s);
  const linear = kernel.read('linear', d * c);
  const b = range(d).map((k) => range(c).map((a) => exact(linear[k * c + a])));
  const r = range(count).map((i) => range(c).map((a) => exact(residual[a * s + i])));
  const isActive = range(count).map((i) => range(d).reduce((sum, k) => sum + p[k * s + i], 0) > 0);
  const excess = range(count).map((i) =>
    range(d).map((k) => {
      const product = exact(p[k * s + i]);
      return isActive[i] ? positive(product.negative()) : positive(product);
    }),
  );
  const half = exact(0.5);
  const spread = (k: number, a: number, sign: number): Rational =>
    Rational.sum(range(count).map((i) => excess[i][k].times(positive(sign > 0 ? r[i][a] : r[i][a].negative()))));
  const weight = range(count).map((i) =>
    range(d).map((k) =>
      Rational.sum(
        range(c).map((a) =>
          r[i][a]
            .times(b[k][a])
            .plus(half.times(positive(r[i][a])).times(spread(k, a, 1)))
            .plus(half.times(positive(r[i][a].negative())).times(spread(k, a, -1))),
        ),
      ),
    ),
  );
  const q = range(d).map((k) =>
    range(d).map((l) =>
      Rational.sum([
        ...range(c).map((a) => b[k][a].times(b[l][a])),
        ...range(count).map((i) => positive(excess[i][l].times(weight[i][k]).plus(excess[i][k].times(weight[i][l])))),
      ]),
    ),
  );
  const g = range(d).map((k) =>
    range(d).map((l) => Rational.dot(vertices.subarray(k * d, (k + 1) * d), vertices.subarray(l * d, (l + 1) * d))),
  );
  return { q, g };
}
