/**
 * How tight the relaxation is: its optimum against the optimum of training, which lies between the best bound and the best loss that anyone
 * reached. Everything is stated as the interval that follows from certified bounds and real networks; a single number is given only where
 * that interval is narrow.
 */
import type { DescentRun } from '../cells/results.js';
import type { Problem } from './problems.js';
import { type Summary, summarize } from './statistics.js';

/** The optimum counts as known when bound and loss differ by no more than this share of the loss. */
const KNOWN = 1e-3;
/** A ratio is written as one number when its interval is no wider. */
const NARROW = 5e-3;

export interface Tightness {
  /** Of the relaxation. */
  readonly value: number;
  readonly relaxationBound: number;
  /** The better of the relaxation's and the exact oracle's. */
  readonly bound: number;
  readonly exactBound?: number | undefined;
  /** Of our own network. */
  readonly loss: number;
  /** The least loss of all networks on this problem, and whose it is. */
  readonly bestLoss: number;
  readonly bestBy: string;
  /** (bestLoss − bound) / bestLoss is small enough to speak of the true optimum, which is then bestLoss. */
  readonly known: boolean;
  /** The approximation ratio, relaxation over training, lies in [low, high]. */
  readonly ratio: { readonly low: number; readonly high: number; readonly value: number };
}

/** Undefined where the relaxation was not solved. */
export function tightnessOf(problem: Problem): Tightness | undefined {
  const result = problem.objective?.result;
  if (result === undefined) return undefined;
  const { value, lowerBound: relaxationBound } = result.relaxation;
  const { loss, lowerBound, globalLowerBound } = result.network;
  const bound = Math.max(lowerBound, relaxationBound);
  const { loss: bestLoss, by: bestBy } = bestNetwork(problem);
  const low = Math.min(1, relaxationBound / bestLoss);
  const high = Math.min(1, value / bound);
  return {
    value,
    relaxationBound,
    bound,
    ...(globalLowerBound !== undefined && { exactBound: globalLowerBound }),
    loss,
    bestLoss,
    bestBy,
    known: (bestLoss - bound) / bestLoss <= KNOWN,
    ratio: { low, high, value: Math.min(1, value / bestLoss) },
  };
}

/** Tightness over the trials of a problem: the mean of each end, and of the value where the interval is narrow. */
export interface MeanRatio {
  readonly low: number;
  readonly high: number;
  readonly narrow: boolean;
  /** Of the trials' own ratios. */
  readonly value: Summary;
}

/** Undefined without trials. */
export function ratioOver(trials: readonly Tightness[]): MeanRatio | undefined {
  const low = summarize(trials.map(({ ratio }) => ratio.low));
  const high = summarize(trials.map(({ ratio }) => ratio.high));
  const value = summarize(trials.map(({ ratio }) => ratio.value));
  if (low === undefined || high === undefined || value === undefined) return undefined;
  return { low: low.mean, high: high.mean, narrow: high.mean - low.mean <= NARROW, value };
}

/** The network with the least loss: ours unless another one is lower by more than round-off. */
function bestNetwork({ objective, descent, programs }: Problem): { loss: number; by: string } {
  const result = (objective as NonNullable<typeof objective>).result;
  let best = { loss: result.network.loss, by: 'ours' };
  const consider = (loss: number, by: string): void => {
    if (loss < best.loss * (1 - 1e-9)) best = { loss, by };
  };
  for (const { kind, bestPolished } of result.roundings) consider(bestPolished, `polished ${kind} rounding`);
  for (const { key, result: runs } of descent) {
    consider(leastLoss(runs.sgd), `SGD, width ${key.width}`);
    consider(leastLoss(runs.adam), `Adam, width ${key.width}`);
  }
  if (programs !== undefined) {
    consider(programs.result.frankWolfe.loss, 'Frank–Wolfe');
    consider(programs.result.gatedRelu.loss, 'gated ReLU');
    if (programs.result.copositiveRelaxation !== undefined) {
      consider(programs.result.copositiveRelaxation.loss, 'copositive relaxation');
    }
  }
  return best;
}

function leastLoss({ loss, losses }: DescentRun): number {
  return Math.min(loss, ...losses);
}
