/** Section 4: time, flops, roundings, the rank of Lambda and the neurons needed. */

import type { RunStatus } from '../../../src/index.js';
import { DESCENT_WIDTHS, type DescentRun } from '../../cells/results.js';
import { count, duration, flops, integer, loss, percent, significant } from '../format.js';
import type { Model, Section } from '../model.js';
import { NOT_RUN, problemRow } from '../problem-table.js';
import { byData, comparedTrials, headingOf, type Problem, type ProblemGroup, subheadingOf } from '../problems.js';
import { runsOf, type ScoreGroup } from '../scores.js';
import { summarize } from '../statistics.js';
import { type Column, type Entry, missing, quantity, type Row, type Table } from '../table.js';
import { cutShort, DATA_LABELS, METHOD_LABELS, ROUNDING_LABELS } from '../words.js';

const KEYS = ['data', 'reg', 'bias', 'trials'];
const LOSS = { format: loss };
const TIME = { format: duration };

export function costSection({ groups, scores, methods }: Model): Section {
  return {
    id: 'cost',
    title: 'Cost: time, flops, roundings, rank and width',
    parts: [
      solverTable(groups),
      timeTable(groups),
      ...(scores.length === 0 ? [] : [splitTimeTable(scores, methods)]),
      roundingTable(groups),
      sizeTable(groups),
    ],
  };
}

/** The mean over trials of what a solved problem tells. */
function mean(
  trials: readonly Problem[],
  pick: (problem: Problem) => number | undefined,
  reason = NOT_RUN,
  note?: string,
): Entry {
  const values = trials.flatMap((problem) => pick(problem) ?? []);
  return quantity(summarize(values)?.mean, reason, note);
}

function solverTable(groups: readonly ProblemGroup[]): Table {
  return {
    name: 'solver',
    caption: 'The relaxation and the search for the network',
    lead: 'Means over the trials of Random. Flops are counted in the solver’s matrix kernels.',
    stub: 'Data',
    keyNames: KEYS,
    columns: [
      { key: 'order', label: 'order of Lambda', group: 'Relaxation', format: integer },
      { key: 'iterations', label: 'iterations', group: 'Relaxation', format: count },
      { key: 'flops', label: 'work', group: 'Relaxation', format: flops },
      { key: 'relaxation ms', label: 'time', group: 'Relaxation', ...TIME },
      { key: 'relaxation gap', label: 'solver’s gap', group: 'Relaxation', format: percent },
      { key: 'outcome', label: 'outcome', group: 'Relaxation' },
      { key: 'network ms', label: 'time', group: 'Network', ...TIME },
      { key: 'network outcome', label: 'outcome', group: 'Network' },
    ],
    groups: byData(groups).map((members) =>
      members.map((group) => {
        const { trials } = group;
        const relaxation = (
          pick: (result: NonNullable<Problem['objective']>['result']['relaxation']) => number,
        ): Entry => mean(trials, ({ objective }) => objective && pick(objective.result.relaxation));
        return problemRow(group, trials, [
          mean(trials, ({ objective }) => objective?.result.Lambda.order),
          relaxation(({ iterations }) => iterations),
          relaxation((result) => result.flops),
          relaxation(({ elapsedMs }) => elapsedMs),
          relaxation(({ gap }) => gap),
          outcome(trials.flatMap(({ objective }) => objective?.result.relaxation.status ?? [])),
          mean(trials, ({ objective }) => objective?.result.network.elapsedMs),
          outcome(trials.flatMap(({ objective }) => objective?.result.network.status ?? [])),
        ]);
      }),
    ),
  };
}

function outcome(statuses: readonly RunStatus[]): Entry {
  if (statuses.length === 0) return missing(NOT_RUN);
  const finished = statuses.filter((status) => cutShort(status) === undefined).length;
  if (statuses.length === 1) return statuses[0];
  return finished === statuses.length ? 'all finished' : `${finished} of ${statuses.length} finished`;
}

/** Of the widths of gradient descent those in the table. */
const TIMED_WIDTHS = DESCENT_WIDTHS.filter((_, k) => k % 2 === 0);

