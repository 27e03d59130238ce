/** Decision regions, neurons and points on one canvas. */
import type { Dataset } from './dataset.js';
import { neuronShares, type PlainNetwork, scoresAt } from './plain-network.js';
import { classColour, isDark, rgb, themeColour } from './theme.js';

/** Multiply–adds one field may cost, so that drawing stays within a few milliseconds. */
const FIELD_BUDGET = 1.5e6;
const MAX_CELLS = 120;
/** Neurons below this share of the strongest are not drawn. */
const MIN_SHARE = 0.02;

export interface Scene {
  readonly dataset: Dataset;
  /** Features on the two axes. */
  readonly axes: readonly [number, number];
  readonly network?: PlainNetwork | undefined;
  readonly showNeurons: boolean;
}

/** Range of an axis: the data with a margin, and [−1.15, 1.15] where there is none. */
function range(dataset: Dataset, feature: number): readonly [number, number] {
  if (!dataset.hasUnits) return [-1.15, 1.15];
  const values = dataset.X.map((row) => row[feature]);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = 0.08 * (high - low || 1);
  return [low - margin, high + margin];
}

export class RegionPlot {
  readonly #canvas: HTMLCanvasElement;
  readonly #field = document.createElement('canvas');
  #scene: Scene | undefined;
  #fieldOf: unknown[] = [];
  #crosshair: readonly [number, number] | undefined;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.draw();
  }

  /** Where the keyboard's crosshair is, as fractions of the canvas; undefined hides it. */
  setCrosshair(position: readonly [number, number] | undefined): void {
    this.#crosshair = position;
    this.draw();
  }

  /** The point under a position given as fractions of the canvas, top left (0, 0). */
  pointAt(fx: number, fy: number): readonly [number, number] {
    const { dataset, axes } = this.#scene as Scene;
    const [x0, x1] = range(dataset, axes[0]);
    const [y0, y1] = range(dataset, axes[1]);
    return [x0 + fx * (x1 - x0), y1 - fy * (y1 - y0)];
  }

  /** Draws with the next frame; several calls become one. */
  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    const canvas = this.#canvas;
    const scene = this.#scene;
    const size = Math.round(canvas.clientWidth * devicePixelRatio);
    if (scene === undefined || size === 0) return;
    if (canvas.width !== size) canvas.width = canvas.height = size;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    context.clearRect(0, 0, size, size);
    if (scene.network) {
      this.#paintField(scene, scene.network);
      context.drawImage(this.#field, 0, 0, size, size);
      if (scene.showNeurons) this.#paintNeurons(context, size, scene, scene.network);
    }
    this.#paintPoints(context, size, scene);
    if (this.#crosshair) paintCrosshair(context, size, this.#crosshair);
  }

  /** One pixel a cell, enlarged with smoothing; kept until the network, the data or the colours change. */
  #paintField(scene: Scene, network: PlainNetwork): void {
    const key = [network, scene.dataset, ...scene.axes, isDark()];
    if (key.every((part, k) => part === this.#fieldOf[k])) return;
    this.#fieldOf = key;
    const work = Math.max(1, network.width) * (network.d + network.classes);
    const cells = Math.max(40, Math.min(MAX_CELLS, Math.floor(Math.sqrt(FIELD_BUDGET / work))));
    this.#field.width = this.#field.height = cells;
    const context = this.#field.getContext('2d') as CanvasRenderingContext2D;
    const image = context.createImageData(cells, cells);
    const colours = Array.from({ length: network.classes }, (_, k) => rgb(classColour(k)));
    const x = centre(scene.dataset);
    const [left, top] = this.pointAt(0, 0);
    const [right, bottom] = this.pointAt(1, 1);
    const scores = new Float64Array(network.classes);
    for (let row = 0; row < cells; row++) {
      for (let column = 0; column < cells; column++) {
        x[scene.axes[0]] = left + ((column + 0.5) / cells) * (right - left);
        x[scene.axes[1]] = top + ((row + 0.5) / cells) * (bottom - top);
        scoresAt(network, x, scores);
        const best = largestAt(scores, -1);
        const margin = scores[best] - scores[largestAt(scores, best)];
        const pixel = 4 * (row * cells + column);
        for (let k = 0; k < 3; k++) image.data[pixel + k] = colours[best][k];
        // Sure regions are stronger; 1 is the margin of a perfectly fitted one-hot target.
        image.data[pixel + 3] = 30 + 95 * Math.min(1, margin);
      }
    }
    context.putImageData(image, 0, 0);
  }

  /** Each neuron's line w·x + b = 0, with a short tick towards its active side. */
  #paintNeurons(context: CanvasRenderingContext2D, size: number, scene: Scene, network: PlainNetwork): void {
    const base = centre(scene.dataset);
    const [left, top] = this.pointAt(0, 0);
    const [right, bottom] = this.pointAt(1, 1);
    const shares = neuronShares(network);
    const stride = network.d + 1;
    context.strokeStyle = themeColour('--text');
    context.lineWidth = Math.max(1, size / 500);
    for (let j = 0; j < network.width; j++) {
      if (shares[j] < MIN_SHARE) continue;
      const w = network.hidden.subarray(j * stride, j * stride + network.d);
      let offset = network.hidden[j * stride + network.d];
      for (let k = 0; k < network.d; k++) if (!scene.axes.includes(k)) offset += w[k] * base[k];
      // The line in canvas fractions: p·fx + q·fy + r = 0.
      const p = w[scene.axes[0]] * (right - left);
      const q = w[scene.axes[1]] * (bottom - top);
      const r = offset + w[scene.axes[0]] * left + w[scene.axes[1]] * top;
      context.globalAlpha = 0.15 + 0.5 * shares[j];
      strokeLine(context, size, p, q, r);
    }
    context.globalAlpha = 1;
  }

  #paintPoints(context: CanvasRenderingContext2D, size: number, { dataset, axes }: Scene): void {
    const [x0, x1] = range(dataset, axes[0]);
    const [y0, y1] = range(dataset, axes[1]);
    const radius = Math.max(3.2 * devicePixelRatio, size / 95);
    context.lineWidth = radius / 3;
    context.strokeStyle = themeColour('--card');
    dataset.X.forEach((row, i) => {
      context.beginPath();
      context.arc(
        ((row[axes[0]] - x0) / (x1 - x0)) * size,
        ((y1 - row[axes[1]]) / (y1 - y0)) * size,
        radius,
        0,
        2 * Math.PI,
      );
      context.fillStyle = classColour(dataset.labels[i]);
      context.fill();
      context.stroke();
    });
  }
}

