/** A relaxation that was solved before and is given to another task, which rounds it, trains from it or examines it. */
import type { Check } from '../base/check.js';
import { OptionsError } from '../base/errors.js';
import { Matrix } from '../base/matrix.js';
import type { TrainingData } from '../problem/data.js';
import { digestOfData } from '../proof/digest.js';
import { Proof } from '../proof/proof.js';
import type { RelaxationResult } from './solve-relaxation.js';

/** Checks an option that is a solved relaxation; `assertIsOf` says whether it belongs to the data. */
export const isRelaxation: Check = (value) => {
  const { status, value: optimum, lowerBound, history, G, proof } = Object(value);
  const isFine =
    typeof status === 'string' &&
    [optimum, lowerBound].every(Number.isFinite) &&
    Array.isArray(history) &&
    G instanceof Matrix &&
    proof instanceof Proof;
  return isFine ? undefined : "what solveRelaxation returned, or train as its result's relaxation";
};

/** @throws OptionsError when the relaxation is of another problem than the data's: G would then be nothing to start from, its bound no bound */
export function assertIsOf({ problem, features, featureMap }: TrainingData, { G, proof }: RelaxationResult): void {
  const { reg, columns, digest, loss } = proof;
  const agree = (what: string, its: unknown, ours: unknown): void => {
    if (its !== ours) throw new OptionsError('relaxation', `was solved for ${what} ${its}, but here it is ${ours}`);
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
