/** One worker, one job at a time: the library's long functions off the calling thread. */
import {
  type InitOptions,
  isLabels,
  type MatrixLike,
  type PathOptions,
  type PathPoint,
  type Progress,
  type RelaxationOptions,
  type RelaxationResult,
  type RunLimits,
  type Targets,
  type TrainOptions,
  type TrainResult,
  toMatrix,
  type WidthSweep,
  type WidthSweepOptions,
  WorkerError,
} from '../index.js';
import type { Channel, ChannelEvents } from './channel.js';
import { decodeError } from './errors.js';
import { nodeBuiltin, openNodeChannel } from './node-channel.js';
import type { FromWorker, JobMethod } from './protocol.js';
import { decode, encode } from './transfer.js';
import { openWebChannel } from './web-channel.js';

export interface TrainerOptions {
  /** Where the module `convex-relu/worker-entry` is served; needed only when the bundler does not place it by itself. */
  readonly url?: string | URL | undefined;
  /** How the worker gets the WebAssembly module; as for `init`. */
  readonly wasm?: InitOptions | undefined;
}

interface Job {
  readonly method: JobMethod;
  readonly X: unknown;
  readonly Y: unknown;
  readonly options: RunLimits;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** A worker that has not answered by then never will: it was ended before it could, or runs another script. */
const START_LIMIT_MS = 30_000;

let trainersCreated = 0;

/**
 * Runs jobs in a worker that is started with the first job. Jobs given while one runs wait their turn. An idle trainer
 * does not keep a Node process alive.
 */
export class Trainer {
  readonly #options: TrainerOptions;
  readonly #queue: Job[] = [];
  #current: Job | undefined;
  #channel: Channel | undefined;
  /** Whether the worker has answered; jobs are sent only then, so that its death is noticed from their first moment. */
  #isReady = false;
  #startTimer: ReturnType<typeof setTimeout> | undefined;
  #terminated = false;

  constructor(options: TrainerOptions = {}) {
    this.#options = options;
  }

  /**
   * As the library's `train`, in the worker: same options, same bits. Aborting ends the worker at once, even inside a
   * kernel, and the next job starts a new one.
   *
   * @throws what `train` throws, with its class; WorkerError when the worker fails, dies or is terminated
   */
  train(X: MatrixLike, Y: Targets, options: TrainOptions = {}): Promise<TrainResult> {
    return this.#submit('train', X, Y, options) as Promise<TrainResult>;
  }

  /** As the library's `solveRelaxation`, in the worker; see `train`. */
  solveRelaxation(X: MatrixLike, Y: Targets, options: RelaxationOptions = {}): Promise<RelaxationResult> {
    return this.#submit('solveRelaxation', X, Y, options) as Promise<RelaxationResult>;
  }

  /** As the library's `trainPath`, in the worker; see `train`. */
  trainPath(
    X: MatrixLike,
    Y: Targets,
    regs: readonly number[],
    options: PathOptions = {},
  ): Promise<PathPoint<TrainResult>[]> {
    const job = { ...options, regs };
    return this.#submit('trainPath', X, Y, job) as Promise<PathPoint<TrainResult>[]>;
  }

  /** As the library's `widthSweep`, in the worker; see `train`. */
  widthSweep(X: MatrixLike, Y: Targets, options: WidthSweepOptions = {}): Promise<WidthSweep> {
    return this.#submit('widthSweep', X, Y, options) as Promise<WidthSweep>;
  }

  /** Ends the worker and rejects what was running or waiting. Idempotent. */
  async terminate(): Promise<void> {
    this.#terminated = true;
    const error = new WorkerError('the trainer was terminated');
    for (const job of this.#queue.splice(0)) job.reject(error);
    this.#finish((job) => job.reject(error));
    await this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.terminate();
  }

  async #submit(method: JobMethod, X: MatrixLike, Y: Targets, options: RunLimits): Promise<unknown> {
    const { signal, stopSignal } = options;
    signal?.throwIfAborted();
    if (this.#terminated) throw new WorkerError('the trainer was terminated; create a new one');
    // Copies, so that they can be transferred and the caller may go on using its arrays.
    const inputs = { X: toMatrix(X, 'X'), Y: copyTargets(Y) };
    const { promise, resolve, reject } = withResolvers();
    const job: Job = { method, ...inputs, options, resolve, reject };
    const onAbort = () => this.#abandon(job, signal?.reason);
    const onStop = () => this.#stop(job);
    signal?.addEventListener('abort', onAbort, { once: true });
    stopSignal?.addEventListener('abort', onStop, { once: true });
    this.#queue.push(job);
    this.#startNext();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      stopSignal?.removeEventListener('abort', onStop);
    }
  }

