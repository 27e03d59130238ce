/** Section 2: for each data set the losses against time, iterations and width, with the certified bound as a line, and Lambda's eigenvalues. */
import type { DescentCell, ObjectiveResult } from '../../reproduce/results.js';
import { type LineChart, lineChart, type Point, type Series } from '../charts.js';
import { figure, type LegendEntry, renderLegend } from '../figure.js';
import { duration, integer, list, loss, percent, significant } from '../format.js';
import { type Html, html } from '../html.js';
import type { Model, Section } from '../model.js';
import type { Drawing } from '../plot-library.js';
import { byData, type Problem, type ProblemGroup } from '../problems.js';
import { tightnessOf } from '../tightness.js';
import { DATA_LABELS } from '../words.js';

const OURS = { color: 'var(--loss)', thick: true };
const VALUE = { color: 'var(--value)', dash: '1.5 3' };
const BOUND = { color: 'var(--floor)' };
const FLOOR = { color: 'var(--floor)', dash: '7 4' };
const ADAM = { color: 'var(--adam)', dash: '6 3' };
const SGD = { color: 'var(--sgd)', dash: '2 2.5' };
const SWEEP = { color: 'var(--loss)', dash: '3 3' };
/** One curve per weight decay in the plot of eigenvalues. */
const BY_REG = [
  { color: 'var(--loss)', mark: 'circle' },
  { color: 'var(--sgd)', mark: 'triangle' },
  { color: 'var(--adam)', mark: 'square' },
] as const;

/** The eigenvalues counted as rank. */
const RANK_CUTOFF = 1e-4;
const MAX_POINTS = 90;
/** Share of the height left below the lowest line, for its label. */
const MARGIN = 0.11;

export function curvesSection({ groups, drawing }: Model): Section {
  const parts: Html[] = [];
  if (drawing !== undefined) {
    parts.push(
      html`<p class="lead">The dashed red line in every figure is the best certified bound: no network of any width has a smaller loss. Axes are logarithmic.</p>`,
      legend(),
    );
    for (const members of byData(groups)) {
      const { data } = members[0];
      const drawn = members.flatMap((group) => problemFigures(drawing, group));
      const spectra = members.flatMap(({ trials, reg, bias }) => {
        const eigenvalues = trials[0]?.objective?.result.Lambda.eigenvalues ?? [];
        return eigenvalues.length === 0 || bias ? [] : [{ reg, eigenvalues }];
      });
      drawn.push(...convergenceFigure(drawing, members));
      if (spectra.length > 0) drawn.push(spectrumFigure(drawing, data, spectra));
      const trial = members[0].trials.length > 1 ? `, trial ${members[0].trials[0].index}` : '';
      parts.push(html`<h3 id="curves-${data}">${DATA_LABELS[data]}${trial}</h3>
${drawn.length === 0 ? html`<p>No cell of this data set was finished when this report was written.</p>` : html`<div class="figures">${drawn}</div>`}
`);
    }
  }
  return { id: 'curves', title: 'Curves: loss against time, iterations and width', parts };
}

function legend(): Html {
  const line = { kind: 'line' } as const;
  const entries: LegendEntry[] = [
    { ...line, label: 'our network', ...OURS },
    { ...line, label: 'SDP value', ...VALUE },
    { ...line, label: 'the relaxation’s certified bound', ...BOUND },
    { ...line, label: 'best certified bound', ...FLOOR },
    { ...line, label: 'Adam', ...ADAM, mark: 'triangle' },
    { ...line, label: 'SGD', ...SGD, mark: 'square' },
    { kind: 'mark', label: 'our network’s width', color: 'var(--loss)', mark: 'star' },
    { ...line, label: 'fewest neurons found for a loss', ...SWEEP },
  ];
  return renderLegend(entries);
}

function problemFigures(drawing: Drawing, { data, reg, bias, trials }: ProblemGroup): Html[] {
  const [problem] = trials;
  const id = `figure-${data}-${String(reg).replace('.', '_')}${bias ? '-bias' : ''}`;
  const where = `reg ${reg}${bias ? ', bias' : ''}`;
  return [
    timeFigure(drawing, problem, `${id}-time`, where),
    iterationFigure(drawing, problem, `${id}-iterations`, where),
    widthFigure(drawing, problem, `${id}-width`, where),
  ].flatMap((drawn) => drawn ?? []);
}

