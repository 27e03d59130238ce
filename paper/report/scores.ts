/** Test scores by data set, weight decay, bias and method: the paper's split, and the random ones. */
import {
  ACCURACY_METHODS,
  type AccuracyCell,
  type AccuracyMethod,
  type AccuracyRun,
  DATA_NAMES,
  type DataName,
  type Results,
} from '../cells/results.js';
import { pairedVerdict, type Verdict } from './statistics.js';

export interface ScoreGroup {
  readonly data: DataName;
  readonly reg: number;
  readonly bias: boolean;
  /** The split the paper used. */
  readonly paper?: AccuracyCell | undefined;
  /** Random stratified splits, by index. */
  readonly splits: readonly AccuracyCell[];
}

/** In the order of DATA_NAMES, then by falling weight decay, without bias first. */
export function groupScores({ cells }: Results): ScoreGroup[] {
  const groups = new Map<string, AccuracyCell[]>();
  for (const cell of cells) {
    if (cell.key.experiment !== 'accuracy') continue;
    const name = `${cell.key.data} ${cell.key.reg} ${cell.key.bias}`;
    groups.set(name, [...(groups.get(name) ?? []), cell as AccuracyCell]);
  }
  return Array.from(groups.values(), (members) => {
    const { data, reg, bias } = members[0].key;
    const sorted = members.sort((first, second) => first.key.index - second.key.index);
    return {
      data,
      reg,
      bias,
      paper: sorted.find(({ key }) => key.index === 0),
      splits: sorted.filter(({ key }) => key.index > 0),
    };
  }).sort(
    (first, second) =>
      DATA_NAMES.indexOf(first.data) - DATA_NAMES.indexOf(second.data) ||
      second.reg - first.reg ||
      Number(first.bias) - Number(second.bias),
  );
}

export function runOf(cell: AccuracyCell | undefined, method: AccuracyMethod): AccuracyRun | undefined {
  return cell?.result.runs.find((run) => run.method === method);
}

export function runsOf({ splits }: ScoreGroup, method: AccuracyMethod): AccuracyRun[] {
  return splits.flatMap((cell) => runOf(cell, method) ?? []);
}

/** Methods that occur anywhere in the results, ours first. */
export function methodsIn(groups: readonly ScoreGroup[]): AccuracyMethod[] {
  const cells = groups.flatMap(({ paper, splits }) => (paper === undefined ? splits : [paper, ...splits]));
  return ACCURACY_METHODS.filter((method) => cells.some((cell) => runOf(cell, method) !== undefined));
}

/** Our network against one rival, over the splits on which both ran. */
export interface Duel {
  readonly group: ScoreGroup;
  readonly rival: AccuracyMethod;
  readonly verdict: Verdict;
  readonly ours: readonly AccuracyRun[];
  readonly theirs: readonly AccuracyRun[];
}

export function duel(group: ScoreGroup, rival: AccuracyMethod): Duel | undefined {
  const pairs = group.splits.flatMap((cell) => {
    const ours = runOf(cell, 'ours');
    const theirs = runOf(cell, rival);
    return ours === undefined || theirs === undefined ? [] : [{ ours, theirs }];
  });
  if (pairs.length < 2) return undefined;
  const ours = pairs.map((pair) => pair.ours);
  const theirs = pairs.map((pair) => pair.theirs);
  const accuracies = (runs: readonly AccuracyRun[]): number[] => runs.map(({ test }) => test.accuracy);
  return { group, rival, verdict: pairedVerdict(accuracies(ours), accuracies(theirs)), ours, theirs };
}
