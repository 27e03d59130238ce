/**
 * A part: neurons (u, v) with v = outputs · w, lifted to one block Lambda = Σ λ λᵀ over λ = (alpha, u, w). What is known of them is a list of
 * linear forms that are non-negative on every neuron (`Forms`), the products of two forms that are ≥ 0, and those that are 0 (`Pairs`). The solver
 * and the certificate ask these for every count and every order; a further cone of neurons is a file beside free.ts and the kernels for its
 * forms (assembly/model/lift.ts and assembly/solver/{pairs,schur}.ts are those of free.ts).
 *
 * The signed, balanced parts would be such a file: outputs one column, w = r = |v|; forms alpha_i, beta_i, r and r‖x_i‖ − alpha_i − beta_i, 3n + 1 of
 * them, whose products with alpha_j, beta_j and r are ≥ 0. Their equality Lambda_rr = tr D, which is no product of forms, has a free multiplier of its
 * own in the dual slack.
 */
import type { Matrix } from '../../base/matrix.js';

/** Form i is alphaFactor(i) · alpha_r + uFactor(i) · x_r·u with r = rowOf(i). */
export interface Forms {
  /** Rows of data. */
  readonly rows: number;
  readonly count: number;
  /** The forms (x_row·u)₊ and (−x_row·u)₊, which every part has. */
  alpha(row: number): number;
  beta(row: number): number;
  rowOf(form: number): number;
  alphaFactor(form: number): number;
  uFactor(form: number): number;
  /** The form whose product with this one is 0. */
  complementOf(form: number): number;
}

/** Which products of two forms are constrained: position k of a packed vector is the k-th of those that are ≥ 0. */
export interface Pairs {
  readonly forms: Forms;
  /** Products ≥ 0. */
  readonly count: number;
  /** Calls `visit` for each of them, i > j, in ascending order of (i, j). */
  forEach(visit: (i: number, j: number, position: number) => void): void;
  /** Where it stands in a packed vector; the forms in any order. */
  position(i: number, j: number): number;
  /** Products that are 0, whose multipliers w are free: one for each row of data, alpha_row beta_row. */
  readonly equalities: number;
  equality(row: number): readonly [number, number];
  isEquality(i: number, j: number): boolean;
}

export interface Part {
  /** c×k: v = outputs · w. */
  readonly outputs: Matrix;
  readonly pairs: Pairs;
}
