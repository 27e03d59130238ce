/**
 * What a model file says about the exact oracle's bound. Training takes the best bound of all networks it went through, the file holds
 * the last one: a bound that its weights do not reach is neither proved nor refuted by them.
 */
import { certifyNetwork, type Network } from '../index.js';
import { type Dataset, targetsOf } from './dataset.js';
import { watched } from './watched.js';

export type Verdict = 'holds' | 'not verified' | 'does not hold';

export interface GlobalBoundCheck {
  readonly claimed: number;
  /** What the stored weights prove; undefined when the search did not end. */
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
  readonly reg: number;
  /** Training loss of the network, recomputed: no true bound is above it. */
  readonly loss: number;
  /** Share by which a recomputed number may differ. */
  readonly tolerance: number;
  readonly timeLimitMs: number;
}

/** How closely the search resolves the largest neuron: far below the gaps that training leaves. */
const SEARCH_TOLERANCE = 1e-5;

export async function checkGlobalBound(task: GlobalBoundTask): Promise<GlobalBoundCheck> {
  const { claimed, network, trainSet, reg, loss, tolerance, timeLimitMs } = task;
  if (claimed > loss * (1 + tolerance)) {
    const reason = 'it is above the loss of the stored network';
    return { claimed, proved: undefined, verdict: 'does not hold', reason, stopped: false };
  }
  const { result, stopped } = await watched((limits) => {
    const options = { reg, tolerance: SEARCH_TOLERANCE, timeLimitMs, ...limits };
    return certifyNetwork(trainSet.X, targetsOf(trainSet), network, options);
  });
  const { lowerBound: proved, violation } = result;
  const judge = (verdict: Verdict, reason: string): GlobalBoundCheck => ({ claimed, proved, verdict, reason, stopped });
  if (violation === undefined) return judge('not verified', 'the exact search cannot cope with data of this size');
  if (proved === undefined)
    return judge('not verified', `the search was cut short${stopped ? '' : ' by --time-limit'} and proves nothing`);
  if (proved >= claimed * (1 - tolerance)) return judge('holds', `the stored weights prove ${proved.toPrecision(10)}`);
  const reason = `the stored weights prove only ${proved.toPrecision(10)}; the network that proved more is not in the file`;
  return judge('not verified', reason);
}
