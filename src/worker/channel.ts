/** A worker as the trainer sees it, whatever the host calls it. */
import type { FromWorker, ToWorker } from './protocol.js';

export interface Channel {
  post(message: ToWorker, transfer?: readonly ArrayBuffer[]): void;
  /** Whether the worker keeps the process alive; an idle one must not. */
  keepAlive(busy: boolean): void;
  /** Ends the worker at once, even inside a kernel. No event follows. */
  terminate(): Promise<void>;
}

export interface ChannelEvents {
  onMessage(message: FromWorker): void;
  /** The worker failed to start, crashed, ran out of memory, or was ended by somebody else. */
  onDeath(reason: string): void;
}
