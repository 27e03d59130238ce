/** The cells of a run by training problem: one data set (or trial), weight decay and choice of bias. */
import {
  type Cell,
  type CellKey,
  DATA_NAMES,
  type DataName,
  type DescentCell,
  type ObjectiveCell,
  type ProgramsCell,
  type Results,
} from '../cells/results.js';
import { DATA_LABELS } from './words.js';

/** One training problem and what was computed on it. */
export interface Problem {
  readonly data: DataName;
  readonly reg: number;
  /** Trial of `random`, else 0. */
  readonly index: number;
  readonly bias: boolean;
  readonly objective?: ObjectiveCell | undefined;
  /** By width. */
  readonly descent: readonly DescentCell[];
  readonly programs?: ProgramsCell | undefined;
}

/** All trials of one data set at one weight decay: a single one except for `random`. */
export interface ProblemGroup {
  readonly data: DataName;
  readonly reg: number;
  readonly bias: boolean;
  readonly trials: readonly Problem[];
}

/** In the order of DATA_NAMES, then by falling weight decay, without bias first. */
export function groupProblems({ cells }: Results): ProblemGroup[] {
  const training = cells.filter((cell) => cell.key.experiment !== 'accuracy');
  const groups = new Map<string, Cell[]>();
  for (const cell of training) {
    const { data, reg, bias } = cell.key;
    const name = `${data} ${reg} ${bias}`;
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return Array.from(groups.values(), (members) => {
    const { data, reg, bias } = members[0].key;
    const indices = [...new Set(members.map(({ key }) => key.index))].sort((a, b) => a - b);
    return {
      data,
      reg,
      bias,
      trials: indices.map((index) => problemOf(members.filter(({ key }) => key.index === index))),
    };
  }).sort(
    (first, second) =>
      DATA_NAMES.indexOf(first.data) - DATA_NAMES.indexOf(second.data) ||
      second.reg - first.reg ||
      Number(first.bias) - Number(second.bias),
  );
}

function problemOf(cells: readonly Cell[]): Problem {
  const { data, reg, bias, index } = cells[0].key;
  const is = <E extends Cell>(experiment: CellKey['experiment']): E[] =>
    cells.filter(({ key }) => key.experiment === experiment) as E[];
  return {
    data,
    reg,
    bias,
    index,
    objective: is<ObjectiveCell>('objective')[0],
    descent: is<DescentCell>('descent').sort((first, second) => (first.key.width ?? 0) - (second.key.width ?? 0)),
    programs: is<ProgramsCell>('programs')[0],
  };
}

/** The trials on which the baselines ran as well, for comparisons of losses: all there are when there are several, else the first. */
export function comparedTrials({ trials }: ProblemGroup): readonly Problem[] {
  const compared = trials.filter(({ objective, descent }) => objective !== undefined && descent.length > 0);
  return compared.length > 0 ? compared : trials.slice(0, 1);
}

/** Groups with the same data set stand together, for tables with a rule between data sets. */
export function byData<T extends { readonly data: DataName }>(items: readonly T[]): T[][] {
  return DATA_NAMES.map((name) => items.filter(({ data }) => data === name)).filter((members) => members.length > 0);
}

/** The name of a data set with its trial(s). */
export function headingOf({ data, trials }: { readonly data: DataName; readonly trials: readonly Problem[] }): string {
  if (data !== 'random') return DATA_LABELS[data];
  return trials.length > 1
    ? `${DATA_LABELS[data]} ×${trials.length}`
    : `${DATA_LABELS[data]}, trial ${trials[0]?.index ?? 0}`;
}

export function subheadingOf({ reg, bias }: { readonly reg: number; readonly bias: boolean }): string {
  return `reg ${reg}${bias ? ', bias' : ''}`;
}
