/** A Newton system whose matrix may have lost its definiteness to round-off. */

import { dot } from '../base/vector.js';
import type { Algebra } from '../linalg/algebra.js';
import type { View } from '../linalg/views.js';

export interface DampedSolution {
  /** −H⁻¹g. */
  readonly step: Float64Array;
  /** gᵀH⁻¹g. */
  readonly decrement: number;
}

/** Added to the unit diagonal, the first at which the matrix is definite in floating point: round-off where a pattern is very thin. */
const DAMPINGS = [0, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-8, 1e-6, 1e-4];

/** −H⁻¹g, H scaled to a unit diagonal first: its entries span the squares of the distances to the boundary. */
export function solveDamped(algebra: Algebra, hessian: View, gradient: Float64Array): DampedSolution | undefined {
  const N = gradient.length;
  const right = algebra.matrix(N, 1);
  const H = algebra.entries(hessian);
  const scale = Float64Array.from({ length: N }, (_, k) => 1 / Math.sqrt(H[k * (N + 1)]));
  for (let k = 0; k < N; k++) for (let l = 0; l < N; l++) H[k * N + l] *= scale[k] * scale[l];
  const isSolved = DAMPINGS.some((damping) => {
    algebra.entries(right).set(gradient.map((g, k) => -g * scale[k]));
    damp(algebra.entries(hessian), N, damping);
    return algebra.solvePositive(hessian, right);
  });
  if (!isSolved) return undefined;
  const step = algebra.entries(right).map((value, k) => value * scale[k]);
  return { step, decrement: -dot(gradient, step) };
}

/** Restores the lower triangle, which a factorisation overwrites, from the upper one, and sets the diagonal. */
function damp(H: Float64Array, N: number, damping: number): void {
  for (let k = 0; k < N; k++) {
    for (let l = 0; l < k; l++) H[k * N + l] = H[l * N + k];
    H[k * (N + 1)] = 1 + damping;
  }
}
