/** Section 1: values, bounds, losses and the ratio between relaxation and training. */
import { DESCENT_WIDTHS, type DescentRun, type RoundingResult } from '../../reproduce/results.js';
import { histogram } from '../charts.js';
import { figure } from '../figure.js';
import {
  deviation,
  loss,
  percent,
  percentage,
  percentDeviation,
  percentSpread,
  significant,
  spread,
} from '../format.js';
import { type Html, html } from '../html.js';
import type { Model, Section } from '../model.js';
import { byData, comparedTrials, headingOf, type Problem, type ProblemGroup, subheadingOf } from '../problems.js';
import { type Summary, summarize } from '../statistics.js';
import { type Column, type Entry, missing, quantity, type Row, type Table } from '../table.js';
import { type Tightness, tightnessOf } from '../tightness.js';
import { cutShort } from '../words.js';

const KEYS = ['data', 'reg', 'bias', 'trials'];
const NOT_RUN = 'not run, or not finished when this report was written';

export function objectiveSection(model: Model): Section {
  const parts: (Html | Table)[] = [definitions(), tightnessTable(model.groups)];
  const random = model.groups.filter(({ data, trials }) => data === 'random' && trials.length > 1);
  if (random.length > 0) {
    parts.push(randomTable(random));
    if (model.drawing !== undefined) parts.push(...randomFigure(model, random));
  }
  parts.push(lossTable(model.groups, 'sgd'), lossTable(model.groups, 'adam'), programTable(model.groups));
  return { id: 'objective', title: 'Objective: values, bounds and losses', parts };
}

function definitions(): Html {
  return html`<dl class="definitions">
<div><dt>Training loss</dt><dd>½‖(XU)₊Vᵀ − Y‖² + reg/2 (‖U‖² + ‖V‖²) of a network with first layer U (d×m) and second layer V (c×m), any width m. Its least value over all widths is the <em>true optimum</em>.</dd></div>
<div><dt>SDP value</dt><dd>Objective of the paper’s semidefinite (doubly nonnegative) relaxation at the solver’s last feasible point. Its optimum is a lower bound on the true optimum.</dd></div>
<div><dt>Certified bound</dt><dd>A rigorous lower bound on the training loss of <em>every</em> network of any width, round-off included: from the relaxation’s dual, or from the exact oracle (a branch-and-bound search over all neurons) where that is better.</dd></div>
<div><dt>True optimum</dt><dd>Given where the best loss and the certified bound differ by at most 0.1 %; it lies between the two. Otherwise it is not known, and only an interval is.</dd></div>
<div><dt>Approximation ratio</dt><dd>How much of the true optimum the relaxation accounts for:
<math display="block"><mi>ratio</mi><mo>=</mo><mfrac><mtext>optimum of the relaxation</mtext><mtext>optimum of training</mtext></mfrac><mo>∈</mo><mo stretchy="false">(</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo stretchy="false">]</mo></math>
1 means that the relaxation is exact. It is at least (relaxation’s certified bound) ÷ (least loss of any network found) and at most (SDP value) ÷ (certified bound).</dd></div>
<div><dt>Relaxation gap</dt><dd>1 − approximation ratio.</dd></div>
<div><dt>Network gap</dt><dd>(loss of our network − certified bound) ÷ loss: no network of any width can be better by more.</dd></div>
</dl>
`;
}

/** The mean over trials, with its standard deviation when there are several. */
function meanOf<T>(items: readonly T[], pick: (item: T) => number | undefined, reason = NOT_RUN, note?: string): Entry {
  const summary = summarize(items.flatMap((item) => pick(item) ?? []));
  if (summary === undefined) return missing(reason);
  return { value: summary.mean, ...(summary.count > 1 && { std: summary.std }), ...(note !== undefined && { note }) };
}

function keysOf({ data, reg, bias }: ProblemGroup, trials: readonly unknown[]): (string | number)[] {
  return [data, reg, String(bias), trials.length];
}

const LOSS = { format: loss, formatStd: (std: number, mean: number) => deviation(std, mean) };
const SHARE = { format: percent, formatStd: percentDeviation };

