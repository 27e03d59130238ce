/** Ctrl-C: the first one asks the run to stop with its best result, the second one ends the process at once. */
import { ExitCode } from './exit-codes.js';

/**
 * Runs `work` with a signal that the first SIGINT aborts; the handler is there only as long as the work.
 *
 * @param onInterrupt called at the first SIGINT
 */
export async function withInterrupt<T>(
  onInterrupt: () => void,
  work: (stopSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const handler = (): void => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort();
    onInterrupt();
  };
  process.on('SIGINT', handler);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', handler);
  }
}
