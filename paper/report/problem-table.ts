/** What all tables with one row per training problem have in common. */
import { deviation, loss } from './format.js';
import { byData, headingOf, type Problem, type ProblemGroup, subheadingOf } from './problems.js';
import { summarize } from './statistics.js';
import { type Entry, missing, type Row, type Table } from './table.js';

export const NOT_RUN = 'not run, or not finished when this report was written';

/** How losses, bounds and values are written. */
export const LOSS = { format: loss, formatStd: (std: number, mean: number) => deviation(std, mean) };

/** The mean over trials, with its standard deviation when there are several. */
export function meanOf<T>(
  items: readonly T[],
  pick: (item: T) => number | undefined,
  reason = NOT_RUN,
  note?: string,
): Entry {
  const summary = summarize(items.flatMap((item) => pick(item) ?? []));
  if (summary === undefined) return missing(reason);
  return { value: summary.mean, ...(summary.count > 1 && { std: summary.std }), ...(note !== undefined && { note }) };
}

/** A row about some trials of a group. */
export function problemRow(group: ProblemGroup, trials: readonly Problem[], entries: readonly Entry[]): Row {
  return {
    heading: headingOf({ ...group, trials }),
    subheading: subheadingOf(group),
    keys: [group.data, group.reg, String(group.bias), trials.length],
    entries,
  };
}

/** A table with a row per problem, problems of a data set together. */
export function problemTable(
  groups: readonly ProblemGroup[],
  table: Omit<Table, 'groups' | 'keyNames' | 'stub'>,
  row: (group: ProblemGroup) => Row,
): Table {
  return {
    ...table,
    stub: 'Data',
    keyNames: ['data', 'reg', 'bias', 'trials'],
    groups: byData(groups).map((members) => members.map(row)),
  };
}
