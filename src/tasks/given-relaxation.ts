/** A relaxation that was solved before and is given to another task, which rounds it, trains from it or examines it. */
import type { Check } from '../base/check.js';
import { InputError, OptionsError } from '../base/errors.js';
import { relativeGap } from '../base/gap.js';
import { checkMatrix, Matrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import type { TrainingData } from '../problem/data.js';
import { digestOfData } from '../proof/digest.js';
import { Proof, proofOf } from '../proof/proof.js';
import { boundOfCertificate } from '../proof/verify.js';
import type { RelaxationResult } from './relaxation-result.js';

/** Checks an option that is a solved relaxation; `assertIsOf` says whether it belongs to the data. */
export const isRelaxation: Check = (value) => {
  const { status, value: optimum, lowerBound, history, G, proof } = Object(value);
  const isFine =
    typeof status === 'string' &&
    [optimum, lowerBound].every(Number.isFinite) &&
    Array.isArray(history) &&
    G instanceof Matrix &&
    G.rows > 0 &&
    proof instanceof Proof;
  return isFine
    ? undefined
    : "what solveRelaxation returned for cone 'free' in one block, or train as its result's relaxation";
};

/**
 * The relaxation with the bound that its multipliers prove here and now: a claim is never passed on, it might have been made up.
 *
 * @throws OptionsError when the relaxation is of another problem than the data's, or its parts are damaged
 */
export function verifiedRelaxation(data: TrainingData, relaxation: RelaxationResult): RelaxationResult {
  assertIsOf(data, relaxation);
  const { problem } = data;
  try {
    const proof = new Proof({ ...relaxation.proof });
    const G = checkMatrix(relaxation.G, 'relaxation.G');
    if (proof.relaxation === undefined) throw new InputError('relaxation.proof', 'holds no multipliers');
    const { lowerBound } = boundOfCertificate(problem, { ...proof.relaxation, reg: problem.reg });
    const genuine = proofOf(data, { lowerBound, relaxation: proof.relaxation });
    if (lowerBound === relaxation.lowerBound && genuine.checksum === relaxation.proof.checksum) return relaxation;
    return { ...relaxation, G, lowerBound, gap: relativeGap(relaxation.value, lowerBound), proof: genuine };
  } catch (error) {
    if (error instanceof InputError) throw new OptionsError('relaxation', `is damaged: ${error.message}`);
    throw error;
  }
}

/** @throws OptionsError when the relaxation is of another problem than the data's: G would then be nothing to start from, its bound no bound */
function assertIsOf({ problem, features, featureMap }: TrainingData, { G, proof }: RelaxationResult): void {
  const { reg, columns, digest, loss } = proof;
  const agree = (what: string, its: unknown, ours: unknown): void => {
    if (its !== ours)
      throw new OptionsError('relaxation', `was solved for ${what} ${show(its)}, but here it is ${show(ours)}`);
  };
  agree('reg', reg, problem.reg);
  agree('the loss', loss, problem.loss.toJSON());
  agree('bias', columns.bias, featureMap.bias);
  agree('standardize', columns.standardization !== undefined, featureMap.standardization !== undefined);
  agree('a matrix G of order', G.rows, problem.X.rows + problem.X.columns);
  if (digest !== digestOfData(features, problem)) {
    throw new OptionsError(
      'relaxation',
      'was solved for other data: X and Y must be those it was solved for, row by row',
    );
  }
}
