/** A bound on the loss that is known before any work, without a decomposition of X. */
import { Matrix } from '../base/matrix.js';
import { euclideanNorm } from '../base/vector.js';
import { dualPointAtZero } from './losses/models.js';
import { noPairs } from './parts/multipliers.js';
import type { Certificate, TrainingProblem } from './problem.js';

/**
 * a = t a⁰ with a⁰ = −∇L(0), no pairs, w = −w̄ with w̄_i = 1/(n‖x_i‖²): since alpha_i² ≤ (x_i·u)², Σ w̄_i alpha_i² ≤ ‖u‖², and so
 * ‖aᵀ(Xu)₊‖ ≤ reg ‖u‖ while √n ‖diag(‖x_i‖) a‖ ≤ reg. The relaxation's start with the trace in place of the largest eigenvalue.
 */
export function zeroCertificate(problem: TrainingProblem): Certificate {
  const { X, Y, reg } = problem;
  const n = X.rows;
  const zero = dualPointAtZero(problem);
  const lengths = Float64Array.from({ length: n }, (_, i) => euclideanNorm(X.row(i)));
  const weighted = euclideanNorm(lengths.map((norm, i) => norm * euclideanNorm(zero.row(i))));
  const t = Math.min(1, reg / (Math.sqrt(n) * weighted));
  return {
    reg,
    a: new Matrix(
      zero.data.map((entry) => t * entry),
      n,
      Y.columns,
    ),
    pairs: noPairs(),
    w: lengths.map((norm) => (norm > 0 ? -1 / n / norm / norm : 0)),
  };
}

/**
 * Multipliers that claim less and cost nothing to check: a multiple of −∇L(0) for which Σ ‖a_i‖‖x_i‖ ≤ reg, and no others. For problems so
 * large that checking `zeroCertificate` would take longer than there is time.
 */
export function normsCertificate(problem: TrainingProblem): Certificate {
  const { X, Y, reg } = problem;
  const zero = dualPointAtZero(problem);
  let sum = 0;
  for (let i = 0; i < X.rows; i++) sum += euclideanNorm(X.row(i)) * euclideanNorm(zero.row(i));
  const t = Math.min(1, reg / sum);
  const a = new Matrix(
    zero.data.map((entry) => t * entry),
    X.rows,
    Y.columns,
  );
  return { reg, a, pairs: noPairs(), w: new Float64Array(X.rows) };
}
