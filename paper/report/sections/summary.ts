/** The first page: what the run says, in sentences made from its numbers. */
import { above, duration, inWords, list, loss, percent } from '../format.js';
import { type Html, html } from '../html.js';
import type { Model, Section } from '../model.js';
import { comparedTrials, headingOf, type ProblemGroup, subheadingOf } from '../problems.js';
import { type Summary, summarize } from '../statistics.js';
import { type Tightness, tightnessOf } from '../tightness.js';
import { cutShort, DATA_LABELS } from '../words.js';
import { accuracyParts, tuningPart } from './summary-accuracy.js';
import { randomPart, tightnessPart } from './summary-tightness.js';

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
  const proved = (share: number): number => gapsOf(problems).filter((gap) => gap <= share).length;
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
<p class="finding">${first} Our network is proved optimal to 0.1 % on ${proved(1e-3)} of them.${rest(problems)}</p>
${sgd === undefined || adam === undefined ? undefined : html`<p>The best of all SGD runs, over all widths, ends in the median ${above(sgd.median)} the least loss known (at worst ${above(sgd.largest)} it); the best of all Adam runs ${above(adam.median)} it (at worst ${above(adam.largest)} it). Neither can tell how far it is from the optimum.</p>`}
${items.length === 0 ? undefined : html`<p>Lower losses than ours:</p><ul>${items}</ul>`}
`;
}

interface Judged {
  readonly tightness: Tightness;
}

function gapsOf(problems: readonly Judged[]): number[] {
  return problems.map(({ tightness: { loss, bound } }) => (loss - bound) / loss);
}

/** What the bounds leave open where nothing is proved to 0.1 %. */
function rest(problems: readonly Judged[]): string {
  const open = gapsOf(problems).filter((gap) => gap > 1e-3);
  if (open.length === 0) return '';
  const [least, largest] = [percent(Math.min(...open)), percent(Math.max(...open))];
  return ` On the other ${inWords(open.length)} loss and certified bound are ${least === largest ? least : `${least} to ${largest}`} of the loss apart: how good the network is there, nobody knows.`;
}

function costPart({ groups }: Model): Html | undefined {
  const items = groups.flatMap((group) => {
    const times = group.trials.flatMap(({ objective }) =>
      objective === undefined ? [] : objective.result.relaxation.elapsedMs + objective.result.network.elapsedMs,
    );
    const ms = summarize(times)?.mean;
    return ms === undefined ? [] : [{ group, ms }];
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
