/** Section 5: what the report was made from, and what is missing or was cut short. */
import type { AppliedLimits, Cell, DataName, DataSummary, Results } from '../../cells/results.js';
import { DATA_NAMES } from '../../cells/results.js';
import { count, duration, integer, list } from '../format.js';
import { type Html, html } from '../html.js';
import type { Model, Section } from '../model.js';
import { missing, quantity, type Row, type Table } from '../table.js';
import { cutShort, DATA_LABELS } from '../words.js';

export function provenanceSection({ results }: Model): Section {
  return {
    id: 'provenance',
    title: 'Provenance: what was run, and what is missing',
    parts: [
      runFacts(results),
      ...(results.cells.length === 0 ? [] : [dataTable(results.cells)]),
      ...(Object.keys(results.run.limits).length === 0 ? [] : [limitTable(results)]),
      missingList(results),
      ...cutShortTable(results.cells),
    ],
  };
}

function runFacts({ run, cells }: Results): Html {
  const versions = unique(
    cells.map(
      ({ provenance }) =>
        `${provenance.version}${provenance.commit === undefined ? '' : `, commit ${provenance.commit}`}`,
    ),
  );
  const machines = unique(
    cells.map(({ provenance }) => `${provenance.machine}, Node ${provenance.node.replace(/^v/, '')}`),
  );
  const seeds = unique(
    cells.flatMap(({ provenance: { options } }) =>
      [options.seed, options.seeds].flat().filter((seed) => seed !== undefined),
    ),
  );
  const computed = cells.reduce((sum, { provenance }) => sum + provenance.elapsedMs, 0);
  const facts: [string, Html | string][] = [
    ['Command', html`<code>${run.command}</code>`],
    ['Version', `convex-relu ${run.version}${run.commit === undefined ? '' : `, commit ${run.commit}`}`],
    ...(versions.length > 1 ? [['Versions of the cells', versions.join('; ')] as [string, string]] : []),
    ['Machine', machines.length === 0 ? `${run.machine}, Node ${run.node.replace(/^v/, '')}` : machines.join('; ')],
    [
      'Total run time',
      `${duration(run.elapsedMs)} of wall clock on ${run.jobs} ${run.jobs === 1 ? 'worker' : 'workers'}; ${duration(computed)} of computing in ${integer(cells.length)} cells`,
    ],
    ['Started and finished', `${instant(run.started)} – ${instant(run.finished)}`],
    ['Weight decays', run.regs.join(', ')],
    ['Random splits', String(run.seeds)],
    ['Seeds', seeds.length === 0 ? 'none' : list(seeds.map(String).sort())],
    ['Effort', `${run.effort} × the standard time limits`],
  ];
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<p>Every cell’s own settings, seeds and times are in <a href="results.json">results.json</a>. Standard deviations are those of a sample (n − 1).</p>
`;
}

function dataTable(cells: readonly Cell[]): Table {
  const sources = { file: 'file', generator: 'generated', package: 'npm package' } as const;
  const scalings = { raw: 'raw', scalar: 'one mean and one deviation', standardized: 'standardised' } as const;
  const rows = DATA_NAMES.flatMap((name): Row[] => {
    const cell = cells.find(({ key }) => key.data === name);
    if (cell === undefined) return [];
    const { rows, features, outputs, testRows, scaling, source }: DataSummary = cell.data;
    return [
      {
        heading: DATA_LABELS[name],
        keys: [name],
        entries: [
          { value: rows },
          testRows === 0 ? missing('no test rows') : { value: testRows },
          { value: features },
          { value: outputs },
          scalings[scaling] ?? scaling,
          sources[source] ?? source,
        ],
      },
    ];
  });
  return {
    name: 'data-sets',
    caption: 'Data sets',
    stub: 'Data',
    keyNames: ['data'],
    columns: [
      { key: 'rows', label: 'training rows n', format: integer },
      { key: 'test rows', label: 'test rows', format: integer },
      { key: 'features', label: 'features d', format: integer },
      { key: 'outputs', label: 'outputs c', format: integer },
      { key: 'scaling', label: 'features are', words: true },
      { key: 'source', label: 'source', words: true },
    ],
    groups: [rows],
  };
}

/** The limits under their names in words. */
const LIMIT_LABELS: Readonly<Record<string, string>> = {
  relaxationMs: 'relaxation',
  smallRegRelaxationMs: 'relaxation, reg < 0.05',
  networkMs: 'search for the network',
  roundingMs: 'each rounding',
  widthsMs: 'width sweep',
  descentMs: 'SGD or Adam at a width',
  programMs: 'each convex program',
  oursMs: 'ours, on a split',
  splitDescentMs: 'SGD or Adam, on a split',
  splitProgramMs: 'convex program, on a split',
};

function limitTable({ run }: Results): Table {
  const entries = DATA_NAMES.flatMap((name): [DataName, AppliedLimits][] => {
    const limits = run.limits[name];
    return limits === undefined ? [] : [[name, limits]];
  });
  const names = unique(entries.flatMap(([, limits]) => Object.keys(limits).filter((name) => name.endsWith('Ms'))));
  return {
    name: 'limits',
    caption: 'Time limits that applied',
    stub: 'Data',
    keyNames: ['data'],
    columns: names.map((name) => ({ key: name, label: LIMIT_LABELS[name] ?? name, format: duration })),
    groups: [
      entries.map(([name, limits]) => ({
        heading: DATA_LABELS[name],
        keys: [name],
        entries: names.map((limit) =>
          limits[limit] === 0 ? missing('left out') : quantity(limits[limit], 'no limit'),
        ),
      })),
    ],
  };
}

function missingList({ run, cells }: Results): Html {
  const items = [
    ...run.missing.map(({ data, reason }) => `${DATA_LABELS[data] ?? data}: ${reason}`),
    ...run.failed.map(({ cell, reason }) => `Cell ${cell} failed: ${reason}`),
    ...absent({ run, cells }),
  ];
  if (items.length === 0) return html`<p>Nothing that was planned is missing.</p>`;
  return html`<h3>What is missing</h3><ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Data sets and weight decays of the run without an objective. */
function absent({ run, cells }: Results): string[] {
  const present = unique(cells.map(({ key }) => key.data));
  return present.flatMap((name) =>
    run.regs
      .filter((reg) => !cells.some(({ key }) => key.data === name && key.reg === reg && key.experiment === 'objective'))
      .map((reg) => `${DATA_LABELS[name]}, reg ${reg}: the relaxation was not finished when this report was written`),
  );
}

/** Every run that ended by a limit, counted by data set and kind. */
function cutShortTable(cells: readonly Cell[]): Table[] {
  const counts = new Map<string, { data: DataName; what: string; cut: number; all: number }>();
  for (const cell of cells) {
    for (const [what, status] of statusesOf(cell)) {
      const { data } = cell.key;
      const name = `${data} ${what}`;
      const entry = counts.get(name) ?? { data, what, cut: 0, all: 0 };
      counts.set(name, { ...entry, all: entry.all + 1, cut: entry.cut + (cutShort(status) === undefined ? 0 : 1) });
    }
  }
  const listed = [...counts.values()].filter(({ cut }) => cut > 0);
  if (listed.length === 0) return [];
  const kinds = unique([...counts.values()].map(({ what }) => what));
  const columns = kinds.filter((kind) => listed.some(({ what }) => what === kind));
  const present = DATA_NAMES.filter((name) => [...counts.values()].some(({ data }) => data === name));
  return [
    {
      name: 'cut-short',
      caption: 'Runs that ended by a limit: how many of how many',
      lead: 'Such a run still returns a true loss or a true bound, only not the best that it could reach. SGD and Adam make a fixed number of steps; counted here are those that the clock stopped.',
      stub: 'Data',
      keyNames: ['data'],
      columns: columns.map((what) => ({ key: what, label: what })),
      groups: [
        present.map((data) => ({
          heading: DATA_LABELS[data],
          keys: [data],
          entries: columns.map((what) => {
            const entry = counts.get(`${data} ${what}`);
            if (entry === undefined) return missing('not run');
            return entry.cut === 0 ? 'none' : `${count(entry.cut)} of ${count(entry.all)}`;
          }),
        })),
      ],
    },
  ];
}

type Status = Parameters<typeof cutShort>[0];

function statusesOf({ key, result }: Cell): [what: string, Status][] {
  /** All steps made is how gradient descent ends. */
  const clock = (status: Status): Status => (status === 'time-limit' ? status : 'converged');
  if (key.experiment === 'objective' && 'relaxation' in result) {
    return [
      ['relaxation', result.relaxation.status],
      ['search for the network', result.network.status],
    ];
  }
  if ('sgd' in result)
    return [
      ['SGD', clock(result.sgd.status)],
      ['Adam', clock(result.adam.status)],
    ];
  if ('frankWolfe' in result) {
    return [
      ['Frank–Wolfe', result.frankWolfe.status],
      ['Gated ReLU', result.gatedRelu.status],
      ...(result.copositiveRelaxation === undefined
        ? []
        : [['Copositive', result.copositiveRelaxation.status] as [string, Status]]),
    ];
  }
  if ('runs' in result) {
    const ours = result.runs.find(({ method }) => method === 'ours');
    return ours === undefined ? [] : [['our training on a split', ours.status]];
  }
  return [];
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

/** 2026-11-22 19:04 UTC, without the locale of whoever renders. */
function instant(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