  #startNext(): void {
    if (this.#current !== undefined) return;
    const job = this.#queue.shift();
    if (job === undefined) return;
    this.#current = job;
    try {
      this.#channel ??= this.#open();
      this.#channel.keepAlive(true);
      if (this.#isReady) this.#send(this.#channel, job);
    } catch (error) {
      this.#finish(({ reject }) => reject(error));
      this.#startNext();
    }
  }

  #send(channel: Channel, job: Job): void {
    const { onProgress: _onProgress, signal: _signal, stopSignal, ...options } = job.options;
    const transfer = new Set<ArrayBuffer>();
    const [X, Y] = [encode(job.X, transfer), encode(job.Y, transfer)];
    channel.post({ kind: 'job', method: job.method, X, Y, options }, [...transfer]);
    if (stopSignal?.aborted) channel.post({ kind: 'stop' });
  }

  #open(): Channel {
    const lockName = `convex-relu trainer ${trainersCreated++} ${Math.random()}`;
    const channel = openChannel(this.#options.url, lockName, {
      onMessage: (message) => this.#receive(message),
      onDeath: (reason) => this.#die(new WorkerError(`the worker died: ${reason}`)),
    });
    this.#isReady = false;
    const late = `it did not start within ${START_LIMIT_MS / 1000} s`;
    this.#startTimer = setTimeout(() => this.#die(new WorkerError(`the worker died: ${late}`)), START_LIMIT_MS);
    channel.post({ kind: 'start', lockName, wasm: this.#options.wasm });
    return channel;
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'ready') {
      clearTimeout(this.#startTimer);
      this.#isReady = true;
    }
    const [job, channel] = [this.#current, this.#channel];
    if (job === undefined || channel === undefined) return;
    if (message.kind === 'ready' || message.kind === 'progress') {
      // As in the library itself, an error thrown by the callback ends the job; so does an option that cannot be cloned.
      try {
        if (message.kind === 'ready') this.#send(channel, job);
        else job.options.onProgress?.(decode(message.progress) as Progress);
      } catch (error) {
        this.#abandon(job, error);
      }
      return;
    }
    channel.keepAlive(false);
    this.#finish(({ resolve, reject }) =>
      message.kind === 'result' ? resolve(decode(message.value)) : reject(decodeError(message.error)),
    );
    this.#startNext();
  }

  /** Settles the running job; there may be none. */
  #finish(settle: (job: Job) => void): void {
    const job = this.#current;
    this.#current = undefined;
    if (job !== undefined) settle(job);
  }

  #abandon(job: Job, reason: unknown): void {
    if (job !== this.#current) {
      const position = this.#queue.indexOf(job);
      if (position >= 0) this.#queue.splice(position, 1);
      job.reject(reason);
      return;
    }
    this.#die(reason);
  }

  /** A job that was not sent yet is told when it is. */
  #stop(job: Job): void {
    if (job === this.#current && this.#isReady) this.#channel?.post({ kind: 'stop' });
  }

  #die(reason: unknown): void {
    void this.#close();
    this.#finish((job) => job.reject(reason));
    this.#startNext();
  }

  async #close(): Promise<void> {
    const channel = this.#channel;
    this.#channel = undefined;
    clearTimeout(this.#startTimer);
    await channel?.terminate();
  }
}

/** A trainer: `train`, `trainPath`, `widthSweep` and `solveRelaxation` in a Web Worker or worker thread. Call `terminate()` when done. */
export function createTrainer(options: TrainerOptions = {}): Trainer {
  return new Trainer(options);
}

function openChannel(url: string | URL | undefined, lockName: string, events: ChannelEvents): Channel {
  const threads = nodeBuiltin('node:worker_threads');
  if (threads !== undefined) return openNodeChannel(threads, nodeUrl(url), events);
  if (typeof Worker !== 'function')
    throw new WorkerError('this host has neither Web Workers nor the worker threads of Node 20.16 or later');
  return openWebChannel(url === undefined ? undefined : new URL(url, globalThis.location?.href), lockName, events);
}

/** Written apart from `new URL('…', import.meta.url)`, which bundlers would take for a second copy of the worker. */
function nodeUrl(url: string | URL | undefined): URL {
  const { url: here } = import.meta;
  return new URL(url ?? './worker-entry.js', here);
}

/** Targets as a fresh matrix, labels as a fresh array. */
const copyTargets = (Y: Targets): unknown => (isLabels(Y) ? Array.from<unknown>(Y) : toMatrix(Y, 'Y'));

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers() {
  let resolve!: (value: unknown) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<unknown>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
