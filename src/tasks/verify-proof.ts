/** `verifyProof`: the check of a proof against the user's data, with limits. The mathematics is in src/proof. */
import { anything, LIMIT_CHECKS, NO_LIMITS, withOption } from '../base/check.js';
import type { MatrixLike } from '../base/matrix.js';
import type { RunLimits } from '../base/types.js';
import type { Targets } from '../problem/targets.js';
import type { ProofParts } from '../proof/proof-parts.js';
import { type ProofTask, prepareProofTask, type VerifiedProof, verifyProofSteps } from '../proof/verify-proof.js';
import type { Progress } from './progress.js';
import { runTask, runTaskSync, type Task } from './task.js';

/** A proof, or its parts as `structuredClone` copies them. */
export type AnyProof = ProofParts & { readonly checksum: string };

interface ResolvedVerify extends RunLimits<Progress> {
  /** Untrusted: a proof that is malformed is one that is not valid. */
  readonly proof: unknown;
}

export const verifyProofTask: Task<ResolvedVerify, VerifiedProof, ProofTask> = {
  checks: { proof: anything, ...LIMIT_CHECKS },
  defaults: NO_LIMITS,
  prepare: (X, Y, { proof }) => prepareProofTask(X, Y, proof),
  steps: verifyProofSteps,
};

/**
 * Checks a proof against the data it is about: nothing of the solver is used, and any problem but the proof's own (other data, rows in
 * another order, another weight decay, bias, scaling or loss) is answered with `valid: false` and the reason.
 *
 * @param X n×d features as they were given to training, not scaled and without a column of ones
 * @param Y n×c targets, or n class labels
 * @param options limits; a search for the exact bound that is cut short proves nothing
 * @throws InputError naming X or Y when it is no matrix of finite numbers, or when `proof` is no object; rejects with
 * `signal.reason` when aborted; OptionsError for an option
 */
export async function verifyProof(
  X: MatrixLike,
  Y: Targets,
  proof: AnyProof,
  options: RunLimits = {},
): Promise<VerifiedProof> {
  return runTask(verifyProofTask, X, Y, withOption(options, 'proof', proof));
}

/** `verifyProof` without a break, for workers and scripts. */
export function verifyProofSync(X: MatrixLike, Y: Targets, proof: AnyProof, options: RunLimits = {}): VerifiedProof {
  return runTaskSync(verifyProofTask, X, Y, withOption(options, 'proof', proof));
}
