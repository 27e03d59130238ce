/** The first page: what the run says, in sentences made from its numbers. */
import { DATA_NAMES } from '../../reproduce/results.js';
import { type Interval, intervalChart } from '../charts.js';
import { figure } from '../figure.js';
import { duration, inWords, list, loss, percent, percentSpread, spread } from '../format.js';
import { type Html, html } from '../html.js';
import type { Model, Section } from '../model.js';
import { comparedTrials, headingOf, type ProblemGroup, subheadingOf } from '../problems.js';
import { type Summary, summarize } from '../statistics.js';
import { type Tightness, tightnessOf } from '../tightness.js';
import { cutShort, DATA_LABELS } from '../words.js';
import { accuracyParts, tuningPart } from './summary-accuracy.js';

/** Losses closer than this share of each other count as equal. */
const EQUAL = 1e-4;

export function summarySection(model: Model): Section {
  return {
    id: 'summary',
    title: 'Summary',
    parts: [
      tightnessPart(model),
      randomPart(model.groups),
      networkPart(model.groups),
      ...accuracyParts(model),
      tuningPart(model.scores),
      costPart(model),
      completenessPart(model),
    ].flatMap((part) => part ?? []),
  };
}

interface Known {
  readonly group: ProblemGroup;
  readonly all: readonly Tightness[];
}

function solvedGroups(groups: readonly ProblemGroup[]): Known[] {
  return groups.flatMap((group) => {
    const all = group.trials.flatMap((problem) => tightnessOf(problem) ?? []);
    return all.length === 0 ? [] : [{ group, all }];
  });
}

function tightnessPart({ groups, drawing }: Model): Html | undefined {
  const solved = solvedGroups(groups);
  if (solved.length === 0) return undefined;
  const certain = solved.filter(({ all }) => all.every(({ ratio }) => ratio.narrow));
  const ratios = certain.map(({ all }) => (summarize(all.map(({ ratio }) => ratio.value)) as Summary).mean);
  const names = [...new Set(certain.map(({ group }) => DATA_LABELS[group.data]))];
  const exact = ratios.filter((ratio) => ratio >= 0.999).length;
  const overall =
    certain.length === 0
      ? 'On none of the data sets is the true optimum known, so that only limits can be given.'
      : `Where the true optimum is known well enough (${list(names)}), the relaxation accounts for ${ratios.length === 1 || percent(Math.min(...ratios)) === percent(Math.max(...ratios)) ? percent(ratios[0]) : `between ${percent(Math.min(...ratios))} and ${percent(Math.max(...ratios))}`} of it: ${exact === ratios.length ? 'it is exact to 0.1 %' : exact === 0 ? 'it is a lower bound, and on none of these problems exact' : `on ${inWords(exact)} of ${inWords(ratios.length)} problems it is exact to 0.1 %`}.`;
  const items = DATA_NAMES.flatMap((name) => {
    const own = solved.filter(({ group }) => group.data === name);
    return own.length === 0 ? [] : [html`<li><strong>${DATA_LABELS[name]}:</strong> ${sentence(own)}</li>`];
  });
  return html`<h3>How tight is the relaxation?</h3>
<p class="finding">${overall}</p>
<div class="beside"><ul>${items}</ul>
${drawing === undefined ? undefined : tightnessFigure(drawing, solved)}</div>
`;
}

