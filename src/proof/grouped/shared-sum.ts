/**
 * Σ_g M of one cone, with what is lost in each addition added up apart (Neumaier; Ogita, Rump, Oishi, Accurate sum and dot product, SIAM J. Sci.
 * Comput. 26 (2005), §4), so that thousands of groups cost no digits; and by how much it exceeds the price.
 */
import { gamma, inflate } from '../../base/round-off.js';
import type { Cone } from '../../problem/parts/cone.js';
import { UNDERFLOW } from '../cholesky.js';

export class SharedSum {
  readonly #order: number;
  readonly #sum: Float64Array;
  readonly #lost: Float64Array;
  readonly #magnitude: Float64Array;
  #terms = 0;

  constructor(order: number) {
    this.#order = order;
    this.#sum = new Float64Array(order * order);
    this.#lost = new Float64Array(order * order);
    this.#magnitude = new Float64Array(order * order);
  }

  /** M symmetric, square. */
  add(M: Float64Array): void {
    this.#terms++;
    for (let at = 0; at < M.length; at++) {
      const [sum, x] = [this.#sum[at], M[at]];
      const next = sum + x;
      this.#lost[at] += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
      this.#sum[at] = next;
      this.#magnitude[at] += Math.abs(x);
    }
  }

  /**
   * An upper bound of ([u h]ᵀ Σ M [u h] − r²) / r², at least 0, over the neurons of a cone with ‖u‖ = ‖v‖ = r and ‖h‖² ≤ squareOfH · r²: there
   *
   *     r² = [u h]ᵀ Q [u h],   Q = ½ price + balance (I_u − 1_r) + length (1_r − outputsᵀ outputs)
   *
   * and Σ M − Q is bounded by its row sums (Gershgorin).
   */
  excess(cone: Cone, balance: number, length: number, squareOfH: number): number {
    const order = this.#order;
    const d = order - cone.outputs.columns;
    const target = balancedPrice(cone, d, balance, length);
    const largest = (start: number, end: number): number => {
      let most = 0;
      for (let i = start; i < end; i++) most = Math.max(most, this.#rowAbove(i, target, cone.outputs.rows));
      return most;
    };
    const above = inflate(largest(0, d) + largest(d, order) * squareOfH, 2);
    return above >= 0 ? above : Number.POSITIVE_INFINITY;
  }

  /**
   * (Σ M − Q)_ii + Σ |(Σ M − Q)_ij| over j ≠ i from above. What was lost is off by at most gamma(terms)² of the magnitudes; the other roundings
   * are those of an entry of Q, three of the difference and the additions here.
   */
  #rowAbove(i: number, target: Terms, c: number): number {
    const order = this.#order;
    const ofLost = gamma(this.#terms) * gamma(this.#terms);
    let sum = UNDERFLOW;
    for (let j = 0; j < order; j++) {
      const at = i * order + j;
      const difference = this.#sum[at] - target.value[at] + this.#lost[at];
      const magnitude = Math.abs(this.#sum[at]) + target.magnitude[at] + Math.abs(this.#lost[at]);
      const error = gamma(order + c + 10) * magnitude + ofLost * this.#magnitude[at];
      sum += (i === j ? difference : Math.abs(difference)) + error;
    }
    return sum;
  }
}

/** A matrix and the sums of the absolute values of its terms, square. */
interface Terms {
  readonly value: Float64Array;
  readonly magnitude: Float64Array;
}

/** Q. */
function balancedPrice({ outputs, radius }: Cone, d: number, balance: number, length: number): Terms {
  const order = d + outputs.columns;
  const value = new Float64Array(order * order);
  const magnitude = new Float64Array(order * order);
  const add = (i: number, j: number, term: number): void => {
    value[i * order + j] += term;
    magnitude[i * order + j] += Math.abs(term);
  };
  for (let i = 0; i < d; i++) {
    add(i, i, 1 / 2);
    if (radius >= 0) add(i, i, balance);
  }
  if (radius >= 0) {
    const r = d + radius;
    add(r, r, 1 / 2);
    add(r, r, -balance);
    add(r, r, length);
  }
  const factor = radius >= 0 ? -length : 1 / 2;
  for (let i = 0; i < outputs.columns; i++) {
    for (let j = 0; j < outputs.columns; j++) {
      for (let k = 0; k < outputs.rows; k++) add(d + i, d + j, factor * outputs.get(k, i) * outputs.get(k, j));
    }
  }
  return { value, magnitude };
}
