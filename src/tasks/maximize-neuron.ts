/** The exact oracle as a function of its own. */
import {
  fraction,
  LIMIT_CHECKS,
  NO_LIMITS,
  nonNegative,
  type OptionChecks,
  type Resolved,
  width,
} from '../base/check.js';
import { InputError, NumericalError } from '../base/errors.js';
import { type Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import type { RunLimits } from '../base/types.js';
import { Algebra } from '../linalg/algebra.js';
import { PlacedMatrix } from '../linalg/placed-matrix.js';
import { exactOracle, MAX_EXACT_RANK, type NeuronMaximum } from '../proof/exact/oracle.js';
import type { NeuronSearchOptions } from '../proof/exact/search-options.js';
import type { Progress } from './progress.js';
import { runTask, runTaskSync, type Task } from './task.js';

export interface MaximizeNeuronOptions extends NeuronSearchOptions, RunLimits<Progress> {}

type ResolvedSearch = Resolved<MaximizeNeuronOptions, 'candidateLevel'>;

interface Prepared {
  readonly X: Matrix;
  readonly R: Matrix;
  readonly options: ResolvedSearch;
}

export const maximizeNeuronTask: Task<ResolvedSearch, NeuronMaximum, Prepared, MatrixLike> = {
  checks: {
    floor: nonNegative,
    tolerance: fraction,
    maxNodes: width,
    candidateLevel: nonNegative,
    ...LIMIT_CHECKS,
  } satisfies OptionChecks<MaximizeNeuronOptions>,
  defaults: Object.freeze({
    floor: 0,
    tolerance: 1e-6,
    maxNodes: Number.POSITIVE_INFINITY,
    candidateLevel: undefined,
    ...NO_LIMITS,
  }),
  prepare(features, residual, options) {
    const X = toMatrix(features, 'X');
    const R = toMatrix(residual, 'R');
    if (R.rows !== X.rows) {
      throw new InputError('R', `has ${R.rows} rows, but X has ${X.rows}; they must be equal`);
    }
    return { X, R, options };
  },
  *steps(kernels, { X, R, options }, clock) {
    const oracle = exactOracle(new PlacedMatrix(new Algebra(kernels), X));
    if (!oracle.isApplicable) {
      throw new InputError(
        'X',
        `has rank ${oracle.rank}; the exact search can cope with rank ${MAX_EXACT_RANK} at most`,
      );
    }
    const maximum = yield* oracle.maximize(R, options, clock);
    if (Number.isFinite(maximum.value)) return maximum;
    throw new NumericalError(
      'X, R: ‖Rᵀ(Xu)₊‖ is too large for double precision; divide X or R by a power of two first',
    );
  },
};

/**
 * max over ‖u‖ = 1 of ‖Rᵀ(Xu)₊‖ with a rigorous upper bound, for rank(X) ≤ 5 (docs/exact.md). A network with residual
 * R = Y − prediction is optimal at every width exactly when the maximum is at most reg.
 *
 * @param X n×d
 * @param R n×c
 * @throws InputError for matrices that do not fit each other or a rank above 5, NumericalError where the maximum overflows, OptionsError for an option; rejects with
 * `signal.reason` when aborted
 */
export function maximizeNeuron(
  X: MatrixLike,
  R: MatrixLike,
  options: MaximizeNeuronOptions = {},
): Promise<NeuronMaximum> {
  return runTask(maximizeNeuronTask, X, R, options);
}

/** `maximizeNeuron` without a break, for workers and scripts. */
export function maximizeNeuronSync(X: MatrixLike, R: MatrixLike, options: MaximizeNeuronOptions = {}): NeuronMaximum {
  return runTaskSync(maximizeNeuronTask, X, R, options);
}
