/**
 * The best output layer for given neurons, min over V of ½‖H Vᵀ − Y‖² + reg/2 ‖V‖²: ridge regression,
 *
 *   Vᵀ = (HᵀH + reg I)⁻¹ HᵀY = Hᵀ (H Hᵀ + reg I)⁻¹ Y,
 *
 * whichever of the two systems is smaller (m×m or n×n; Boyd & Vandenberghe, Introduction to Applied Linear Algebra, §15.3 and the
 * push-through identity). Cost s²(n + m) + s³/3 flops, s = min(m, n).
 */
import { NumericalError } from '../errors.js';
import { type Address, Triangle } from '../wasm/abi.js';
import type { TrainingObjective } from './objective.js';
import type { Weights } from './weights.js';

/** The same neurons with the best V. */
export function withRidgeOutput(objective: TrainingObjective, weights: Weights): Weights {
  const { arena } = objective.kernels;
  const m = weights.U.columns;
  const mark = arena.mark();
  try {
    const theta = arena.allocate(objective.length(m));
    objective.write(theta, weights);
    if (m > 0) solveRidge(objective, m, theta);
    return objective.read(theta, m);
  } finally {
    arena.release(mark);
  }
}

/** Overwrites the V in theta by the best one for the U in theta. */
function solveRidge(objective: TrainingObjective, m: number, theta: Address): void {
  const { n, d, c, reg, kernels } = objective;
  const { arena, exports } = kernels;
  const H = arena.allocate(n * m);
  objective.hidden(m, theta, H);
  const V = theta + Float64Array.BYTES_PER_ELEMENT * d * m;
  const isPrimal = m <= n;
  const size = Math.min(m, n);

  const work = arena.allocateBytes(exports.gemmWorkspace());
  const K = arena.allocate(size * size);
  if (isPrimal) exports.gemm(m, m, n, 1, H, 1, m, H, m, 1, 0, K, m, Triangle.lower, work);
  else exports.gemm(n, n, m, 1, H, m, 1, H, 1, m, 0, K, n, Triangle.lower, work);
  const entries = arena.view(K, size * size);
  for (let k = 0; k < size; k++) entries[k * (size + 1)] += reg;

  const B = arena.allocate(size * c);
  if (isPrimal) exports.gemm(m, c, n, 1, H, 1, m, objective.targets, c, 1, 0, B, c, Triangle.full, work);
  else arena.view(B, n * c).set(arena.view(objective.targets, n * c));
  const factorWork = arena.allocateBytes(exports.choleskyWorkspace(size));
  const pivot = exports.cholesky(size, K, size, factorWork);
  if (pivot !== 0)
    throw new NumericalError(`ridge regression: pivot ${pivot} of ${size} is not positive; reg is below round-off`);
  const solveWork = arena.allocateBytes(exports.solveLowerWorkspace(size, c));
  exports.solveLower(size, c, K, size, B, c, solveWork);
  exports.solveLowerTransposed(size, c, K, size, B, c, solveWork);

  if (isPrimal) {
    exports.transpose(m, c, B, c, V, m);
  } else {
    arena.view(V, c * m).fill(0);
    exports.gemm(c, m, n, 1, B, 1, c, H, m, 1, 0, V, m, Triangle.full, work);
  }
}
