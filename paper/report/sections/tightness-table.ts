/** How tight the relaxation is on each problem, and how good the network. */
import { percent, percentage, percentDeviation, percentSpread, spread } from '../format.js';
import { LOSS, meanOf, NOT_RUN, problemRow, problemTable } from '../problem-table.js';
import type { ProblemGroup } from '../problems.js';
import { type Column, type Entry, missing, quantity, type Row, type Table } from '../table.js';
import { ratioOver, type Tightness, tightnessOf } from '../tightness.js';
import { cutShortAmong } from '../words.js';

const SHARE = { format: percent, formatStd: percentDeviation };

const COLUMNS: readonly Column[] = [
  { key: 'sdp value', label: 'SDP value', group: 'Relaxation', ...LOSS },
  { key: 'relaxation bound', label: 'certified bound', group: 'Relaxation', ...LOSS },
  { key: 'exact bound', label: 'exact oracle', group: 'All widths', ...LOSS },
  { key: 'true optimum', label: 'true optimum', group: 'All widths', ...LOSS },
  { key: 'approximation ratio', label: 'approximation ratio', group: 'Tightness', only: 'html' },
  { key: 'ratio at least', label: '', only: 'csv', format: String },
  { key: 'ratio at most', label: '', only: 'csv', format: String },
  { key: 'relaxation gap', label: 'relaxation gap', group: 'Tightness', only: 'html' },
  { key: 'network loss', label: 'loss', group: 'Our network', ...LOSS },
  { key: 'network gap', label: 'gap', group: 'Our network', ...SHARE },
];

export function tightnessTable(groups: readonly ProblemGroup[]): Table {
  return problemTable(
    groups,
    {
      name: 'tightness',
      caption: 'How tight the relaxation is, and how good the network',
      lead: 'Training rows of the paper’s split, features as the paper’s (raw, except MNIST-20), no bias. Random: mean ± standard deviation over the trials.',
      columns: COLUMNS,
    },
    row,
  );
}

function row(group: ProblemGroup): Row {
  const solved = group.trials.flatMap((problem) => {
    const tightness = tightnessOf(problem);
    return tightness === undefined ? [] : [{ problem, tightness }];
  });
  const results = solved.flatMap(({ problem }) => problem.objective?.result ?? []);
  const relaxation = cutShortAmong(results.map((result) => result.relaxation.status));
  const search = cutShortAmong(results.map(({ network }) => network.status));
  const all = (pick: (tightness: Tightness) => number | undefined, reason?: string, note?: string): Entry =>
    meanOf(
      solved.map(({ tightness }) => tightness),
      pick,
      reason,
      note,
    );
  const known = solved.filter(({ tightness }) => tightness.known);
  const unknown = 'not known: best loss and certified bound differ by more than 0.1 %';
  const partly =
    known.length < solved.length
      ? `mean of the ${known.length} of ${solved.length} trials where it is known`
      : undefined;
  const ratio = ratioText(solved.map(({ tightness }) => tightness));
  return problemRow(group, group.trials, [
    all(({ value }) => value, NOT_RUN, relaxation && `relaxation ${relaxation}`),
    all(({ relaxationBound }) => relaxationBound),
    all(
      ({ exactBound }) => exactBound,
      'the exact oracle gave no bound: it is for data of rank 5 at most, and its search takes long on many rows',
    ),
    known.length === 0
      ? missing(solved.length === 0 ? NOT_RUN : unknown)
      : meanOf(known, ({ tightness }) => tightness.bestLoss, unknown, partly),
    ratio === undefined ? missing(NOT_RUN) : ratio.text,
    quantity(ratio?.low, NOT_RUN),
    quantity(ratio?.high, NOT_RUN),
    ratio === undefined ? missing(NOT_RUN) : ratio.gapText,
    all((tightness) => tightness.loss, NOT_RUN, search && `search for the network ${search}`),
    all((tightness) => (tightness.loss - tightness.bound) / tightness.loss),
  ]);
}

interface RatioText {
  readonly low: number;
  readonly high: number;
  readonly text: string;
  readonly gapText: string;
}

/** The ratio as one number where its interval is narrow, as an interval or a bound elsewhere. */
function ratioText(trials: readonly Tightness[]): RatioText | undefined {
  const ratio = ratioOver(trials);
  if (ratio === undefined) return undefined;
  const { low, high, narrow, value } = ratio;
  if (narrow && value.count > 1) {
    return { low, high, text: spread(value.mean, value.std, 3), gapText: percentSpread(1 - value.mean, value.std) };
  }
  if (narrow) return { low, high, text: value.mean.toFixed(3), gapText: percent(1 - value.mean) };
  if (high >= 0.9995) return { low, high, text: `≥ ${floor3(low)}`, gapText: `≤ ${percent(1 - low)}` };
  const text = `${floor3(low)} … ${(Math.ceil(1000 * high) / 1000).toFixed(3)}`;
  return { low, high, text, gapText: `${percentage(1 - high)} … ${percent(1 - low)}` };
}

function floor3(value: number): string {
  return (Math.floor(1000 * value) / 1000).toFixed(3);
}
