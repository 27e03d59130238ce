/**
 * `convex-relu verify`: rebuilds the training problem from the CSV file, recomputes the bound from the stored multipliers
 * and the loss from the stored weights, and compares both with what training claimed. Nothing of the solver is used.
 */
import { InputError, prepareData, verifyCertificate } from '../../index.js';
import { readTable } from '../csv.js';
import { type Dataset, selectRows, splitRows, toDataset } from '../dataset.js';
import { ExitCode } from '../exit-codes.js';
import { digest, type ModelData, readModel } from '../model-file.js';
import { targetsOf } from '../training.js';

/** Recomputed on another machine, a bound or loss may differ in its last digits. */
const CLAIM_TOLERANCE = 1e-9;

export async function verify(modelPath: string, dataPath: string, flags: { readonly json: boolean }): Promise<number> {
  const { data, claims, network } = readModel(modelPath);
  const { certificate } = network;
  if (certificate === undefined) throw new InputError(modelPath, 'holds no certificate');
  const trainSet = rebuildTrainSet(dataPath, data);
  const { reg } = certificate;
  const options = { reg, bias: network.bias, standardize: network.scaling !== undefined };
  const { problem } = prepareData(trainSet.X, targetsOf(trainSet), options);
  if (digest(problem) !== data.sha256) {
    throw new InputError(dataPath, `is not the data that ${modelPath} was trained on: some value differs`);
  }

  const { lowerBound } = verifyCertificate(problem.X, problem.Y, certificate);
  const loss = network.loss(trainSet.X, targetsOf(trainSet), reg);
  const boundHolds = lowerBound >= claims.certifiedBound - CLAIM_TOLERANCE * Math.abs(claims.certifiedBound);
  const lossHolds = Math.abs(loss - claims.loss) <= CLAIM_TOLERANCE * claims.loss;
  const verified = boundHolds && lossHolds;

  if (flags.json) {
    const { certifiedBound } = claims;
    console.log(
      JSON.stringify(
        { verified, lowerBound, loss, gap: (loss - lowerBound) / loss, claimed: { certifiedBound, loss: claims.loss } },
        null,
        2,
      ),
    );
  } else {
    const bound = lowerBound.toPrecision(10);
    console.log(
      `bound  ${bound}, claimed ${claims.certifiedBound.toPrecision(10)}: ${boundHolds ? 'holds' : 'DOES NOT HOLD'}`,
    );
    console.log(
      `loss   ${loss.toPrecision(10)}, claimed ${claims.loss.toPrecision(10)}: ${lossHolds ? 'holds' : 'DOES NOT HOLD'}`,
    );
    if (verified)
      console.log(
        `\nVerified: on these ${problem.X.rows} rows no network of any width has a training loss below ${bound}.`,
      );
    else console.log('\nNot verified.');
    if (claims.lowerBound > claims.certifiedBound) {
      console.log(
        `Training also reported the exact oracle's bound ${claims.lowerBound.toPrecision(10)}, which is not checked here.`,
      );
    }
  }
  return verified ? ExitCode.ok : ExitCode.notVerified;
}

function rebuildTrainSet(path: string, data: ModelData): Dataset {
  const dataset = toDataset(readTable(path), data);
  if (dataset.X.rows !== data.rows) {
    throw new InputError(path, `has ${dataset.X.rows} rows, but the model was trained with a file of ${data.rows}`);
  }
  return selectRows(dataset, splitRows(data.rows, data.testFraction, data.seed).train);
}
