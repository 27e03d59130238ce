/** How the exact oracle searches. Options with which a search would not end are errors, whoever asks. */
import { OptionsError } from '../../base/errors.js';

export interface NeuronSearchOptions {
  /** The search proves max ≤ (1 + tolerance) · max(floor, best value found); smaller maxima are not resolved. Default 0. */
  readonly floor?: number | undefined;
  /** > 0; default 1e-6. Anything below 1e-12, where round-off reigns, counts as 1e-12. Below rank 3 the maximum is always found to round-off. */
  readonly tolerance?: number | undefined;
  /** Default: no limit. */
  readonly maxNodes?: number | undefined;
  /** Directions found with at least this value are returned in `candidates`; default: the floor, when it is positive, else none. */
  readonly candidateLevel?: number | undefined;
}

export function checkSearch({ floor = 0, tolerance = 1, maxNodes = 0, candidateLevel = 0 }: NeuronSearchOptions): void {
  if (!(floor >= 0 && floor < Number.POSITIVE_INFINITY)) {
    throw new OptionsError('floor', `is ${floor}; it must be a finite number ≥ 0`);
  }
  if (!(tolerance > 0 && tolerance < Number.POSITIVE_INFINITY)) {
    throw new OptionsError('tolerance', `is ${tolerance}; it must be a finite number > 0 (1e-6 works well)`);
  }
  if (!(maxNodes === Number.POSITIVE_INFINITY || (Number.isInteger(maxNodes) && maxNodes >= 0))) {
    throw new OptionsError('maxNodes', `is ${maxNodes}; it must be a whole number ≥ 0 or Infinity`);
  }
  if (Number.isNaN(candidateLevel)) throw new OptionsError('candidateLevel', 'is NaN; it must be a number');
}
