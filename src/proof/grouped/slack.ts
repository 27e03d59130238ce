/**
 * The slack of one group and one cone, in units of reg and in the rows' scaled coordinates, over z = (alpha, u, h):
 *
 *     Z = diag(0, M) − E(a) − Bᵀ K B,   B: z ↦ (alpha, ξ, h), ξ_i = z_i·u,
 *
 * E(a) the matrix of Σ alpha_i a_i·(outputs h) and K that of the products of forms (products.ts). On a neuron zᵀZz ≤ [u h]ᵀM[u h] −
 * Σ alpha_i a_i·v, so that Z ⪰ −D bounds the group's share of ⟨a, alpha vᵀ⟩. N, w and M are multipliers and may be rounded (to other
 * ones); every other rounding is bounded: |fl(Z) − Z|_ij summed over j is at most gamma(roundings) · magnitude[i].
 */
import { gamma, inflate } from '../../base/round-off.js';
import { choleskyDefect, choleskySteps, UNDERFLOW } from '../cholesky.js';
import type { Products } from './products.js';

export interface SlackParts {
  /** Rows of the group that are in it. */
  readonly rows: readonly RowPart[];
  readonly products: Products;
  /** (d + e)×(d + e), symmetric. */
  readonly M: Float64Array;
  /** c×e, and the columns of X. */
  readonly outputs: { readonly data: Float64Array; readonly rows: number; readonly columns: number };
  readonly d: number;
}

export interface RowPart {
  readonly z: Float64Array;
  /** Upper bound of ‖z‖, > 0. */
  readonly length: number;
  /** Its row of a, scaled as z and in units of reg. */
  readonly a: Float64Array;
}

/** Larger magnitudes are given up: nothing may come near an overflow or the largest pivot of cholesky.ts. */
const LARGEST = 2 ** 90;

export class Slack {
  readonly #size: number;
  readonly #columns: number;
  readonly #lengths: readonly number[];
  /** Lower triangle of Z, square. */
  readonly #base: Float64Array;
  /** Row sums of the absolute values of its terms. */
  readonly #magnitude: Float64Array;
  readonly #roundings: number;
  readonly #work: Float64Array;
  /** The largest magnitude. */
  readonly #unit: number;

  constructor({ rows, products, M, outputs, d }: SlackParts) {
    const count = rows.length;
    this.#columns = d;
    this.#lengths = rows.map(({ length }) => length);
    this.#size = count + d + outputs.columns;
    this.#base = new Float64Array(this.#size * this.#size);
    this.#work = new Float64Array(this.#size * this.#size);
    this.#magnitude = new Float64Array(this.#size);
    this.#roundings = products.roundings + 2 * count + outputs.rows + 16;
    this.#addShared(M, count);
    this.#subtractOutputs(rows, outputs, count + d);
    this.#subtractProducts(rows, products);
    this.#unit = this.#magnitude.reduce((x, y) => Math.max(x, y), 0);
  }

  /** False when there are numbers too large to be added up safely, or NaN. */
  get isOrdinary(): boolean {
    return this.#unit < LARGEST;
  }