/** The descent cell with the least loss of one method. */
function bestDescent(cells: readonly DescentCell[], method: 'sgd' | 'adam'): DescentCell | undefined {
  return cells.reduce<DescentCell | undefined>(
    (best, cell) => (best === undefined || cell.result[method].loss < best.result[method].loss ? cell : best),
    undefined,
  );
}

function timeFigure(drawing: Drawing, problem: Problem, id: string, where: string): Html | undefined {
  const result = problem.objective?.result;
  const tightness = tightnessOf(problem);
  if (result === undefined || tightness === undefined) return undefined;
  const { relaxation, network } = result;
  const solved = relaxation.history.map(([ms, value, bound]) => ({ seconds: ms / 1000, value, bound }));
  const grown = network.history.map(([ms, value]): Point => [(relaxation.elapsedMs + ms) / 1000, value]);
  const methods = (['adam', 'sgd'] as const).flatMap((method) => {
    const cell = bestDescent(problem.descent, method);
    return cell === undefined ? [] : [{ method, cell, run: cell.result[method] }];
  });
  const series: Series[] = [
    { ...VALUE, points: usable(solved.map(({ seconds, value }) => [seconds, value])) },
    { ...BOUND, points: usable(solved.map(({ seconds, bound }) => [seconds, bound])) },
    ...methods.map(({ method, run }) => ({
      ...(method === 'adam' ? ADAM : SGD),
      points: usable(
        run.history.map(([k, value]) => [((k / Math.max(1, run.iterations)) * run.elapsedMs) / 1000, value]),
      ),
    })),
    { ...OURS, steps: true, points: usable(grown) },
  ];
  const rivals = methods.map(
    ({ method, cell, run }) => `${method === 'adam' ? 'Adam' : 'SGD'} (width ${cell.key.width}) ${loss(run.loss)}`,
  );
  const about = {
    id,
    title: `Loss against time, ${where}`,
    description: `Our network ends at ${loss(network.loss)} after ${duration(relaxation.elapsedMs + network.elapsedMs)}, of which the relaxation takes ${duration(relaxation.elapsedMs)}; best ${rivals.length === 0 ? 'of others: not run' : list(rivals)}; certified bound ${loss(tightness.bound)}.`,
  };
  const finals = [relaxation.value, network.loss, ...methods.map(({ run }) => run.loss)];
  const domain = lossDomain([tightness.relaxationBound, tightness.bound], finals);
  return draw(drawing, about, {
    x: { label: 'seconds →', log: true, domain: visibleSpan(series, domain) },
    y: { label: '↑ training loss', log: true, domain },
    series,
    floor: floorOf(tightness.bound),
  });
}

function iterationFigure(drawing: Drawing, problem: Problem, id: string, where: string): Html | undefined {
  const { descent } = problem;
  if (descent.length === 0) return undefined;
  const widths = [...new Set([descent[0], descent[descent.length - 1]])];
  const runs = (['adam', 'sgd'] as const).flatMap((method) =>
    widths.map(({ key, result }) => ({ method, width: key.width, run: result[method] })),
  );
  const series = runs.map(({ method, width, run }) => ({
    ...(method === 'adam' ? ADAM : SGD),
    thick: width !== widths[0].key.width,
    points: usable(run.history.filter(([k]) => k > 0)),
  }));
  const bound = tightnessOf(problem)?.bound;
  const ends = runs.map(
    ({ method, width, run }) => `${method === 'adam' ? 'Adam' : 'SGD'}, width ${width}: ${loss(run.loss)}`,
  );
  const about = {
    id,
    title: `Loss against iterations, ${where}`,
    description: `${list(ends)}.${widths.length > 1 ? ` Thin lines: width ${widths[0].key.width}, thick lines: width ${widths[1].key.width}.` : ''}`,
  };
  const finals = runs.map(({ run }) => run.loss);
  const domain = lossDomain([bound], finals, 8);
  return draw(drawing, about, {
    x: { label: 'iterations →', log: true, domain: visibleSpan(series, domain) },
    y: { label: '↑ training loss', log: true, domain },
    series,
    floor: floorOf(bound),
  });
}

