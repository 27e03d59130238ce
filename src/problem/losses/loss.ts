/**
 * The loss as a type: one file for each loss, and nothing outside that file knows which one it is. The training problem is
 *
 *     min over networks of L(F) + reg/2 (‖U‖² + ‖V‖²),    L(F) = Σ_i ω_i ℓ(f_i; y_i),
 *
 * f_i the c outputs at row i, ω_i > 0 the row's weight, ℓ convex in f, ≥ 0, with infimum 0 (add a constant where it is not: gaps are
 * relative, and 0 is then always a bound). Its dual maximises −L*(−a) = −Σ_i ω_i ℓ*(−a_i/ω_i; y_i) over the dual points a (n×c) that
 * no neuron violates; at the optimum a = −∇L(F). docs/model.md, "The loss", says what each member is for and how to add a loss.
 */
import type { Matrix } from '../../base/matrix.js';
import type { Algebra } from '../../linalg/algebra.js';
import type { View } from '../../linalg/views.js';

/** What the outputs are compared with: one row of Y and one weight for each row of X. */
export interface Target {
  /** n×c. */
  readonly Y: Matrix;
  /** n weights > 0; 1 when absent. */
  readonly weights?: Float64Array | undefined;
}

/** From outputs to predictions on the scale of the targets. */
export type Link = 'identity' | 'logistic' | 'softmax' | 'log';

/** F, a and `out` have the shape of the target's Y; sums run over its rows and carry their weights. */
export interface Loss {
  readonly name: string;
  readonly link: Link;
  /** How it stands in options and files; `lossNamed` gives the loss back. */
  toJSON(): string;

  /** L(F). */
  value(F: Matrix, target: Target): number;
  /** out = ∇L(F). */
  gradient(F: Matrix, target: Target, out: Matrix): void;

  /** L*(−a); Infinity outside its domain. */
  conjugate(a: Matrix, target: Target): number;
  /** A number at or above L*(−t a), the product taken exactly: it enters the proof. t ≥ 0 and finite. */
  conjugateAbove(a: Matrix, target: Target, t: number): number;
  /** The largest t with a + t da in the domain of L*(−·); Infinity when every t will do. */
  largestStep(a: Matrix, da: Matrix, target: Target): number;
  /** out = W(a), the outputs at which the gradient is −a. */
  predictionAt(a: Matrix, target: Target, out: Matrix): void;
  /** out (n×c²) = H(a) = (∇²L*(−a))⁻¹, the curvature of L at W(a): a symmetric c×c block in each row. */
  curvatureAt(a: Matrix, target: Target, out: Matrix): void;

  /** The t in [0, limit] with the least L*(−t a), or nearly; a search finds it where this is absent. */
  bestMultiple?(a: Matrix, target: Target, limit: number): number;
  /** Where L is a quadratic function of F: closed forms then stand in for iterations. */
  quadratic?(target: Target): QuadraticModel;
  /** Where terms on multiples of one output may become one. */
  merge?(lengths: Float64Array, terms: Target): MergedTerm;
  /** Where outputs may be measured in units of the targets. */
  normalise?(target: Target): Normalised;
  /** Where the kernels have the loss without weights: the same numbers from WASM memory, faster. Y is n×c. */
  place?(algebra: Algebra, Y: View): PlacedLoss;
  /** The kernel that evaluates the training loss of a network and its gradient in one sweep over the data, without weights. */
  readonly networkKernel?: 'lossGradient';
}

/** A quadratic function of the outputs: Σ_ik ½ h_ik (f_ik − z_ik)² and a constant. */
export interface QuadraticModel {
  /** z, n×c. */
  readonly center: Matrix;
  /** h, n×c numbers > 0; 1 when absent. */
  readonly curvature?: Matrix | undefined;
}

/** One term of weight 1 in place of several: Σ_i ω_i ℓ(c_i g; y_i) = ℓ(length · g; y) + constant for every output g. */
export interface MergedTerm {
  readonly length: number;
  readonly y: Float64Array;
}

/** The loss in other units, F = outputs · F̂: L(F) = values · L̂(F̂) with the target below, and a = duals · â. */
export interface Normalised {
  readonly target: Target;
  readonly outputs: number;
  readonly duals: number;
  /** outputs · duals. */
  readonly values: number;
}

/** A loss with its target, on matrices in WASM memory. */
export interface PlacedLoss {
  /** L(W). */
  value(W: View): number;
  /** −L*(−a), −Infinity outside the domain. */
  dualValue(a: View): number;
  /** out = W − W(a). */
  residual(W: View, a: View, out: View): void;
  /** As in Loss. */
  largestStep(a: View, da: View): number;
  /** H(a) into n×c²; undefined where it is the identity at every a. */
  readonly curvature: ((a: View, H: View) => void) | undefined;
}
