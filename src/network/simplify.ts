/** Making a network smaller where that costs nothing: each simplification is kept only if the training loss does not rise. */
import { balance, dropInactive, dropLight, dropUnusedFeatures } from './balance.js';
import { mergeParallel } from './merge.js';
import type { TrainingObjective } from './objective.js';
import { sightOf } from './sight.js';
import { type Weights, widthOf } from './weights.js';

/** 1 − cos below which two neurons are tried as one: from the accuracy L-BFGS leaves down to round-off. */
const CLOSENESS = [1e-5, 1e-8, 1e-11, 1e-15];
/** Masses, relative to the largest, below which neurons are tried without. */
const LIGHTNESS = [1e-3, 1e-5, 1e-7, 1e-12];

/** Losses this close, relatively, differ by round-off: merging exact copies must not fail for it. */
const ROUND_OFF = 16 * Number.EPSILON;

export interface Simplified {
  readonly weights: Weights;
  readonly loss: number;
}

/** The balanced network without dead, light and parallel neurons and without weights on features that are always 0; its loss is at most that of `weights`, up to round-off. */
export function simplify(objective: TrainingObjective, weights: Weights): Simplified {
  const { X } = objective.placed.problem;
  const see = objective.placed.X.once(sightOf);
  const measure = (candidate: Weights): Simplified => ({ weights: candidate, loss: objective.lossOf(candidate) });
  let best = measure(balance(dropInactive(X, dropUnusedFeatures(X, weights))));
  const accept = (candidate: Simplified): boolean => {
    if (!(candidate.loss <= best.loss * (1 + ROUND_OFF))) return false;
    best = candidate;
    return true;
  };
  for (const share of LIGHTNESS) if (accept(measure(dropLight(best.weights, share)))) break;
  for (const closeness of CLOSENESS) {
    const merged = mergeParallel(best.weights, closeness, see);
    if (widthOf(merged) < widthOf(best.weights) && accept(measure(merged))) break;
  }
  return best;
}
