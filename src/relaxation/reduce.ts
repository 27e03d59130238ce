/**
 * The exact reductions: zero rows dropped, (anti)parallel rows merged, u restricted to the row space of X and whitened.
 *
 * A group of rows in direction e with lengths c_i, i ∈ P along e and i ∈ M against it, has activations c_i h₊ and c_i h₋ with
 * h± = (±e·u)₊. Completing squares, with q± = √Σ c_i² and y± = Σ c_i y_i / q± over P or M,
 *
 *     Σ ‖c_i h± v − y_i‖² = ‖q± h± v − y±‖² + Σ ‖y_i − (c_i / q±) y±‖²,
 *
 * so one representative x' = q₊ e replaces the group: alpha' = q₊ h₊, beta' = q₊ h₋, the rows of M becoming one loss row
 * on beta' with scale q₋/q₊. restore.ts undoes all of it.
 */
import { Matrix } from '../base/matrix.js';
import { complete } from '../base/run.js';
import type { PlacedMatrix } from '../linalg/placed-matrix.js';
import { leadingPart, svdSteps } from '../linalg/svd.js';
import { freePart } from '../problem/parts/free.js';
import type { Forms } from '../problem/parts/part.js';
import type { ReducedProblem, TrainingProblem } from '../problem/problem.js';
import { groupRows, PARALLEL_TOLERANCE, type RowGroups } from './rows.js';

/**
 * Singular values at most this fraction of the largest count as zero. Round-off in the entries of X perturbs them by about
 * 1e-15 relative, so smaller ones are noise; and s⁻² enters the dual next to s₁⁻², where more than 1e20 apart leaves no digits.
 * Using such a direction would cost a network a weight norm 1e10 times that of the leading one. The certificate does not rely on it.
 */
export const RANK_TOLERANCE = 1e-10;

/**
 * How close rows may be to be merged when the relaxation is wanted to a relative accuracy of `tolerance`. Merging rows at distance δ
 * widened the certified gap by 3δ to 80δ where it was measured (by more with more rows and smaller reg), so this stays within
 * the tolerance; and fewer nearly parallel rows make the solve easier.
 */
export const mergingDistance = (tolerance: number): number => Math.max(PARALLEL_TOLERANCE, tolerance / 100);

/** A reduced problem and what is needed to come back from it. */
export interface Reduction {
  readonly original: TrainingProblem;
  readonly reduced: ReducedProblem;
  readonly groups: RowGroups;
  /** For each group the combined length q₊ of the rows along its representative: x' = q₊ e. */
  readonly forwardLengths: Float64Array;
  /** For each row of X the row of the reduced loss it was merged into, −1 for a zero row. */
  readonly lossRow: Int32Array;
  /** For each row of X its share c_i / q± of that loss row, 0 for a zero row. */
  readonly share: Float64Array;
}

/**
 * Reduces a checked training problem; X and Y are not touched. Cost: that of the thin SVD of X.
 *
 * @param parallelTolerance distance of unit directions up to which rows count as parallel
 */
export function reduceProblem(original: TrainingProblem, parallelTolerance = PARALLEL_TOLERANCE): Reduction {
  return complete(reductionSteps(original, parallelTolerance));
}

interface ReductionSettings {
  /** Told the number of distinct rows before the costly part, which it may refuse. */
  readonly checkRows?: (distinct: number) => void;
  /** X, whose decomposition serves where no row is merged or dropped. */
  readonly decomposed?: PlacedMatrix;
}

/** `reduceProblem` in pieces: pauses while the decomposition takes long. */
export function* reductionSteps(
  original: TrainingProblem,
  parallelTolerance: number,
  { checkRows, decomposed }: ReductionSettings = {},
): Generator<void, Reduction> {
  const { X, Y, reg } = original;
  const groups = groupRows(X, parallelTolerance);
  const n = groups.representatives.length;
  const part = freePart(n, Y.columns);
  const { forms } = part.pairs;
  const { lossRows, lossRow, combinedLengths } = mergeRows(groups, forms);
  checkRows?.(n);

  const share = Float64Array.from(lossRow, (r, i) => (r < 0 ? 0 : groups.lengths[i] / combinedLengths[r]));
  const mergedY = Matrix.zeros(lossRows.length, Y.columns);
  lossRow.forEach((r, i) => {
    if (r >= 0) addScaled(mergedY.row(r), share[i], Y.row(i));
  });
  let constant = 0;
  for (let i = 0; i < Y.rows; i++) {
    const y = Y.row(i).slice();
    if (lossRow[i] >= 0) addScaled(y, -share[i], mergedY.row(lossRow[i]));
    for (const value of y) constant += (value * value) / 2;
  }

  const forwardLengths = combinedLengths.slice(0, n);
  const representativeX = Matrix.zeros(n, X.columns);
  groups.representatives.forEach((i, k) => {
    addScaled(representativeX.row(k), forwardLengths[k] / groups.lengths[i], X.row(i));
  });
  const isWhole = decomposed !== undefined && isSame(representativeX, decomposed.matrix);
  const svd = yield* isWhole ? decomposed.svdSteps() : svdSteps(representativeX, RANK_TOLERANCE);
  const { U: Xw, s, V: W } = leadingPart(svd, RANK_TOLERANCE);

  const lossScale = Float64Array.from(lossRows, (form, r) =>
    r < n ? 1 : combinedLengths[r] / forwardLengths[forms.rowOf(form)],
  );
  const reduced = { n, d: s.length, c: Y.columns, part, reg, Xw, s, W, lossRows, lossScale, Y: mergedY, constant };
  return { original, reduced, groups, forwardLengths, lossRow, share };
}

/** Numbers the rows of the reduced loss: first the n groups along their representatives, then the sides against them. */
function mergeRows(
  groups: RowGroups,
  forms: Forms,
): { lossRows: Int32Array; lossRow: Int32Array; combinedLengths: Float64Array } {
  const n = groups.representatives.length;
  const { group, orientation, lengths } = groups;
  const against = [...new Set(group.filter((_, i) => orientation[i] < 0))].sort((k, l) => k - l);
  const backward = new Map(against.map((k, position) => [k, n + position]));
  const lossRow = group.map((k, i) => (orientation[i] < 0 ? (backward.get(k) as number) : k));
  const squares = new Float64Array(n + against.length);
  lossRow.forEach((r, i) => {
    if (r >= 0) squares[r] += lengths[i] ** 2;
  });
  const alphas = Array.from({ length: n }, (_, k) => forms.alpha(k));
  const lossRows = Int32Array.from([...alphas, ...against.map((k) => forms.beta(k))]);
  return { lossRows, lossRow, combinedLengths: squares.map(Math.sqrt) };
}

function addScaled(target: Float64Array, factor: number, source: Float64Array): void {
  for (let j = 0; j < target.length; j++) target[j] += factor * source[j];
}

const isSame = (A: Matrix, B: Matrix): boolean =>
  A.rows === B.rows && A.columns === B.columns && A.data.every((entry, k) => entry === B.data[k]);
