/**
 * The library's long functions off the calling thread. Every task of the library is a method,
 * with the very same signature; which they are, and what crosses to the worker, is all that is known about them here.
 */
import { anything, checkOptions, LIMIT_CHECKS, type OptionChecks, withOption } from '../base/check.js';
import { checkInit, isAddress } from '../engine/init-options.js';
import type * as library from '../index.js';
import { Matrix, type MatrixLike, type RunLimits, type Targets, toMatrix } from '../index.js';
import { readTargets } from '../problem/targets.js';
import type { TaskName } from '../tasks/registry.js';
import { type Callback, JobQueue, type Request, type TrainerOptions } from './job-queue.js';

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
  roundRelaxation: 'Y',
  growNetwork: 'Y',
  certifyNetwork: 'Y',
  examineRelaxation: 'Y',
  widthSweep: 'Y',
  maximizeNeuron: 'R',
  verifyProof: 'Y',
};

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
      queue.submit(requestOf(task, X, Y, given));
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

/** Data are copied, so that they can be transferred and the caller may go on using its arrays. */
function requestOf(task: TaskName, X: MatrixLike, Y: Targets, given: object): Request {
  const options = separate(given);
  return { task, X: toMatrix(X, 'X'), Y: copyTargets(Y, SECOND_ARGUMENT[task]), ...options };
}

/** Targets as a fresh matrix, labels as a fresh array. */
const copyTargets = (Y: Targets, name: string): unknown => {
  const targets = readTargets(Y, name);
  return targets instanceof Matrix ? targets : { labels: targets };
};

/** Signals and functions apart from the options that can cross to the worker, where all are checked; signals are used here already. */
function separate(given: object): Pick<Request, 'options' | 'callbacks' | 'signal' | 'stopSignal'> {
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
