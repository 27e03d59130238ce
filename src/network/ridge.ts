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
import { type Block, Dense } from '../linalg/dense.js';
import type { TrainingObjective } from './objective.js';
import type { Weights } from './weights.js';

/** The network with first layer U (d×m) and the best V for it. */
export function withRidgeOutput(objective: TrainingObjective, U: Matrix): Weights {
  const { n, c, reg, kernels } = objective;
  const { arena } = kernels;
  const m = U.columns;
  const mark = arena.mark();
  try {
    const dense = new Dense(kernels);
    const H = dense.allocate(n, m);
    objective.hidden(m, dense.place(U).at, H.at);
    return { U, V: dense.read(solveRidge(dense, H, { at: objective.targets, rows: n, columns: c }, reg)).transpose() };
  } finally {
    arena.release(mark);
  }
}

/**
 * Vᵀ (m×c) for features H (n×m) and targets Y (n×c), allocated in the arena.
 *
 * @throws NumericalError when reg is lost in the round-off of HᵀH
 */
export function solveRidge(dense: Dense, H: Block, Y: Block, reg: number): Block {
  const { rows: n, columns: m } = H;
  const isPrimal = m <= n;
  const K = dense.allocate(Math.min(m, n), Math.min(m, n));
  dense.multiply(H, H, K, isPrimal ? { transposeA: true } : { transposeB: true });
  const entries = dense.entries(K);
  for (let k = 0; k < K.rows; k++) entries[k * (K.rows + 1)] += reg;

  const B = dense.allocate(K.rows, Y.columns);
  if (isPrimal) dense.multiply(H, Y, B, { transposeA: true });
  else dense.entries(B).set(dense.entries(Y));
  if (!dense.solve(K, B)) throw new NumericalError('ridge regression: reg is below the round-off of HᵀH');
  if (isPrimal) return B;
  const transposed = dense.allocate(m, Y.columns);
  dense.multiply(H, B, transposed, { transposeA: true });
  return transposed;
}
