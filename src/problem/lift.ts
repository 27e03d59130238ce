/**
 * Between (alpha, u) and the activations (alpha, beta), T = [[I, 0], [I, −X]], never formed (assembly/model/lift.ts): 2 n d (3n + d) flops either way.
 */
import type { Algebra } from '../linalg/algebra.js';
import type { View } from '../linalg/views.js';

/** K (over the forms, both triangles) = T G Tᵀ for symmetric G over (alpha, u), in the leading n + d rows and columns of the view given. */
export function lift(algebra: Algebra, X: View, G: View, K: View): void {
  const { exports } = algebra.kernels;
  const { rows: n, columns: d } = X;
  const work = algebra.scratch(exports.liftWorkspace(n, d));
  exports.lift(n, d, X.at, X.rowStride, G.at, G.rowStride, K.at, K.rowStride, work);
  algebra.flops += 2 * n * d * (3 * n + d);
}

/** R ((n+d)×(n+d), both triangles) = Tᵀ N T for symmetric N over the forms. */
export function liftAdjoint(algebra: Algebra, X: View, N: View, R: View): void {
  const { exports } = algebra.kernels;
  const { rows: n, columns: d } = X;
  const work = algebra.scratch(exports.liftAdjointWorkspace(n, d));
  exports.liftAdjoint(n, d, X.at, X.rowStride, N.at, N.rowStride, R.at, R.rowStride, work);
  algebra.flops += 2 * n * d * (3 * n + d);
}

/** Keeps free what either needs. */
export function reserveLift(algebra: Algebra, { rows: n, columns: d }: View): void {
  const { exports } = algebra.kernels;
  algebra.reserveScratch(Math.max(exports.liftWorkspace(n, d), exports.liftAdjointWorkspace(n, d)));
}
