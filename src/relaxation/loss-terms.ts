/**
 * The terms of the loss over the representatives of the rows of X. Rows in direction e with lengths c_i, i ∈ P along e and i ∈ M against
 * it, have activations c_i h₊ and c_i h₋ with h± = (±e·u)₊: their outputs are multiples of h₊v and h₋v.
 *
 * Where the loss merges terms (squared), those of P become one of length q₊ and those of M one of length q₋; one representative x' = q₊ e
 * replaces the group: alpha' = q₊ h₊, beta' = q₊ h₋, the second term on beta' with scale q₋/q₊. Elsewhere every row keeps its term, on alpha' or
 * beta' of the longest row x' of its group. A row that is zero predicts 0 whatever the network: its term is a constant.
 */
import { Matrix } from '../base/matrix.js';
import type { MergedTerm, Target } from '../problem/losses/loss.js';
import { dualPointAt, dualPointAtZero, type LossTerm, valueAtZero } from '../problem/losses/models.js';
import type { RowGroups } from './rows.js';

export interface LossTerms extends LossTerm {
  /** For each term its group, and whether it is on the side along (+1) or against (−1) the representative. */
  readonly group: Int32Array;
  readonly side: Int8Array;
  /** For each term its outputs relative to those of the representative. */
  readonly scale: Float64Array;
  /** For each group the length of x'. */
  readonly lengths: Float64Array;
  /** For each row of X its term, −1 for a zero row; and f_i as a share of the term's outputs, 0 for a zero row. */
  readonly termOf: Int32Array;
  readonly share: Float64Array;
  /** What the terms leave out of L. */
  readonly constant: number;
}

export const lossTerms = (original: LossTerm, groups: RowGroups): LossTerms =>
  original.loss.merge ? mergedTerms(original, groups) : separateTerms(original, groups);

/** First the n groups along their representatives, then the sides against them. */
function mergedTerms(original: LossTerm, groups: RowGroups): LossTerms {
  const { loss, Y } = original;
  const n = groups.representatives.length;
  const { orientation } = groups;
  const against = [...new Set(groups.group.filter((_, i) => orientation[i] < 0))].sort((k, l) => k - l);
  const backward = new Map(against.map((k, position) => [k, n + position]));
  const termOf = groups.group.map((k, i) => (orientation[i] < 0 ? (backward.get(k) as number) : k));
  const members = Array.from({ length: n + against.length }, (): number[] => []);
  termOf.forEach((t, i) => {
    if (t >= 0) members[t].push(i);
  });
  const merged = members.map(
    (rows) =>
      loss.merge?.(
        Float64Array.from(rows, (i) => groups.lengths[i]),
        select(original, rows),
      ) as MergedTerm,
  );
  const group = Int32Array.from({ length: members.length }, (_, t) => (t < n ? t : against[t - n]));
  const target = { Y: new Matrix(Float64Array.from(merged.flatMap(({ y }) => [...y])), merged.length, Y.columns) };
  const share = Float64Array.from(termOf, (t, i) => (t < 0 ? 0 : groups.lengths[i] / merged[t].length));

  // the merged terms are least, and their sum is known, at W(0)
  const least = Matrix.zeros(merged.length, Y.columns);
  loss.predictionAt(Matrix.zeros(merged.length, Y.columns), target, least);
  const constant = loss.value(spread(least, termOf, share), original) - loss.value(least, target);
  const lengths = Float64Array.from({ length: n }, (_, k) => merged[k].length);
  return {
    loss,
    ...target,
    group,
    side: Int8Array.from(members, (_, t) => (t < n ? 1 : -1)),
    scale: Float64Array.from(merged, ({ length }, t) => (t < n ? 1 : length / lengths[group[t]])),
    lengths,
    termOf,
    share,
    constant,
  };
}

/** One term for each row that is not zero, in the order of the rows. */
function separateTerms(original: LossTerm, groups: RowGroups): LossTerms {
  const { loss } = original;
  const rows = Array.from(groups.group.keys());
  const [active, zero] = [rows.filter((i) => groups.group[i] >= 0), rows.filter((i) => groups.group[i] < 0)];
  const group = Int32Array.from(active, (i) => groups.group[i]);
  const lengths = Float64Array.from(groups.representatives, (i) => groups.lengths[i]);
  const termOf = new Int32Array(rows.length).fill(-1);
  active.forEach((i, t) => {
    termOf[i] = t;
  });
  return {
    loss,
    ...select(original, active),
    group,
    side: Int8Array.from(active, (i) => groups.orientation[i]),
    scale: Float64Array.from(active, (i, t) => groups.lengths[i] / lengths[group[t]]),
    lengths,
    termOf,
    share: Float64Array.from(termOf, (t) => (t < 0 ? 0 : 1)),
    constant: valueAtZero({ loss, ...select(original, zero) }),
  };
}

/** −∇L at the outputs behind a dual point of the terms: that dual point itself where terms are rows. */
export function spreadDual(original: LossTerm, terms: LossTerms, a: Matrix): Matrix {
  const { loss, termOf, share } = terms;
  if (loss.merge) {
    const W = Matrix.zeros(a.rows, a.columns);
    loss.predictionAt(a, terms, W);
    return dualPointAt(original, spread(W, termOf, share));
  }
  const result = dualPointAtZero(original);
  termOf.forEach((t, i) => {
    if (t >= 0) result.row(i).set(a.row(t));
  });
  return result;
}

/** The outputs at the rows of X from those of the terms. */
function spread(F: Matrix, termOf: Int32Array, share: Float64Array): Matrix {
  const result = Matrix.zeros(termOf.length, F.columns);
  termOf.forEach((t, i) => {
    if (t < 0) return;
    const [from, to] = [F.row(t), result.row(i)];
    for (let k = 0; k < to.length; k++) to[k] = share[i] * from[k];
  });
  return result;
}

/** The target of some rows. */
function select({ Y, weights }: Target, rows: readonly number[]): Target {
  const part = Matrix.zeros(rows.length, Y.columns);
  rows.forEach((i, t) => {
    part.row(t).set(Y.row(i));
  });
  return { Y: part, weights: weights && Float64Array.from(rows, (i) => weights[i]) };
}
