/** Section 3: test accuracy, without a look at the test rows and with the paper's. */
import type { AccuracyMethod, AccuracyRun } from '../../cells/results.js';
import { type Interval, intervalChart } from '../charts.js';
import { figure, type LegendEntry, renderLegend } from '../figure.js';
import { accuracy, counted, points } from '../format.js';
import { type Html, html } from '../html.js';
import type { Model, Section } from '../model.js';
import { meanOf, NOT_RUN } from '../problem-table.js';
import { byData, subheadingOf } from '../problems.js';
import { reasons } from '../reasons.js';
import { duel, runOf, runsOf, type ScoreGroup } from '../scores.js';
import { type Summary, summarize } from '../statistics.js';
import { type Column, type Entry, missing, type Row, type Table } from '../table.js';
import { DATA_LABELS, METHOD_LABELS } from '../words.js';

const KEYS = ['data', 'reg', 'bias'];
const ACCURACY = { format: accuracy, formatStd: accuracy };

export function accuracySection(model: Model): Section {
  const { scores, methods } = model;
  if (scores.length === 0) {
    return {
      id: 'accuracy',
      title: 'Test accuracy',
      parts: [html`<p>No test of accuracy was finished when this report was written.</p>`],
    };
  }
  const plain = scores.filter(({ bias }) => !bias);
  const biased = scores.filter(({ bias }) => bias);
  const parts: (Html | Table)[] = [
    html`<p class="lead">All numbers are percentages of test rows. A row counts as right when the largest output is that of its class; nothing is chosen by a look at the test rows, and no weight decay is tuned. Random and Spiral have no test rows.</p>`,
    ...accuracyFigures(model, plain),
    ...[plain, biased].filter((groups) => groups.length > 0).map((groups) => splitTable(groups, methods)),
    ...lossesTable(model),
    paperTable(scores, methods),
    classTable(scores, methods),
  ];
  return { id: 'accuracy', title: 'Test accuracy', parts };
}

function methodColumns(methods: readonly AccuracyMethod[], format: Partial<Column>): Column[] {
  return methods.map((method) => ({ key: method, label: METHOD_LABELS[method], ...format }));
}

function rowOf(group: ScoreGroup, entries: readonly Entry[]): Row {
  const { data, reg, bias } = group;
  return { heading: DATA_LABELS[data], subheading: subheadingOf(group), keys: [data, reg, String(bias)], entries };
}

function splitTable(groups: readonly ScoreGroup[], methods: readonly AccuracyMethod[]): Table {
  const bias = groups[0].bias;
  const most = Math.max(...groups.map(({ splits }) => splits.length));
  return {
    name: bias ? 'accuracy-splits-bias' : 'accuracy-splits',
    caption: `Accuracy over ${counted(most, 'random split')}, ${bias ? 'with' : 'without'} bias: mean ± standard deviation`,
    ...(!bias && {
      lead: `Stratified halves, the same ones for every method.${descentNote(groups)}`,
    }),
    stub: 'Data',
    keyNames: KEYS,
    columns: methodColumns(methods, ACCURACY),
    groups: byData(groups).map((members) =>
      members.map((group) =>
        rowOf(
          group,
          methods.map((method) => meanOf(runsOf(group, method), ({ test }) => test.accuracy)),
        ),
      ),
    ),
    best: { keys: methods, pick: 'largest' },
  };
}

/** The width that Adam and SGD had, where the cells tell. */
function descentNote(groups: readonly ScoreGroup[]): string {
  const widths = groups.flatMap(({ splits }) => splits.flatMap((cell) => runOf(cell, 'adam')?.width ?? []));
  const distinct = [...new Set(widths)];
  return distinct.length === 1 ? ` Adam and SGD train ${distinct[0]} neurons.` : '';
}

/** The paper's split: argmax, and below it the paper's protocol. */
function paperTable(groups: readonly ScoreGroup[], methods: readonly AccuracyMethod[]): Table {
  const entry = (run: AccuracyRun | undefined): Entry =>
    run === undefined
      ? missing(NOT_RUN)
      : { value: run.test.accuracy, sub: `tuned ${accuracy(run.testTuned.accuracy)}` };
  const tuned = methods.map(
    (method): Column => ({ key: `${method} test-tuned`, label: '', only: 'csv', format: String }),
  );
  return {
    name: 'accuracy-paper-split',
    caption:
      'Accuracy on the paper’s split: argmax, and below it the paper’s protocol, which is tuned on the test rows',
    lead: 'Tuned, that is, tuned on the test rows: a threshold in {0, 0.01, …, 1} is chosen on the test labels so that as many whole one-hot rows as possible match; for our network the best of its iterates is chosen on them too. Such a number is no estimate of accuracy on new data; it stands here because the paper reports it. The best of a row is by argmax.',
    stub: 'Data',
    keyNames: KEYS,
    columns: [...methodColumns(methods, ACCURACY), ...tuned],
    groups: byData(groups).map((members) =>
      members.map((group) => {
        const runs = methods.map((method) => runOf(group.paper, method));
        return rowOf(group, [
          ...runs.map(entry),
          ...runs.map((run) => (run === undefined ? missing(NOT_RUN) : { value: run.testTuned.accuracy })),
        ]);
      }),
    ),
    best: { keys: methods, pick: 'largest' },
  };
}

const MEASURES = [
  ['F1', ({ test }: AccuracyRun) => test.f1],
  ['precision', ({ test }: AccuracyRun) => test.precision],
  ['recall', ({ test }: AccuracyRun) => test.recall],
] as const;

