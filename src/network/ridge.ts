/**
 * The best output layer for given neurons, min over V of L(H Vᵀ) + reg/2 ‖V‖². For a quadratic loss with centre Z and curvatures h it is ridge
 * regression, with D = diag(h)
 *
 *   Vᵀ = (Hᵀ D H + reg I)⁻¹ Hᵀ D Z = Hᵀ (H Hᵀ + reg D⁻¹)⁻¹ Z,
 *
 * whichever of the two systems is smaller (m×m or n×n; Boyd & Vandenberghe, Introduction to Applied Linear Algebra, §15.3 and the
 * push-through identity). Cost 2 s²(n + m) + s³/3 flops, s = min(m, n).
 */
import { NumericalError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import { sumOfSquares } from '../base/vector.js';
import type { Algebra } from '../linalg/algebra.js';
import { transposed, type View } from '../linalg/views.js';
import type { QuadraticModel } from '../problem/losses/loss.js';
import { solveOutputs } from './models.js';
import type { TrainingObjective } from './objective.js';
import type { Weights } from './weights.js';

/** Accuracy to which a loss that is not quadratic is solved: roundings and polishing need no more. */
const TOLERANCE = 1e-8;

/** The network with first layer U (d×m) and the best V for it. */
export function withRidgeOutput(objective: TrainingObjective, U: Matrix): Weights {
  const { algebra, n, c, reg, placed } = objective;
  const { problem } = placed;
  return algebra.scoped(() => {
    const H = algebra.matrix(n, U.columns);
    objective.hidden(algebra.place(U), H);
    const { V } = solveOutputs(
      {
        term: problem,
        outputs: (V) => objective.outputs({ U, V }),
        penalty: (V) => (reg / 2) * sumOfSquares(V.data),
        solveModel: (model) => solveModel(algebra, H, model, reg),
      },
      Matrix.zeros(c, U.columns),
      { tolerance: TOLERANCE, isOver: () => false },
    );
    return { U, V };
  });
}

/** V (c×m): all outputs at once where they share their curvatures, else one by one. */
function solveModel(algebra: Algebra, H: View, { center, curvature }: QuadraticModel, reg: number): Matrix {
  const solve = (Z: Matrix, weights?: Float64Array): Matrix =>
    algebra.scoped(() => algebra.readMatrix(solveRidge(algebra, H, algebra.place(Z), reg, weights)).transpose());
  if (!curvature) return solve(center);
  const V = Matrix.zeros(center.columns, H.columns);
  const [Zt, Ht] = [center.transpose(), curvature.transpose()];
  for (let k = 0; k < V.rows; k++) V.row(k).set(solve(new Matrix(Zt.row(k), center.rows, 1), Ht.row(k)).data);
  return V;
}

/** What is added to the diagonal, relative to its largest entry, where reg is lost in the round-off of the products: in turn until it works. */
const SHIFTS = [0, 1e-15, 1e-13, 1e-11, 1e-8];

/**
 * Vᵀ (m×c) for features H (n×m) and targets Z (n×c) with weights h (1 when absent), allocated in the arena. Where reg is below the round-off
 * of HᵀH it is a little more: an output layer that is merely good, whose loss is what it is.
 *
 * @throws NumericalError when H holds numbers whose products overflow
 */
export function solveRidge(algebra: Algebra, H: View, Z: View, reg: number, weights?: Float64Array): View {
  const { rows: n, columns: m } = H;
  const isPrimal = m <= n;
  const order = Math.min(m, n);
  const options = weights && { weights: algebra.placeVector(weights) };
  const products = algebra.matrix(order, order);
  if (isPrimal) algebra.product(1, transposed(H), H, products, options);
  else algebra.product(1, H, transposed(H), products);

  const K = algebra.matrix(order, order);
  const B = algebra.matrix(order, Z.columns);
  for (const shift of SHIFTS) {
    algebra.copyMatrix(products, K);
    const entries = algebra.entries(K);
    let largest = 0;
    for (let k = 0; k < order; k++) largest = Math.max(largest, entries[k * (order + 1)]);
    for (let k = 0; k < order; k++) {
      entries[k * (order + 1)] += (weights && !isPrimal ? reg / weights[k] : reg) + shift * largest;
    }
    if (isPrimal) algebra.product(1, transposed(H), Z, B, options);
    else algebra.copyMatrix(Z, B);
    if (!algebra.solvePositive(K, B)) continue;
    if (isPrimal) return B;
    const Vt = algebra.matrix(m, Z.columns);
    algebra.product(1, transposed(H), B, Vt);
    return Vt;
  }
  throw new NumericalError('ridge regression: the products HᵀH are too large for double precision');
}
