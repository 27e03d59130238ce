/** What is known of a problem before any work: the network zero, and a bound that needs no decomposition of X. */
import { Matrix } from '../base/matrix.js';
import { noPairs } from './parts.js';
import type { Certificate, TrainingProblem } from './problem.js';

/** ½‖Y‖², the loss of the network zero and the relaxation's value at G = 0. */
export function zeroValue({ Y }: TrainingProblem): number {
  return Y.data.reduce((sum, entry) => sum + entry * entry, 0) / 2;
}

/**
 * a = t Y, no pairs, w = −w̄ with w̄_i = 1/(n‖x_i‖²): since alpha_i² ≤ (x_i·u)², Σ w̄_i alpha_i² ≤ ‖u‖², and so ‖aᵀ(Xu)₊‖ ≤ reg ‖u‖ while
 * √n ‖diag(‖x_i‖) a‖ ≤ reg. The relaxation's start with the trace in place of the largest eigenvalue.
 */
export function zeroCertificate({ X, Y, reg }: TrainingProblem): Certificate {
  const n = X.rows;
  const lengths = Float64Array.from({ length: n }, (_, i) => length(X.row(i)));
  const weighted = length(lengths.map((norm, i) => norm * length(Y.row(i))));
  const t = Math.min(1, reg / (Math.sqrt(n) * weighted));
  return {
    reg,
    a: new Matrix(
      Y.data.map((entry) => t * entry),
      n,
      Y.columns,
    ),
    pairs: noPairs(),
    w: lengths.map((norm) => (norm > 0 ? -1 / n / norm / norm : 0)),
  };
}

const length = (x: Float64Array): number => x.reduce((norm, entry) => Math.hypot(norm, entry), 0);
