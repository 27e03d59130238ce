/** Losses of one problem against time, iterations and width, with the best certified bound as a line. */
import type { DescentCell, ObjectiveResult } from '../../cells/results.js';
import { type LineChart, lineChart, type Point, type Series } from '../charts.js';
import { figure } from '../figure.js';
import { duration, list, loss, percentAtMost } from '../format.js';
import type { Html } from '../html.js';
import type { Problem, ProblemGroup } from '../problems.js';
import { tightnessOf } from '../tightness.js';
import { usable } from './curve-points.js';

/** How each curve looks, in all figures. */
export const OURS = { color: 'var(--loss)', thick: true };
export const VALUE = { color: 'var(--value)', dash: '1.5 3' };
export const BOUND = { color: 'var(--floor)' };
export const FLOOR = { color: 'var(--floor)', dash: '7 4' };
export const ADAM = { color: 'var(--adam)', dash: '6 3' };
export const SGD = { color: 'var(--sgd)', dash: '2 2.5' };
export const SWEEP = { color: 'var(--loss)', dash: '3 3' };

/** Share of the height left below the lowest line, for its label. */
const MARGIN = 0.11;
/** How many times the least loss is shown against width, and against iterations. */
const WIDTH_SPAN = 3;
const ITERATION_SPAN = 8;

/** Of the first trial, where there are several. */
export function lossCurves({ data, reg, bias, trials }: ProblemGroup): Html[] {
  const [problem] = trials;
  const id = `figure-${data}-${String(reg).replace('.', '_')}${bias ? '-bias' : ''}`;
  const where = `reg ${reg}${bias ? ', bias' : ''}`;
  return [
    timeFigure(problem, `${id}-time`, where),
    iterationFigure(problem, `${id}-iterations`, where),
    widthFigure(problem, `${id}-width`, where),
  ].flatMap((drawn) => drawn ?? []);
}

/** The descent cell with the least loss of one method. */
function bestDescent(cells: readonly DescentCell[], method: 'sgd' | 'adam'): DescentCell | undefined {
  return cells.reduce<DescentCell | undefined>(
    (best, cell) => (best === undefined || cell.result[method].loss < best.result[method].loss ? cell : best),
    undefined,
  );
}

function timeFigure(problem: Problem, id: string, where: string): Html | undefined {
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
  const finals = [network.loss, ...methods.map(({ run }) => run.loss)];
  const domain = lossDomain([tightness.relaxationBound, tightness.bound], finals);
  return draw(about, {
    x: { label: 'seconds →', log: true, domain: visibleSpan(series, domain) },
    y: { label: '↑ training loss', log: true, domain },
    series,
    floor: floorOf(tightness.bound),
  });
}

function iterationFigure(problem: Problem, id: string, where: string): Html | undefined {
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
  const domain = lossDomain([bound], finals, ITERATION_SPAN);
  return draw(about, {
    x: { label: 'iterations →', log: true, domain: visibleSpan(series, domain) },
    y: { label: '↑ training loss', log: true, domain },
    series,
    floor: floorOf(bound),
  });
}

function widthFigure(problem: Problem, id: string, where: string): Html | undefined {
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
      : `no width can save more than ${percentAtMost((network.loss - bound) / network.loss)}`,
  ].filter((part) => part !== undefined);
  const text = parts.join('; ');
  const about = { id, title: `Loss against width, ${where}`, description: `${text[0].toUpperCase()}${text.slice(1)}.` };
  return draw(about, {
    x: { label: 'neurons →', log: true, domain: [Math.max(1, Math.min(...widths) * 0.9), Math.max(...widths) * 1.1] },
    y: {
      label: '↑ training loss',
      log: true,
      domain: lossDomain(
        [bound],
        points.map(([, value]) => value),
        WIDTH_SPAN,
      ),
    },
    series,
    floor: floorOf(bound, 'left'),
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

function draw(about: Parameters<typeof figure>[0], chart: LineChart): Html {
  return figure(about, lineChart(about, chart));
}

/** From a little below the bounds to a little above the worst final loss, or `span` times the best where that is less. */
function lossDomain(bounds: readonly (number | undefined)[], finals: readonly number[], span = 5): Point {
  const best = Math.min(...finals);
  const low = Math.min(best, ...bounds.filter((bound) => bound !== undefined && bound > best / 4).map(Number));
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
function floorOf(bound: number | undefined, side: 'left' | 'right' = 'right'): LineChart['floor'] {
  return bound === undefined || bound <= 0
    ? undefined
    : { value: bound, label: `certified bound ${loss(bound)}`, side };
}
