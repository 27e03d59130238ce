/** Making a network smaller where that costs nothing: each simplification is kept only if the training loss does not rise. */
import type { Matrix } from '../matrix.js';
import { balance, dropInactive, dropLight, mergeParallel } from './balance.js';
import type { TrainingObjective } from './objective.js';
import { type Weights, widthOf } from './weights.js';

/** 1 − cos below which two neurons are tried as one: from the accuracy L-BFGS leaves down to round-off. */
const CLOSENESS = [1e-5, 1e-8, 1e-11, 1e-15];
/** Masses, relative to the largest, below which neurons are tried without. */
const LIGHTNESS = [1e-3, 1e-5, 1e-7, 1e-12];

export interface Simplified {
  readonly weights: Weights;
  readonly loss: number;
}

/** The balanced network without dead, light and parallel neurons; its loss is at most that of `weights`. */
export function simplify(objective: TrainingObjective, X: Matrix, weights: Weights): Simplified {
  let best: Simplified = { weights, loss: objective.lossOf(weights) };
  const accept = (candidate: Weights): boolean => {
    const loss = objective.lossOf(candidate);
    if (!(loss <= best.loss)) return false;
    best = { weights: candidate, loss };
    return true;
  };
  accept(balance(dropInactive(X, weights)));
  for (const share of LIGHTNESS) if (accept(dropLight(best.weights, share))) break;
  for (const closeness of CLOSENESS) {
    const merged = mergeParallel(best.weights, closeness);
    if (widthOf(merged) < widthOf(best.weights) && accept(merged)) break;
  }
  return best;
}
