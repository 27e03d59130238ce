/** Names of data sets, methods and outcomes as the report writes them. */

import type { RunStatus } from '../../src/index.js';
import type { AccuracyMethod, DataName, RoundingResult } from '../cells/results.js';

export const DATA_LABELS: Readonly<Record<DataName, string>> = {
  random: 'Random',
  spiral: 'Spiral',
  iris: 'Iris',
  ionosphere: 'Ionosphere',
  pima: 'Pima Indians',
  banknotes: 'Banknotes',
  mnist20: 'MNIST-20',
};

export const METHOD_LABELS: Readonly<Record<AccuracyMethod, string>> = {
  ours: 'Ours',
  nngp: 'NNGP',
  ntk: 'NTK',
  adam: 'Adam',
  sgd: 'SGD',
  ridge: 'Ridge',
  gatedRelu: 'Gated ReLU',
  frankWolfe: 'Frank–Wolfe',
};

export const ROUNDING_LABELS: Readonly<Record<RoundingResult['kind'], string>> = {
  gaussian: 'Gaussian',
  'nearest-cone': 'nearest cone',
  'three-operator': 'three-operator (the paper’s)',
  eigenvectors: 'eigenvectors',
  random: 'random start',
};

/** Why a result is not the method's own end; undefined when it is. */
export function cutShort(status: RunStatus | undefined): string | undefined {
  switch (status) {
    case 'time-limit':
      return 'stopped by its time limit';
    case 'max-iterations':
      return 'stopped at its iteration limit';
    case 'stopped':
      return 'stopped by the user';
    case 'stalled':
      return 'stalled short of its tolerance';
    default:
      return undefined;
  }
}

/** The same for several runs: the first reason, and how many runs it and others cut short. */
export function cutShortAmong(statuses: readonly (RunStatus | undefined)[]): string | undefined {
  const cut = statuses.flatMap((status) => cutShort(status) ?? []);
  if (cut.length === 0 || statuses.length === 1) return cut[0];
  return `${cut[0]} in ${cut.length} of ${statuses.length} trials`;
}
