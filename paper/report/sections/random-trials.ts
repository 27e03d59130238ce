/** The hundred trials of Random: what varies from one to the next, and by how much. */
import { histogram } from '../charts.js';
import { figure } from '../figure.js';
import { significant } from '../format.js';
import { type Html, html } from '../html.js';
import { NOT_RUN } from '../problem-table.js';
import { type ProblemGroup, subheadingOf } from '../problems.js';
import { type Summary, summarize } from '../statistics.js';
import { type Column, type Entry, quantity, type Row, type Table } from '../table.js';
import { type Tightness, tightnessOf } from '../tightness.js';

export function randomTable(groups: readonly ProblemGroup[]): Table {
  const columns: Column[] = [
    { key: 'mean', label: 'mean', format: (value) => significant(value, 5) },
    { key: 'std', label: 'std', format: (value) => significant(value, 3) },
    { key: 'least', label: 'least', format: (value) => significant(value, 5) },
    { key: 'largest', label: 'largest', format: (value) => significant(value, 5) },
    { key: 'trials', label: 'trials', format: String },
  ];
  const measures: readonly [string, (tightness: Tightness) => number | undefined][] = [
    ['SDP value', ({ value }) => value],
    ['certified bound of the relaxation', ({ relaxationBound }) => relaxationBound],
    ['certified bound of the exact oracle', ({ exactBound }) => exactBound],
    ['true optimum (where known)', ({ known, bestLoss }) => (known ? bestLoss : undefined)],
    ['loss of our network', ({ loss }) => loss],
    ['approximation ratio (where the optimum is known)', ({ known, ratio }) => (known ? ratio.value : undefined)],
  ];
  return {
    name: 'random-trials',
    caption: 'Random: all trials, each with data of its own',
    stub: 'Quantity',
    keyNames: ['reg', 'quantity'],
    columns,
    groupHeadings: groups.map(subheadingOf),
    groups: groups.map(({ reg, trials }) => {
      const all = trials.flatMap((problem) => tightnessOf(problem) ?? []);
      return measures.map(([heading, pick]): Row => {
        const summary = summarize(all.flatMap((tightness) => pick(tightness) ?? []));
        const pickStatistic = (key: keyof Summary): Entry => quantity(summary?.[key], NOT_RUN);
        return {
          heading,
          keys: [reg, heading],
          entries: (['mean', 'std', 'least', 'largest', 'count'] as const).map(pickStatistic),
        };
      });
    }),
  };
}

/** The first filled, the others as outlines in front of it. */
const STYLES = [{ color: 'var(--bar)' }, { color: 'var(--sgd)', hollow: true }, { color: 'var(--adam)', hollow: true }];
const BIN = 0.01;

export function randomFigure(groups: readonly ProblemGroup[]): Html[] {
  const sets = groups.map(({ reg, trials }) => ({
    reg,
    values: trials.flatMap((problem) => {
      const tightness = tightnessOf(problem);
      return tightness?.known === true ? [tightness.ratio.value] : [];
    }),
  }));
  const shown = sets.filter(({ values }) => values.length > 0);
  if (shown.length === 0) return [];
  const description = shown
    .map(({ reg, values }) => {
      const { mean, least, largest, count } = summarize(values) as Summary;
      return `${count} trials at reg ${reg} between ${least.toFixed(3)} and ${largest.toFixed(3)}, mean ${mean.toFixed(3)}`;
    })
    .join('; ');
  const about = {
    id: 'figure-random-ratio',
    title: 'Approximation ratio over the Random trials',
    description: `${description}.`,
  };
  const series = shown.map(({ values }, k) => ({ values, ...STYLES[k % STYLES.length] }));
  const svg = histogram(about, { label: 'approximation ratio →' }, series, BIN);
  const legend = shown.map(({ reg }, k) => ({
    label: `reg ${reg}`,
    kind: 'bar' as const,
    ...STYLES[k % STYLES.length],
  }));
  return [
    html`<div class="figures">${figure(about, svg, { legend })}</div>
`,
  ];
}
