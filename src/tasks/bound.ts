/** The best bound of a run, and where it comes from. */
import type { BoundSource } from '../proof/verify-proof.js';

export interface Bound {
  /** No network of any width has a smaller training loss. */
  readonly value: number;
  /**
   * 'exact': the exact oracle, from a dual point that growth went through. 'relaxation': the multipliers of the relaxation. 'norms': the
   * lengths of the rows alone, where there was time for nothing else.
   */
  readonly from: BoundSource;
}
