/**
 * The reduced problem: what the solver sees. Produced from (X, Y, reg) by exact reductions (relaxation/reduce.ts), which also
 * carry every result back to the user's coordinates.
 */
import type { Matrix } from '../base/matrix.js';
import type { LossTerm } from './losses/models.js';
import type { PairMultipliers } from './parts/multipliers.js';
import type { Part } from './parts/part.js';

/** Training data in the user's own coordinates, checked and (for labels) one-hot encoded. X n×d, Y n×c, reg > 0. */
export interface TrainingProblem extends LossTerm {
  readonly X: Matrix;
  readonly reg: number;
}

/**
 * Zero rows dropped, (anti)parallel rows merged, u restricted to the row space of X and whitened:
 * representatives X' = Xw · diag(s) · Wᵀ, u' = diag(s) Wᵀ u, so X' u = Xw u' and ‖u‖² = Σ (u'_k / s_k)².
 *
 * The loss is L(F) with f_r = lossScale[r] · (form lossRows[r] of `part`) · v: alpha_i, or beta_i for rows antiparallel to representative i;
 * lossScale[r] is the length of the rows of X behind it relative to the representative.
 */
export interface ReducedProblem extends LossTerm {
  /** Representatives, ≥ 0 (0 when X is all zero). */
  readonly n: number;
  /** Rank of X. */
  readonly d: number;
  readonly c: number;
  /** The forms over the representatives. */
  readonly part: Part;
  readonly reg: number;
  /** n×d, orthonormal columns. */
  readonly Xw: Matrix;
  /** d singular values, descending, > 0. */
  readonly s: Float64Array;
  /** Columns of the original X × d, orthonormal columns. */
  readonly W: Matrix;
  readonly lossRows: Int32Array;
  /** lossRows.length factors > 0; Y has so many rows. */
  readonly lossScale: Float64Array;
  /** Added to every value and bound of the reduced problem. */
  readonly constant: number;
}

/**
 * A dual point of a ReducedProblem, normalised as Certificate is: with ã = Σ_r lossScale[r] e_{lossRows[r]} a_rᵀ over the
 * stack, −(Tᵀã)(Tᵀã)ᵀ/reg² + diag(0, s⁻²) − Tᵀ (N + W) T ⪰ 0, T = [[I, 0], [I, −Xw]], and
 * constant − L*(−a) is the lower bound. relaxation/restore.ts carries it to a Certificate.
 */
export interface ReducedDual {
  /** lossRows.length × c. */
  readonly a: Matrix;
  /** Over the forms of `part`, as in Certificate. */
  readonly pairs: PairMultipliers;
  /** n free multipliers. */
  readonly w: Float64Array;
}

/**
 * A dual point: with E(a, N) = [[−a aᵀ/reg², 0], [0, I]] − Tᵀ (N + W) T ⪰ 0, where the symmetric N ≥ 0 has the entries `pairs`
 * over the forms (alpha; beta) and W the free multipliers w_i of alpha_i beta_i at (i, n+i) and (n+i, i), −L*(−a) bounds the training loss of
 * every network of any width from below.
 */
export interface Certificate {
  readonly reg: number;
  /** n×c. */
  readonly a: Matrix;
  readonly pairs: PairMultipliers;
  /** n free multipliers of alpha_i beta_i = 0. */
  readonly w: Float64Array;
}

/**
 * A dual point for the exact oracle, which proves a B ≥ ‖aᵀ(Xu)₊‖ for all ‖u‖ = 1; then t a is dual feasible for t B ≤ reg, and
 * −L*(−t a) bounds the training loss of every network of any width from below (docs/certificate.md, step 0).
 */
export interface ExactCertificate {
  readonly reg: number;
  /** n×c: −∇L at the outputs of that network, of all training went through, which gave the best bound. */
  readonly a: Matrix;
  /** How the oracle searched (NeuronSearchOptions): the same search gives the same bits. Any other proves a true bound as well. */
  readonly floor: number;
  readonly tolerance: number;
}
