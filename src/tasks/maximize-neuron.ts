/** The exact oracle as a function of its own. */
import { InputError } from '../base/errors.js';
import { type MatrixLike, toMatrix } from '../base/matrix.js';
import { RunClock, runAsync } from '../base/run.js';
import type { RunLimits } from '../base/types.js';
import { createKernels } from '../engine/kernels.js';
import { MAX_EXACT_RANK, type NeuronMaximum, NeuronOracle, type NeuronSearchOptions } from '../proof/exact/oracle.js';

/**
 * max over ‖u‖ = 1 of ‖Rᵀ(Xu)₊‖ with a rigorous upper bound, for rank(X) ≤ 5 (docs/exact.md). A network with residual
 * R = Y − prediction is optimal at every width exactly when the maximum is at most reg.
 *
 * @param X n×d
 * @param R n×c
 * @throws InputError for matrices that do not fit each other or a rank above 5; rejects with `signal.reason` when aborted
 */
export async function maximizeNeuron(
  X: MatrixLike,
  R: MatrixLike,
  options: NeuronSearchOptions & RunLimits = {},
): Promise<NeuronMaximum> {
  const features = toMatrix(X, 'X');
  const residual = toMatrix(R, 'R');
  if (residual.rows !== features.rows) {
    throw new InputError('R', `has ${residual.rows} rows, but X has ${features.rows}; they must be equal`);
  }
  const clock = new RunClock(options);
  const oracle = new NeuronOracle(await createKernels(), features);
  if (!oracle.isApplicable) {
    throw new InputError('X', `has rank ${oracle.rank}; the exact search can cope with rank ${MAX_EXACT_RANK} at most`);
  }
  return runAsync(oracle.maximize(residual, options, clock), options);
}