function timeTable(groups: readonly ProblemGroup[]): Table {
  const descentColumns = (method: 'sgd' | 'adam', name: string): Column[] =>
    TIMED_WIDTHS.map((width) => ({
      key: `${method} ${width} ms`,
      label: String(width),
      group: `${name} at width`,
      ...TIME,
    }));
  return {
    name: 'times',
    caption: 'Time per method on the training problems',
    lead: 'Wall clock, several cells at a time on one machine: read it as an order of magnitude. Ours: relaxation and search for the network. SGD and Adam: the mean of a seed; SGD’s choice of a learning rate included.',
    stub: 'Data',
    keyNames: KEYS,
    columns: [
      { key: 'ours ms', label: 'Ours, in all', ...TIME },
      ...descentColumns('sgd', 'SGD'),
      ...descentColumns('adam', 'Adam'),
      { key: 'frank-wolfe ms', label: 'Frank–Wolfe', ...TIME },
      { key: 'gated ms', label: 'Gated ReLU', ...TIME },
      { key: 'copositive ms', label: 'Copositive', ...TIME },
    ],
    groups: byData(groups).map((members) => members.map(timeRow)),
  };
}

function timeRow(group: ProblemGroup): Row {
  const trials = comparedTrials(group);
  const descent = (method: 'sgd' | 'adam', width: number): Entry =>
    timeOf(
      trials.flatMap(({ descent }) =>
        descent.filter(({ key }) => key.width === width).map(({ result }) => result[method]),
      ),
      NOT_RUN,
    );
  const program = (name: 'frankWolfe' | 'gatedRelu' | 'copositiveRelaxation'): Entry =>
    timeOf(
      trials.flatMap(({ programs }) => programs?.result[name] ?? []),
      trials.some(({ programs }) => programs !== undefined) ? 'not run: for few features only' : NOT_RUN,
    );
  return problemRow(group, trials, [
    mean(
      trials,
      ({ objective }) => objective && objective.result.relaxation.elapsedMs + objective.result.network.elapsedMs,
    ),
    ...TIMED_WIDTHS.map((width) => descent('sgd', width)),
    ...TIMED_WIDTHS.map((width) => descent('adam', width)),
    program('frankWolfe'),
    program('gatedRelu'),
    program('copositiveRelaxation'),
  ]);
}

/** The mean time of the runs, with a note where a limit cut one of them short. */
function timeOf(runs: readonly Pick<DescentRun, 'elapsedMs' | 'status'>[], whenNone: string): Entry {
  const isLimited = runs.some(({ status }) => status === 'time-limit');
  const value = summarize(runs.map(({ elapsedMs }) => elapsedMs))?.mean;
  return quantity(value, whenNone, isLimited ? 'time limit reached' : undefined);
}

function splitTimeTable(scores: readonly ScoreGroup[], methods: Model['methods']): Table {
  return {
    name: 'times-splits',
    caption: 'Time per method on a random split of the classification sets',
    lead: 'Means over the splits. A time limit holds for every iterative method (see Provenance).',
    stub: 'Data',
    keyNames: ['data', 'reg', 'bias'],
    columns: methods.map((method) => ({ key: `${method} ms`, label: METHOD_LABELS[method], ...TIME })),
    groups: byData(scores).map((members) =>
      members.map((group) => ({
        heading: DATA_LABELS[group.data],
        subheading: subheadingOf(group),
        keys: [group.data, group.reg, String(group.bias)],
        entries: methods.map((method) => {
          const runs = runsOf(group, method);
          const limited = runs.some(({ status }) => status === 'time-limit');
          return quantity(
            summarize(runs.map(({ elapsedMs }) => elapsedMs))?.mean,
            NOT_RUN,
            limited ? 'time limit reached' : undefined,
          );
        }),
      })),
    ),
  };
}

