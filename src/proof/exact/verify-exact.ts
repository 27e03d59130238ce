/** A stored dual point proved again by the exact oracle: the bound follows from (X, Y) and the point alone. */
import { InputError } from '../../base/errors.js';
import type { RunClock } from '../../base/run.js';
import type { Heartbeat } from '../../base/types.js';
import type { Kernels } from '../../engine/kernels.js';
import { Algebra } from '../../linalg/algebra.js';
import { PlacedMatrix } from '../../linalg/placed-matrix.js';
import type { ExactCertificate, TrainingProblem } from '../../problem/problem.js';
import { exactDualBound } from './dual-bound.js';
import { exactOracle, MAX_EXACT_RANK } from './oracle.js';

/** What a dual point proves. */
export interface ExactlyVerifiedBound {
  /** Every network of any width has a training loss ≥ lowerBound, whatever the point; 0 when it, or a search cut short, proves nothing. */
  readonly lowerBound: number;
  /** False when a limit ended the search. */
  readonly complete: boolean;
  /** Cones examined. */
  readonly nodes: number;
}

/**
 * Bounds the training loss of every network from below by the point of an exact certificate, with the search that it describes: for a
 * genuine one the bound that training reported, to the last bit on the same kind of host.
 *
 * @param problem as it was trained on, the column of ones and the standardisation included; its reg counts, not the certificate's
 * @throws InputError when a shape does not fit, a number is not usable or rank(X) is above 5
 */
export function* verifyExactCertificate(
  kernels: Kernels,
  problem: TrainingProblem,
  certificate: ExactCertificate,
  clock: RunClock,
): Generator<Heartbeat, ExactlyVerifiedBound> {
  const { a, floor, tolerance } = certificate;
  const { rows, columns } = problem.Y;
  if (a.rows !== rows || a.columns !== columns) {
    const shape = `${a.rows}×${a.columns}`;
    throw new InputError('certificate.a', `is ${shape}, but Y is ${rows}×${columns}; a must have its shape`);
  }
  if (!a.data.every(Number.isFinite)) throw new InputError('certificate.a', 'holds a number that is not finite');
  for (const name of ['reg', 'floor', 'tolerance'] as const) {
    if (!(certificate[name] > 0 && certificate[name] < Number.POSITIVE_INFINITY))
      throw new InputError(`certificate.${name}`, `is ${certificate[name]}; it must be a finite number > 0`);
  }
  const oracle = exactOracle(new PlacedMatrix(new Algebra(kernels), problem.X));
  if (!oracle.isApplicable) {
    throw new InputError('X', `has rank ${oracle.rank}; the exact search can cope with rank ${MAX_EXACT_RANK} at most`);
  }
  const { lowerBound, maximum } = yield* exactDualBound(oracle, problem, a, { floor, tolerance }, clock);
  return { lowerBound, complete: maximum.complete, nodes: maximum.nodes };
}
