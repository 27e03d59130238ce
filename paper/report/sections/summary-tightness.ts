/** The summary's part on the relaxation: how tight it is on each data set, the sentence that the paper could not write. */
import { DATA_NAMES } from '../../cells/results.js';
import { type Interval, intervalChart } from '../charts.js';
import { figure } from '../figure.js';
import { inWords, list, loss, percent, percentSpread, spread } from '../format.js';
import { type Html, html } from '../html.js';
import type { Model } from '../model.js';
import { type ProblemGroup, subheadingOf } from '../problems.js';
import { type Summary, summarize } from '../statistics.js';
import { type MeanRatio, ratioOver, type Tightness, tightnessOf } from '../tightness.js';
import { DATA_LABELS } from '../words.js';

/** From this ratio on the relaxation counts as exact. */
const EXACT = 0.999;
/** Room in the figure for what lies above the best loss, in per cent; the rest is left out. */
const MOST = 105;

interface Solved {
  readonly group: ProblemGroup;
  /** Of each trial. */
  readonly all: readonly Tightness[];
  readonly ratio: MeanRatio;
}

export function tightnessPart({ groups }: Model): Html | undefined {
  const solved = solvedGroups(groups);
  if (solved.length === 0) return undefined;
  const items = DATA_NAMES.flatMap((name) => {
    const own = solved.filter(({ group }) => group.data === name);
    if (own.length === 0) return [];
    return [html`<li><strong>${DATA_LABELS[name]}:</strong> ${own.map(clause).join('; ')}.</li>`];
  });
  return html`<h3>How tight is the relaxation?</h3>
<p class="finding">${overall(solved)}</p>
<div class="beside"><ul>${items}</ul>
${tightnessFigure(solved)}</div>
`;
}

function solvedGroups(groups: readonly ProblemGroup[]): Solved[] {
  return groups.flatMap((group) => {
    const all = group.trials.flatMap((problem) => tightnessOf(problem) ?? []);
    const ratio = ratioOver(all);
    return ratio === undefined ? [] : [{ group, all, ratio }];
  });
}

function overall(solved: readonly Solved[]): string {
  const certain = solved.filter(({ ratio }) => ratio.narrow);
  const loose = solved.filter(({ ratio }) => !ratio.narrow);
  const rest = loose.length === 0 ? '' : ` For ${list(namesOf(loose, certain))} only an interval is known.`;
  if (certain.length === 0) return 'On none of the problems is the true optimum known well enough for a single number.';
  const ratios = certain.map(({ ratio }) => ratio.value.mean);
  const [least, largest] = [percent(Math.min(...ratios)), percent(Math.max(...ratios))];
  const range = least === largest ? least : `between ${least} and ${largest}`;
  const exact = ratios.filter((ratio) => ratio >= EXACT).length;
  const verdict =
    exact === ratios.length
      ? 'it is exact to 0.1 %'
      : exact === 0
        ? 'it is a true lower bound, but nowhere exact'
        : `on ${inWords(exact)} of ${inWords(ratios.length)} problems it is exact to 0.1 %`;
  return `Where the true optimum is known (${list(namesOf(certain, loose))}), the relaxation accounts for ${range} of it: ${verdict}.${rest}`;
}

/** Names of data sets, with the weight decay where the other list has the data set too. */
function namesOf(own: readonly Solved[], others: readonly Solved[]): string[] {
  const shared = (name: string): boolean => others.some(({ group }) => group.data === name);
  const names = own.map(({ group }) =>
    shared(group.data) ? `${DATA_LABELS[group.data]} at ${subheadingOf(group)}` : DATA_LABELS[group.data],
  );
  return [...new Set(names)];
}

/** “at reg 0.1 its value is 97.9 % of the true optimum (…)”. */
function clause({ group, all, ratio: { low, high, narrow, value } }: Solved): string {
  const where = `at ${subheadingOf(group)}`;
  if (narrow && value.count > 1) {
    return `${where} its value is ${percentSpread(value.mean, value.std)} of the true optimum over ${value.count} trials`;
  }
  const [{ value: reached, bestLoss, relaxationBound }] = all;
  if (narrow && value.mean >= EXACT) {
    return `${where} it is exact to 0.1 % (value ${loss(reached)}, optimum ${loss(bestLoss)})`;
  }
  if (narrow) {
    return `${where} its value is ${percent(value.mean)} of the true optimum (${loss(reached)} of ${loss(bestLoss)}), a gap of ${percent(1 - value.mean)}`;
  }
  if (high < 0.9995) return `${where} it reaches between ${percent(low)} and ${percent(high)} of the true optimum`;
  const over =
    value.count > 1
      ? ` in the mean of ${value.count} trials`
      : ` (bound ${loss(relaxationBound)}, best network ${loss(bestLoss)})`;
  return `${where} it reaches at least ${percent(low)} of the true optimum, which is not known${over}`;
}