function classTable(groups: readonly ScoreGroup[], methods: readonly AccuracyMethod[]): Table {
  const of = (group: ScoreGroup, method: AccuracyMethod): readonly AccuracyRun[] => {
    const runs = runsOf(group, method);
    const paper = runOf(group.paper, method);
    return runs.length > 0 || paper === undefined ? runs : [paper];
  };
  const extra = methods.flatMap((method) =>
    MEASURES.slice(1).map(([name]): Column => ({ key: `${method} ${name}`, label: '', only: 'csv', format: String })),
  );
  return {
    name: 'class-scores',
    caption: 'F1, and below it precision / recall: means over classes (macro) and over the random splits',
    lead: 'A class that is never predicted has precision 0. Where classes are uneven these tell more than accuracy.',
    stub: 'Data',
    keyNames: KEYS,
    columns: [...methodColumns(methods, { format: accuracy }), ...extra],
    groups: byData(groups).map((members) =>
      members.map((group) => {
        const means = methods.map((method) => MEASURES.map(([, pick]) => summarize(of(group, method).map(pick))?.mean));
        return rowOf(group, [
          ...means.map(
            ([f1, precision, recall]): Entry =>
              f1 === undefined || precision === undefined || recall === undefined
                ? missing(NOT_RUN)
                : { value: f1, sub: `${accuracy(precision)} / ${accuracy(recall)}` },
          ),
          ...means.flatMap(([, ...others]) =>
            others.map((value): Entry => (value === undefined ? missing(NOT_RUN) : { value })),
          ),
        ]);
      }),
    ),
    best: { keys: methods, pick: 'largest' },
  };
}

const MEAN_MARKS = [
  { color: 'var(--loss)', mark: 'circle', hollow: false },
  { color: 'var(--loss)', mark: 'circle', hollow: true },
] as const;
const METHOD_LABEL_WIDTH = 88;

/** Each data set's methods with mean ± standard deviation, at the largest weight decay and at the smallest. */
function accuracyFigures({ methods }: Model, groups: readonly ScoreGroup[]): Html[] {
  const drawn = groups.flatMap((group) => {
    const rows = methods.flatMap((method): Interval[] => {
      const summary = summarize(runsOf(group, method).map(({ test }) => 100 * test.accuracy));
      if (summary === undefined) return [];
      const { mean, std } = summary;
      const mark = MEAN_MARKS[method === 'ours' ? 0 : 1];
      return [
        {
          label: METHOD_LABELS[method],
          low: mean - std,
          high: Math.min(100, mean + std),
          marks: [{ at: mean, ...mark }],
        },
      ];
    });
    if (rows.length < 2) return [];
    const best = rows.reduce((first, second) => (second.marks[0].at > first.marks[0].at ? second : first));
    const about = {
      id: `figure-accuracy-${group.data}-${String(group.reg).replace('.', '_')}`,
      title: `${DATA_LABELS[group.data]}, ${subheadingOf(group)}`,
      description: `Mean and standard deviation over ${counted(group.splits.length, 'split')}; best: ${best.label}, ${accuracy(best.marks[0].at / 100)} %.`,
    };
    return [figure(about, intervalChart(about, { label: 'test accuracy, % →' }, rows, METHOD_LABEL_WIDTH))];
  });
  const entries: LegendEntry[] = [
    { label: 'our network', kind: 'mark', ...MEAN_MARKS[0] },
    { label: 'others', kind: 'mark', ...MEAN_MARKS[1] },
    { label: '± one standard deviation', kind: 'bar', color: 'var(--bar)' },
  ];
  if (drawn.length === 0) return [];
  return [
    renderLegend(entries),
    html`<div class="figures">${drawn}</div>
`,
  ];
}

function lossesTable({ scores, methods }: Model): Table[] {
  const lost = scores.flatMap((group) =>
    methods
      .filter((method) => method !== 'ours')
      .flatMap((method) => duel(group, method) ?? [])
      .filter(({ verdict }) => verdict === 'worse'),
  );
  if (lost.length === 0) return [];
  const rows = lost.map(({ group, rival, ours, theirs }): Row => {
    const mean = (runs: readonly AccuracyRun[], pick: (run: AccuracyRun) => number): number =>
      (summarize(runs.map(pick)) as Summary).mean;
    const test = ({ test }: AccuracyRun): number => test.accuracy;
    const train = ({ trainAccuracy }: AccuracyRun): number => trainAccuracy;
    return {
      heading: DATA_LABELS[group.data],
      subheading: subheadingOf(group),
      keys: [group.data, group.reg, String(group.bias)],
      entries: [
        METHOD_LABELS[rival],
        { value: mean(ours, test) },
        { value: mean(theirs, test) },
        { value: mean(ours, test) - mean(theirs, test) },
        { value: mean(ours, train) },
        { value: mean(theirs, train) },
        reasons({ group, ours, theirs }, scores).text,
      ],
    };
  });
  return [
    {
      name: 'where-we-lose',
      caption: 'Where our network tests worse than another method, and what the data say about why',
      lead: 'Listed are differences that a paired t-test over the random splits finds at the 95 % level. Splits overlap, so that this is a guide rather than a proof.',
      stub: 'Data',
      keyNames: KEYS,
      columns: [
        { key: 'method', label: 'Better method', words: true },
        { key: 'our test', label: 'ours', group: 'Test', format: accuracy },
        { key: 'their test', label: 'theirs', group: 'Test', format: accuracy },
        { key: 'difference', label: 'difference', group: 'Test', format: points },
        { key: 'our train', label: 'ours', group: 'Training rows', format: accuracy },
        { key: 'their train', label: 'theirs', group: 'Training rows', format: accuracy },
        { key: 'what the data say', label: 'What the data say', words: true },
      ],
      groups: byData(lost.map(({ group }, k) => ({ data: group.data, k }))).map((members) =>
        members.map(({ k }) => rows[k]),
      ),
    },
  ];
}
