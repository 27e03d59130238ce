/**
 * What a model file proves of the exact oracle's bound: the stored dual point, searched again, gives the claimed bound. Files of before
 * hold no point; there the residual of the stored network stands in, which may prove less than the network training had it from.
 */
import {
  certifyNetwork,
  InputError,
  type Network,
  type RunLimits,
  type TrainingProblem,
  verifyExactCertificate,
} from '../index.js';
import { type Dataset, targetsOf } from './dataset.js';
import { watched } from './watched.js';

export type Verdict = 'holds' | 'not verified' | 'does not hold';

export interface GlobalBoundCheck {
  readonly claimed: number;
  /** What the stored point proves; undefined when the search did not end. */
  readonly proved: number | undefined;
  readonly verdict: Verdict;
  readonly reason: string;
  /** Whether Ctrl-C ended the search. */
  readonly stopped: boolean;
}

export interface GlobalBoundTask {
  readonly claimed: number;
  readonly network: Network;
  readonly trainSet: Dataset;
  /** The same rows as they were trained on. */
  readonly problem: TrainingProblem;
  /** Training loss of the network, recomputed: no true bound is above it. */
  readonly loss: number;
  /** Share by which a recomputed number may differ. */
  readonly tolerance: number;
  readonly timeLimitMs: number;
}

/** How closely the search for a network resolves the largest neuron: far below the gaps that training leaves. */
const SEARCH_TOLERANCE = 1e-5;

export async function checkGlobalBound(task: GlobalBoundTask): Promise<GlobalBoundCheck> {
  const { claimed, network, loss, tolerance, timeLimitMs } = task;
  if (claimed > loss * (1 + tolerance)) {
    const reason = 'it is above the loss of the stored network';
    return { claimed, proved: undefined, verdict: 'does not hold', reason, stopped: false };
  }
  const { exactCertificate } = network;
  const { result, stopped } = await watched((limits) => prove(task, { timeLimitMs, ...limits }).catch(toInputError));
  const proved = result instanceof InputError ? undefined : result;
  const judge = (verdict: Verdict, reason: string): GlobalBoundCheck => ({ claimed, proved, verdict, reason, stopped });
  if (result instanceof InputError)
    return judge('does not hold', `the stored dual point is no proof: ${result.message}`);
  if (proved === undefined) {
    const cause = stopped ? 'was stopped' : 'did not end within --time-limit, or cannot cope with data of this size';
    return judge('not verified', `the exact search ${cause}, and proves nothing`);
  }
  const source = exactCertificate ? 'the stored dual point' : 'the file holds no dual point, and the stored network';
  if (proved >= claimed * (1 - tolerance)) return judge('holds', `${source} proves ${proved.toPrecision(10)}`);
  return judge('not verified', `${source} proves only ${proved.toPrecision(10)}`);
}

/** A point that does not fit the data is a finding about the model, not a failure of the program. */
function toInputError(error: unknown): InputError {
  if (error instanceof InputError) return error;
  throw error;
}

async function prove(task: GlobalBoundTask, limits: RunLimits): Promise<number | undefined> {
  const { network, trainSet, problem } = task;
  const { X, Y, reg } = problem;
  if (network.exactCertificate) {
    const { lowerBound, complete } = await verifyExactCertificate(X, Y, { ...network.exactCertificate, reg }, limits);
    return complete ? lowerBound : undefined;
  }
  const options = { network, reg, tolerance: SEARCH_TOLERANCE, ...limits };
  return (await certifyNetwork(trainSet.X, targetsOf(trainSet), options)).lowerBound;
}
