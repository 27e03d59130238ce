/**
 * Sampled sign patterns: D_i = diag(1{X g_i > 0}) for Gaussian gates g_i, without repetition (Pilanci & Ergen, ICML 2020, remark 3.3:
 * drawing them replaces the enumeration of all patterns, of which there are O(n^rank X)).
 */
import { Matrix } from '../matrix.js';
import { sumOfSquares } from '../model/loss.js';
import type { Random } from '../random.js';

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
  for (let draw = 0; draw < DRAWS_PER_PATTERN * count && gates.length < count; draw++) {
    const gate = random.fillNormal(new Float64Array(d));
    const norm = Math.sqrt(sumOfSquares(gate));
    for (let j = 0; j < d; j++) gate[j] /= norm;
    const product = Float64Array.from({ length: n }, (_, r) => inner(X.row(r), gate));
    const isClear = product.every((value, r) => lengths[r] === 0 || Math.abs(value) > LEAST_MARGIN * lengths[r]);
    const key = product.reduce((bits, value) => bits + (value > 0 ? '1' : '0'), '');
    if (!isClear || !key.includes('1') || seen.has(key)) continue;
    seen.add(key);
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

export function inner(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}