/** “at reg 0.1 the relaxation reaches 97.9 % of the true optimum (gap 2.1 %); at reg 0.01 …” */
function sentence(own: readonly Known[]): string {
  const clauses = own.map(({ group, all }) => {
    const where = `at ${subheadingOf(group)}`;
    const ratio = summarize(all.map((tightness) => tightness.ratio.value)) as Summary;
    const low = summarize(all.map((tightness) => tightness.ratio.low)) as Summary;
    const high = summarize(all.map((tightness) => tightness.ratio.high)) as Summary;
    if (all.every((tightness) => tightness.ratio.narrow)) {
      if (all.length > 1)
        return `${where} its value is ${percentSpread(ratio.mean, ratio.std)} of the true optimum over ${all.length} trials`;
      if (ratio.mean >= 0.999)
        return `${where} it is exact to 0.1 % (value ${loss(all[0].value)}, optimum ${loss(all[0].bestLoss)})`;
      return `${where} its value is ${percent(ratio.mean)} of the true optimum (${loss(all[0].value)} of ${loss(all[0].bestLoss)}; gap ${percent(1 - ratio.mean)})`;
    }
    if (high.mean < 0.9995)
      return `${where} between ${percent(low.mean)} and ${percent(high.mean)} of the true optimum`;
    return `${where} at least ${percent(low.mean)} of the true optimum, which is not known (bound ${loss(all[0].relaxationBound)}, best network ${loss(all[0].bestLoss)})`;
  });
  return `${clauses.join('; ')}.`;
}

function tightnessFigure(drawing: NonNullable<Model['drawing']>, solved: readonly Known[]): Html {
  const share = (all: readonly Tightness[], pick: (tightness: Tightness) => number): number =>
    100 * (summarize(all.map((tightness) => pick(tightness) / tightness.bestLoss)) as Summary).mean;
  const rows = solved.map(({ group, all }): Interval => {
    const bound = share(all, (tightness) => tightness.bound);
    const exact = all.every(({ exactBound }) => exactBound !== undefined);
    return {
      label: `${DATA_LABELS[group.data]}, ${group.reg}${group.bias ? ', bias' : ''}`,
      low: Math.max(0, bound),
      high: 100,
      marks: [
        {
          at: Math.max(
            0,
            share(all, ({ relaxationBound }) => relaxationBound),
          ),
          color: 'var(--floor)',
          mark: 'circle',
        },
        {
          at: Math.min(
            110,
            share(all, ({ value }) => value),
          ),
          color: 'var(--value)',
          mark: 'diamond',
          hollow: true,
        },
        ...(exact
          ? [
              {
                at: share(all, ({ exactBound }) => exactBound as number),
                color: 'var(--floor)',
                mark: 'triangle' as const,
              },
            ]
          : []),
      ],
    };
  });
  const about = {
    id: 'figure-tightness',
    title: 'Bounds as a share of the best loss found',
    description: `Per problem (data set, weight decay): the relaxation’s certified bound and value and, where there is one, the exact oracle’s bound, in percent of the least loss of any network. The bar is what is not settled.`,
  };
  const svg = intervalChart(drawing, about, { label: '% of the best loss →' }, rows, 128);
  return figure(about, svg, {
    legend: [
      { label: 'the relaxation’s certified bound', kind: 'mark', color: 'var(--floor)', mark: 'circle' },
      { label: 'SDP value', kind: 'mark', color: 'var(--value)', mark: 'diamond', hollow: true },
      { label: 'exact oracle’s bound', kind: 'mark', color: 'var(--floor)', mark: 'triangle' },
      { label: 'not settled', kind: 'bar', color: 'var(--bar)' },
    ],
  });
}

