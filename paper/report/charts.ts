/** The kinds of charts in the report, drawn in CSS colours, so that one drawing serves light, dark and print. */

import * as Plot from '@observablehq/plot';
import { draw, type Figure } from './drawing.js';
import type { Html } from './html.js';

const WIDTH = 420;
const HEIGHT = 270;
const FONT = { fontSize: '12px' };
const GRID = { stroke: 'var(--grid)', strokeOpacity: 1 };

export type Point = readonly [x: number, y: number];
export type Mark = 'circle' | 'square' | 'triangle' | 'diamond' | 'star';

export interface Series {
  readonly points: readonly Point[];
  /** A CSS colour. */
  readonly color: string;
  readonly dash?: string | undefined;
  readonly thick?: boolean | undefined;
  /** Each point is marked. */
  readonly mark?: Mark | undefined;
  /** No line between the points. */
  readonly scattered?: boolean | undefined;
  /** The value holds until the next point. */
  readonly steps?: boolean | undefined;
}

export interface Axis {
  readonly label: string;
  readonly log?: boolean | undefined;
  readonly domain?: Point | undefined;
  readonly ticks?: readonly number[] | undefined;
}

export interface LineChart {
  readonly x: Axis;
  /** What lies outside the domain is cut off; a floor below it is told at the lower edge. */
  readonly y: Axis & { readonly domain: Point };
  readonly series: readonly Series[];
  /** A line right across at the certified bound. */
  readonly floor?: { readonly value: number; readonly label: string; readonly side?: 'left' | 'right' } | undefined;
}

export function lineChart(figure: Figure, { x, y, series, floor }: LineChart): Html {
  const visible = series.filter(({ points }) => points.length > 0);
  const [bottom, top] = y.domain;
  return draw(figure, {
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 24,
    marginBottom: 38,
    style: FONT,
    x: { ...scaleOf(x), label: null },
    y: { ...scaleOf(y), label: null },
    marks: [
      Plot.gridY({ ...GRID, ticks: axisTicks(y) }),
      axisX(x),
      Plot.axisY({
        label: y.label,
        labelAnchor: 'top',
        labelArrow: 'none',
        text: tick,
        ticks: axisTicks(y),
        tickSize: 0,
      }),
      ...floorRule(floor, bottom),
      ...visible
        .filter(({ scattered }) => scattered !== true)
        .map(({ points, color, dash, thick, steps }) =>
          Plot.line(points as Point[], {
            x: '0',
            y: '1',
            stroke: color,
            strokeWidth: thick === true ? 2.4 : 1.6,
            ...(dash !== undefined && { strokeDasharray: dash }),
            ...(steps === true && { curve: 'step-after' as const }),
            clip: true,
          }),
        ),
      ...visible
        .filter(({ mark }) => mark !== undefined)
        .map(({ points, color, mark }) =>
          Plot.dot(inside(points, bottom, top), {
            x: '0',
            y: '1',
            fill: color,
            stroke: 'var(--card)',
            symbol: mark as Mark,
            r: mark === 'star' ? 6 : 4,
          }),
        ),
      ...floorLabel(floor, bottom),
    ],
  });
}

/** Nothing where the floor lies below the chart: its label says so. */
function floorRule(floor: LineChart['floor'], bottom: number): Plot.Markish[] {
  if (floor === undefined || floor.value < bottom) return [];
  return [Plot.ruleY([floor.value], { stroke: 'var(--floor)', strokeWidth: 1.5, strokeDasharray: '7 4' })];
}

function floorLabel(floor: LineChart['floor'], bottom: number): Plot.Markish[] {
  if (floor === undefined) return [];
  const { value, label, side = 'right' } = floor;
  const below = value < bottom;
  return [
    Plot.text([below ? bottom : value], {
      y: (at: number) => at,
      frameAnchor: side,
      dx: side === 'left' ? 2 : -2,
      dy: below ? -8 : 10,
      text: () => (below ? `↓ ${label}` : label),
      fill: 'var(--floor-text)',
      stroke: 'var(--card)',
      strokeWidth: 4,
    }),
  ];
}

const axisX = (x: Axis): Plot.Markish =>
  Plot.axisX({
    label: x.label,
    labelAnchor: 'right',
    labelArrow: 'none',
    text: tick,
    ticks: axisTicks(x),
    tickSize: 4,
  });

function inside(points: readonly Point[], bottom: number, top: number): Point[] {
  return points.filter(([, y]) => y >= bottom && y <= top);
}

export interface Interval {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly marks: readonly {
    readonly at: number;
    readonly color: string;
    readonly mark: Mark;
    readonly hollow?: boolean | undefined;
  }[];
}

