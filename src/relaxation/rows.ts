/**
 * Rows of X that are positive or negative multiples of one another, found without comparing all pairs.
 *
 * Parallel unit vectors have equal projections |⟨e, g⟩| on any fixed g, so candidates are neighbours in that order.
 */
import { squareOf } from '../base/elementary.js';
import type { Matrix } from '../base/matrix.js';
import { Random } from '../base/random.js';
import { dot, euclideanNorm } from '../base/vector.js';

/**
 * Unit directions closer than this are always treated as equal. Two rows at angle δ have K(alpha_i, beta_j) of the order δ²/8 of
 * their lengths, computed from G by cancellation: at 1e-6 three of its digits are left, further below none, and no interior
 * point exists in floating point. Merging moves the loss by about this relative amount of a network's output; the
 * certificate carries the true rows, so it stays rigorous and loses as little.
 */
export const PARALLEL_TOLERANCE = 1e-6;

/** Rows shorter than this fraction of the longest count as zero: they move no output by more than round-off does. */
export const ZERO_ROW_TOLERANCE = 1e-12;

/** Rows below this length count as zero: their squares underflow. */
const SMALLEST_LENGTH = 1e-150;

/** Which rows of X are multiples of which. */
export interface RowGroups {
  /** For each group its representative: the longest of its rows. */
  readonly representatives: Int32Array;
  /** For each row of X its group, −1 for a zero row. */
  readonly group: Int32Array;
  /** For each row of X +1 or −1 as it points with or against its representative, 0 for a zero row. */
  readonly orientation: Int8Array;
  /** For each row of X its Euclidean length. */
  readonly lengths: Float64Array;
}

/**
 * Groups the rows of X by direction up to sign. Groups are numbered in the order of their first row.
 *
 * @param tolerance distance ‖e ∓ f‖ of unit directions up to which a row joins its representative
 */
export function groupRows(X: Matrix, tolerance: number): RowGroups {
  const lengths = Float64Array.from({ length: X.rows }, (_, i) => euclideanNorm(X.row(i)));
  const longest = lengths.reduce((largest, length) => Math.max(largest, length), 0);
  const cut = Math.max(SMALLEST_LENGTH, ZERO_ROW_TOLERANCE * longest);
  const nonzero = Array.from(lengths.keys()).filter((i) => lengths[i] > cut);
  const directions = X.clone();
  for (const i of nonzero) {
    const direction = directions.row(i);
    for (let j = 0; j < direction.length; j++) direction[j] /= lengths[i];
  }

  const leader = findLeaders(directions, nonzero, lengths, tolerance);
  const group = new Int32Array(X.rows).fill(-1);
  const orientation = new Int8Array(X.rows);
  const numberOf = new Map<number, number>();
  for (const i of nonzero) {
    const number = numberOf.get(leader[i]) ?? numberOf.size;
    numberOf.set(leader[i], number);
    group[i] = number;
    orientation[i] = signOfProduct(directions.row(i), directions.row(leader[i]));
  }
  return { representatives: Int32Array.from(numberOf.keys()), group, orientation, lengths };
}

/** For each of `rows` the longest row parallel or antiparallel to it that leads a group; longest first, ties by index. */
function findLeaders(
  directions: Matrix,
  rows: readonly number[],
  lengths: Float64Array,
  tolerance: number,
): Int32Array {
  const probe = new Random(0).fillNormal(new Float64Array(directions.columns));
  const reach = tolerance * euclideanNorm(probe);
  const height = new Float64Array(directions.rows);
  for (const i of rows) height[i] = Math.abs(dot(directions.row(i), probe));
  const byHeight = [...rows].sort((i, j) => height[i] - height[j] || i - j);
  const position = new Int32Array(directions.rows);
  byHeight.forEach((i, k) => {
    position[i] = k;
  });

  const leader = new Int32Array(directions.rows).fill(-1);
  const longestFirst = [...rows].sort((i, j) => lengths[j] - lengths[i] || i - j);
  for (const i of longestFirst) {
    if (leader[i] >= 0) continue;
    leader[i] = i;
    const adopt = (k: number): boolean => {
      const j = byHeight[k];
      if (Math.abs(height[j] - height[i]) > reach) return false;
      if (leader[j] < 0 && separation(directions.row(i), directions.row(j)) <= tolerance) leader[j] = i;
      return true;
    };
    for (let k = position[i] - 1; k >= 0 && adopt(k); k--);
    for (let k = position[i] + 1; k < byHeight.length && adopt(k); k++);
  }
  return leader;
}

/** min ‖e ∓ f‖ of unit vectors; from their cosine it would lose half the digits. */
function separation(e: Float64Array, f: Float64Array): number {
  const sign = signOfProduct(e, f);
  let square = 0;
  for (let j = 0; j < e.length; j++) square += squareOf(e[j] - sign * f[j]);
  return Math.sqrt(square);
}

const signOfProduct = (e: Float64Array, f: Float64Array): 1 | -1 => (dot(e, f) < 0 ? -1 : 1);
