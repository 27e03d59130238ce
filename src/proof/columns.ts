/**
 * From the user's data to the problem that a proof is about, by code of its own: nothing here is shared with training.
 *
 * The bound holds for networks x ↦ V (Uᵀ φ(x))₊ on Z = φ(X), the doubles that come of (x − mean)/scale with the means and scales in
 * the proof, and of a one where there is a bias: what a trained network computes before its first layer. Any means and scales would make a
 * true statement, but smaller scales make a cheaper problem: a bound for those would not hold for the problem that one means. So
 * they must be the data's own, up to the round-off of computing them plainly.
 */
import { squareOf } from '../base/elementary.js';
import { Matrix } from '../base/matrix.js';
import type { Label } from '../problem/labels.js';

/** How the columns of X and Y became those of the problem. */
export interface ProofColumns {
  /** Columns of the user's X. */
  readonly features: number;
  /** Whether a column of ones is appended. */
  readonly bias: boolean;
  /** Subtracted from each feature, which is then divided; undefined when the features are taken as they are. */
  readonly standardization?: { readonly means: Float64Array; readonly scales: Float64Array } | undefined;
  /** The label that each column of Y stands for; undefined when Y is numbers. */
  readonly classes?: readonly Label[] | undefined;
}

/** A standard deviation of at most this share of the largest entry counts as none: the scale is then 1 (problem/features.ts). */
const CONSTANT = 1e-12;
/** Whether a deviation is above or below CONSTANT may differ by round-off between two ways of computing it. */
const NEARLY = 1.001;
/** Deviations below it lose digits to underflow when they are squared. */
const SMALLEST_DEVIATION = 2 ** -500;
/** Operations beside the n additions that means and deviations go through. */
const OPERATIONS = 8;

/** What is wrong with the standardisation, in words; undefined when means and scales are those of X. */
export function standardizationFault(X: Matrix, { standardization }: ProofColumns): string | undefined {
  if (standardization === undefined) return undefined;
  const { means, scales } = standardization;
  for (let j = 0; j < X.columns; j++) {
    const moments = momentsOf(X, j);
    const roundOff = (X.rows + OPERATIONS) * Number.EPSILON;
    const meanError = roundOff * moments.largest;
    if (!(Math.abs(means[j] - moments.mean) <= meanError)) {
      return `feature ${j} is centred at ${means[j]}, but its mean is ${moments.mean}`;
    }
    if (!isScaleOf(scales[j], moments, roundOff, meanError)) {
      return `feature ${j} is divided by ${scales[j]}, but its standard deviation is ${moments.deviation}`;
    }
  }
  return undefined;
}

function isScaleOf(scale: number, { deviation, largest }: Moments, roundOff: number, meanError: number): boolean {
  const constant = CONSTANT * largest;
  if (scale === 1 && deviation <= Math.max(NEARLY * constant, SMALLEST_DEVIATION)) return true;
  // √(deviation² + meanError²) − deviation is what a mean that is off by meanError adds.
  const fromMean = Math.min(meanError, squareOf(meanError) / (2 * deviation));
  return NEARLY * deviation > constant && Math.abs(scale - deviation) <= roundOff * deviation + fromMean;
}

interface Moments {
  readonly mean: number;
  /** Population standard deviation. */
  readonly deviation: number;
  /** Largest absolute value. */
  readonly largest: number;
}

/** Of column j, by sums that carry their own round-off along (O. Møller; Higham §4.3), so that n does not enter the error. */
function momentsOf(X: Matrix, j: number): Moments {
  let largest = 0;
  for (let i = 0; i < X.rows; i++) largest = Math.max(largest, Math.abs(X.get(i, j)));
  const mean = compensatedSum(X.rows, (i) => X.get(i, j)) / X.rows;
  const squares = compensatedSum(X.rows, (i) => squareOf(X.get(i, j) - mean));
  return { mean, deviation: Math.sqrt(squares / X.rows), largest };
}

function compensatedSum(length: number, term: (i: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < length; i++) {
    const x = term(i);
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** φ(X), n×d. */
export function mapColumns(X: Matrix, { features, bias, standardization }: ProofColumns): Matrix {
  const result = Matrix.zeros(X.rows, features + (bias ? 1 : 0));
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < features; j++) {
      const x = X.get(i, j);
      result.set(i, j, standardization ? (x - standardization.means[j]) / standardization.scales[j] : x);
    }
    if (bias) result.set(i, features, 1);
  }
  return result;
}

/** Labels as n×c targets, one 1 in each row; a sentence when one of them is none of the proof's. */
export function encodeLabels(labels: readonly Label[], { classes }: ProofColumns): Matrix | string {
  if (classes === undefined) return 'Y holds labels, but the proof is about targets that are numbers';
  const position = new Map<unknown, number>(classes.map((label, k) => [label, k]));
  const result = Matrix.zeros(labels.length, classes.length);
  for (let i = 0; i < labels.length; i++) {
    const k = position.get(labels[i]);
    if (k === undefined) return `label ${i} of Y is none of the ${classes.length} classes that the proof is about`;
    result.set(i, k, 1);
  }
  return result;
}
