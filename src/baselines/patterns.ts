/**
 * Sampled sign patterns: D_i = diag(1{X g_i > 0}) for Gaussian gates g_i, without repetition (Pilanci & Ergen, ICML 2020, remark 3.3:
 * drawing them replaces the enumeration of all patterns, of which there are O(n^rank X)).
 */
import { Matrix } from '../base/matrix.js';
import type { Random } from '../base/random.js';
import { dot, sumOfSquares } from '../base/vector.js';

export interface SignPatterns {
  /** Number of distinct patterns P. */
  readonly count: number;
  /** d×P, unit columns g_i. */
  readonly gates: Matrix;
  /** n×P, row-major: 1 where x_r·g_i > 0, else 0. */
  readonly active: Uint8Array;
  /** n×P: |x_r·g_i|, the distance that keeps x_r on its side; 0 only for zero rows. */
  readonly margins: Matrix;
}

/** A row nearer to a gate's hyperplane than this share of its length is on neither side in floating point: the gate is dropped. */
const LEAST_MARGIN = 1e-12;

/** Gates drawn for each pattern asked for: where few patterns exist, or a few take most of the sphere, the rest is given up. */
const DRAWS_PER_PATTERN = 20;

/** After so many draws without a new pattern there are hardly more, however many were asked for. */
const MOST_FRUITLESS = 100_000;

/**
 * @param count patterns asked for; gates that repeat a pattern or select no row do not count, and fewer are returned when so many draws
 * do not show as many
 */
export function samplePatterns(X: Matrix, count: number, random: Random): SignPatterns {
  const { rows: n, columns: d } = X;
  const lengths = Float64Array.from({ length: n }, (_, r) => Math.sqrt(sumOfSquares(X.row(r))));
  const seen = new Set<string>();
  const gates: Float64Array[] = [];
  const products: Float64Array[] = [];
  let fruitless = 0;
  for (let draw = 0; draw < DRAWS_PER_PATTERN * count && gates.length < count; draw++) {
    if (fruitless++ > MOST_FRUITLESS) break;
    const gate = random.fillNormal(new Float64Array(d));
    const norm = Math.sqrt(sumOfSquares(gate));
    for (let j = 0; j < d; j++) gate[j] /= norm;
    const product = Float64Array.from({ length: n }, (_, r) => dot(X.row(r), gate));
    const isClear = product.every((value, r) => lengths[r] === 0 || Math.abs(value) > LEAST_MARGIN * lengths[r]);
    const key = product.reduce((bits, value) => bits + (value > 0 ? '1' : '0'), '');
    if (!isClear || !key.includes('1') || seen.has(key)) continue;
    seen.add(key);
    fruitless = 0;
    gates.push(gate);
    products.push(product);
  }
  const P = gates.length;
  const active = new Uint8Array(n * P);
  const margins = Matrix.zeros(n, P);
  products.forEach((product, i) => {
    for (let r = 0; r < n; r++) {
      active[r * P + i] = product[r] > 0 ? 1 : 0;
      margins.set(r, i, Math.abs(product[r]));
    }
  });
  const columns = Matrix.zeros(d, P);
  gates.forEach((gate, i) => {
    for (let j = 0; j < d; j++) columns.set(j, i, gate[j]);
  });
  return { count: P, gates: columns, active, margins };
}

/** Steps of hit-and-run per feature. */
const STEPS_PER_FEATURE = 100;

/**
 * The mean of u uᵀ over K_i = {u : the signs of x_r·u are those of g_i for all r} and the unit ball, d×d, by hit-and-run from the gate (R. Smith, Oper. Res.
 * 1984): positive definite, and every product s_r s_s x_rᵀ(·)x_s is positive. X must have no zero rows.
 */
export function coneMoment(X: Matrix, patterns: SignPatterns, i: number, random: Random): Float64Array {
  const { rows: n, columns: d } = X;
  const { active, gates, count } = patterns;
  const u = Float64Array.from({ length: d }, (_, j) => gates.get(j, i) / 2);
  const sides = Float64Array.from({ length: n }, (_, r) => patterns.margins.get(r, i) / 2);
  const moment = new Float64Array(d * d);
  const steps = STEPS_PER_FEATURE * d;
  for (let step = 0; step < steps; step++) {
    const v = random.fillNormal(new Float64Array(d));
    const rates = Float64Array.from({ length: n }, (_, r) => (active[r * count + i] === 1 ? 1 : -1) * dot(X.row(r), v));
    let [low, high] = chordOfBall(u, v);
    for (let r = 0; r < n; r++) {
      const limit = -sides[r] / rates[r];
      if (rates[r] > 0) low = Math.max(low, limit);
      else if (rates[r] < 0) high = Math.min(high, limit);
    }
    // Strictly between the ends, where the cone's walls are.
    const length = low + (0.01 + 0.98 * random.uniform()) * (high - low);
    for (let j = 0; j < d; j++) u[j] += length * v[j];
    for (let r = 0; r < n; r++) sides[r] += length * rates[r];
    for (let x = 0; x < d; x++) for (let y = 0; y < d; y++) moment[x * d + y] += (u[x] * u[y]) / steps;
  }
  return moment;
}

/** The λ between which ‖u + λv‖ ≤ 1, for ‖u‖ < 1. */
function chordOfBall(u: Float64Array, v: Float64Array): [number, number] {
  const [a, b, c] = [sumOfSquares(v), dot(u, v), sumOfSquares(u) - 1];
  const root = Math.sqrt(b * b - a * c);
  return [(-b - root) / a, (root - b) / a];
}
