/** Means, standard deviations and the comparison of two methods on the same splits. */

export interface Summary {
  readonly mean: number;
  /** With n − 1; 0 for a single value. */
  readonly std: number;
  readonly count: number;
  readonly least: number;
  readonly largest: number;
  readonly median: number;
}

/** Undefined for an empty list. */
export function summarize(values: readonly number[]): Summary | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const std = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  const sorted = [...values].sort((first, second) => first - second);
  const median = (sorted[(count - 1) >> 1] + sorted[count >> 1]) / 2;
  return { mean, std, count, least: sorted[0], largest: sorted[count - 1], median };
}

/** Two-sided 95 % points of Student's t for 1 … 10 degrees of freedom; the normal one beyond is close enough for a verdict in words. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
const NORMAL = 1.96;

export type Verdict = 'better' | 'worse' | 'tie';

/** Whether the first method's mean differs from the second's by more than chance would explain, in a paired t-test at 95 %. */
export function pairedVerdict(first: readonly number[], second: readonly number[]): Verdict {
  const difference = summarize(first.map((value, k) => value - second[k]));
  if (difference === undefined || difference.count < 2) return 'tie';
  const error = difference.std / Math.sqrt(difference.count);
  const factor = STUDENT[difference.count - 2] ?? NORMAL;
  if (Math.abs(difference.mean) <= factor * error || difference.mean === 0) return 'tie';
  return difference.mean > 0 ? 'better' : 'worse';
}
