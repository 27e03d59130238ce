/** The best bound of a run, and where it comes from. */
import type { BoundOrigin } from '../proof/verify-proof.js';

/**
 * 'exact': the exact oracle, from a dual point that growth went through. 'relaxation': the multipliers of the relaxation, with the cones and the rows
 * of the largest group where it was solved by groups. 'norms': the lengths of the rows alone, where there was time for nothing else.
 */
export interface Bound extends BoundOrigin {
  /** No network of any width has a smaller training loss. */
  readonly value: number;
}
