/** Cells over worker threads: each worker has one at a time, and one that dies takes only its own cell with it. */
import { Worker } from 'node:worker_threads';
import type { Answer, Glimpse, Task } from './protocol.js';

export interface PoolEvents<T extends Task> {
  onStart(task: T): void;
  onProgress(task: T, progress: Glimpse): void;
  onDone(task: T, answer: Extract<Answer, { kind: 'done' }>): void;
  onFailure(task: T, reason: string): void;
}

export interface PoolOptions {
  readonly jobs: number;
  /** The module that a worker runs: it answers tasks. */
  readonly executable: URL;
  /** Ends all workers at once; cells in flight are lost. */
  readonly stopSignal: AbortSignal;
}

/** WebAssembly memory never shrinks, and is freed when the collector comes round to it: after a cell this long a worker is replaced. */
const HEAVY_MS = 10_000;

/** Runs the tasks in order; resolves when all are done, or soon after the signal. */
export async function runTasks<T extends Task>(
  tasks: readonly T[],
  { jobs, executable, stopSignal }: PoolOptions,
  events: PoolEvents<T>,
): Promise<void> {
  const queue = [...tasks];
  const lane = async (): Promise<void> => {
    let worker: Worker | undefined;
    try {
      for (let task = queue.shift(); task !== undefined && !stopSignal.aborted; task = queue.shift()) {
        worker ??= new Worker(executable);
        events.onStart(task);
        const answer = await ask(worker, task, stopSignal, events);
        if (answer.kind === 'done') events.onDone(task, answer);
        else if (!stopSignal.aborted) events.onFailure(task, answer.reason);
        if (answer.kind === 'failed' || answer.elapsedMs > HEAVY_MS) {
          await worker.terminate();
          worker = undefined;
        }
      }
    } finally {
      await worker?.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, lane));
}

type Outcome = Exclude<Answer, { kind: 'progress' }>;

function ask<T extends Task>(
  worker: Worker,
  task: T,
  stopSignal: AbortSignal,
  { onProgress }: PoolEvents<T>,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const fail = (reason: string): void => end({ kind: 'failed', reason });
    const onMessage = (answer: Answer): void => {
      if (answer.kind === 'progress') onProgress(task, answer.progress);
      else end(answer);
    };
    const onError = (error: Error): void => fail(`its worker died: ${error.message}`);
    const onExit = (exitCode: number): void => fail(`its worker ended with exit code ${exitCode}`);
    const onStop = (): void => fail('stopped');
    const end = (outcome: Outcome): void => {
      stopSignal.removeEventListener('abort', onStop);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(outcome);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    stopSignal.addEventListener('abort', onStop);
    worker.postMessage({ spec: task.spec, folder: task.folder } satisfies Task);
  });
}