function widthFigure(drawing: Drawing, problem: Problem, id: string, where: string): Html | undefined {
  const { descent, objective } = problem;
  const network = objective?.result.network;
  if (descent.length === 0 && network === undefined) return undefined;
  const at = (method: 'sgd' | 'adam'): Point[] =>
    descent.map(({ key, result }): Point => [key.width ?? 1, result[method].loss]);
  const sweep = frontier(objective?.result.widths);
  const own: Point[] = network === undefined ? [] : [[network.width, network.loss]];
  const series: Series[] = [
    { ...SWEEP, points: usable(sweep) },
    { ...SGD, mark: 'square', points: usable(at('sgd')) },
    { ...ADAM, mark: 'triangle', points: usable(at('adam')) },
    { color: 'var(--loss)', mark: 'star', scattered: true, points: usable(own) },
  ];
  const bound = tightnessOf(problem)?.bound;
  const points = series.flatMap((each) => each.points);
  if (points.length === 0) return undefined;
  const widths = points.map(([width]) => width);
  const wide = descent[descent.length - 1];
  const parts = [
    network === undefined ? undefined : `Our network has ${network.width} neurons and loss ${loss(network.loss)}`,
    wide === undefined
      ? undefined
      : `at width ${wide.key.width} Adam reaches ${loss(wide.result.adam.loss)} and SGD ${loss(wide.result.sgd.loss)}`,
    network === undefined || bound === undefined
      ? undefined
      : `no width can save more than ${percent((network.loss - bound) / network.loss)}`,
  ].filter((part) => part !== undefined);
  const about = { id, title: `Loss against width, ${where}`, description: `${parts.join('; ')}.` };
  return draw(drawing, about, {
    x: { label: 'neurons →', log: true, domain: [Math.max(1, Math.min(...widths) * 0.9), Math.max(...widths) * 1.1] },
    y: {
      label: '↑ training loss',
      log: true,
      domain: lossDomain(
        [bound],
        points.map(([, value]) => value),
        8,
      ),
    },
    series,
    floor: floorOf(bound),
  });
}

/** The least loss at no more than each number of neurons. */
function frontier(widths: ObjectiveResult['widths']): Point[] {
  const sorted = [...(widths?.points ?? [])].sort(([first], [second]) => first - second);
  const result: Point[] = [];
  for (const [width, value] of sorted) {
    if (result.length === 0 || value < result[result.length - 1][1]) result.push([width, value]);
  }
  return result;
}

/** How value and bound of the relaxation approach each other. */
function convergenceFigure(drawing: Drawing, members: readonly ProblemGroup[]): Html[] {
  const runs = members.flatMap(({ reg, bias, trials }) => {
    const relaxation = trials[0]?.objective?.result.relaxation;
    return relaxation === undefined || bias ? [] : [{ reg, relaxation }];
  });
  const curves = runs.map(({ relaxation: { history, iterations } }) => {
    let best = 0;
    const points = history.map(([, value, bound], k): Point => {
      best = Math.max(best, bound);
      return [history.length < 2 ? iterations : (k / (history.length - 1)) * iterations, (value - best) / value];
    });
    return usable(points);
  });
  const gaps = curves.flatMap((points) => points.map(([, gap]) => gap));
  if (gaps.length < 2) return [];
  const ends = runs.map(
    ({ reg, relaxation }) =>
      `${significant(relaxation.gap, 2)} after ${integer(relaxation.iterations)} iterations at reg ${reg}`,
  );
  const about = {
    id: `figure-${members[0].data}-convergence`,
    title: 'The relaxation’s own gap against iterations',
    description: `(value − certified bound) / value as the solver sees it; it ends at ${list(ends)}.`,
  };
  const longest = Math.max(...curves.flatMap((points) => points.map(([k]) => k)));
  const svg = lineChart(drawing, about, {
    x: { label: 'iterations →', domain: [0, longest] },
    y: { label: '↑ relative gap', log: true, domain: [Math.min(...gaps) * 0.8, 1] },
    series: curves.map((points, k) => ({
      points,
      color: BY_REG[k % BY_REG.length].color,
      mark: longest <= 60 ? BY_REG[k % BY_REG.length].mark : undefined,
    })),
  });
  return [figure(about, svg, { legend: regLegend(runs) })];
}

