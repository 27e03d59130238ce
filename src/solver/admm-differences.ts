/** Which differences of nearly parallel rows ADMM sees as forms of their own (admm-face.ts). */
import type { Algebra } from './algebra.js';
import type { ScaledProblem } from './scaled-problem.js';
import { flat } from './views.js';

/** Nearest rows that each row is paired with; more help little and cost memory. */
export const NEIGHBOURS = 2;

/** zeta = alpha_row − factor · form `near` of the stack, which is alpha_j, or beta_j when x_j points the other way. */
export interface Difference {
  readonly row: number;
  readonly near: number;
  /** ‖x_row‖ / ‖x_j‖. */
  readonly factor: number;
}

/** The form complementary to a stack form: beta_i to alpha_i and back. */
export const complementOf = (form: number, n: number): number => (form < n ? form + n : form - n);

/** Each row with its NEIGHBOURS nearest, every pair once. */
export function nearestDifferences(algebra: Algebra, problem: ScaledProblem): Difference[] {
  const { n, d, Xw, s2, inverseSquares } = problem;
  const x = algebra.entries(flat(Xw));
  const squares = algebra.entries(s2);
  const inverse = algebra.entries(inverseSquares);
  const cosine = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += x[i * d + k] * squares[k] * x[j * d + k];
    return sum * Math.sqrt(inverse[i] * inverse[j]);
  };
  const chosen = new Map<number, Difference>();
  for (let i = 0; i < n; i++) {
    const others = Array.from({ length: n }, (_, j) => ({ j, cosine: j === i ? 0 : cosine(i, j) }));
    others.sort((a, b) => Math.abs(b.cosine) - Math.abs(a.cosine) || a.j - b.j);
    for (const other of others.slice(0, Math.min(NEIGHBOURS, n - 1))) {
      const row = Math.max(i, other.j);
      const j = Math.min(i, other.j);
      const factor = Math.sqrt(inverse[j] / inverse[row]);
      chosen.set(row * n + j, { row, near: other.cosine > 0 ? j : n + j, factor });
    }
  }
  return [...chosen.values()];
}
