/** What the loss adds to the dense Newton matrix, Σ_r s_r s_rᵀ ⊗ H_r on the (alpha, u')–v block: SᵀS ⊗ I where H = I. */
import type { Algebra } from '../../linalg/algebra.js';
import { flat, transposed, type Vector, type View } from '../../linalg/views.js';
import type { ScaledProblem } from '../scaled-problem.js';

export class DenseLoss {
  readonly #algebra: Algebra;
  readonly #problem: ScaledProblem;
  /** Sᵀ diag(h) S, m×m. */
  readonly #gram: View;
  readonly #weights: Vector;
  #isGramOfIdentity = false;

  constructor(algebra: Algebra, problem: ScaledProblem) {
    this.#algebra = algebra;
    this.#problem = problem;
    this.#gram = algebra.matrix(problem.m, problem.m);
    this.#weights = algebra.vector(problem.lossCount);
  }

  /** M (lower triangle, over the unknowns) += the loss's part. @param curvature H, lossCount × c²; I when absent */
  addTo(M: View, curvature: View | undefined): void {
    const { c } = this.#problem;
    if (!curvature) {
      if (!this.#isGramOfIdentity) this.#setGram();
      this.#isGramOfIdentity = true;
      for (let k = 0; k < c; k++) this.#addGram(M, k, k);
      return;
    }
    for (let k = 0; k < c; k++) {
      for (let l = 0; l < c; l++) {
        const H = this.#algebra.entries(flat(curvature));
        const weights = this.#algebra.entries(this.#weights).map((_, r) => H[(r * c + k) * c + l]);
        if (weights.every((h) => h === 0)) continue;
        this.#algebra.write(this.#weights, weights);
        this.#setGram(this.#weights);
        this.#addGram(M, k, l);
      }
    }
  }

  /** A ← H A, row by row. */
  apply(A: View, curvature: View | undefined): void {
    if (!curvature) return;
    const c = A.columns;
    const H = this.#algebra.entries(flat(curvature));
    const entries = this.#algebra.entries(flat(A));
    for (let r = 0; r < A.rows; r++) {
      const row = entries.slice(r * c, (r + 1) * c);
      for (let k = 0; k < c; k++) {
        let sum = 0;
        for (let l = 0; l < c; l++) sum += H[(r * c + k) * c + l] * row[l];
        entries[r * c + k] = sum;
      }
    }
    this.#algebra.flops += 2 * A.rows * c * c;
  }

  #setGram(weights?: Vector): void {
    const { lossForms } = this.#problem;
    const options = { symmetric: true, ...(weights && { weights }) };
    this.#algebra.product(1, transposed(lossForms), lossForms, this.#gram, options);
  }

  #addGram(M: View, k: number, l: number): void {
    const { n, m, p } = this.#problem;
    const q = M.rows;
    const entries = this.#algebra.entries(flat(M));
    const gram = this.#algebra.entries(flat(this.#gram));
    /** Index of entry (x, m) of Lambda among the unknowns. */
    const start = (x: number): number => x * p - (x * (x - 1)) / 2 - Math.min(x, n) + m - (x < n ? x + 1 : x);
    for (let x = 0; x < m; x++) {
      for (let y = 0; y <= x; y++) {
        const value = gram[x * m + y];
        if (value === 0 || (x === y && l > k)) continue;
        entries[(start(x) + k) * q + start(y) + l] += value;
      }
    }
  }
}
