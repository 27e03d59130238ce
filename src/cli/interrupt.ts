/** Ctrl-C and SIGTERM: the first one asks the run to stop with its best result, the second one ends the process at once. */
import { ExitCode } from './exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `work` with a signal that the first SIGINT or SIGTERM aborts; the handler is there only as long as the work.
 *
 * @param onInterrupt called at the first of them
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
  for (const name of SIGNALS) process.on(name, handler);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of SIGNALS) process.off(name, handler);
  }
}
