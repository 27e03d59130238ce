/** How far a run of many cells is: counts, what is running, and how long it may still take. */
import type { Glimpse } from './protocol.js';

interface Running {
  readonly name: string;
  readonly expectedMs: number;
  readonly startMs: number;
  progress?: Glimpse;
}

export class Overview {
  readonly #total: number;
  readonly #jobs: number;
  readonly #startMs: number;
  readonly #running = new Map<string, Running>();
  #waitingMs: number;
  #finished = 0;
  #failed = 0;
  #expectedDoneMs = 0;
  #tookMs = 0;

  /** @param expectedMs guesses for all cells that are to run */
  constructor(expectedMs: readonly number[], jobs: number, nowMs: number) {
    this.#total = expectedMs.length;
    this.#jobs = jobs;
    this.#startMs = nowMs;
    this.#waitingMs = expectedMs.reduce((sum, ms) => sum + ms, 0);
  }

  start(name: string, expectedMs: number, nowMs: number): void {
    this.#running.set(name, { name, expectedMs, startMs: nowMs });
    this.#waitingMs -= expectedMs;
  }

  glimpse(name: string, progress: Glimpse): void {
    const running = this.#running.get(name);
    if (running) running.progress = progress;
  }

  end(name: string, nowMs: number, failed = false): void {
    const running = this.#running.get(name);
    if (!running) return;
    this.#running.delete(name);
    this.#finished++;
    if (failed) this.#failed++;
    this.#expectedDoneMs += running.expectedMs;
    this.#tookMs += nowMs - running.startMs;
  }

  /** Milliseconds left: the guesses, corrected by how the finished cells compare with theirs, over the workers; at least the longest one running. */
  remainingMs(nowMs: number): number {
    const correction = this.#expectedDoneMs > 0 ? this.#tookMs / this.#expectedDoneMs : 1;
    const left = Array.from(this.#running.values(), ({ expectedMs, startMs }) =>
      Math.max(0, expectedMs - (nowMs - startMs)),
    );
    const running = left.reduce((sum, ms) => sum + ms, 0);
    return Math.max((correction * this.#waitingMs + running) / this.#jobs, ...left);
  }

  line(nowMs: number): string {
    const parts = [
      `${this.#finished} of ${this.#total} cells`,
      ...(this.#failed > 0 ? [`${this.#failed} failed`] : []),
      `${clock(nowMs - this.#startMs)} gone, about ${clock(this.remainingMs(nowMs))} left`,
      ...Array.from(this.#running.values(), describe),
    ];
    return parts.join(' · ');
  }
}

function describe({ name, progress }: Running): string {
  if (progress === undefined) return name;
  const gap = progress.gap === undefined ? '' : ` gap ${progress.gap.toExponential(1)}`;
  return `${name}: ${progress.phase} ${progress.iteration}${gap}`;
}

/** E.g. 0:07, 12:40, 1:02:03. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
