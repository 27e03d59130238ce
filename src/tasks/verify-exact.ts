/** A stored dual point proved again by the exact oracle: the bound follows from (X, Y) and the point alone. */
import { InputError } from '../base/errors.js';
import { type MatrixLike, toMatrix } from '../base/matrix.js';
import { RunClock, runAsync, runSync } from '../base/run.js';
import type { Heartbeat, RunLimits } from '../base/types.js';
import { createKernels, createKernelsSync, type Kernels } from '../engine/kernels.js';
import { Algebra } from '../linalg/algebra.js';
import { PlacedMatrix } from '../linalg/placed-matrix.js';
import { type ExactCertificate, squaredProblem, type TrainingProblem } from '../problem/problem.js';
import { exactDualBound } from '../proof/exact/dual-bound.js';
import { exactOracle, MAX_EXACT_RANK } from '../proof/exact/oracle.js';

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
 * Bounds the training loss of every network from below by the point of an exact certificate, with the search that it describes:
 * for a genuine one the bound that training reported, to the last bit on the same kind of host.
 *
 * @param X n×d, as it was trained on (the column of ones and the standardisation included: `network.features(X)`)
 * @param Y n×c
 * @throws InputError when a shape does not fit, a number is not usable or rank(X) is above 5; rejects with `signal.reason` when aborted
 */
export async function verifyExactCertificate(
  X: MatrixLike,
  Y: MatrixLike,
  certificate: ExactCertificate,
  limits: RunLimits = {},
): Promise<ExactlyVerifiedBound> {
  const clock = new RunClock(limits);
  const { problem, own } = checked(X, Y, certificate);
  return runAsync(verifySteps(await createKernels(), problem, own, clock), limits);
}

/** `verifyExactCertificate` without a break, for workers and scripts. */
export function verifyExactCertificateSync(
  X: MatrixLike,
  Y: MatrixLike,
  certificate: ExactCertificate,
  limits: RunLimits = {},
): ExactlyVerifiedBound {
  const clock = new RunClock(limits);
  const { problem, own } = checked(X, Y, certificate);
  return runSync(verifySteps(createKernelsSync(), problem, own, clock), limits);
}

function* verifySteps(
  kernels: Kernels,
  problem: TrainingProblem,
  { a, floor, tolerance }: ExactCertificate,
  clock: RunClock,
): Generator<Heartbeat, ExactlyVerifiedBound> {
  const oracle = exactOracle(new PlacedMatrix(new Algebra(kernels), problem.X));
  if (!oracle.isApplicable) {
    throw new InputError('X', `has rank ${oracle.rank}; the exact search can cope with rank ${MAX_EXACT_RANK} at most`);
  }
  const { lowerBound, maximum } = yield* exactDualBound(oracle, problem, a, { floor, tolerance }, clock);
  return { lowerBound, complete: maximum.complete, nodes: maximum.nodes };
}

/** Copies: nothing a caller changes meanwhile reaches the proof. */
function checked(
  X: MatrixLike,
  Y: MatrixLike,
  certificate: ExactCertificate,
): { problem: TrainingProblem; own: ExactCertificate } {
  const problem = squaredProblem(toMatrix(X, 'X'), toMatrix(Y, 'Y'), certificate.reg);
  const { rows, columns } = problem.Y;
  if (rows !== problem.X.rows) {
    throw new InputError('Y', `has ${rows} rows, but X has ${problem.X.rows}; they must be equal`);
  }
  const own = { ...certificate, a: toMatrix(certificate.a, 'certificate.a') };
  if (own.a.rows !== rows || own.a.columns !== columns) {
    const shape = `${own.a.rows}×${own.a.columns}`;
    throw new InputError('certificate.a', `is ${shape}, but Y is ${rows}×${columns}; a must have its shape`);
  }
  for (const name of ['reg', 'floor', 'tolerance'] as const) {
    if (!(own[name] > 0 && own[name] < Number.POSITIVE_INFINITY))
      throw new InputError(`certificate.${name}`, `is ${own[name]}; it must be a finite number > 0`);
  }
  return { problem, own };
}
