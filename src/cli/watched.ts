/** A long run as every command does it: a progress line on stderr, and Ctrl-C asks for the best so far. */
import type { RunLimits } from '../index.js';
import { withInterrupt } from './interrupt.js';
import { ProgressLine } from './progress.js';

export interface Watched<T> {
  readonly result: T;
  /** Whether Ctrl-C ended it early. */
  readonly stopped: boolean;
}

/** @param work the run, which passes these limits on to the library */
export async function watched<T>(
  work: (limits: Pick<RunLimits, 'stopSignal' | 'onProgress'>) => Promise<T>,
): Promise<Watched<T>> {
  const line = new ProgressLine(process.stderr);
  return withInterrupt(
    () => line.note('Stopping with the best so far; Ctrl-C again to quit at once.'),
    async (stopSignal) => {
      const result = await work({ stopSignal, onProgress: (progress) => line.update(progress) });
      return { result, stopped: stopSignal.aborted };
    },
  ).finally(() => line.clear());
}