function regLegend(runs: readonly { readonly reg: number }[]): LegendEntry[] {
  return runs.map(({ reg }, k): LegendEntry => ({ label: `reg ${reg}`, kind: 'line', ...BY_REG[k % BY_REG.length] }));
}

function spectrumFigure(
  drawing: Drawing,
  data: ProblemGroup['data'],
  spectra: readonly { readonly reg: number; readonly eigenvalues: readonly number[] }[],
): Html {
  const series = spectra.map(({ eigenvalues }, k) => ({
    ...BY_REG[k % BY_REG.length],
    points: usable(eigenvalues.map((eigenvalue, index): Point => [index + 1, eigenvalue / eigenvalues[0]])),
  }));
  const ranks = spectra.map(
    ({ reg, eigenvalues }) =>
      `reg ${reg}: ${eigenvalues.filter((eigenvalue) => eigenvalue > RANK_CUTOFF * eigenvalues[0]).length}`,
  );
  const about = {
    id: `figure-${data}-spectrum`,
    title: 'Eigenvalues of Lambda',
    description: `Relative to the largest, the ${Math.max(...spectra.map(({ eigenvalues }) => eigenvalues.length))} largest at most; above the line at 10⁻⁴, of those shown, ${list(ranks)}.`,
  };
  const longest = Math.max(...series.map(({ points }) => points.length));
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const svg = lineChart(drawing, about, {
    x: { label: 'index →', domain: [1, Math.max(2, longest)] },
    y: {
      label: '↑ eigenvalue / largest',
      log: true,
      domain: [Math.max(1e-12, Math.min(RANK_CUTOFF / 3, ...values)), 1],
    },
    series: [
      {
        points: [
          [1, RANK_CUTOFF],
          [Math.max(2, longest), RANK_CUTOFF],
        ],
        color: 'var(--value)',
        dash: '4 4',
      },
      ...series,
    ],
  });
  return figure(about, svg, { legend: regLegend(spectra) });
}

function draw(drawing: Drawing, about: Parameters<typeof figure>[0], chart: LineChart): Html {
  return figure(about, lineChart(drawing, about, chart));
}

/** From a little below the bounds to a little above the worst final loss, or `span` times the best where that is less. */
function lossDomain(bounds: readonly (number | undefined)[], finals: readonly number[], span = 5): Point {
  const best = Math.min(...finals);
  const low = Math.min(best, ...bounds.filter((bound) => bound !== undefined && bound > best / 30).map(Number));
  const high = Math.min(Math.max(1.6 * best, 1.3 * Math.max(...finals)), span * best);
  return [low / (high / low) ** MARGIN, high];
}

/** From the first point that lies in the domain of losses to the last point of all. */
function visibleSpan(series: readonly Series[], [low, high]: Point): Point {
  const points = series.flatMap((each) => each.points);
  const seen = points.filter(([, y]) => y >= low && y <= high).map(([x]) => x);
  const end = Math.max(...points.map(([x]) => x));
  return [Math.min(end / 2, ...seen), end];
}

/** A bound of zero has no place on a logarithmic axis. */
function floorOf(bound: number | undefined): LineChart['floor'] {
  return bound === undefined || bound <= 0 ? undefined : { value: bound, label: `certified bound ${loss(bound)}` };
}

/** Points with a place on logarithmic axes, thinned evenly on the first of them; the first and last are kept. */
function usable(points: readonly Point[]): Point[] {
  const positive = points.filter(([x, y]) => x > 0 && y > 0 && Number.isFinite(y));
  if (positive.length <= MAX_POINTS) return positive;
  const [first, last] = [Math.log(positive[0][0]), Math.log(positive[positive.length - 1][0])];
  const step = (last - first) / MAX_POINTS;
  let next = first;
  return positive.filter(([x], k) => {
    if (k < positive.length - 1 && Math.log(x) < next) return false;
    next = Math.log(x) + step;
    return true;
  });
}
