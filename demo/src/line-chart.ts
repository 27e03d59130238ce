/** uPlot in the page's colours, as wide as its box, redrawn at most once a frame. */
import uPlot from 'uplot';
import { themeColour } from './theme.js';

export interface LineSpec {
  readonly label: string;
  /** Colour variable, e.g. `--loss`. */
  readonly colour: string;
  /** Points without a line. */
  readonly isScatter?: boolean;
  readonly dash?: readonly number[];
}

export interface ChartSpec {
  readonly xLabel: string;
  readonly lines: readonly LineSpec[];
  /** Both axes logarithmic. */
  readonly isLog?: boolean;
  /** Horizontal range while there is no data. */
  readonly emptyX: readonly [number, number];
  /** Pairs of lines, upper and lower by their position, with shading in between. */
  readonly bands?: readonly (readonly [number, number])[];
}

/** A row of numbers with gaps. */
export type Series = readonly (number | null)[];

const HEIGHT = 240;

export class LineChart {
  readonly #box: HTMLElement;
  readonly #spec: ChartSpec;
  #plot: uPlot;
  #data: uPlot.AlignedData;
  #frame = 0;
  #top = Number.POSITIVE_INFINITY;

  constructor(box: HTMLElement, spec: ChartSpec) {
    this.#box = box;
    this.#spec = spec;
    this.#data = [[], ...spec.lines.map(() => [])];
    this.#plot = this.#create();
    new ResizeObserver(() => this.#plot.setSize({ width: box.clientWidth, height: HEIGHT })).observe(box);
  }

  get canvas(): HTMLCanvasElement {
    return this.#plot.ctx.canvas;
  }

  /** @param top what lies higher is cut off */
  setData(x: readonly number[], lines: readonly Series[], top = Number.POSITIVE_INFINITY): void {
    this.#top = top;
    this.#data = [[...x], ...lines.map((line) => [...line])];
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#plot.setData(this.#data));
  }

  /** Colours are fixed when a plot is made. */
  rebuild(): void {
    this.#plot.destroy();
    this.#plot = this.#create();
  }

  #create(): uPlot {
    const { xLabel, lines, isLog = false, emptyX, bands = [] } = this.#spec;
    const [text, grid] = [themeColour('--muted'), themeColour('--line')];
    const axis: uPlot.Axis = {
      stroke: text,
      grid: { stroke: grid, width: 1 },
      ticks: { stroke: grid, width: 1, size: 4 },
      font: '12px system-ui, sans-serif',
      labelFont: '12px system-ui, sans-serif',
    };
    const options: uPlot.Options = {
      width: this.#box.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 12, 0, 0],
      scales: {
        x: {
          time: false,
          distr: isLog ? 3 : 1,
          range: (_plot, low, high) => horizontalRange(low, high, emptyX, isLog),
        },
        y: { distr: isLog ? 3 : 1, range: (_plot, low, high) => verticalRange(low, high, this.#top, isLog) },
      },
      axes: [
        { ...axis, label: xLabel, labelSize: 18, size: 30 },
        { ...axis, size: 46 },
      ],
      series: [{}, ...lines.map(lineSeries)],
      bands: bands.map(([upper, lower]) => ({
        series: [upper + 1, lower + 1],
        fill: translucent(themeColour('--open')),
      })),
    };
    return new uPlot(options, this.#data, this.#box);
  }
}

function lineSeries({ label, colour, isScatter = false, dash }: LineSpec): uPlot.Series {
  const stroke = themeColour(colour);
  return {
    label,
    stroke,
    width: isScatter ? 0 : 2,
    spanGaps: true,
    points: isScatter ? { show: true, size: 9, fill: stroke, width: 0 } : { show: false },
    ...(dash ? { dash: [...dash] } : {}),
  };
}

function horizontalRange(low: number, high: number, empty: readonly [number, number], log: boolean): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [...empty];
  if (log) return [Math.min(low, empty[0]), Math.max(high, empty[1])];
  return [0, Math.max(high, empty[1])];
}

function verticalRange(low: number, high: number, top: number, log: boolean): [number, number] {
  if (!Number.isFinite(high) || high <= 0) return log ? [0.1, 10] : [0, 1];
  const limit = Math.min(1.06 * high, top);
  return log ? [0.8 * low, 1.2 * limit] : [0, limit];
}

const translucent = (colour: string): string => `color-mix(in srgb, ${colour} 28%, transparent)`;
