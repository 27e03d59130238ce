/**
 * Why another method tests better than our network, as far as accuracies on the training rows, training losses and outcomes tell; nothing beyond.
 */
import type { AccuracyRun } from '../reproduce/results.js';
import { percent } from './format.js';
import { summarize } from './statistics.js';
import { cutShort } from './words.js';

/** A difference in accuracy on the training rows that is worth a word. */
const CLEARLY = 0.01;
/** Training losses closer than this share of each other count as equal. */
const EQUAL = 1e-3;

export interface Reasons {
  /** With numbers, as sentences. */
  readonly text: string;
  /** Without, to be counted. */
  readonly kinds: readonly string[];
}

/** Over the same splits. */
export function reasons(ours: readonly AccuracyRun[], theirs: readonly AccuracyRun[]): Reasons {
  const [fit, rivalFit] = [ours, theirs].map(
    (runs) => summarize(runs.map(({ trainAccuracy }) => trainAccuracy))?.mean ?? 0,
  );
  const [own, rival] = [ours, theirs].map((runs) => summarize(runs.flatMap(({ loss }) => loss ?? []))?.mean);
  const excess = own === undefined || rival === undefined ? undefined : rival / own - 1;
  const found: { readonly kind: string; readonly text: string }[] = [];
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
  if (excess !== undefined && excess > EQUAL) {
    found.push({
      kind: 'the better tester has the higher training loss',
      text: `the better tester’s training loss is ${percent(excess)} higher: a lower training loss is no better predictor here`,
    });
  } else if (excess !== undefined && excess < -EQUAL) {
    found.push({
      kind: 'our training did not reach the optimum',
      text: `its training loss is ${percent(-excess)} lower: our training did not reach the optimum`,
    });
  }
  const cut = ours.filter(({ status }) => cutShort(status) !== undefined).length;
  if (cut > 0 && (excess === undefined || excess < EQUAL)) {
    found.push({
      kind: 'our training was cut short',
      text: `our training was cut short on ${cut} of ${ours.length} splits`,
    });
  }
  if (found.length === 0) {
    const text = 'fits and losses on the training rows are alike: nothing in the data tells';
    found.push({ kind: text, text });
  }
  const joined = found.map(({ text }) => text).join('; ');
  return { text: `${joined[0].toUpperCase()}${joined.slice(1)}.`, kinds: found.map(({ kind }) => kind) };
}
