/**
 * The relaxation by groups of rows: each group has a lifted block of its own over (alpha of its rows, u, h), and all share the block of (u, h). What
 * proves its bound is listed here; docs/theory.md has the programs.
 */
import type { Matrix } from '../../base/matrix.js';
import type { ConeKind } from './cone.js';
import type { PairMultipliers } from './multipliers.js';

/**
 * A dual point of the grouped relaxation. With the forms of a group of m rows and a cone numbered
 *
 *     alpha_i: i,   beta_i: m + i,   r‖x_i‖ − alpha_i − beta_i: 2m + i (cones with a radius only),   then the cone's own forms of h,
 *
 * rows of T over (alpha, u, h), 𝒩 the symmetric matrix of `pairs` and of w_i at (i, m + i), E(a) the matrix of the form Σ_i alpha_i a_i·(outputs h), every
 *
 *     Z = diag(0, M) − E(a) − Tᵀ 𝒩 T ⪰ 0   with   𝒩 ≥ 0 off w,   Σ_g M ⪯ reg/2 · price + balance[k] · (I_u − 1_r),
 *
 * where the price is ‖u‖² + ‖outputs h‖², for a cone with a radius ‖u‖² + r². Cones of several outputs have a second equality r² = ‖outputs h‖²,
 * whose multiple is `length`. −L*(−a) then bounds the training loss of every network of any width from below.
 */
export interface GroupedCertificate {
  readonly reg: number;
  readonly cone: ConeKind;
  /** n×c. */
  readonly a: Matrix;
  /** For each cone the free multiples of tr uuᵀ − r² and of r² − ‖outputs h‖² in Σ_g M; 0 where it has no such equality. */
  readonly balance: Float64Array;
  readonly length: Float64Array;
  /** Every row of X is in at most one. */
  readonly groups: readonly RowGroup[];
}

export interface RowGroup {
  /** Ascending. */
  readonly rows: Int32Array;
  /** One for each cone. */
  readonly blocks: readonly GroupBlock[];
}

export interface GroupBlock {
  readonly pairs: PairMultipliers;
  /** A free multiplier of alpha_i beta_i = 0 for each row. */
  readonly w: Float64Array;
  /** (d + e)×(d + e), symmetric. */
  readonly M: Matrix;
}