function randomPart(groups: readonly ProblemGroup[]): Html | undefined {
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

function networkPart(groups: readonly ProblemGroup[]): Html | undefined {
  const problems = groups.flatMap((group) => {
    const trials = comparedTrials(group).flatMap((problem) => {
      const tightness = tightnessOf(problem);
      return tightness === undefined ? [] : [{ group, problem, tightness }];
    });
    return trials;
  });
  if (problems.length === 0) return undefined;
  const beaten = problems.filter(({ tightness }) => tightness.bestLoss < tightness.loss * (1 - EQUAL));
  const proved = (share: number): number =>
    problems.filter(({ tightness: { loss, bound } }) => (loss - bound) / loss <= share).length;
  const compared = problems.filter(({ problem }) => problem.descent.length > 0);
  const excess = (method: 'sgd' | 'adam'): Summary | undefined =>
    summarize(
      compared.map(
        ({ problem, tightness }) =>
          Math.min(...problem.descent.map(({ result }) => result[method].loss)) / tightness.bestLoss - 1,
      ),
    );
  const sgd = excess('sgd');
  const adam = excess('adam');
  const first =
    beaten.length === 0
      ? `On none of the ${inWords(problems.length)} training problems did any other method find a lower training loss than our network’s (by more than 0.01 %).`
      : `On ${problems.length - beaten.length} of ${problems.length} training problems no other method found a lower training loss than our network’s (by more than 0.01 %).`;
  const items = beaten.map(({ group, problem, tightness }) => {
    const note = cutShort(problem.objective?.result.network.status);
    const name = group.trials.length > 1 ? `${DATA_LABELS[group.data]}, trial ${problem.index}` : headingOf(group);
    return html`<li>${name}, ${subheadingOf(group)}: ${tightness.bestBy} is ${percent((tightness.loss - tightness.bestLoss) / tightness.loss)} lower (${loss(tightness.bestLoss)} against ${loss(tightness.loss)})${note === undefined ? '' : `; our search was ${note}`}.</li>`;
  });
  return html`<h3>How good are the networks?</h3>
<p class="finding">${first} Our network is proved optimal to 0.1 % on ${proved(1e-3)}, and to 1 % on ${proved(1e-2)} of them.</p>
${sgd === undefined || adam === undefined ? undefined : html`<p>The best of all SGD runs, over five widths, ends on average ${percent(sgd.mean)} above the least loss known (at most ${percent(sgd.largest)}); the best of all Adam runs ${percent(adam.mean)} (at most ${percent(adam.largest)}). Neither can tell how far it is from the optimum.</p>`}
${items.length === 0 ? undefined : html`<p>Lower losses than ours:</p><ul>${items}</ul>`}
`;
}

function costPart({ groups }: Model): Html | undefined {
  const items = solvedGroups(groups).flatMap(({ group }) => {
    const results = group.trials.flatMap(({ objective }) => objective?.result ?? []);
    const relaxation = summarize(results.map(({ relaxation }) => relaxation.elapsedMs));
    const network = summarize(results.map(({ network }) => network.elapsedMs));
    return relaxation === undefined || network === undefined ? [] : [{ group, ms: relaxation.mean + network.mean }];
  });
  if (items.length === 0) return undefined;
  const least = items.reduce((first, second) => (second.ms < first.ms ? second : first));
  const most = items.reduce((first, second) => (second.ms > first.ms ? second : first));
  const name = ({ group }: (typeof items)[number]): string => `${DATA_LABELS[group.data]}, ${subheadingOf(group)}`;
  return html`<h3>What it costs</h3>
<p>Relaxation and network together take from ${duration(least.ms)} (${name(least)}${least.group.trials.length > 1 ? ', a trial' : ''}) to ${duration(most.ms)} (${name(most)}); <a href="#cost">section 4</a> has every method.</p>
`;
}

function completenessPart({ results }: Model): Html {
  const { run, cells } = results;
  const objective = cells.flatMap((cell) =>
    cell.key.experiment === 'objective' && 'relaxation' in cell.result ? [{ key: cell.key, result: cell.result }] : [],
  );
  const unfinished = [
    ...new Set(
      objective
        .filter(({ result }) => cutShort(result.relaxation.status) !== undefined)
        .map(({ key }) => `${DATA_LABELS[key.data]} at reg ${key.reg}`),
    ),
  ];
  const gone = [
    ...run.missing.map(({ data }) => DATA_LABELS[data] ?? data),
    ...(run.failed.length > 0
      ? [`${inWords(run.failed.length)} failed ${run.failed.length === 1 ? 'cell' : 'cells'}`]
      : []),
  ];
  return html`<h3>What is incomplete</h3>
<p>${unfinished.length === 0 ? 'Every relaxation reached its tolerance.' : `The relaxation did not reach its tolerance within its limit on ${list(unfinished)}: the bounds there are true but not the best that it could prove.`} ${gone.length === 0 ? 'No data set and no cell is missing.' : `Missing: ${list(gone)}.`} <a href="#provenance">Section 5</a> has the limits and all that was cut short. The run took ${duration(run.elapsedMs)}.</p>
`;
}