/** The mean row: where features that are on neither axis are held. */
function centre({ X, featureNames }: Dataset): Float64Array {
  const mean = new Float64Array(featureNames.length);
  for (const row of X) for (let k = 0; k < mean.length; k++) mean[k] += row[k] / X.length;
  return mean;
}

/** Position of the largest score, leaving one out. */
function largestAt(scores: Float64Array, leftOut: number): number {
  let best = leftOut === 0 ? 1 : 0;
  for (let k = best + 1; k < scores.length; k++) if (k !== leftOut && scores[k] > scores[best]) best = k;
  return best;
}

/** Strokes p·fx + q·fy + r = 0 across the unit square, and a tick at its middle towards where it is positive. */
function strokeLine(context: CanvasRenderingContext2D, size: number, p: number, q: number, r: number): void {
  const norm = Math.hypot(p, q);
  if (norm === 0) return;
  // The foot of the perpendicular from the centre, and the line's direction.
  const distance = (p / 2 + q / 2 + r) / norm;
  if (Math.abs(distance) > 0.75) return;
  const [fx, fy] = [0.5 - (distance * p) / norm, 0.5 - (distance * q) / norm];
  context.beginPath();
  context.moveTo((fx - (1.5 * q) / norm) * size, (fy + (1.5 * p) / norm) * size);
  context.lineTo((fx + (1.5 * q) / norm) * size, (fy - (1.5 * p) / norm) * size);
  context.moveTo(fx * size, fy * size);
  context.lineTo((fx + (0.022 * p) / norm) * size, (fy + (0.022 * q) / norm) * size);
  context.stroke();
}

function paintCrosshair(context: CanvasRenderingContext2D, size: number, [fx, fy]: readonly [number, number]): void {
  const arm = size / 24;
  context.strokeStyle = themeColour('--text');
  context.lineWidth = 2 * devicePixelRatio;
  context.beginPath();
  context.moveTo(fx * size - arm, fy * size);
  context.lineTo(fx * size + arm, fy * size);
  context.moveTo(fx * size, fy * size - arm);
  context.lineTo(fx * size, fy * size + arm);
  context.stroke();
}