/** One line per row: a bar from low to high and marks on it. */
export function intervalChart(figure: Figure, x: Axis, rows: readonly Interval[], labelWidth: number): Html {
  const marks = rows.flatMap(({ label, marks }) => marks.map((mark) => ({ ...mark, label })));
  return draw(figure, {
    width: WIDTH,
    height: 48 + 24 * rows.length,
    marginLeft: labelWidth,
    marginRight: 18,
    marginTop: 10,
    marginBottom: 38,
    style: FONT,
    x: { ...scaleOf(x), label: null },
    y: { type: 'point', domain: rows.map(({ label }) => label), label: null, padding: 0.6 },
    marks: [
      Plot.gridX({ ...GRID }),
      axisX(x),
      Plot.axisY({ tickSize: 0, tickPadding: 8 }),
      Plot.link(rows as Interval[], {
        x1: 'low',
        x2: 'high',
        y1: 'label',
        y2: 'label',
        stroke: 'var(--bar)',
        strokeWidth: 5,
        strokeLinecap: 'round',
      }),
      // One layer for each shape: the library takes shapes by name only where all marks share one.
      ...[...new Set(marks.map(({ mark }) => mark))].map((shape) =>
        Plot.dot(
          marks.filter(({ mark }) => mark === shape),
          {
            x: 'at',
            y: 'label',
            symbol: shape,
            // A diamond lies around another mark, a circle on a bar.
            fill: ({ hollow, color }: (typeof marks)[number]) => {
              if (hollow !== true) return color;
              return shape === 'diamond' ? 'none' : 'var(--card)';
            },
            stroke: 'color',
            strokeWidth: 1.6,
            r: shape === 'diamond' ? 6 : 4.2,
          },
        ),
      ),
    ],
    color: { type: 'identity' },
  });
}

export interface Histogram {
  readonly color: string;
  /** An outline, to be seen through. */
  readonly hollow?: boolean | undefined;
  readonly values: readonly number[];
}

/** Counts of values in bins of the given width, one set over the other on one axis. */
export function histogram(figure: Figure, x: Axis, sets: readonly Histogram[], binWidth: number): Html {
  return draw(figure, {
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 40,
    marginTop: 24,
    marginBottom: 38,
    style: FONT,
    x: { ...scaleOf(x), label: null },
    y: { label: null },
    marks: [
      Plot.gridY({ ...GRID }),
      Plot.axisX({ label: x.label, labelAnchor: 'right', labelArrow: 'none', tickSize: 4, text: tick }),
      Plot.axisY({ label: 'trials', labelArrow: 'none', tickSize: 0 }),
      ...sets.map(({ values, color, hollow }) =>
        Plot.rectY(
          values as number[],
          Plot.binX({ y: 'count' }, {
            x: (value: number) => value,
            interval: binWidth,
            fill: hollow === true ? 'none' : color,
            stroke: color,
            strokeWidth: hollow === true ? 2 : 0,
            inset: hollow === true ? 1.5 : 0.5,
          } as never),
        ),
      ),
      Plot.ruleY([0], { stroke: 'currentColor' }),
    ],
  });
}

function scaleOf({ log, domain }: Axis): { type?: 'log'; domain?: number[] } {
  return { ...(log === true && { type: 'log' as const }), ...(domain !== undefined && { domain: [...domain] }) };
}

/** Whole decades where there are enough of them, else round numbers within each; about five on a linear axis. */
function axisTicks({ log, domain, ticks }: Axis): number[] | number {
  if (ticks !== undefined) return [...ticks];
  if (log !== true || domain === undefined) return 5;
  const [low, high] = domain;
  const decades = Math.log10(high / low);
  const steps =
    decades > 2.5
      ? [1]
      : decades > 1
        ? [1, 2, 5]
        : decades > 0.4
          ? [1, 1.5, 2, 3, 5, 7]
          : [1, 1.1, 1.2, 1.3, 1.5, 1.7, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9];
  const every = decades > 6 ? 2 : 1;
  const first = Math.floor(Math.log10(low));
  const result: number[] = [];
  for (let exponent = first; exponent <= Math.ceil(Math.log10(high)); exponent++) {
    if ((exponent - first) % every !== 0) continue;
    for (const step of steps) {
      const value = Number((step * 10 ** exponent).toPrecision(12));
      if (value >= low && value <= high) result.push(value);
    }
  }
  return result.length >= 2 ? result : 4;
}

function tick(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [mantissa, exponent] = value.toExponential(0).split('e');
    const power = Array.from(String(Number(exponent)), (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('');
    return mantissa === '1' ? `10${power}` : `${mantissa}·10${power}`;
  }
  return String(Number(value.toPrecision(6))).replace('-', '−');
}