  #addShared(M: Float64Array, start: number): void {
    const order = this.#size - start;
    for (let i = 0; i < order; i++) {
      for (let j = 0; j < order; j++) {
        if (j <= i) this.#base[(start + i) * this.#size + start + j] += M[i * order + j];
        this.#magnitude[start + i] += Math.abs(M[i * order + j]);
      }
    }
  }

  #subtractOutputs(rows: readonly RowPart[], outputs: SlackParts['outputs'], start: number): void {
    const { data, columns } = outputs;
    rows.forEach(({ a }, i) => {
      for (let l = 0; l < columns; l++) {
        let sum = 0;
        let magnitude = 0;
        for (let k = 0; k < a.length; k++) {
          sum += a[k] * data[k * columns + l];
          magnitude += Math.abs(a[k] * data[k * columns + l]);
        }
        this.#base[(start + l) * this.#size + i] -= sum / 2;
        this.#magnitude[start + l] += magnitude / 2;
        this.#magnitude[i] += magnitude / 2;
      }
    });
  }

  #subtractProducts(rows: readonly RowPart[], { K, magnitude, order }: Products): void {
    const [count, d, size] = [rows.length, this.#columns, this.#size];
    const e = size - count - d;
    /** K's columns of ξ times the rows z: order×d. */
    const KZ = new Float64Array(order * d);
    for (let p = 0; p < order; p++) {
      for (let q = 0; q < count; q++) {
        const factor = K[p * order + count + q];
        if (factor === 0) continue;
        for (let l = 0; l < d; l++) KZ[p * d + l] += factor * rows[q].z[l];
      }
    }
    const at = (i: number, j: number): number => i * size + j;
    for (let p = 0; p < count; p++) {
      for (let q = 0; q <= p; q++) this.#base[at(p, q)] -= K[p * order + q];
      for (let l = 0; l < d; l++) this.#base[at(count + l, p)] -= KZ[p * d + l];
      for (let l = 0; l < e; l++) this.#base[at(count + d + l, p)] -= K[(2 * count + l) * order + p];
    }
    const ZKZ = new Float64Array(d * d);
    for (let q = 0; q < count; q++) {
      const row = (count + q) * d;
      for (let k = 0; k < d; k++) for (let l = 0; l <= k; l++) ZKZ[k * d + l] += rows[q].z[k] * KZ[row + l];
    }
    for (let k = 0; k < d; k++) for (let l = 0; l <= k; l++) this.#base[at(count + k, count + l)] -= ZKZ[k * d + l];
    for (let k = 0; k < e; k++) {
      const h = 2 * count + k;
      for (let l = 0; l < d; l++) this.#base[at(count + d + k, count + l)] -= KZ[h * d + l];
      for (let l = 0; l <= k; l++) this.#base[at(count + d + k, count + d + l)] -= K[h * order + 2 * count + l];
    }
    this.#addMagnitudes(rows, magnitude, order);
  }

  /** |B|ᵀ magnitude |B| times a vector of ones. */
  #addMagnitudes(rows: readonly RowPart[], magnitude: Float64Array, order: number): void {
    const [count, d] = [rows.length, this.#columns];
    const ones = new Float64Array(order).fill(1);
    rows.forEach(({ z }, q) => {
      ones[count + q] = z.reduce((sum, x) => sum + Math.abs(x), 0);
    });
    const total = this.#magnitude;
    for (let p = 0; p < order; p++) {
      let sum = 0;
      for (let q = 0; q < order; q++) sum += magnitude[p * order + q] * ones[q];
      if (p < count) total[p] += sum;
      else if (p >= 2 * count) total[p - count + d] += sum;
      else for (let l = 0; l < d; l++) total[count + l] += Math.abs(rows[p - count].z[l]) * sum;
    }
  }

  /** What is added to Z's diagonal at i for a shift δ: about δ times the largest magnitude, in units in which |z_i| ≤ r. */
  #shiftAt(i: number, delta: number): number {
    const size = delta * this.#unit;
    return i < this.#lengths.length ? size / this.#lengths[i] / this.#lengths[i] : size;
  }

  /** Whether Z + D ⪰ 0 could be proved, D of `#shiftAt`. False says nothing. */
  *proves(delta: number): Generator<void, boolean> {
    return yield* choleskySteps(this.lowered(delta), this.#size);
  }

  /** zᵀDz / r² from above on every neuron with ‖u‖ = ‖v‖ = r and ‖h‖² ≤ squareOfH · r². */
  costOf(delta: number, squareOfH: number): number {
    if (delta === 0) return 0;
    let cost = UNDERFLOW;
    this.#lengths.forEach((length, i) => {
      cost += this.#shiftAt(i, delta) * length * length;
    });
    cost += this.#shiftAt(this.#lengths.length, delta) * (1 + squareOfH);
    return inflate(cost, this.#lengths.length + 4);
  }

  /**
   * Lower triangle of a matrix A with Z + D ⪰ A + φ diag(A) + UNDERFLOW·I, φ that of choleskyDefect: fl(Z) + D with the diagonal lowered by
   * the row sums of its errors, then by φ.
   */
  lowered(delta: number): Float64Array {
    const size = this.#size;
    const A = this.#work;
    A.set(this.#base);
    const shrink = 1 + choleskyDefect(size);
    for (let i = 0; i < size; i++) {
      const shift = this.#shiftAt(i, delta);
      const error = gamma(this.#roundings) * (this.#magnitude[i] + shift) + 2 * size * UNDERFLOW;
      A[i * size + i] = (A[i * size + i] + shift - error) / shrink;
    }
    return A;
  }
}
