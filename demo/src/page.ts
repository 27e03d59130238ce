/** Everything the page shows of a run: plots, charts, gauge, heat map. */
import type { Progress } from 'convex-relu';
import type { Answer } from './background.js';
import type { Dataset } from './dataset.js';
import { box, button, canvas, input } from './dom.js';
import { showStanding } from './gauge.js';
import { drawHeatmap, type LambdaPicture } from './heatmap.js';
import { LineChart } from './line-chart.js';
import type { PlainNetwork } from './plain-network.js';
import { RegionPlot } from './region-plot.js';
import type { TrainedResult } from './session.js';
import { figure, percent, relativeGap, type Standing } from './words.js';

const PHASES: Readonly<Partial<Record<Progress['phase'], string>>> = {
  reduce: 'Preparing',
  relaxation: 'Solving the convex problem',
  rounding: 'Rounding to a network',
  polish: 'Polishing the network',
  growth: 'Growing the network',
  oracle: 'Proving the floor exactly',
};

/** Top of the chart over time, in units of the best loss known: a start far above would flatten everything. */
const CHART_HEADROOM = 1.9;

/** What the run has shown so far; starts anew with every run. */
class Trace {
  standing: Standing = {};
  phase = '';
  adamLoss: number | undefined;
  network: PlainNetwork | undefined;
  adamNetwork: PlainNetwork | undefined;
  picture: LambdaPicture | undefined;
  readonly times: number[] = [];
  readonly lines: (number | null)[][] = [[], [], [], []];
  readonly widths = new Map<number, number>();
}

