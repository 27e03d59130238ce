/**
 * What the iteration asks of a back end: the Newton system of one iterate, solved for two right-hand sides.
 *
 * In the Nesterov–Todd coordinates of the iterate (Σ, D, Wn = D Dᵀ; a tilde marks D⁻¹ · D⁻ᵀ for primal, Dᵀ · D for dual matrices),
 * with Delta = N/K on the inequality entries, r_W = W − W(a) and H = H(a) of the loss, linearised at the dual point, `solve` must find
 * dLambda, da, dN, dw with
 *
 *     dLambda~ + dZ~ = R_Z                 dZ = −E(da) − Tᵀ(½ dN + dw)T
 *     dN + Delta ∘ K(dLambda) = R_N
 *     W(dLambda) + H⁻¹ da = −r_W           S_ii(dLambda) = 0
 *
 * to the tolerance in the first: what is left of it, z = R_Z − dLambda~ − dZ~, has |z| ≤ tolerance · √(pμ). S_ii holds exactly, and so
 * does W with dLambda + D z Dᵀ for dLambda; each row of the second holds exactly with one of the two. test/relaxation/contract.test.ts.
 * Everything is in WASM memory; the direction's buffers belong to the caller.
 */

import type { Vector, View } from '../../linalg/views.js';
import type { Point } from '../point.js';
import type { NesterovTodd } from '../scaling.js';

/** The iterate as the back end sees it. */
export interface NewtonPoint {
  readonly point: Point;
  readonly scaling: NesterovTodd;
  /** N/K. */
  readonly delta: Vector;
  /** W − W(a). */
  readonly residual: View;
  /** H, lossCount × c²: a c×c block for each loss row. Undefined where H = I, which all back ends but the dense one need. */
  readonly curvature?: View | undefined;
  readonly mu: number;
  /** Relative gap between best value and best bound at every iterate so far, this one last. */
  readonly gaps: readonly number[];
  /** Whether the run should end: a long solve then returns what it has, and the step is as safe as any. */
  readonly isExpired: () => boolean;
  /** Infinity without a time limit. */
  readonly remainingMs: () => number;
}

export interface RightHandSide {
  /** R_Z, p×p symmetric, in scaled coordinates. */
  readonly Z: View;
  /** R_N. */
  readonly N: Vector;
  /** Share of the current point that the step will remove: 1 for the predictor, 1 − σ for the corrector. Both sides may be shifted by
   *  this multiple of the identity Σ − DᵀZD = 0, which takes most of the right-hand side away. */
  readonly removed: number;
  /** Relative to √(pμ). */
  readonly tolerance: number;
}

export interface Direction {
  /** dLambda in scaled coordinates and in its own. */
  readonly scaledLambda: View;
  readonly Lambda: View;
  /** K(dLambda) on the inequality entries. */
  readonly pairs: Vector;
  /** W(dLambda). */
  readonly W: View;
  readonly a: View;
  readonly N: Vector;
  readonly w: Vector;
  /** dZ in scaled coordinates, as accurately as the back end can give it: it decides the dual step length and the corrector. */
  readonly scaledZ: View;
}

/** How a back end wants its two solves. */
export interface DirectionSettings {
  /** Accuracy of the predictor and the corrector relative to √(pμ). */
  readonly predictorTolerance: number;
  readonly correctorTolerance: number;
  /** Largest second-order term, in units of what it corrects. */
  readonly secondOrderBound: number;
}

export interface Backend {
  readonly name: 'dense' | 'cg';
  /** Builds and factorises; false when the system is numerically singular. Pauses where it takes long (linalg/steps.ts). */
  prepare(newton: NewtonPoint): Generator<void, boolean>;
  /** Solves for the last prepared point; pauses likewise. */
  solve(rightHandSide: RightHandSide, direction: Direction): Generator<void, void>;
  readonly settings: DirectionSettings;
  /** Conjugate-gradient steps so far. */
  readonly cgSteps: number;
}

/** The back end of a method, made only when an iteration needs it. */
export interface BackendPlan {
  /** Name of the back end that it begins with. */
  readonly name: Backend['name'];
  readonly create: () => Backend;
}
