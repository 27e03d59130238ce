/** The summary's part on prediction: who tests better, where we lose and why, and what tuning on the test rows does. */
import { type AccuracyMethod, DATA_NAMES } from '../../cells/results.js';
import { accuracy, inWords, list, points } from '../format.js';
import { type Html, html } from '../html.js';
import type { Model } from '../model.js';
import { subheadingOf } from '../problems.js';
import { reasons } from '../reasons.js';
import { type Duel, duel, runOf, type ScoreGroup } from '../scores.js';
import { type Summary, summarize } from '../statistics.js';
import { DATA_LABELS, METHOD_LABELS } from '../words.js';

export function accuracyParts({ scores, methods }: Model): Html[] {
  const rivals = methods.filter((method) => method !== 'ours');
  const duels = rivals.map((rival) => ({ rival, all: scores.flatMap((group) => duel(group, rival) ?? []) }));
  const fought = duels.filter(({ all }) => all.length > 0);
  if (fought.length === 0) return [];
  const count = (all: readonly Duel[], verdict: Duel['verdict']): number =>
    all.filter((each) => each.verdict === verdict).length;
  const difference = (all: readonly Duel[]): number => (summarize(all.map(meanDifference)) as Summary).mean;
  const rows = fought.map(
    ({ rival, all }) =>
      html`<tr><th scope="row">${METHOD_LABELS[rival]}</th><td>${count(all, 'better')}</td><td>${count(all, 'tie')}</td><td>${count(all, 'worse')}</td><td>${points(difference(all))}</td></tr>`,
  );
  const every = fought.flatMap(({ all }) => all);
  const problems = new Set(every.map(({ group }) => group)).size;
  const worse = fought
    .filter(({ all }) => count(all, 'worse') > count(all, 'better'))
    .map(({ rival }) => METHOD_LABELS[rival]);
  const better = fought
    .filter(({ all }) => count(all, 'better') > count(all, 'worse'))
    .map(({ rival }) => METHOD_LABELS[rival]);
  const verdict = [
    better.length > 0 ? `more often better than worse against ${list(better)}` : undefined,
    worse.length > 0 ? `more often worse than better against ${list(worse)}` : undefined,
  ].filter((text) => text !== undefined);
  return [
    html`<h3>Who predicts better?</h3>
<p class="finding">Over ${inWords(problems)} problems (data set, weight decay, with and without bias) our network tests ${verdict.length === 0 ? 'as well as every other method, as far as the splits tell' : verdict.join(', and ')}.</p>
<div class="table-scroll small" role="region" tabindex="0" aria-labelledby="rivals-caption"><table><caption id="rivals-caption"><span>Our network against each method: on how many problems it tests better or worse by a paired t-test at 95 % over the random splits, and the mean difference in percentage points</span></caption>
<thead><tr><th scope="col">Against</th><th scope="col">better</th><th scope="col">tie</th><th scope="col">worse</th><th scope="col">mean difference</th></tr></thead><tbody>${rows}</tbody></table></div>
`,
    whyPart(fought, scores),
  ];
}

function meanDifference({ ours, theirs }: Duel): number {
  return (summarize(ours.map(({ test }, k) => test.accuracy - theirs[k].test.accuracy)) as Summary).mean;
}

/** Where we lose: per data set the methods that test better, and the reasons the data give, each with how often. */
function whyPart(
  fought: readonly { readonly rival: AccuracyMethod; readonly all: readonly Duel[] }[],
  scores: readonly ScoreGroup[],
): Html {
  const lost = fought.flatMap(({ all }) => all.filter(({ verdict }) => verdict === 'worse'));
  if (lost.length === 0)
    return html`<p>On no problem does another method test better by more than the splits’ own variation.</p>`;
  const items = DATA_NAMES.flatMap((name) => {
    const own = lost.filter(({ group }) => group.data === name);
    if (own.length === 0) return [];
    const rivals = [...new Set(own.map(({ rival }) => rival))].map((rival) => {
      const theirs = own.filter((each) => each.rival === rival);
      const worst = Math.min(...theirs.map(meanDifference));
      return `${METHOD_LABELS[rival]} (up to ${accuracy(-worst)} points)`;
    });
    const told = new Map<string, number>();
    for (const each of own) {
      for (const reason of reasons(each, scores).kinds) told.set(reason, (told.get(reason) ?? 0) + 1);
    }
    const because = [...told]
      .sort(([, first], [, second]) => second - first)
      .map(([reason, times]) => `${reason} (${times} of ${own.length})`);
    return [
      html`<li><strong>${DATA_LABELS[name]}:</strong> ${list(rivals)}. What the data say: ${because.join('; ')}.</li>`,
    ];
  });
  const kernels = lost.some(({ rival }) => rival === 'nngp' || rival === 'ntk');
  return html`<p>Where it loses, and why as far as the data say (<a href="#where-we-lose">all cases</a>):</p><ul>${items}</ul>
${kernels ? html`<p>Features are as the paper’s, mostly raw, and a kernel’s ridge is reg times its mean diagonal: it grows with the features. Weight decay does not: the larger the features, the less it holds a network back, and an optimum of the training loss at the paper’s weight decays need not be a good predictor.</p>` : undefined}
`;
}

export function tuningPart(scores: readonly ScoreGroup[]): Html | undefined {
  const changes = scores.flatMap(({ paper, data, reg, bias }) => {
    const run = runOf(paper, 'ours');
    return run === undefined ? [] : [{ data, reg, bias, change: run.testTuned.accuracy - run.test.accuracy }];
  });
  const summary = summarize(changes.map(({ change }) => change));
  if (summary === undefined) return undefined;
  const most = changes.reduce((first, second) => (second.change > first.change ? second : first));
  return html`<h3>What tuning on the test rows does</h3>
<p>Choosing threshold and iterate on the test labels, as the paper’s protocol does, changes our own network’s accuracy on the paper’s split by ${points(summary.mean)} points on average and by ${points(most.change)} points at most (${DATA_LABELS[most.data]}, ${subheadingOf(most)}). All comparisons above use the largest output and no test row.</p>
`;
}
