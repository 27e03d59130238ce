/** How many neurons always suffice. */
import { InputError } from '../base/errors.js';
import { show } from '../base/show.js';

/**
 * A width from which on a wider network cannot have a smaller training loss: nc + 1.
 *
 * The loss of a network is that of its measure (program 2), which depends on its output F, a point of R^{n×c}, and its total mass t
 * only. F / t is in the convex hull of the outputs of unit neurons; by Carathéodory's theorem nc + 1 of them give the same F with the
 * same t. The paper's Theorem 1 shows such a critical width finite through the lifted program, with a bound quadratic in n: Lambda is
 * a conic combination of at most p(p + 1)/2 of its neurons, p the order of Lambda. This one is linear in n and free of d.
 *
 * @param n rows of X (those that are zero, and all but one of each group of parallel rows, need not be counted)
 * @param c columns of Y
 * @throws InputError when n or c is not a whole number ≥ 0
 */
export function criticalWidthBound(n: number, c: number): number {
  for (const [name, value] of [
    ['n', n],
    ['c', c],
  ] as const) {
    if (!(Number.isSafeInteger(value) && value >= 0)) {
      throw new InputError(name, `expected a whole number ≥ 0, got ${show(value)}`);
    }
  }
  return n * c + 1;
}
