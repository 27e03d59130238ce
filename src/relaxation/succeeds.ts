/** Numerical failure as an outcome: a run that cannot go on is stalled and returns its best points; it does not throw them away. */
import { NumericalError } from '../base/errors.js';

/** What the work returns in the end, false when a kernel met NaN or did not converge. */
export function* succeedsSteps(work: Generator<void, boolean>): Generator<void, boolean> {
  try {
    return yield* work;
  } catch (error) {
    if (error instanceof NumericalError) return false;
    throw error;
  }
}
