/** What a training result means: where network and bound came from, and what the gap consists of. */
import { InputError } from '../base/errors.js';
import { show } from '../base/show.js';
import { finite, record } from '../base/untrusted.js';
import type { BoundSource } from '../proof/verify-proof.js';
import type { Bound } from './bound.js';
import type { NetworkSource } from './network-phase.js';

export interface Explanation {
  readonly networkFrom: NetworkSource;
  readonly neurons: number;
  /**
   * Share of the loss by which the relaxation alone falls short: (exact bound − relaxation.lowerBound) / loss. No better network closes
   * it. Known only where the relaxation was solved and the exact oracle proved something.
   */
  readonly relaxationGap?: number | undefined;
  /** Share of the loss that a better network might save: (loss − exact bound) / loss. Known only where the exact oracle proved something. */
  readonly optimizationGap?: number | undefined;
}

/** The parts of a training result that an explanation is made from. */
export interface Explained {
  readonly loss: number;
  readonly lowerBound: number;
  readonly gap: number;
  readonly bound: Bound;
}

/** What the gap consists of. @param bounds of the relaxation and of the exact oracle, as far as there are any */
export function explainGap(
  loss: number,
  bounds: { readonly relaxation: number | undefined; readonly exact: number | undefined },
): Pick<Explanation, 'relaxationGap' | 'optimizationGap'> {
  const { relaxation, exact } = bounds;
  const share = (difference: number): number => (difference > 0 ? difference / loss : 0);
  return {
    relaxationGap: exact === undefined || relaxation === undefined ? undefined : share(exact - relaxation),
    optimizationGap: exact === undefined ? undefined : share(loss - exact),
  };
}

/** The explanation in sentences, one a line. */
export function explain(result: Explained & { readonly explanation: Explanation }): string {
  checkExplained(result);
  const { loss, lowerBound, gap, bound, explanation } = result;
  const { networkFrom, neurons, relaxationGap, optimizationGap } = explanation;
  const lines = [
    `The network has ${neurons} neurons and training loss ${number(loss)}; it came from ${SOURCES[networkFrom]}.`,
    `No network of any width has a loss below ${number(lowerBound)}; the bound came from ${BOUND_SOURCES[bound.from]}. The gap is ${percent(gap)}.`,
  ];
  if (optimizationGap === undefined) {
    lines.push(
      'How much of the gap is the relaxation’s and how much the network’s is not known: the exact oracle, which needs rank(X) ≤ 5 and time, proved nothing here.',
    );
  } else {
    const saving = `A better network could save at most ${percent(optimizationGap)} of the loss`;
    lines.push(
      relaxationGap === undefined
        ? `${saving}; there was no time for the relaxation.`
        : `${saving}; the relaxation’s own bound is ${percent(relaxationGap)} lower than the exact one.`,
    );
  }
  return lines.join('\n');
}

/** @throws InputError naming the part that no result has */
function checkExplained(result: unknown): void {
  const { loss, lowerBound, gap, bound, explanation } = record(result, 'result');
  for (const [name, value] of Object.entries({ loss, lowerBound, gap })) finite(value, `result.${name}`);
  const { from } = record(bound, 'result.bound');
  const { networkFrom, neurons, relaxationGap, optimizationGap } = record(explanation, 'result.explanation');
  const gaps = { relaxationGap, optimizationGap };
  for (const [name, value] of Object.entries({ neurons, ...gaps }))
    if (value !== undefined || name === 'neurons') finite(value, `result.explanation.${name}`);
  checkSource(from, BOUND_SOURCES, 'result.bound.from');
  checkSource(networkFrom, SOURCES, 'result.explanation.networkFrom');
}

function checkSource(value: unknown, known: object, path: string): void {
  if (typeof value === 'string' && Object.hasOwn(known, value)) return;
  throw new InputError(path, `is ${show(value)}; expected one of ${Object.keys(known).join(', ')}`);
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

const BOUND_SOURCES: Readonly<Record<BoundSource, string>> = {
  exact: 'the exact oracle',
  relaxation: 'the relaxation',
  norms: 'the lengths of the rows, for want of time',
};

const number = (value: number): string => value.toPrecision(8);

const percent = (share: number): string => `${(100 * share).toPrecision(3)} %`;
