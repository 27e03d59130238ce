/** The worker's side: runs the jobs it is sent and answers. */
import { init } from '../index.js';
import { TASKS } from '../tasks/registry.js';
import { runTask } from '../tasks/task.js';
import { encodeError } from './errors.js';
import type { FromWorker, Job, ToWorker } from './protocol.js';
import { decode, encode } from './transfer.js';

export type Post = (message: FromWorker, transfer: ArrayBuffer[]) => void;

/** Returns the handler of messages from the trainer; answers go through `post`. */
export function createServer(post: Post): (message: ToWorker) => Promise<void> {
  let started: Promise<void> | undefined;
  let stop = new AbortController();
  return async (message) => {
    if (message.kind === 'start') {
      holdLifeLock(message.lockName, () => post({ kind: 'ready' }, []));
      const starting = init(message.wasm);
      // Awaited, and so reported, by every job.
      starting.catch(() => {});
      started = starting;
      return;
    }
    if (message.kind === 'stop') {
      stop.abort();
      return;
    }
    stop = new AbortController();
    const { signal: stopSignal } = stop;
    try {
      await started;
      const result = await run(message, stopSignal, post);
      const transfer = new Set<ArrayBuffer>();
      const value = encode(result, transfer);
      post({ kind: 'result', value }, [...transfer]);
    } catch (error) {
      post({ kind: 'error', error: encodeError(error) }, []);
    }
  };
}

function run(job: Job, stopSignal: AbortSignal, post: Post): Promise<unknown> {
  // Copied, not transferred: the solver goes on using what it reports.
  const call = (callback: string) => (value: unknown) =>
    post({ kind: 'call', callback, value: encode(value, new Set()) }, []);
  const callbacks = Object.fromEntries(job.callbacks.map((name) => [name, call(name)]));
  const options = { ...(decode(job.options) as object), ...callbacks, stopSignal };
  return runTask(TASKS[job.task], decode(job.X) as never, decode(job.Y), options);
}

/** Holds a Web Lock until the worker ends, where the host has locks; see web-channel. */
function holdLifeLock(name: string, onHeld: () => void): void {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined) {
    onHeld();
    return;
  }
  void locks.request(name, () => {
    onHeld();
    return new Promise(() => {});
  });
}
