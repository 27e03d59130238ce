/** Training losses of our network beside SGD, Adam and the convex programs of the literature. */
import { DESCENT_WIDTHS, type DescentRun, type RoundingResult } from '../../cells/results.js';
import { LOSS, meanOf, NOT_RUN, problemRow, problemTable } from '../problem-table.js';
import { comparedTrials, type Problem, type ProblemGroup } from '../problems.js';
import type { Column, Entry, Row, Table } from '../table.js';
import { cutShortAmong } from '../words.js';

/** Our network at each stage beside SGD or Adam at each width. */
export function lossTable(groups: readonly ProblemGroup[], method: 'sgd' | 'adam'): Table {
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
  const row = (group: ProblemGroup): Row => {
    const trials = comparedTrials(group);
    const results = trials.flatMap(({ objective }) => objective?.result ?? []);
    const roundings = results.map((result) => bestRounding(result.roundings));
    const note = cutShortAmong(results.map(({ network }) => network.status));
    return problemRow(group, trials, [
      meanOf(results, ({ network, relaxation }) => Math.max(network.lowerBound, relaxation.lowerBound)),
      meanOf(roundings, (rounding) => rounding?.lossRounded, 'no rounding ran'),
      meanOf(roundings, (rounding) => rounding?.bestPolished, 'no rounding ran'),
      meanOf(results, ({ network }) => network.loss, NOT_RUN, note && `search for the network ${note}`),
      ...DESCENT_WIDTHS.map((width) => descentEntry(trials, width, method)),
    ]);
  };
  return problemTable(
    groups,
    {
      name: `losses-${method}`,
      caption: `Training losses: our network at each stage, and the best of all ${label} runs at each width`,
      lead:
        method === 'sgd'
          ? 'Rounding: the kind whose best seed is lowest after polishing; the loss right after rounding is the mean over its seeds, the one after polishing the best of them. Growth starts from the best start and adds neurons. SGD: full batch, momentum 0.95, as the paper’s, with the learning rate of the least training loss; the best seed.'
          : 'The same beside Adam with a cosine decay: a stronger baseline than the paper’s.',
      columns,
      best: { keys: columns.slice(1).map(({ key }) => key), pick: 'least' },
    },
    row,
  );
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

export function programTable(groups: readonly ProblemGroup[]): Table {
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
  const row = (group: ProblemGroup): Row => {
    const trials = comparedTrials(group);
    const results = trials.flatMap(({ programs }) => programs?.result ?? []);
    const note = (name: 'frankWolfe' | 'gatedRelu' | 'copositiveRelaxation'): string | undefined =>
      cutShortAmong(results.map((result) => result[name]?.status));
    const few = results.length === 0 ? NOT_RUN : 'not run: for few features only';
    return problemRow(group, trials, [
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
    ]);
  };
  return problemTable(
    groups,
    {
      name: 'programs',
      caption: 'Convex programs of the literature over sampled sign patterns',
      lead: 'Values of programs over a sample of patterns bound nothing in general: only their networks’ losses compare. Each program’s own optimum is another number than the SDP value.',
      columns,
      best: { keys: ['frank-wolfe loss', 'gated loss', 'copositive loss', 'our loss'], pick: 'least' },
    },
    row,
  );
}
