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

/** What is added to the diagonal, relative to its largest entry, where reg is lost in the round-off of the products: in turn until it works. */
const SHIFTS = [0, 1e-15, 1e-13, 1e-11, 1e-8];

/**
 * Vᵀ (m×c) for features H (n×m) and targets Y (n×c), allocated in the arena. Where reg is below the round-off of HᵀH it is a little more:
 * an output layer that is merely good, whose loss is what it is.
 *
 * @throws NumericalError when H holds numbers whose products overflow
 */
export function solveRidge(algebra: Algebra, H: View, Y: View, reg: number): View {
  const { rows: n, columns: m } = H;
  const isPrimal = m <= n;
  const order = Math.min(m, n);
  const products = algebra.matrix(order, order);
  if (isPrimal) algebra.product(1, transposed(H), H, products);
  else algebra.product(1, H, transposed(H), products);

  const K = algebra.matrix(order, order);
  const B = algebra.matrix(order, Y.columns);
  for (const shift of SHIFTS) {
    algebra.copyMatrix(products, K);
    const entries = algebra.entries(K);
    let largest = 0;
    for (let k = 0; k < order; k++) largest = Math.max(largest, entries[k * (order + 1)]);
    for (let k = 0; k < order; k++) entries[k * (order + 1)] += reg + shift * largest;
    if (isPrimal) algebra.product(1, transposed(H), Y, B);
    else algebra.copyMatrix(Y, B);
    if (!algebra.solvePositive(K, B)) continue;
    if (isPrimal) return B;
    const Vt = algebra.matrix(m, Y.columns);
    algebra.product(1, transposed(H), B, Vt);
    return Vt;
  }
  throw new NumericalError('ridge regression: the products HᵀH are too large for double precision');
}
