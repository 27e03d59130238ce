/** The certificate as a bar: what is impossible, what is not settled, where the networks are. */
import { asText, certificateSentence, figure, percent, relativeGap, type Standing } from './words.js';

export interface GaugeElements {
  readonly gauge: HTMLElement;
  readonly sentence: HTMLElement;
  readonly figures: Readonly<Record<'bound' | 'loss' | 'gap' | 'relaxation' | 'width' | 'adam', HTMLElement>>;
}

const MISSING = '–';

export function showStanding(
  elements: GaugeElements,
  standing: Standing,
  adamLoss: number | undefined,
  isRunning: boolean,
): void {
  const { lowerBound, loss, value, relaxationGap, width } = standing;
  const pieces = certificateSentence(standing, isRunning);
  elements.sentence.replaceChildren(
    ...pieces.map(({ text, strong }) =>
      strong ? Object.assign(document.createElement('strong'), { textContent: text }) : text,
    ),
  );
  const upper = loss ?? value;
  // The end of the scale: room to the right of whatever is known.
  const end = 1.25 * Math.max(upper ?? 0, Math.min(adamLoss ?? 0, 1.5 * (upper ?? 0)), lowerBound ?? 0) || 1;
  const { gauge, figures } = elements;
  const floor = percentOf(lowerBound ?? 0, end);
  place(gauge, '.gauge-floor', 'width', floor);
  place(gauge, '.gauge-open', 'left', floor);
  place(gauge, '.gauge-open', 'width', Math.max(0, percentOf(upper ?? 0, end) - floor));
  mark(gauge, '.gauge-mark-loss', loss, end);
  mark(gauge, '.gauge-mark-adam', adamLoss, end);
  gauge.setAttribute('aria-label', asText(pieces));

  const text = (number: number | undefined, format: (value: number) => string): string =>
    number === undefined || !Number.isFinite(number) ? MISSING : format(number);
  const gap = loss === undefined || lowerBound === undefined ? undefined : relativeGap(loss, lowerBound);
  figures.bound.textContent = text(lowerBound, figure);
  figures.loss.textContent = text(loss, figure);
  figures.gap.textContent = text(gap, percent);
  figures.relaxation.textContent = text(relaxationGap, percent);
  figures.width.textContent = text(width, String);
  figures.adam.textContent = text(adamLoss, figure);
}

const percentOf = (value: number, end: number): number => Math.max(0, Math.min(100, (100 * value) / end));

function place(gauge: HTMLElement, selector: string, property: 'left' | 'width', value: number): void {
  (gauge.querySelector(selector) as HTMLElement).style[property] = `${value}%`;
}

function mark(gauge: HTMLElement, selector: string, value: number | undefined, end: number): void {
  const element = gauge.querySelector(selector) as HTMLElement;
  element.style.visibility = value === undefined ? 'hidden' : 'visible';
  if (value !== undefined) element.style.left = `${Math.min(99, percentOf(value, end))}%`;
}