function tightnessFigure(solved: readonly Solved[]): Html {
  const rows = solved.map(({ group, all }): Interval => {
    const share = (pick: (tightness: Tightness) => number): number =>
      (summarize(all.map((tightness) => (100 * pick(tightness)) / tightness.bestLoss)) as Summary).mean;
    const value = share((tightness) => tightness.value);
    const bound = share(({ relaxationBound }) => Math.max(0, relaxationBound));
    const exact = all.every(({ exactBound }) => exactBound !== undefined);
    return {
      label: `${DATA_LABELS[group.data]}, ${group.reg}${group.bias ? ', bias' : ''}`,
      low: share((tightness) => Math.max(0, tightness.bound)),
      high: 100,
      marks: [
        { at: bound, color: 'var(--floor)', mark: 'circle' },
        ...(value > MOST ? [] : [{ at: value, color: 'var(--value)', mark: 'diamond' as const, hollow: true }]),
        ...(exact
          ? [{ at: share(({ exactBound }) => exactBound as number), color: 'var(--floor)', mark: 'triangle' as const }]
          : []),
      ],
    };
  });
  const about = {
    id: 'figure-tightness',
    title: 'Bounds as a share of the least loss found',
    description:
      'One line per problem (data set, weight decay): the relaxation’s certified bound and value and, where there is one, the exact oracle’s bound. The true optimum lies on the bar; where there is no bar it is at 100 %.',
  };
  const least = Math.min(...rows.flatMap(({ marks }) => marks.map(({ at }) => at)));
  const axis = { label: '% of the least loss →', domain: [Math.max(0, 10 * Math.floor(least / 10)), 101] as const };
  const svg = intervalChart(about, axis, rows, 128);
  return figure(about, svg, {
    legend: [
      { label: 'the relaxation’s certified bound', kind: 'mark', color: 'var(--floor)', mark: 'circle' },
      { label: 'SDP value', kind: 'mark', color: 'var(--value)', mark: 'diamond', hollow: true },
      { label: 'exact oracle’s bound', kind: 'mark', color: 'var(--floor)', mark: 'triangle' },
      { label: 'where the true optimum may lie', kind: 'bar', color: 'var(--bar)' },
    ],
  });
}

export function randomPart(groups: readonly ProblemGroup[]): Html | undefined {
  const clauses = solvedGroups(groups.filter(({ data }) => data === 'random')).map(({ group, all }) => {
    const statistic = (pick: (tightness: Tightness) => number): string => {
      const { mean, std } = summarize(all.map(pick)) as Summary;
      return spread(mean, std, 4);
    };
    const known = all.filter((tightness) => tightness.known);
    const of = known.length === all.length ? 'in every trial' : `in ${known.length} of ${all.length} trials`;
    const optimum = summarize(known.map(({ bestLoss }) => bestLoss));
    const ratio = summarize(known.map((tightness) => tightness.ratio.value));
    const tail =
      optimum === undefined || ratio === undefined
        ? 'the true optimum is not known in any'
        : `the true optimum, known ${of}, is ${spread(optimum.mean, optimum.std, 4)}, and the ratio of the two ${spread(ratio.mean, ratio.std, 3)} (least ${ratio.least.toFixed(3)}, largest ${ratio.largest.toFixed(3)})`;
    return html`<li>At ${subheadingOf(group)}, over ${all.length} ${all.length === 1 ? 'trial' : 'trials'}: the SDP value is ${statistic(({ value }) => value)}, its certified bound ${statistic(({ relaxationBound }) => relaxationBound)}; ${tail}.</li>`;
  });
  if (clauses.length === 0) return undefined;
  return html`<h3>Random: mean ± standard deviation</h3><ul>${clauses}</ul>`;
}
