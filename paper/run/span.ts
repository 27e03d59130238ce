/** How long a run took, told by its cells alone: it may have been stopped and continued, or killed. */
import type { Cell } from '../cells/index.js';

export interface Span {
  /** ISO 8601. */
  readonly started: string;
  readonly finished: string;
  /** Milliseconds in which at least one of the cells was being worked on. */
  readonly elapsedMs: number;
}

/** @param cells at least one */
export function spanOf(cells: readonly Pick<Cell, 'provenance'>[]): Span {
  const stretches = cells
    .map(({ provenance: { date, elapsedMs } }) => ({ start: Date.parse(date) - elapsedMs, end: Date.parse(date) }))
    .sort((first, second) => first.start - second.start);
  let covered = Number.NEGATIVE_INFINITY;
  let elapsedMs = 0;
  for (const { start, end } of stretches) {
    elapsedMs += Math.max(0, end - Math.max(start, covered));
    covered = Math.max(covered, end);
  }
  const instant = (ms: number): string => new Date(ms).toISOString();
  return { started: instant(stretches[0].start), finished: instant(covered), elapsedMs };
}
