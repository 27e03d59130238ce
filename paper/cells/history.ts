/** Times and histories as they are stored: short enough to be drawn. */

/** At most `count` of the entries, the first and the last among them, spread evenly. */
export function thin<T>(entries: readonly T[], count: number): T[] {
  if (entries.length <= count) return [...entries];
  return Array.from({ length: count }, (_, k) => entries[Math.round((k * (entries.length - 1)) / (count - 1))]);
}

/** Milliseconds to a hundredth: more would be noise. */
export const roundMs = (ms: number): number => Math.round(100 * ms) / 100;

/** What is left of a time limit; never negative. */
export const remainingMs = (startMs: number, limitMs: number): number =>
  Math.max(0, startMs + limitMs - performance.now());
