/**
 * Which differences of nearby rows ADMM holds as forms of their own (admm-face.ts). With three neighbours a row random/0 comes to a gap of
 * 8e-3 in the iterations that leave 8e-2 with one and 4e-1 with none; a fourth brings nothing.
 */

import type { Algebra } from '../../linalg/algebra.js';
import { flat } from '../../linalg/views.js';
import type { ScaledProblem } from '../scaled-problem.js';
import { formCount, type ProblemSize } from '../size.js';

/**
 * zeta = alpha_row − factor · form `near` of the stack, which is alpha_j, or beta_j when x_j points the other way; and
 * zeta' = beta_row − factor · the form complementary to that.
 */
export interface Difference {
  readonly row: number;
  readonly near: number;
  /** j, and whether x_j points the same way (1) or the other (−1). */
  readonly other: number;
  readonly sign: 1 | -1;
  /** ‖x_row‖ / ‖x_j‖. */
  readonly factor: number;
}

/** Nearest rows of each row whose differences are taken: two more forms each. */
const NEIGHBOURS = 3;

/** The most forms there are with them. */
export const extendedFormCount = (size: ProblemSize): number => (1 + NEIGHBOURS) * formCount(size);

/** Each row with its NEIGHBOURS nearest, every pair once. */
export function nearestDifferences(algebra: Algebra, problem: ScaledProblem): Difference[] {
  const { n, d, part, Xw, s2, inverseSquares } = problem;
  const { forms } = part.pairs;
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
      const same = other.cosine > 0;
      const factor = Math.sqrt(inverse[j] / inverse[row]);
      chosen.set(row * n + j, {
        row,
        near: same ? forms.alpha(j) : forms.beta(j),
        other: j,
        sign: same ? 1 : -1,
        factor,
      });
    }
  }
  return [...chosen.values()];
}
