/**
 * One worker, one job at a time: the library's long functions off the calling thread. Every task of the library is a method,
 * with the very same signature; which they are, and what crosses to the worker, is all that is known about them here.
 */
import { anything, checkOptions, LIMIT_CHECKS, type OptionChecks, withOption } from '../base/check.js';
import { checkInit, isAddress } from '../engine/init-options.js';
import type * as library from '../index.js';
import {
  type InitOptions,
  isLabels,
  type MatrixLike,
  OptionsError,
  type RunLimits,
  type Targets,
  toMatrix,
  WorkerError,
} from '../index.js';
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

/** The library's tasks in a worker: same arguments, same options, same bits, same errors. */
export type TaskMethods = Pick<typeof library, TaskName>;

export interface Trainer extends TaskMethods {
  /** Ends the worker and rejects what was running or waiting. Idempotent. */
  terminate(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Every task, with what its second argument is called in messages. */
const SECOND_ARGUMENT: Readonly<Record<TaskName, string>> = {
  train: 'Y',
  trainPath: 'Y',
  solveRelaxation: 'Y',
  growNetwork: 'Y',
  certifyNetwork: 'Y',
  examineRelaxation: 'Y',
  widthSweep: 'Y',
  maximizeNeuron: 'R',
  verifyProof: 'Y',
};

type Callback = (value: unknown) => void;

interface Job {
  readonly task: TaskName;
  readonly X: unknown;
  readonly Y: unknown;
  /** Without functions and signals, which cannot cross. */
  readonly options: object;
  readonly callbacks: Readonly<Record<string, Callback>>;
  readonly stopSignal: AbortSignal | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** A worker that has not answered by then never will: it was ended before it could, or runs another script. */
const START_LIMIT_MS = 30_000;

let trainersCreated = 0;

/** Runs jobs in a worker that is started with the first job. Jobs given while one runs wait their turn. */
class JobQueue {
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

  async submit(task: TaskName, X: MatrixLike, Y: Targets, given: object): Promise<unknown> {
    const { signal, stopSignal, callbacks, options } = separate(given);
    signal?.throwIfAborted();
    if (this.#terminated) throw new WorkerError('the trainer was terminated; create a new one');
    // Copies, so that they can be transferred and the caller may go on using its arrays.
    const inputs = { X: toMatrix(X, 'X'), Y: copyTargets(Y, SECOND_ARGUMENT[task]) };
    const { promise, resolve, reject } = withResolvers();
    const job: Job = { task, ...inputs, options, callbacks, stopSignal, resolve, reject };
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

/**
 * A trainer: the library's tasks in a Web Worker or worker thread. Aborting ends the worker at once, even inside a kernel, and the next job
 * starts a new one; an idle trainer does not keep a Node process alive. Call `terminate()` when done.
 *
 * A method throws (rejects with) what the library's function throws, with its class, and WorkerError when the worker fails, dies or is terminated.
 */
export function createTrainer(options: TrainerOptions = {}): Trainer {
  const queue = new JobQueue(checkTrainerOptions(options));
  const submit =
    (task: TaskName) =>
    async (X: MatrixLike, Y: Targets, given: object = {}): Promise<unknown> =>
      queue.submit(task, X, Y, given);
  const tasks = Object.keys(SECOND_ARGUMENT) as TaskName[];
  const methods: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(tasks.map((task) => [task, submit(task)])),
    verifyProof: async (X: MatrixLike, Y: Targets, proof: unknown, given: object = {}) =>
      submit('verifyProof')(X, Y, withOption(given, 'proof', proof)),
  };
  const terminate = () => queue.terminate();
  return { ...(methods as unknown as TaskMethods), terminate, [Symbol.asyncDispose]: terminate };
}

/** @throws OptionsError for an unknown option or a wrong type, of `wasm` too */
function checkTrainerOptions(options: TrainerOptions): TrainerOptions {
  const { url, wasm } = checkOptions<TrainerOptions>(options, NO_SOURCES, { url: isAddress, wasm: anything });
  if (wasm === undefined) return { url };
  const { url: kernels, ...rest } = checkInit(wasm);
  // An address that is an object cannot be sent to the worker.
  return { url, wasm: { ...rest, url: kernels?.toString() } };
}

const NO_SOURCES: TrainerOptions = Object.freeze({ url: undefined, wasm: undefined });

/** Signals and functions apart from the options that can cross to the worker, where all are checked; signals are used here already. */
function separate(
  given: object,
): Pick<Job, 'options' | 'callbacks' | 'stopSignal'> & { signal: AbortSignal | undefined } {
  const { signal, stopSignal } = checkOptions<Signals>(pickSignals(given), NO_SIGNALS, SIGNAL_CHECKS);
  const entries = Object.entries(given).filter(([name]) => !Object.hasOwn(SIGNAL_CHECKS, name));
  const isCallback = (entry: [string, unknown]): entry is [string, Callback] => typeof entry[1] === 'function';
  return {
    signal,
    stopSignal,
    callbacks: Object.fromEntries(entries.filter(isCallback)),
    options: Object.fromEntries(entries.filter((entry) => !isCallback(entry))),
  };
}

type Signals = Pick<RunLimits, 'signal' | 'stopSignal'>;
const SIGNAL_CHECKS: OptionChecks<Signals> = { signal: LIMIT_CHECKS.signal, stopSignal: LIMIT_CHECKS.stopSignal };
const NO_SIGNALS: Signals = Object.freeze({ signal: undefined, stopSignal: undefined });

/** Anything but an object is left for the check to refuse. */
const pickSignals = (given: object): object => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const { signal, stopSignal } = given as Signals;
  return { signal, stopSignal };
};

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
const copyTargets = (Y: Targets, name: string): unknown => (isLabels(Y) ? Array.from<unknown>(Y) : toMatrix(Y, name));

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