export class Page {
  readonly plot = new RegionPlot(canvas('plot-convex'));
  readonly #adamPlot = new RegionPlot(canvas('plot-adam'));
  readonly #progressChart = new LineChart(box('chart-progress'), {
    xLabel: 'seconds',
    emptyX: [0, 2],
    lines: [
      { label: 'value', colour: '--value' },
      { label: 'bound', colour: '--floor' },
      { label: 'network', colour: '--loss' },
      { label: 'Adam', colour: '--adam' },
    ],
    bands: [
      [0, 1],
      [2, 1],
    ],
  });
  readonly #widthChart = new LineChart(box('chart-width'), {
    xLabel: 'neurons',
    isLog: true,
    emptyX: [1, 100],
    lines: [
      { label: 'floor', colour: '--floor' },
      { label: 'Adam', colour: '--adam' },
      { label: 'network', colour: '--loss', isScatter: true },
    ],
  });
  #trace = new Trace();
  #isRunning = false;
  #frame = 0;
  #dataset: Dataset;
  #axes: readonly [number, number] = [0, 1];

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
    input('neurons').addEventListener('change', () => this.#drawRegions());
    this.reset();
  }

  get adamLoss(): number | undefined {
    return this.#trace.adamLoss;
  }

  get pictures(): readonly (readonly [string, HTMLCanvasElement])[] {
    return [
      ['Decision regions, convex training', canvas('plot-convex')],
      ['Decision regions, Adam at the same width', canvas('plot-adam')],
      ['Value, bound and losses over time', this.#progressChart.canvas],
      ['Loss against width', this.#widthChart.canvas],
      ['Blocks of Lambda', canvas('heatmap')],
    ];
  }

  setDataset(dataset: Dataset, axes: readonly [number, number]): void {
    this.#dataset = dataset;
    this.#axes = axes;
    this.#drawRegions();
  }

  /** Forgets the last run. */
  reset(): void {
    this.#trace = new Trace();
    box('note-adam').textContent = 'Starts as soon as the width is known. It never learns how far from the best it is.';
    box('note-lambda').textContent = 'Appears when the convex problem is solved.';
    drawHeatmap(canvas('heatmap'), undefined);
    this.#drawRegions();
    this.#drawProgress();
    this.#drawWidths();
    this.#showStanding();
    this.setExportable(false);
  }

  setRunning(isRunning: boolean): void {
    this.#isRunning = isRunning;
    button('train').disabled = isRunning;
    this.#showStanding();
  }

  showCancelled(): void {
    this.#trace.phase = 'Cancelled';
    this.#showStanding();
  }

  setCancellable(isCancellable: boolean): void {
    button('cancel').disabled = !isCancellable;
  }

  setExportable(isExportable: boolean): void {
    button('export-model').disabled = button('export-report').disabled = !isExportable;
  }

  /** @param seconds since the run began */
  showProgress({ phase, iteration, value, lowerBound, loss }: Progress, seconds: number): void {
    const trace = this.#trace;
    const isRelaxing = phase === 'relaxation';
    trace.standing = {
      ...trace.standing,
      ...(value !== undefined && { value }),
      ...(lowerBound !== undefined && { lowerBound }),
      ...(loss !== undefined && { loss: Math.min(loss, trace.standing.loss ?? loss) }),
      ...(isRelaxing && value && lowerBound !== undefined && { relaxationGap: relativeGap(value, lowerBound) }),
    };
    // The relaxation's value says nothing about networks once there is one; its line ends there.
    this.#record(seconds, [isRelaxing ? value : undefined, trace.standing.lowerBound, trace.standing.loss]);
    trace.phase = `${PHASES[phase] ?? phase} · step ${iteration} · ${seconds.toFixed(1)} s`;
    this.#showStanding();
  }

  showNetwork(network: PlainNetwork): void {
    this.#trace.network = network;
    this.#drawRegions();
  }

  showResult({ loss, lowerBound, relaxation, network }: TrainedResult, seconds: number): void {
    const standing = { loss, lowerBound, width: network.width };
    this.#trace.standing = relaxation
      ? { ...standing, value: relaxation.value, relaxationGap: relaxation.gap }
      : standing;
    this.#record(seconds, [undefined, lowerBound, loss]);
    this.#trace.phase = `Done in ${seconds.toFixed(1)} s`;
    this.#showStanding();
    this.#drawWidths();
    this.setExportable(true);
  }

  showAdam(network: PlainNetwork, loss: number, seconds: number): void {
    this.#trace.adamNetwork = network;
    this.#trace.adamLoss = loss;
    const { lowerBound, loss: convexLoss } = this.#trace.standing;
    this.#record(seconds, [undefined, lowerBound, convexLoss, loss]);
    const above = percent(relativeGap(loss, lowerBound ?? 0));
    box('note-adam').textContent = `Adam is at ${figure(loss)}: up to ${above} too high. Only the floor can tell.`;
    this.#drawRegions();
    this.#showStanding();
  }

  showWidth(width: number, loss: number): void {
    this.#trace.widths.set(width, loss);
    this.#drawWidths();
  }

  showLambda({ picture, rank, size }: Extract<Answer, { kind: 'lambda' }>): void {
    this.#trace.picture = picture;
    drawHeatmap(canvas('heatmap'), picture);
    const text = `${size} × ${size}, numerical rank ${rank}: to match it exactly takes at least ${rank} neurons.`;
    box('note-lambda').textContent = text;
    canvas('heatmap').setAttribute('aria-label', `Heat map of Lambda's blocks. ${text}`);
  }

  /** Redraws everything in the colours of the theme. */
  recolour(): void {
    this.#progressChart.rebuild();
    this.#widthChart.rebuild();
    this.#drawRegions();
    drawHeatmap(canvas('heatmap'), this.#trace.picture);
  }

  #record(seconds: number, values: readonly (number | undefined)[]): void {
    const { times, lines } = this.#trace;
    times.push(seconds);
    for (const [k, line] of lines.entries()) line.push(Number.isFinite(values[k]) ? (values[k] as number) : null);
    this.#drawProgress();
  }

  #drawProgress(): void {
    const { times, lines, standing } = this.#trace;
    this.#progressChart.setData(
      times,
      lines,
      CHART_HEADROOM * (standing.loss ?? standing.value ?? Number.POSITIVE_INFINITY),
    );
  }

  #drawWidths(): void {
    const { widths, standing } = this.#trace;
    const { width: own, loss, lowerBound } = standing;
    const x = [...new Set([1, ...widths.keys(), ...(own ? [own] : []), 100])].sort((p, q) => p - q);
    if (lowerBound === undefined) {
      this.#widthChart.setData([], [[], [], []]);
      return;
    }
    this.#widthChart.setData(x, [
      x.map(() => lowerBound),
      x.map((width) => widths.get(width) ?? null),
      x.map((width) => (width === own && loss !== undefined ? loss : null)),
    ]);
  }

  #drawRegions(): void {
    const scene = { dataset: this.#dataset, axes: this.#axes, showNeurons: input('neurons').checked };
    this.plot.show({ ...scene, network: this.#trace.network });
    this.#adamPlot.show({ ...scene, network: this.#trace.adamNetwork });
  }

  /** With the next frame: many reports come in between two. */
  #showStanding(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paintStanding());
  }

  #paintStanding(): void {
    const { standing, adamLoss, phase } = this.#trace;
    box('phase').textContent = phase;
    showStanding(certificateElements(), standing, adamLoss, this.#isRunning);
  }
}

const certificateElements = () => ({
  gauge: box('gauge'),
  sentence: box('sentence'),
  figures: {
    bound: box('figure-bound'),
    loss: box('figure-loss'),
    gap: box('figure-gap'),
    relaxation: box('figure-relaxation'),
    width: box('figure-width'),
    adam: box('figure-adam'),
  },
});
