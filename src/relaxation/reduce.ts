/**
 * The exact reductions: zero rows dropped, terms of (anti)parallel rows put on one representative x' (loss-terms.ts), u restricted to the
 * row space of X and whitened. restore.ts undoes all of it.
 */
import { Matrix } from '../base/matrix.js';
import { complete } from '../base/run.js';
import { addScaled } from '../base/vector.js';
import type { PlacedMatrix } from '../linalg/placed-matrix.js';
import { leadingPart, svdSteps } from '../linalg/svd.js';
import { freePart } from '../problem/parts/free.js';
import type { ReducedProblem, TrainingProblem } from '../problem/problem.js';
import { type LossTerms, lossTerms } from './loss-terms.js';
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
  readonly terms: LossTerms;
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
  checkRows?.(n);
  const terms = lossTerms(original, groups);
  const { loss, weights, constant, lengths } = terms;

  const representativeX = Matrix.zeros(n, X.columns);
  groups.representatives.forEach((i, k) => {
    addScaled(representativeX.row(k), lengths[k] / groups.lengths[i], X.row(i));
  });
  const isWhole = decomposed !== undefined && isSame(representativeX, decomposed.matrix);
  const svd = yield* isWhole ? decomposed.svdSteps() : svdSteps(representativeX, RANK_TOLERANCE);
  const { U: Xw, s, V: W } = leadingPart(svd, RANK_TOLERANCE);

  const { forms } = part.pairs;
  const lossRows = terms.group.map((k, t) => (terms.side[t] > 0 ? forms.alpha(k) : forms.beta(k)));
  const target = { loss, Y: terms.Y, weights, lossRows, lossScale: terms.scale, constant };
  const reduced = { n, d: s.length, c: Y.columns, part, reg, Xw, s, W, ...target };
  return { original, reduced, groups, terms };
}

const isSame = (A: Matrix, B: Matrix): boolean =>
  A.rows === B.rows && A.columns === B.columns && A.data.every((entry, k) => entry === B.data[k]);
