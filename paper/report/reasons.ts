/**
 * Why another method tests better than our network, as far as accuracies on the training rows, training losses, other
 * settings and outcomes tell; nothing beyond.
 */
import type { AccuracyRun } from '../cells/results.js';
import { above, accuracy as asPercentage, percent } from './format.js';
import { subheadingOf } from './problems.js';
import { type Duel, runsOf, type ScoreGroup } from './scores.js';
import { summarize } from './statistics.js';
import { cutShort } from './words.js';

/** A difference in accuracy on the training rows that is worth a word. */
const CLEARLY = 0.01;
/** Accuracy on the training rows that counts as a fit of nearly all. */
const ALL = 0.98;
/** Training losses closer than this share of each other count as equal. */
const EQUAL = 1e-3;
/** Accuracies closer than this count as level. */
const LEVEL = 2e-3;

export interface Reasons {
  /** With numbers, as sentences. */
  readonly text: string;
  /** Without, to be counted. */
  readonly kinds: readonly string[];
}

interface Reason {
  readonly kind: string;
  readonly text: string;
}

/** @param scores all there are: another setting of ours on the same data may tell */
export function reasons(
  { group, ours, theirs }: Omit<Duel, 'rival' | 'verdict'>,
  scores: readonly ScoreGroup[],
): Reasons {
  const [fit, rivalFit] = [ours, theirs].map(
    (runs) => summarize(runs.map(({ trainAccuracy }) => trainAccuracy))?.mean ?? 0,
  );
  const [own, rival] = [ours, theirs].map((runs) => summarize(runs.flatMap(({ loss }) => loss ?? []))?.mean);
  const excess = own === undefined || rival === undefined ? undefined : rival / own - 1;
  const found: Reason[] = [];
  if (fit > rivalFit + CLEARLY) {
    found.push({
      kind: 'ours fits the training rows better and overfits',
      text: 'ours fits the training rows better and generalises worse: at this weight decay it overfits',
    });
  } else if (fit < rivalFit - CLEARLY) {
    found.push({
      kind: 'ours fits the training rows less well',
      text: 'ours fits the training rows less well: its regularisation is the stronger one here',
    });
  }
  if (Math.min(fit, rivalFit) >= ALL && Math.abs(fit - rivalFit) <= CLEARLY) {
    found.push({
      kind: 'both fit nearly all training rows and differ between them',
      text: 'both fit nearly all training rows: the difference lies in the function between them',
    });
  }
  if (excess !== undefined && excess > EQUAL) {
    found.push({
      kind: 'the better tester has the higher training loss',
      text: `the better tester’s training loss is ${above(excess)} ours: a lower training loss is no better predictor here`,
    });
  } else if (excess !== undefined && excess < -EQUAL) {
    found.push({
      kind: 'our training did not reach the optimum',
      text: `its training loss is ${percent(-excess)} lower: our training did not reach the optimum`,
    });
  }
  const level = otherSetting(group, mean(theirs), scores);
  if (level !== undefined) found.push(level);
  const cut = ours.filter(({ status }) => cutShort(status) !== undefined).length;
  if (cut > 0 && fit < ALL && (excess === undefined || excess < EQUAL)) {
    found.push({
      kind: 'our training ended by its time limit',
      text: `our training ended by its time limit on ${cut} of ${ours.length} splits`,
    });
  }
  if (found.length === 0) {
    const text = 'fits and losses on the training rows are alike: nothing in the data tells';
    found.push({ kind: text, text });
  }
  const joined = found.map(({ text }) => text).join('; ');
  return { text: `${joined[0].toUpperCase()}${joined.slice(1)}.`, kinds: found.map(({ kind }) => kind) };
}

/** Another weight decay, or a bias, with which ours tests as well as the rival does here. */
function otherSetting(group: ScoreGroup, theirs: number, scores: readonly ScoreGroup[]): Reason | undefined {
  const others = scores
    .filter((other) => other !== group && other.data === group.data)
    .map((other) => ({ other, accuracy: mean(runsOf(other, 'ours')) }))
    .filter((entry) => entry.accuracy >= theirs - LEVEL);
  if (others.length === 0) return undefined;
  const { other, accuracy } = others.reduce((best, entry) => (entry.accuracy > best.accuracy ? entry : best));
  return {
    kind: 'with another weight decay or a bias ours tests as well',
    text: `at ${subheadingOf(other)} ours tests as well (${asPercentage(accuracy)})`,
  };
}

function mean(runs: readonly AccuracyRun[]): number {
  return summarize(runs.map(({ test }) => test.accuracy))?.mean ?? 0;
}
