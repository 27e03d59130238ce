/** The worker's side: runs the jobs it is sent and answers. */
import {
  init,
  type MatrixLike,
  type PathOptions,
  type Progress,
  solveRelaxation,
  type Targets,
  train,
  trainPath,
  widthSweep,
} from '../index.js';
import { encodeError } from './errors.js';
import type { FromWorker, JobMethod, ToWorker } from './protocol.js';
import { decode, encode } from './transfer.js';

type Run = (X: never, Y: never, options: never) => Promise<unknown>;

const METHODS: Readonly<Record<JobMethod, Run>> = {
  train,
  solveRelaxation,
  trainPath: (X: MatrixLike, Y: Targets, { regs, ...options }: PathOptions & { regs: readonly number[] }) =>
    trainPath(X, Y, regs, options),
  widthSweep,
};

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
      // Copied, not transferred: the solver goes on using what it reports.
      const onProgress = (progress: Progress) => post({ kind: 'progress', progress: encode(progress, new Set()) }, []);
      const options = { ...message.options, onProgress, stopSignal };
      const run = METHODS[message.method];
      const result = await run(decode(message.X) as never, decode(message.Y) as never, options as never);
      const transfer = new Set<ArrayBuffer>();
      const value = encode(result, transfer);
      post({ kind: 'result', value }, [...transfer]);
    } catch (error) {
      post({ kind: 'error', error: encodeError(error) }, []);
    }
  };
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
