/**
 * The loss as a type: one file for each loss, and nothing outside that file knows which one it is. The training problem is
 *
 *     min over networks of Σ_i ω_i ℓ(f_i; y_i) + reg/2 (‖U‖² + ‖V‖²),    f_i the c outputs at row i, ω_i > 0 the row's weight,
 *
 * and its dual maximises −Σ_i ω_i ℓ*(−a_i/ω_i; y_i) over the dual points a (n×c); at the optimum a = −∇ of the first sum at F.
 */
import type { Matrix } from '../../base/matrix.js';

/** What the outputs are compared with: one row of Y and one weight a row of X. */
export interface Target {
  /** n×c. */
  readonly Y: Matrix;
  /** n weights > 0; 1 when absent. */
  readonly weights?: Float64Array | undefined;
}

/** Sums run over the rows of the target and carry their weights; F, a and `out` have the shape of its Y. */
export interface Loss {
  /** How it is called in options and files. */
  readonly name: string;
  /** Σ ω_i ℓ(f_i; y_i). */
  value(F: Matrix, target: Target): number;
  /** out = ω_i ∇ℓ(f_i; y_i). */
  gradient(F: Matrix, target: Target, out: Matrix): void;
  /** Σ ω_i ℓ*(−a_i/ω_i; y_i); Infinity outside its domain. */
  conjugate(a: Matrix, target: Target): number;
}
