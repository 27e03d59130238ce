/**
 * One worker, one job at a time. Jobs given while one runs wait their turn; the death of the worker is an error of the job that runs,
 * and the next one starts a new worker.
 */
import { show } from '../base/show.js';
import { type InitOptions, OptionsError, WorkerError } from '../index.js';
import type { TaskName } from '../tasks/registry.js';
import type { Channel, ChannelEvents } from './channel.js';
import { decodeError } from './errors.js';
import { nodeBuiltin, openNodeChannel } from './node-channel.js';
import type { FromWorker } from './protocol.js';
import { decode, encode } from './transfer.js';
import { openWebChannel } from './web-channel.js';

export interface TrainerOptions {
  /** Where the module `convex-relu/worker-entry` is served; needed only when the bundler does not place it by itself. */
  readonly url?: string | URL | undefined;
  /** How the worker gets the WebAssembly module; as for `init`. */
  readonly wasm?: InitOptions | undefined;
}

export type Callback = (value: unknown) => void;

/** A job as the caller asks for it. */
export interface Request {
  readonly task: TaskName;
  readonly X: unknown;
  readonly Y: unknown;
  /** Without functions and signals, which cannot cross. */
  readonly options: object;
  readonly callbacks: Readonly<Record<string, Callback>>;
  readonly signal: AbortSignal | undefined;
  readonly stopSignal: AbortSignal | undefined;
}

interface Job extends Request {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** A worker that has not answered by then never will: it was ended before it could, or runs another script. */
const START_LIMIT_MS = 30_000;

let trainersCreated = 0;

/** Runs jobs in a worker that is started with the first job. Jobs given while one runs wait their turn. */
export class JobQueue {
  readonly #options: TrainerOptions;
  readonly #queue: Job[] = [];
  #current: Job | undefined;
  #channel: Channel | undefined;
  /** Whether the worker has answered; jobs are sent only then, so that its death is noticed from their first moment. */
  #isReady = false;
  #startTimer: ReturnType<typeof setTimeout> | undefined;
  #terminated = false;

  constructor(options: TrainerOptions) {
    this.#options = options;
  }

  async terminate(): Promise<void> {
    this.#terminated = true;
    const error = new WorkerError('the trainer was terminated');
    for (const job of this.#queue.splice(0)) job.reject(error);
    this.#finish((job) => job.reject(error));
    await this.#close();
  }

  async submit(request: Request): Promise<unknown> {
    const { signal, stopSignal } = request;
    signal?.throwIfAborted();
    if (this.#terminated) throw new WorkerError('the trainer was terminated; create a new one');
    const { promise, resolve, reject } = withResolvers();
    const job: Job = { ...request, resolve, reject };
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
    const transfer = new Set<ArrayBuffer>();
    const [X, Y] = [encode(job.X, transfer), encode(job.Y, transfer)];
    // Options stay the caller's: their arrays are copied, not transferred.
    const options = encode(job.options, new Set()) as object;
    const message = { kind: 'job', task: job.task, X, Y, options, callbacks: Object.keys(job.callbacks) } as const;
    try {
      channel.post(message, [...transfer]);
    } catch (cause) {
      throw new OptionsError('options', `hold what cannot be sent to a worker: ${String(cause)}`);
    }
    if (job.stopSignal?.aborted) channel.post({ kind: 'stop' });
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
    if (message.kind === 'ready' || message.kind === 'call') {
      // As in the library itself, an error thrown by a callback ends the job; so does an option that cannot be cloned.
      try {
        if (message.kind === 'ready') this.#send(channel, job);
        else job.callbacks[message.callback](decode(message.value));
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

function openChannel(url: string | URL | undefined, lockName: string, events: ChannelEvents): Channel {
  const threads = nodeBuiltin('node:worker_threads');
  if (threads !== undefined) return openNodeChannel(threads, nodeUrl(url), events);
  if (typeof Worker !== 'function')
    throw new WorkerError('this host has neither Web Workers nor the worker threads of Node 20.16 or later');
  const page = globalThis.location?.href;
  return openWebChannel(url === undefined ? undefined : absoluteUrl(url, page), lockName, events);
}

/** Written apart from `new URL('…', import.meta.url)`, which bundlers would take for a second copy of the worker. */
function nodeUrl(url: string | URL | undefined): URL {
  // A bundle in CommonJS has an empty import.meta.
  const { url: here }: { url?: string } = import.meta;
  if (url === undefined && here === undefined)
    throw new OptionsError('url', `is needed in this bundle: ${WHERE_IT_IS}`);
  return absoluteUrl(url ?? './worker-entry.js', here);
}

/** @throws OptionsError when it is no address, or a relative one and there is nothing to relate it to */
function absoluteUrl(url: string | URL, base: string | undefined): URL {
  try {
    return new URL(url, base);
  } catch {
    throw new OptionsError('url', `${show(String(url))} is no address from here: ${WHERE_IT_IS}`);
  }
}

const WHERE_IT_IS =
  "give the absolute address of convex-relu/worker-entry, in Node pathToFileURL(require.resolve('convex-relu/worker-entry'))";

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
