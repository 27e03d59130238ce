/**
 * Round-off of the certificate. The standard model of IEEE double arithmetic (N. Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., §2.2, §3.1): fl(x ∘ y) = (x ∘ y)(1 + δ) + η with |δ| ≤ u = 2⁻⁵³, |η| ≤ 2⁻¹⁰⁷⁵, and k factors (1 + δ)^±1
 * together change a number by at most γ_k = k u / (1 − k u) of itself. JavaScript always rounds to nearest, so a directed result
 * is a rounded one moved by more than its error.
 */
import { exponentOf, powerOfTwo, squareOf } from './elementary.js';

/** Of normal doubles. */
const LEAST_EXPONENT = -1022;

/** u: half the distance from 1 to the next double. */
export const UNIT_ROUNDOFF = Number.EPSILON / 2;

/** γ_k, rounded up: the one per cent covers the denominator and this product for k < 10¹². */
export const gamma = (k: number): number => 1.01 * k * UNIT_ROUNDOFF;

/** A number above every real number that rounds to x. */
export const up = (x: number): number => x + (Math.abs(x) * (2 * Number.EPSILON) + Number.MIN_VALUE);

/** A number below every real number that rounds to x. */
export const down = (x: number): number => -up(-x);

/**
 * A number above the exact value of an expression of non-negative terms (sums, products, quotients, square roots) that was
 * computed as `value`, where no term went through more than `roundings` operations and none that mattered underflowed.
 */
export const inflate = (value: number, roundings: number): number => up(value * (1 + gamma(2 * roundings + 4)));

/** e with 2^e in (x/2, x]. x finite; −1022 stands in for all smaller exponents, and for that of 0. */
export function exponentBelow(x: number): number {
  return x > 0 ? Math.max(exponentOf(x), LEAST_EXPONENT) : LEAST_EXPONENT;
}

/** The power of two in (x/2, x]; scaling by it is exact. x > 0 and finite; 2⁻¹⁰²² stands in for all smaller numbers. */
export const powerOfTwoBelow = (x: number): number => powerOfTwo(exponentBelow(x));

/** x · 2^exponent for any whole exponent: exact unless the result is subnormal, then within 2⁻¹⁰⁷⁴; Infinity when it overflows. */
export function timesPowerOfTwo(x: number, exponent: number): number {
  let [result, rest] = [x, exponent];
  while (rest !== 0 && result !== 0 && Number.isFinite(result)) {
    const step = Math.max(-1022, Math.min(1023, rest));
    result *= powerOfTwo(step);
    rest -= step;
  }
  return result;
}

/** A number that is at least x · 2^exponent, and equal to it where that is a double. */
export function timesPowerOfTwoAbove(x: number, exponent: number): number {
  const result = timesPowerOfTwo(x, exponent);
  return timesPowerOfTwo(result, -exponent) === x ? result : up(result);
}

/** ‖x‖ from above. Scaled by a power of two, so that a square underflows only where the sum does not notice. */
export function normAbove(x: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < x.length; k++) largest = Math.max(largest, Math.abs(x[k]));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return largest;
  const scale = powerOfTwoBelow(largest);
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += squareOf(x[k] / scale);
  return up(inflate(Math.sqrt(sum), x.length + 8) * scale);
}

/** Terms summed one after the other; above it halves are summed apart, so that a term meets few additions. */
const RUN = 16;

/** How often `runs` can be halved before one is left: ⌈log₂(runs + 1)⌉. */
const halvings = (runs: number): number => 32 - Math.clz32(runs);

/** Additions and the product a term of `pairwiseDot` goes through, and the rounding of the bound made of it. */
const dotDepth = (length: number): number => RUN + halvings(Math.ceil(length / RUN)) + 2;

/** Bounds of Σ x_k y_k: `below` ≤ the exact sum ≤ `above`. NaN when a product overflows. */
export function dotBounds(x: Float64Array, y: Float64Array): { below: number; above: number } {
  const value = pairwiseDot(x, y, 0, x.length);
  const magnitude = pairwiseDot(x.map(Math.abs), y.map(Math.abs), 0, x.length);
  const error = gamma(dotDepth(x.length)) * magnitude + x.length * 2 ** -1000;
  return { below: value - error, above: value + error };
}

/** Pairwise summation, Higham §4.2. */
function pairwiseDot(x: Float64Array, y: Float64Array, start: number, end: number): number {
  if (end - start > RUN) {
    const middle = start + RUN * Math.ceil((end - start) / (2 * RUN));
    return pairwiseDot(x, y, start, middle) + pairwiseDot(x, y, middle, end);
  }
  let sum = 0;
  for (let k = start; k < end; k++) sum += x[k] * y[k];
  return sum;
}
