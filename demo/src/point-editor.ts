/** Placing points on the plot with pointer or keyboard. */
import type { Dataset } from './dataset.js';
import { box } from './dom.js';
import type { RegionPlot } from './region-plot.js';
import { classColour } from './theme.js';

/** One press of an arrow key moves the crosshair by this fraction of the plot. */
const KEY_STEP = 0.025;
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
};

/** Calls `onAdd` with the features on the two axes whenever a point is placed. */
export function watchPlacing(canvas: HTMLCanvasElement, plot: RegionPlot, onAdd: (x: number, y: number) => void): void {
  let crosshair: readonly [number, number] = [0.5, 0.5];
  canvas.addEventListener('click', (event) => {
    onAdd(...plot.pointAt(event.offsetX / canvas.clientWidth, event.offsetY / canvas.clientHeight));
  });
  canvas.addEventListener('keydown', (event) => {
    const move = MOVES[event.key];
    if (move) crosshair = [clamp(crosshair[0] + move[0]), clamp(crosshair[1] + move[1])];
    else if (event.key === 'Enter' || event.key === ' ') onAdd(...plot.pointAt(...crosshair));
    else return;
    event.preventDefault();
    plot.setCrosshair(crosshair);
  });
  canvas.addEventListener('blur', () => plot.setCrosshair(undefined));
}

const clamp = (fraction: number): number => Math.max(0, Math.min(1, fraction));

/** One radio button per class; the first stays chosen when the choice is gone. */
export function showClasses({ classNames }: Dataset): void {
  const chosen = chosenClass();
  box('classes').replaceChildren(
    ...classNames.map((name, label) => {
      const swatch = document.createElement('label');
      swatch.className = 'swatch';
      swatch.style.setProperty('--swatch', classColour(label));
      const radio = Object.assign(document.createElement('input'), {
        type: 'radio',
        name: 'class',
        value: String(label),
      });
      radio.checked = label === (chosen < classNames.length ? chosen : 0);
      swatch.append(radio, document.createElement('i'), name);
      return swatch;
    }),
  );
}

export const chosenClass = (): number =>
  Number(box('classes').querySelector<HTMLInputElement>('input:checked')?.value ?? 0);

/** The data set with one more point; features that are on neither axis get their mean. */
export function withPoint(
  dataset: Dataset,
  axes: readonly [number, number],
  x: number,
  y: number,
  label: number,
): Dataset {
  const row = dataset.featureNames.map((_, k) => mean(dataset.X.map((other) => other[k])));
  row[axes[0]] = x;
  row[axes[1]] = y;
  return { ...dataset, X: [...dataset.X, row], labels: [...dataset.labels, label] };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

export const withoutLastPoint = (dataset: Dataset): Dataset => ({
  ...dataset,
  X: dataset.X.slice(0, -1),
  labels: dataset.labels.slice(0, -1),
});
