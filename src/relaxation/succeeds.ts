/** Numerical failure as an outcome: a run that cannot go on is stalled and returns its best points; it does not throw them away. */
import { NumericalError } from '../base/errors.js';

/** What the work returns, false when a kernel met NaN or did not converge. */
export function succeeds(work: () => boolean): boolean {
  try {
    return work();
  } catch (error) {
    if (error instanceof NumericalError) return false;
    throw error;
  }
}