function roundingTable(groups: readonly ProblemGroup[]): Table {
  const solved = groups.filter(({ trials }) => trials.some(({ objective }) => objective !== undefined));
  const error = (value: number): string => significant(value, 2);
  return {
    name: 'roundings',
    caption: 'Roundings: how far their columns end from neurons, and the losses they lead to',
    lead: 'Errors are relative to the size of the columns: ‖−alpha + beta + XU‖ and the distance of (alpha, beta) from {alpha ≥ 0, beta ≥ 0, alpha ∘ beta = 0}. Losses after the output layer is solved anew, and after polishing by L-BFGS for at most 1000 steps, all within the time limit of a rounding; means over the seeds, and the best of them.',
    stub: 'Rounding',
    keyNames: ['data', 'reg', 'bias', 'rounding', 'trials'],
    columns: [
      { key: 'linear error', label: 'linear', group: 'Infeasibility', format: error },
      { key: 'cone error', label: 'cone', group: 'Infeasibility', format: error },
      { key: 'loss rounded', label: 'rounded', group: 'Loss', ...LOSS },
      { key: 'loss polished', label: 'polished', group: 'Loss', ...LOSS },
      { key: 'best polished', label: 'best seed', group: 'Loss', ...LOSS },
      { key: 'ms', label: 'time of a seed', ...TIME },
    ],
    groupHeadings: solved.map((group) => `${headingOf(group)}, ${subheadingOf(group)}`),
    groups: solved.map((group) => {
      const trials = group.trials.filter(({ objective }) => objective !== undefined);
      const kinds = [
        ...new Set(trials.flatMap(({ objective }) => objective?.result.roundings.map(({ kind }) => kind) ?? [])),
      ];
      return kinds.map((kind): Row => {
        const all = trials.flatMap(
          ({ objective }) => objective?.result.roundings.filter((rounding) => rounding.kind === kind) ?? [],
        );
        const average = (values: readonly (number | undefined)[], reason = 'its start time ran out'): Entry =>
          quantity(
            summarize(values.filter((value) => value !== undefined && value !== null).map(Number))?.mean,
            reason,
          );
        const exact = 'ends at neurons: no error by construction';
        return {
          heading: ROUNDING_LABELS[kind],
          keys: [group.data, group.reg, String(group.bias), kind, trials.length],
          entries: [
            average(
              all.map(({ feasibilityError }) => feasibilityError?.linear),
              exact,
            ),
            average(
              all.map(({ feasibilityError }) => feasibilityError?.cone),
              exact,
            ),
            average(all.map(({ lossRounded }) => lossRounded)),
            average(all.map(({ lossPolished }) => lossPolished)),
            average(all.map(({ bestPolished }) => bestPolished)),
            average(all.map(({ elapsedMs }) => elapsedMs)),
          ],
        };
      });
    }),
  };
}

function sizeTable(groups: readonly ProblemGroup[]): Table {
  const excesses = [
    ...new Set(
      groups.flatMap(({ trials }) =>
        trials.flatMap(({ objective }) => objective?.result.widths?.sufficient.map(({ excess }) => excess) ?? []),
      ),
    ),
  ].sort((first, second) => second - first);
  const unswept = 'the width sweep is run where it is cheap';
  return {
    name: 'rank-and-width',
    caption: 'Rank of Lambda, and the neurons a network needs',
    lead: 'Rank: eigenvalues above 10⁻⁴ of the largest. Neurons: the fewest that were found for a loss within that share of the best one; nc + 1 always suffice.',
    stub: 'Data',
    keyNames: KEYS,
    columns: [
      { key: 'rank', label: 'rank', group: 'Lambda', format: count },
      { key: 'order', label: 'order', group: 'Lambda', format: integer },
      { key: 'width', label: 'our network', group: 'Neurons', format: count },
      ...excesses.map(
        (excess): Column => ({
          key: `neurons within ${excess}`,
          label: `within ${Number((100 * excess).toPrecision(2))}\u00a0%`,
          group: 'Neurons',
          format: count,
        }),
      ),
      { key: 'critical width', label: 'nc + 1', group: 'Neurons', format: integer },
    ],
    groups: byData(groups).map((members) =>
      members.map((group) => {
        const { trials } = group;
        return problemRow(group, trials, [
          mean(trials, ({ objective }) => objective?.result.Lambda.rank),
          mean(trials, ({ objective }) => objective?.result.Lambda.order),
          mean(trials, ({ objective }) => objective?.result.network.width),
          ...excesses.map((excess) =>
            mean(
              trials,
              ({ objective }) => objective?.result.widths?.sufficient.find((entry) => entry.excess === excess)?.width,
              unswept,
            ),
          ),
          mean(trials, ({ objective }) => objective && objective.data.rows * objective.data.outputs + 1),
        ]);
      }),
    ),
  };
}
