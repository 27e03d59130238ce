/**
 * The best output layer for given neurons, min over V of ½‖H Vᵀ − Y‖² + reg/2 ‖V‖²: ridge regression,
 *
 *   Vᵀ = (HᵀH + reg I)⁻¹ HᵀY = Hᵀ (H Hᵀ + reg I)⁻¹ Y,
 *
 * whichever of the two systems is smaller (m×m or n×n; Boyd & Vandenberghe, Introduction to Applied Linear Algebra, §15.3 and the
 * push-through identity). Cost 2 s²(n + m) + s³/3 flops, s = min(m, n).
 */
import { NumericalError } from '../base/errors.js';
import type { Matrix } from '../base/matrix.js';
import type { Algebra } from '../linalg/algebra.js';
import { transposed, type View } from '../linalg/views.js';
import type { TrainingObjective } from './objective.js';
import type { Weights } from './weights.js';

/** The network with first layer U (d×m) and the best V for it. */
export function withRidgeOutput(objective: TrainingObjective, U: Matrix): Weights {
  const { algebra, n, reg, placed } = objective;
  return algebra.scoped(() => {
    const H = algebra.matrix(n, U.columns);
    objective.hidden(algebra.place(U), H);
    return { U, V: algebra.readMatrix(solveRidge(algebra, H, placed.Y, reg)).transpose() };
  });
}

/**
 * Vᵀ (m×c) for features H (n×m) and targets Y (n×c), allocated in the arena.
 *
 * @throws NumericalError when reg is lost in the round-off of HᵀH
 */
export function solveRidge(algebra: Algebra, H: View, Y: View, reg: number): View {
  const { rows: n, columns: m } = H;
  const isPrimal = m <= n;
  const order = Math.min(m, n);
  const K = algebra.matrix(order, order);
  if (isPrimal) algebra.product(1, transposed(H), H, K);
  else algebra.product(1, H, transposed(H), K);
  const entries = algebra.entries(K);
  for (let k = 0; k < order; k++) entries[k * (order + 1)] += reg;

  const B = algebra.matrix(order, Y.columns);
  if (isPrimal) algebra.product(1, transposed(H), Y, B);
  else algebra.copyMatrix(Y, B);
  if (!algebra.solvePositive(K, B)) throw new NumericalError('ridge regression: reg is below the round-off of HᵀH');
  if (isPrimal) return B;
  const Vt = algebra.matrix(m, Y.columns);
  algebra.product(1, transposed(H), B, Vt);
  return Vt;
}
