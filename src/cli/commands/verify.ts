/**
 * `convex-relu verify`: rebuilds the training problem from the CSV file, recomputes the relaxation's bound from the stored multipliers, the
 * exact oracle's from the stored dual point and the loss from the stored weights, and compares each with what training claimed.
 */
import { InputError, prepareData, verifyCertificate } from '../../index.js';
import { readTable } from '../csv.js';
import { type Dataset, selectRows, splitRows, targetsOf, toDataset } from '../dataset.js';
import { ExitCode } from '../exit-codes.js';
import { checkGlobalBound, type GlobalBoundCheck, type Verdict } from '../global-bound.js';
import { digest, type ModelClaims, type ModelData, readModel } from '../model-file.js';

/** Recomputed on another machine, a bound or loss may differ in its last digits. */
const CLAIM_TOLERANCE = 1e-9;

export interface VerifyFlags {
  /** Seconds. */
  readonly timeLimit: number;
  readonly json: boolean;
}

export async function verify(modelPath: string, dataPath: string, flags: VerifyFlags): Promise<number> {
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

  const timeLimitMs = flags.timeLimit * 1000;
  const task = {
    claimed: claims.lowerBound,
    network,
    trainSet,
    problem,
    loss,
    tolerance: CLAIM_TOLERANCE,
    timeLimitMs,
  };
  const claimsMore = claims.lowerBound > Math.max(claims.certifiedBound, lowerBound);
  const check = claimsMore ? await checkGlobalBound(task) : undefined;

  const verified = boundHolds && lossHolds && (check === undefined || check.verdict === 'holds');
  const outcome = { verified, lowerBound, loss, boundHolds, lossHolds, check, rows: problem.X.rows };
  console.log(flags.json ? toJson(outcome, claims) : toText(outcome, claims));
  if (verified) return ExitCode.ok;
  return boundHolds && lossHolds && check?.stopped ? ExitCode.interrupted : ExitCode.notVerified;
}

interface Verification {
  readonly verified: boolean;
  readonly lowerBound: number;
  readonly loss: number;
  readonly boundHolds: boolean;
  readonly lossHolds: boolean;
  /** Undefined when training claimed no more than the certificate. */
  readonly check: GlobalBoundCheck | undefined;
  readonly rows: number;
}

function toJson({ verified, lowerBound, loss, check }: Verification, claims: ModelClaims): string {
  const { certifiedBound } = claims;
  const gap = (loss - lowerBound) / loss;
  return JSON.stringify(
    { verified, lowerBound, loss, gap, claimed: { certifiedBound, loss: claims.loss }, globalBound: check },
    null,
    2,
  );
}

function toText({ verified, lowerBound, loss, boundHolds, lossHolds, check, rows }: Verification, claims: ModelClaims) {
  const verdict = (holds: boolean): Verdict => (holds ? 'holds' : 'does not hold');
  const lines = [
    `relaxation bound  claimed ${show(claims.certifiedBound)}, the multipliers prove ${show(lowerBound)}: ${loud(verdict(boundHolds))}`,
    `loss              claimed ${show(claims.loss)}, the weights have ${show(loss)}: ${loud(verdict(lossHolds))}`,
  ];
  if (check) lines.push(`global bound      claimed ${show(check.claimed)}: ${loud(check.verdict)}, ${check.reason}`);
  const proved = show(Math.max(lowerBound, check?.proved ?? 0));
  const statement = `on these ${rows} rows no network of any width has a training loss below ${proved}.`;
  lines.push('', verified ? `Verified: ${statement}` : `Not verified. What is proved: ${statement}`);
  return lines.join('\n');
}

const show = (value: number): string => value.toPrecision(10);

const loud = (verdict: Verdict): string => (verdict === 'holds' ? verdict : verdict.toUpperCase());

function rebuildTrainSet(path: string, data: ModelData): Dataset {
  const dataset = toDataset(readTable(path), data);
  if (dataset.X.rows !== data.rows) {
    throw new InputError(path, `has ${dataset.X.rows} rows, but the model was trained with a file of ${data.rows}`);
  }
  return selectRows(dataset, splitRows(data.rows, data.testFraction, data.seed).train);
}