function tightnessTable(groups: readonly ProblemGroup[]): Table {
  const columns: Column[] = [
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
  const rows = groups.map((group): Row => {
    const solved = group.trials.flatMap((problem) => {
      const tightness = tightnessOf(problem);
      return tightness === undefined ? [] : [{ problem, tightness }];
    });
    const statuses = (pick: (problem: Problem) => string | undefined): string | undefined =>
      solved.map(({ problem }) => pick(problem)).find((note) => note !== undefined);
    const relaxation = statuses(({ objective }) => cutShort(objective?.result.relaxation.status));
    const search = statuses(({ objective }) => cutShort(objective?.result.network.status));
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
    const ratio = combinedRatio(solved.map(({ tightness }) => tightness));
    return {
      heading: headingOf(group),
      subheading: subheadingOf(group),
      keys: keysOf(group, group.trials),
      entries: [
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
      ],
    };
  });
  return {
    name: 'tightness',
    caption: 'How tight the relaxation is, and how good the network',
    lead: 'Raw features, training rows of the paper’s split, no bias. Random: mean ± standard deviation over the trials.',
    stub: 'Data',
    keyNames: KEYS,
    columns,
    groups: byData(groups).map((members) => members.map((group) => rows[groups.indexOf(group)])),
  };
}

interface RatioText {
  readonly low: number;
  readonly high: number;
  readonly text: string;
  readonly gapText: string;
}

/** The ratio as one number where its interval is narrow, as an interval or a bound elsewhere; over several trials the mean of each end. */
export function combinedRatio(all: readonly Tightness[]): RatioText | undefined {
  const values = summarize(all.map(({ ratio }) => ratio.value));
  const low = summarize(all.map(({ ratio }) => ratio.low));
  const high = summarize(all.map(({ ratio }) => ratio.high));
  if (values === undefined || low === undefined || high === undefined) return undefined;
  const ends = { low: low.mean, high: high.mean };
  if (all.every(({ ratio }) => ratio.narrow)) {
    if (values.count > 1) {
      const gap = percentSpread(1 - values.mean, values.std);
      return { ...ends, text: spread(values.mean, values.std, 3), gapText: gap };
    }
    return { ...ends, text: values.mean.toFixed(3), gapText: percent(1 - values.mean) };
  }
  if (high.mean >= 0.9995) return { ...ends, text: `≥ ${floor3(low.mean)}`, gapText: `≤ ${percent(1 - low.mean)}` };
  const text = `${floor3(low.mean)} … ${(Math.ceil(1000 * high.mean) / 1000).toFixed(3)}`;
  return { ...ends, text, gapText: `${percentage(1 - high.mean)} … ${percent(1 - low.mean)}` };
}

function floor3(value: number): string {
  return (Math.floor(1000 * value) / 1000).toFixed(3);
}

function randomTable(groups: readonly ProblemGroup[]): Table {
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

const HISTOGRAM_COLORS = ['var(--loss)', 'var(--sgd)'];
const BIN = 0.01;

function randomFigure({ drawing }: Model, groups: readonly ProblemGroup[]): Html[] {
  const sets = groups.map(({ reg, trials }) => ({
    reg,
    values: trials.flatMap((problem) => {
      const tightness = tightnessOf(problem);
      return tightness?.known === true ? [tightness.ratio.value] : [];
    }),
  }));
  const shown = sets.filter(({ values }) => values.length > 0);
  if (drawing === undefined || shown.length === 0) return [];
  const description = shown
    .map(({ reg, values }) => {
      const { mean, least, largest, count } = summarize(values) as Summary;
      return `reg ${reg}: ${count} trials between ${least.toFixed(3)} and ${largest.toFixed(3)}, mean ${mean.toFixed(3)}`;
    })
    .join('; ');
  const about = { id: 'figure-random-ratio', title: 'Approximation ratio over the Random trials', description };
  const series = shown.map(({ values }, k) => ({ values, color: HISTOGRAM_COLORS[k % HISTOGRAM_COLORS.length] }));
  const svg = histogram(drawing, about, { label: 'approximation ratio →' }, series, BIN);
  const legend = shown.map(({ reg }, k) => ({
    label: `reg ${reg}`,
    color: HISTOGRAM_COLORS[k % HISTOGRAM_COLORS.length],
    kind: 'bar' as const,
  }));
  return [
    html`<div class="figures">${figure(about, svg, { legend })}</div>
`,
  ];
}

/** Our network at each stage beside SGD or Adam at each width. */
function lossTable(groups: readonly ProblemGroup[], method: 'sgd' | 'adam'): Table {
  const label = { sgd: 'SGD', adam: 'Adam' }[method];
  const columns: Column[] = [
    { key: 'certified bound', label: 'certified bound', ...LOSS },
    { key: 'rounded', label: 'after rounding', group: 'Our network', ...LOSS },
    { key: 'polished', label: 'after polishing', group: 'Our network', ...LOSS },
    { key: 'grown', label: 'after growth', group: 'Our network', ...LOSS },
    ...DESCENT_WIDTHS.map((width) => ({
      key: `${method} ${width}`,
      label: String(width),
      group: `${label} at width`,
      ...LOSS,
    })),
  ];
  const rows = groups.map((group): Row => {
    const trials = comparedTrials(group);
    const results = trials.flatMap(({ objective }) => objective?.result ?? []);
    const roundings = results.map((result) => bestRounding(result.roundings));
    const note = results.map(({ network }) => cutShort(network.status)).find((text) => text !== undefined);
    return {
      heading: headingOf({ ...group, trials }),
      subheading: subheadingOf(group),
      keys: keysOf(group, trials),
      entries: [
        meanOf(results, ({ network, relaxation }) => Math.max(network.lowerBound, relaxation.lowerBound)),
        meanOf(roundings, (rounding) => rounding?.lossRounded, 'no rounding ran'),
        meanOf(roundings, (rounding) => rounding?.bestPolished, 'no rounding ran'),
        meanOf(results, ({ network }) => network.loss, NOT_RUN, note && `search for the network ${note}`),
        ...DESCENT_WIDTHS.map((width) => descentEntry(trials, width, method)),
      ],
    };
  });
  return {
    name: `losses-${method}`,
    caption: `Training losses: our network at each stage, and the best of all ${label} runs at each width`,
    lead:
      method === 'sgd'
        ? 'Rounding: the kind whose best seed is lowest after polishing; the loss right after rounding is the mean over its seeds, the one after polishing the best of them. Growth starts from the best start and adds neurons. SGD: full batch, momentum 0.95, as the paper’s; the best of all seeds and learning rates.'
        : 'The same beside Adam with a cosine decay: a stronger baseline than the paper’s.',
    stub: 'Data',
    keyNames: KEYS,
    columns,
    groups: byData(groups).map((members) => members.map((group) => rows[groups.indexOf(group)])),
    best: { keys: columns.slice(1).map(({ key }) => key), pick: 'least' },
  };
}

function descentEntry(trials: readonly Problem[], width: number, method: 'sgd' | 'adam'): Entry {
  const runs = trials.flatMap(({ descent }): DescentRun[] =>
    descent.filter(({ key }) => key.width === width).map(({ result }) => result[method]),
  );
  const limited = runs.some(({ status }) => status === 'time-limit');
  return meanOf(
    runs,
    ({ loss }) => loss,
    NOT_RUN,
    limited ? 'not all steps were made within the time limit' : undefined,
  );
}

function bestRounding(roundings: readonly RoundingResult[]): RoundingResult | undefined {
  const own = roundings.filter(({ kind, seeds }) => kind !== 'random' && seeds > 0);
  return own.reduce<RoundingResult | undefined>(
    (best, rounding) => (best === undefined || rounding.bestPolished < best.bestPolished ? rounding : best),
    undefined,
  );
}

function programTable(groups: readonly ProblemGroup[]): Table {
  const columns: Column[] = [
    { key: 'frank-wolfe loss', label: 'loss', group: 'Frank–Wolfe', ...LOSS },
    { key: 'frank-wolfe width', label: 'neurons', group: 'Frank–Wolfe', format: (value) => String(Math.round(value)) },
    { key: 'gated value', label: 'value', group: 'Gated ReLU', ...LOSS },
    { key: 'gated loss', label: 'loss of its ReLU network', group: 'Gated ReLU', ...LOSS },
    { key: 'copositive value', label: 'value', group: 'Copositive', ...LOSS },
    { key: 'copositive dual value', label: 'dual value', group: 'Copositive', ...LOSS },
    { key: 'copositive loss', label: 'loss of its ReLU network', group: 'Copositive', ...LOSS },
    { key: 'our loss', label: 'loss', group: 'Our network', ...LOSS },
  ];
  const rows = groups.map((group): Row => {
    const trials = comparedTrials(group);
    const results = trials.flatMap(({ programs }) => programs?.result ?? []);
    const note = (name: 'frankWolfe' | 'gatedRelu' | 'copositiveRelaxation'): string | undefined =>
      results.map((result) => cutShort(result[name]?.status)).find((text) => text !== undefined);
    const few = results.length === 0 ? NOT_RUN : 'not run: for few features only';
    return {
      heading: headingOf({ ...group, trials }),
      subheading: subheadingOf(group),
      keys: keysOf(group, trials),
      entries: [
        meanOf(results, ({ frankWolfe }) => frankWolfe.loss, NOT_RUN, note('frankWolfe')),
        meanOf(results, ({ frankWolfe }) => frankWolfe.width),
        meanOf(results, ({ gatedRelu }) => gatedRelu.value, NOT_RUN, note('gatedRelu')),
        meanOf(results, ({ gatedRelu }) => gatedRelu.loss),
        meanOf(results, ({ copositiveRelaxation }) => copositiveRelaxation?.value, few, note('copositiveRelaxation')),
        meanOf(results, ({ copositiveRelaxation }) => copositiveRelaxation?.dualValue, few),
        meanOf(results, ({ copositiveRelaxation }) => copositiveRelaxation?.loss, few),
        meanOf(
          trials.flatMap(({ objective }) => objective?.result ?? []),
          ({ network }) => network.loss,
        ),
      ],
    };
  });
  return {
    name: 'programs',
    caption: 'Convex programs of the literature over sampled sign patterns',
    lead: 'Values of programs over a sample of patterns bound nothing in general: only their networks’ losses compare. Each program’s own optimum is another number than the SDP value.',
    stub: 'Data',
    keyNames: KEYS,
    columns,
    groups: byData(groups).map((members) => members.map((group) => rows[groups.indexOf(group)])),
    best: { keys: ['frank-wolfe loss', 'gated loss', 'copositive loss', 'our loss'], pick: 'least' },
  };
}
