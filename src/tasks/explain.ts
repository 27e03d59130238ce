/** What a training result means: where network and bound came from, and what the gap consists of. */
import type { NetworkSource } from './network-phase.js';

export interface Explanation {
  readonly networkFrom: NetworkSource;
  readonly neurons: number;
  readonly boundFrom: 'relaxation' | 'exact oracle';
  /**
   * Share of the loss by which the relaxation alone falls short: (globalLowerBound − relaxation.lowerBound) / loss. No better network
   * closes it. Known only where the exact oracle ran.
   */
  readonly relaxationGap?: number | undefined;
  /** Share of the loss that a better network might save: (loss − globalLowerBound) / loss. Known only where the exact oracle ran. */
  readonly optimizationGap?: number | undefined;
}

/** The parts of a training result that an explanation is made from. */
export interface Explained {
  readonly loss: number;
  readonly lowerBound: number;
  readonly gap: number;
  readonly relaxation: { readonly value: number; readonly lowerBound: number };
  readonly globalLowerBound?: number | undefined;
}

export function explainResult(result: Explained, networkFrom: NetworkSource, neurons: number): Explanation {
  const { loss, relaxation, globalLowerBound } = result;
  const base = { networkFrom, neurons } as const;
  if (globalLowerBound === undefined) return { ...base, boundFrom: 'relaxation' };
  const share = (difference: number): number => (difference > 0 ? difference / loss : 0);
  return {
    ...base,
    boundFrom: globalLowerBound > relaxation.lowerBound ? 'exact oracle' : 'relaxation',
    relaxationGap: share(globalLowerBound - relaxation.lowerBound),
    optimizationGap: share(loss - globalLowerBound),
  };
}

/** The explanation in sentences, one a line. */
export function explain(result: Explained & { readonly explanation: Explanation }): string {
  const { loss, lowerBound, gap, explanation } = result;
  const { networkFrom, neurons, boundFrom, relaxationGap, optimizationGap } = explanation;
  const lines = [
    `The network has ${neurons} neurons and training loss ${number(loss)}; it came from ${SOURCES[networkFrom]}.`,
    `No network of any width has a loss below ${number(lowerBound)}; the bound came from the ${boundFrom}. The gap is ${percent(gap)}.`,
  ];
  if (optimizationGap === undefined) {
    lines.push(
      'How much of the gap is the relaxation’s and how much the network’s is not known: the exact oracle, which needs rank(X) ≤ 5 and time, proved nothing here.',
    );
  } else {
    lines.push(
      `A better network could save at most ${percent(optimizationGap)} of the loss; the relaxation’s own bound is ${percent(relaxationGap ?? 0)} lower than the exact one.`,
    );
  }
  return lines.join('\n');
}

const SOURCES: Readonly<Record<NetworkSource, string>> = {
  zero: 'the network that predicts 0, which nothing found was better than',
  random: 'a random start, polished',
  gaussian: 'Gaussian rounding of the relaxation, polished',
  'nearest-cone': 'nearest-cone rounding of the relaxation, polished',
  'three-operator': 'three-operator rounding of the relaxation, polished',
  eigenvectors: 'eigenvector rounding of the relaxation, polished',
  growth: 'growth by column generation',
  elimination: 'growth by column generation, made smaller by elimination',
};

const number = (value: number): string => value.toPrecision(8);

const percent = (share: number): string => `${(100 * share).toPrecision(3)} %`;
