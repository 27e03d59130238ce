/** Any loss on matrices in WASM memory: its own kernels where it has some, else its plain functions on views of that memory. */
import { Matrix } from '../../base/matrix.js';
import type { Algebra } from '../../linalg/algebra.js';
import { flat, type View } from '../../linalg/views.js';
import type { Loss, PlacedLoss, Target } from './loss.js';

/** A packed matrix in WASM memory as a Matrix of the same numbers, valid until the next allocation. */
export const asMatrix = (algebra: Algebra, A: View): Matrix => new Matrix(algebra.entries(flat(A)), A.rows, A.columns);

/** @param Y the target's Y in WASM memory */
export function placeLoss(algebra: Algebra, loss: Loss, target: Target, Y: View): PlacedLoss {
  if (loss.place && target.weights === undefined) return loss.place(algebra, Y);
  const matrix = (A: View): Matrix => asMatrix(algebra, A);
  return {
    value: (W) => loss.value(matrix(W), target),
    dualValue: (a) => -loss.conjugate(matrix(a), target),
    residual: (W, a, out) => {
      loss.predictionAt(matrix(a), target, matrix(out));
      algebra.scale(-1, flat(out));
      algebra.axpy(1, flat(W), flat(out));
    },
    largestStep: (a, da) => loss.largestStep(matrix(a), matrix(da), target),
    curvature: (a, H) => loss.curvatureAt(matrix(a), target, matrix(H)),
  };
}
