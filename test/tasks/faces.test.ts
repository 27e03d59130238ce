/** Every task through its three faces: the same bits from all, and the same refusal of everything that is wrong. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as library from '../../src/index.js';
import { TASKS, type TaskName } from '../../src/tasks/registry.js';
import { createTrainer, type Trainer } from '../../src/worker/index.js';
import { buildWorkerEntry } from '../worker/entry.js';
import { type Arguments, callOfEach, WRONG } from './cases.js';

type Face = (...call: Arguments) => unknown;

const calls = callOfEach();
const names = Object.keys(calls) as TaskName[];
let trainer: Trainer;

beforeAll(async () => {
  trainer = createTrainer({ url: await buildWorkerEntry() });
});
afterAll(() => trainer.terminate());

/** The faces of a task; each answers with a promise. */
function facesOf(
  name: TaskName,
): Readonly<Record<'async' | 'sync' | 'worker', (...call: Arguments) => Promise<unknown>>> {
  const inLibrary = library as unknown as Readonly<Record<string, Face>>;
  const inWorker = trainer as unknown as Readonly<Record<string, Face>>;
  return {
    // A face of promises never throws at once.
    async: (...call) => inLibrary[name](...call) as Promise<unknown>,
    sync: async (...call) => inLibrary[`${name}Sync`](...call),
    worker: (...call) => inWorker[name](...call) as Promise<unknown>,
  };
}

/** The call with other options, those of the case or none of them. */
function withOptions(name: TaskName, change: (options: object) => unknown): Arguments {
  const call: readonly unknown[] = calls[name];
  return [...call.slice(0, -1), change(call.at(-1) as object)] as unknown as Arguments;
}

/** What must be equal bit for bit: all but the times. */
function timeless(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(timeless);
  const isTime = (key: string) => ['elapsedMs', 'durationMs', 'timings'].includes(key);
  const entries = Object.entries(value).filter(([key]) => !isTime(key));
  return [Object.getPrototypeOf(value), entries.map(([key, entry]) => [key, timeless(entry)])];
}

const optionsError = (option: string) => ({ name: 'OptionsError', code: 'options', option });

test('every task is among the cases, has its two faces and is a method of the trainer', () => {
  expect(names.sort()).toEqual(Object.keys(TASKS).sort());
  for (const name of names) {
    for (const face of [library[name], library[`${name}Sync`], trainer[name]]) expect(face).toBeTypeOf('function');
  }
});

describe.each(names)('%s', (name) => {
  test('gives the same bits by promise, at once and in a worker', async () => {
    const { async, sync, worker } = facesOf(name);
    const here = timeless(await sync(...calls[name]));
    expect(timeless(await async(...calls[name]))).toEqual(here);
    expect(timeless(await worker(...calls[name]))).toEqual(here);
  });

  test('refuses each wrong value of each of its options, by every face', async () => {
    const faces = Object.values(facesOf(name));
    for (const option of Object.keys(TASKS[name].checks)) {
      // An argument of its own, and never trusted: what is wrong with a proof is the answer of the check.
      if (option === 'proof') continue;
      expect(Object.keys(WRONG)).toContain(option);
      for (const value of WRONG[option]) {
        const call = withOptions(name, (options) => ({ ...options, [option]: value }));
        for (const face of faces) await expect(face(...call)).rejects.toMatchObject(optionsError(option));
      }
    }
  });

  test('refuses the options of other tasks and misspelt ones, by every face', async () => {
    const faces = Object.values(facesOf(name));
    const own = Object.keys(TASKS[name].checks);
    const foreign = Object.keys(WRONG).filter((option) => !own.includes(option));
    for (const option of [...foreign, ...own.map((known) => `${known}x`), 'toString', '__proto__x']) {
      const call = withOptions(name, (options) => ({ ...options, [option]: 1 }));
      for (const face of faces) await expect(face(...call), option).rejects.toMatchObject(optionsError(option));
    }
  });

  test('needs the options that have no default, and takes those that are undefined for left out', async () => {
    const { sync } = facesOf(name);
    const { checks, defaults } = TASKS[name];
    const required = Object.keys(checks).filter((option) => !Object.hasOwn(defaults, option) && option !== 'proof');
    for (const option of required) {
      const call = withOptions(name, (options) => ({ ...options, [option]: undefined }));
      await expect(sync(...call)).rejects.toThrow(new RegExp(`^${option}: is missing; expected`));
    }
    const optional = Object.keys(checks).filter((option) => Object.hasOwn(defaults, option));
    const undefinedAll = Object.fromEntries(optional.map((option) => [option, undefined]));
    await sync(...withOptions(name, (options) => ({ ...undefinedAll, ...options })));
  });

  test('refuses options that are no object, by every face', async () => {
    for (const options of [null, 5, 'fast', [], true]) {
      const call = withOptions(name, () => options);
      for (const face of Object.values(facesOf(name))) {
        await expect(face(...call)).rejects.toMatchObject(optionsError('options'));
      }
    }
  });

  test('has frozen defaults that pass their own checks', () => {
    const { checks, defaults } = TASKS[name];
    expect(Object.isFrozen(defaults)).toBe(true);
    for (const [option, value] of Object.entries(defaults)) {
      if (value !== undefined) expect(checks[option as keyof typeof checks](value), option).toBeUndefined();
    }
    if (name !== 'verifyProof') expect(library.DEFAULT_OPTIONS[name]).toBe(defaults);
  });

  test('stops at once by its signal, by every face', async () => {
    const reason = new Error('enough');
    const call = withOptions(name, (options) => ({ ...options, signal: AbortSignal.abort(reason) }));
    for (const face of Object.values(facesOf(name))) await expect(face(...call)).rejects.toBe(reason);
  });
});

test('what cannot be sent to a worker is an OptionsError', async () => {
  const [X, Y] = calls.train;
  await expect(trainer.train(X, Y, { reg: Symbol('reg') as unknown as number })).rejects.toMatchObject({
    name: 'OptionsError',
    option: 'options',
  });
  await expect(trainer.maximizeNeuron(X, [[1], 'two'] as never)).rejects.toThrow(/^R: /);
});

test('onCheckpoint works in a worker, and what it was given resumes the solve', async () => {
  const [X, Y] = calls.solveRelaxation;
  const checkpoints: library.Checkpoint[] = [];
  const options = { reg: 0.1, tolerance: 1e-5 };
  const whole = await trainer.solveRelaxation(X, Y, {
    ...options,
    onCheckpoint: (checkpoint) => checkpoints.push(checkpoint),
  });
  expect(checkpoints).toHaveLength(whole.history.length);
  const resumed = await trainer.solveRelaxation(X, Y, { ...options, resume: checkpoints[3] });
  expect([resumed.value, resumed.lowerBound]).toEqual([whole.value, whole.lowerBound]);
});

test('layers in the form of another library survive the journey to a worker', async () => {
  const [X, Y] = calls.maximizeNeuron;
  const { network } = library.growNetworkSync(X, Y, { reg: 0.1 });
  const foreign = ({ rows, columns, data }: library.Matrix) => ({
    rows,
    columns,
    get: (i: number, j: number) => data[i * columns + j],
  });
  const initial = { U: foreign(network.U), V: foreign(network.V) };
  const there = await trainer.growNetwork(X, Y, { reg: 0.1, initial });
  expect(there.network).toEqual(library.growNetworkSync(X, Y, { reg: 0.1, initial }).network);
});
