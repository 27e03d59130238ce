/** `verifyProof`: the check of a proof against the user's data, with limits. The mathematics is in src/proof. */
import type { MatrixLike } from '../base/matrix.js';
import { RunClock, runAsync, runSync } from '../base/run.js';
import type { RunLimits } from '../base/types.js';
import { createKernels, createKernelsSync } from '../engine/kernels.js';
import type { Targets } from '../problem/data.js';
import type { ProofParts } from '../proof/proof-parts.js';
import { prepareProofTask, type VerifiedProof, verifyProofSteps } from '../proof/verify-proof.js';

/** A proof, or its parts as `structuredClone` copies them. */
export type AnyProof = ProofParts & { readonly checksum: string };

/**
 * Checks a proof against the data it is about: nothing of the solver is used, and any problem but the proof's own (other data, rows in
 * another order, another weight decay, bias, scaling or loss) is answered with `valid: false` and the reason.
 *
 * @param X n×d features as they were given to training, not scaled and without a column of ones
 * @param Y n×c targets, or n class labels
 * @param options limits; a search for the exact bound that is cut short proves nothing
 * @throws InputError naming X or Y when it is no matrix of finite numbers, or when `proof` is no object; rejects with
 * `signal.reason` when aborted
 */
export async function verifyProof(
  X: MatrixLike,
  Y: Targets,
  proof: AnyProof,
  options: RunLimits = {},
): Promise<VerifiedProof> {
  const clock = new RunClock(options);
  const task = prepareProofTask(X, Y, proof);
  return runAsync(verifyProofSteps(await createKernels(), task, clock), options);
}

/** `verifyProof` without a break, for workers and scripts. */
export function verifyProofSync(X: MatrixLike, Y: Targets, proof: AnyProof, options: RunLimits = {}): VerifiedProof {
  const clock = new RunClock(options);
  const task = prepareProofTask(X, Y, proof);
  return runSync(verifyProofSteps(createKernelsSync(), task, clock), options);
}
