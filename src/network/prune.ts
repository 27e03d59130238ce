/**
 * Backward elimination: from a network to smaller ones at the least cost in loss. One step tries to drop each of the lightest
 * neurons and to merge each of the closest pairs (by direction, the output weights added), polishes every attempt and keeps the
 * best (docs/training.md).
 */

import type { RunClock } from '../base/run.js';
import { neuronMasses } from './balance.js';
import { closestPairs, mergePairs } from './merge.js';
import type { TrainingObjective } from './objective.js';
import { type NetworkReport, polish } from './polish.js';
import { type Simplified, simplify } from './simplify.js';
import { selectNeurons, type Weights, widthOf } from './weights.js';

/** Attempts of each kind a step tries. */
const ATTEMPTS = 3;
/** L-BFGS steps of an attempt. */
const STEPS = 2000;
/** Up to so far above the target width neurons go one by one; beyond that, this share of the rest at a time. */
const ONE_BY_ONE = 40;
const BATCH_SHARE = 0.25;

/** Yields reports; each smaller network found is handed to `onNetwork`, widths falling. Ends at `targetWidth` or with the clock. */
export function* prune(
  objective: TrainingObjective,
  weights: Weights,
  targetWidth: number,
  clock: RunClock,
  onNetwork: (network: Simplified) => void,
): Generator<NetworkReport, Simplified> {
  let current: Simplified = simplify(objective, weights);
  onNetwork(current);
  while (widthOf(current.weights) > targetWidth && !clock.expired()) {
    const excess = widthOf(current.weights) - targetWidth - ONE_BY_ONE;
    let best: Simplified | undefined;
    for (const attempt of attempts(current.weights, Math.max(1, Math.ceil(BATCH_SHARE * excess)))) {
      const { weights: polished } = yield* polish(objective, attempt, clock, { maxIterations: STEPS });
      const candidate = simplify(objective, polished);
      if (best === undefined || candidate.loss < best.loss) best = candidate;
    }
    if (best === undefined) break;
    current = best;
    onNetwork(current);
  }
  return current;
}

/** Networks smaller by `batch` neurons, or by one each when batch is 1. */
function attempts(weights: Weights, batch: number): Weights[] {
  const masses = neuronMasses(weights);
  const lightest = Array.from(masses.keys()).sort((i, j) => masses[i] - masses[j] || i - j);
  const without = (gone: readonly number[]): Weights =>
    selectNeurons(
      weights,
      lightest.filter((j) => !gone.includes(j)).sort((i, j) => i - j),
    );
  if (batch > 1) {
    return [
      without(lightest.slice(0, batch)),
      mergePairs(weights, disjoint(closestPairs(weights, 4 * batch)).slice(0, batch)),
    ];
  }
  const pairs = closestPairs(weights, ATTEMPTS);
  return [...lightest.slice(0, ATTEMPTS).map((j) => without([j])), ...pairs.map((pair) => mergePairs(weights, [pair]))];
}

/** The pairs of which neither neuron is in an earlier one. */
function disjoint(pairs: readonly [number, number][]): [number, number][] {
  const taken = new Set<number>();
  return pairs.filter(([i, j]) => {
    if (taken.has(i) || taken.has(j)) return false;
    taken.add(i).add(j);
    return true;
  });
}
