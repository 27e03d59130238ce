/**
 * K = Σ N_ij (t_i t_jᵀ + t_j t_iᵀ) over (alpha, ξ, h), the products of forms in a group's slack, with the sums of the absolute values of
 * what was added to each entry: its round-off is at most gamma(roundings) times those.
 */
import type { SparseForm } from './forms.js';

export class Products {
  readonly order: number;
  /** Symmetric, order×order. */
  readonly K: Float64Array;
  readonly magnitude: Float64Array;
  readonly #hits: Int32Array;

  constructor(order: number) {
    this.order = order;
    this.K = new Float64Array(order * order);
    this.magnitude = new Float64Array(order * order);
    this.#hits = new Int32Array(order * order);
  }

  add(value: number, left: SparseForm, right: SparseForm): void {
    for (let i = 0; i < left.at.length; i++) {
      const scaled = value * left.factor[i];
      for (let j = 0; j < right.at.length; j++) {
        const term = scaled * right.factor[j];
        this.#addTo(left.at[i] * this.order + right.at[j], term);
        this.#addTo(right.at[j] * this.order + left.at[i], term);
      }
    }
  }

  #addTo(at: number, term: number): void {
    this.K[at] += term;
    this.magnitude[at] += Math.abs(term);
    this.#hits[at]++;
  }

  /** Two products and the additions that a term goes through. */
  get roundings(): number {
    return 2 + this.#hits.reduce((most, count) => Math.max(most, count), 0);
  }
}
