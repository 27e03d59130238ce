/**
 * `convex-relu verify`: takes the training rows out of the CSV file, proves the bound anew from the proof and them, computes the loss anew
 * from the weights, and compares both with what training claimed.
 */
import { InputError, Proof, type VerifiedProof, verifyProof } from '../../index.js';
import { readTable, readText } from '../csv.js';
import { type Dataset, selectRows, splitRows, targetsOf, toDataset } from '../dataset.js';
import { ExitCode } from '../exit-codes.js';
import { type Model, type ModelData, readModel } from '../model-file.js';
import { proofOfOldModel } from '../old-model.js';
import { watched } from '../watched.js';

/** Recomputed on another machine, a bound or loss may differ in its last digits. */
const CLAIM_TOLERANCE = 1e-9;

export interface VerifyFlags {
  /** Seconds. */
  readonly timeLimit: number;
  readonly json: boolean;
}

/** @param first the proof, or where `second` is left out the data of a model file that holds its proof */
export async function verify(
  modelPath: string,
  first: string,
  second: string | undefined,
  flags: VerifyFlags,
): Promise<number> {
  const model = readModel(modelPath);
  const dataPath = second ?? first;
  const trainSet = rebuildTrainSet(dataPath, model.data);
  const proof =
    second === undefined ? proofOfOldModel(model, trainSet, { model: modelPath, data: dataPath }) : readProof(first);

  const timeLimitMs = flags.timeLimit * 1000;
  const { result: verified, stopped } = await watched((limits) =>
    verifyProof(trainSet.X, targetsOf(trainSet), proof, { timeLimitMs, ...limits }),
  );
  const loss = model.network.loss(trainSet.X, targetsOf(trainSet), model.problem.reg);
  const modelFaults = [...mismatches(model, proof), ...faultsOf(model, verified, loss)];
  const faults = verified.valid ? modelFaults : [verified.reason ?? 'the proof does not hold', ...modelFaults];

  const outcome: Outcome = { model, proof, verified, loss, faults, rows: trainSet.X.rows };
  console.log(flags.json ? toJson(outcome) : toText(outcome));
  if (faults.length === 0) return ExitCode.ok;
  return stopped && modelFaults.length === 0 ? ExitCode.interrupted : ExitCode.notVerified;
}

function readProof(path: string): Proof {
  try {
    return Proof.load(readText(path));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(path, `is no proof written by convex-relu train --proof: ${error.message}`);
  }
}

function rebuildTrainSet(path: string, data: ModelData): Dataset {
  const dataset = toDataset(readTable(path), data);
  if (dataset.X.rows !== data.rows) {
    throw new InputError(path, `has ${dataset.X.rows} rows, but the model was trained with a file of ${data.rows}`);
  }
  return selectRows(dataset, splitRows(data.rows, data.testFraction, data.seed).train);
}

/** In what model and proof are about different problems. */
function mismatches({ problem, network }: Model, { loss, reg, columns, weights }: Proof): string[] {
  const { features, bias, standardization, classes } = columns;
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ['loss', problem.loss, loss],
    ['weight decay', problem.reg, reg],
    ['weighting of the rows', undefined, weights],
    ['number of features', network.featureMap.columns, features],
    ['bias', network.bias, bias],
    ['scaling', scalingText(network.scaling), scalingText(standardization)],
    ['classes', JSON.stringify(network.classes), JSON.stringify(classes)],
  ];
  return parts
    .filter(([, ofModel, ofProof]) => ofModel !== ofProof)
    .map(([name]) => `model and proof are about different problems: the ${name} is not the same`);
}

const scalingText = (scaling: Network['scaling']): string =>
  scaling ? `${scaling.means.join()} ${scaling.scales.join()}` : 'none';

type Network = Model['network'];

/** What of the model's own claims does not hold. */
function faultsOf({ claims }: Model, { valid, lowerBound }: VerifiedProof, loss: number): string[] {
  const faults: string[] = [];
  if (!(Math.abs(loss - claims.loss) <= CLAIM_TOLERANCE * Math.abs(claims.loss))) {
    faults.push(`the loss is claimed to be ${show(claims.loss)}, but the weights have ${show(loss)}`);
  }
  if (valid && !(lowerBound >= claims.lowerBound - CLAIM_TOLERANCE * Math.abs(claims.lowerBound))) {
    faults.push(`the model claims the bound ${show(claims.lowerBound)}, but the proof proves ${show(lowerBound)}`);
  }
  if (!(loss >= lowerBound - CLAIM_TOLERANCE * Math.abs(lowerBound))) {
    faults.push(`the loss ${show(loss)} is below the bound ${show(lowerBound)}, which is impossible for one problem`);
  }
  return faults;
}

interface Outcome {
  readonly model: Model;
  readonly proof: Proof;
  readonly verified: VerifiedProof;
  readonly loss: number;
  readonly faults: readonly string[];
  readonly rows: number;
}

function toJson({ model, proof, verified, loss, faults }: Outcome): string {
  const { lowerBound, from, relaxation, exact } = verified;
  return JSON.stringify(
    {
      verified: faults.length === 0,
      faults,
      problem: { loss: proof.loss, reg: proof.reg },
      lowerBound,
      from,
      loss,
      gap: (loss - lowerBound) / loss,
      claimed: { lowerBound: proof.lowerBound, loss: model.claims.loss },
      relaxation,
      exact,
    },
    null,
    2,
  );
}

function toText({ model, proof, verified, loss, faults, rows }: Outcome): string {
  const { lowerBound, from = 'nothing' } = verified;
  const lines = [
    `bound  claimed ${show(proof.lowerBound)}, proved ${show(lowerBound)} by ${SOURCES[from]}`,
    `loss   claimed ${show(model.claims.loss)}, the weights have ${show(loss)}`,
    ...faults.map((fault) => `FAULT  ${fault}`),
    '',
  ];
  const statement = `on these ${rows} rows${mapping(proof)}, with the ${proof.loss} loss and weight decay ${proof.reg}, no network of any width has a training loss below ${show(lowerBound)}`;
  if (faults.length === 0) lines.push(`Verified: ${statement}; this one has ${show(loss)}.`);
  else lines.push(lowerBound > 0 ? `Not verified. What is proved: ${statement}.` : 'Not verified. Nothing is proved.');
  return lines.join('\n');
}

const SOURCES = {
  exact: 'the exact search from a dual point',
  relaxation: 'the multipliers of the relaxation',
  norms: 'the lengths of the rows',
  nothing: 'nothing',
} as const;

function mapping({ columns }: Proof): string {
  const parts = [...(columns.standardization ? ['standardised'] : []), ...(columns.bias ? ['with a bias'] : [])];
  return parts.map((part) => `, ${part}`).join('');
}

const show = (value: number): string => value.toPrecision(10);
