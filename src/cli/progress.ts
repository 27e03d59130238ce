/** The progress line on stderr: rewritten in place on a terminal, else a plain line every few seconds. */
import type { Report } from '../index.js';

/** Where progress goes; process.stderr has this shape. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 2000;
const CLEAR_LINE = '\r\x1b[K';

export class ProgressLine {
  readonly #stream: ProgressStream;
  readonly #plainIntervalMs: number;
  #lastMs = 0;
  #shown = false;

  constructor(stream: ProgressStream, plainIntervalMs = PLAIN_INTERVAL_MS) {
    this.#stream = stream;
    this.#plainIntervalMs = plainIntervalMs;
  }

  /** Shows the record unless one was shown a moment ago. */
  update(progress: Report): void {
    this.show(progress.elapsedMs, () => formatProgress(progress));
  }

  /** Shows a line of another kind, made only if its turn has come. */
  show(elapsedMs: number, format: () => string): void {
    const interval = this.#stream.isTTY ? TERMINAL_INTERVAL_MS : this.#plainIntervalMs;
    if (elapsedMs - this.#lastMs < interval) return;
    this.#lastMs = elapsedMs;
    const line = format();
    if (!this.#stream.isTTY) this.#stream.write(`${line}\n`);
    else this.#stream.write(`${CLEAR_LINE}${line.slice(0, (this.#stream.columns ?? 120) - 1)}`);
    this.#shown = true;
  }

  /** A message of its own, above the progress line. */
  note(message: string): void {
    this.clear();
    this.#stream.write(`${message}\n`);
  }

  /** Takes the line off the terminal, so that what follows starts clean. */
  clear(): void {
    if (this.#shown && this.#stream.isTTY) this.#stream.write(CLEAR_LINE);
    this.#shown = false;
  }
}

/** E.g. `relaxation, iteration 12: value 1.67321, bound 1.66001, gap 7.9e-3, 2.1 s`; what is not known yet is left out. */
export function formatProgress({ phase, iteration, value, loss, lowerBound, gap, elapsedMs }: Report): string {
  const parts = [
    value === undefined ? '' : `value ${value.toPrecision(6)}`,
    loss === undefined ? '' : `loss ${loss.toPrecision(6)}`,
    lowerBound === undefined ? '' : `bound ${lowerBound.toPrecision(6)}`,
    gap === undefined ? '' : `gap ${gap.toExponential(1)}`,
    `${(elapsedMs / 1000).toFixed(1)} s`,
  ];
  return `${phase}, iteration ${iteration}: ${parts.filter((part) => part !== '').join(', ')}`;
}
