/** The proof within a model file of version 1, made into one that stands by itself. */
import { createHash } from 'node:crypto';
import { InputError, type Matrix, type Proof, prepareData, readOldProof } from '../index.js';
import { type Dataset, targetsOf } from './dataset.js';
import type { Model } from './model-file.js';

/**
 * @param paths of the model and of the data, for messages
 * @throws InputError naming a file when the model holds no proof, or one about other data
 */
export function proofOfOldModel(model: Model, trainSet: Dataset, paths: { model: string; data: string }): Proof {
  const { network, old, claims, problem } = model;
  if (old === undefined) {
    throw new InputError(paths.model, 'holds no proof; name its file too: verify model.json proof.json data.csv');
  }
  const targets = targetsOf(trainSet);
  const { Y } = prepareData(trainSet.X, targets, { reg: problem.reg }).problem;
  if (digest(network.features(trainSet.X), Y) !== old.sha256) {
    throw new InputError(paths.data, `is not the data that ${paths.model} was trained on: some value differs`);
  }
  // Until version 2 of the network's JSON the exact bound had no dual point with it: that of the network may prove as much.
  const outputs = claims.lowerBound > old.certifiedBound ? network.predict(trainSet.X) : undefined;
  return readOldProof(old.network, trainSet.X, targets, { lowerBound: claims.lowerBound, outputs });
}

/** As version 1 recognised its data. */
function digest(...matrices: readonly Matrix[]): string {
  const hash = createHash('sha256');
  for (const { rows, columns, data } of matrices) hash.update(`${rows}×${columns}:`).update(data);
  return hash.digest('hex');
}
