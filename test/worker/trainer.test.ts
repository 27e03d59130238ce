/** The trainer against the library itself: same bits, same errors, and no way to hang. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  InputError,
  Matrix,
  Network,
  OptionsError,
  type Progress,
  Proof,
  Random,
  solveRelaxation,
  train,
  trainPath,
  WorkerError,
  widthSweep,
} from '../../src/index.js';
import { createTrainer, type Trainer } from '../../src/worker/index.js';
import { buildWorkerEntry, writeWorker } from './entry.js';

const random = new Random(1);
const X = Array.from({ length: 8 }, () => [random.normal(), random.normal()]);
const Y = X.map(([x1, x2]) => [Math.max(0, x1 + x2), Math.max(0, x1 - x2)]);
const labels = X.map(([x1]) => (x1 > 0 ? 'right' : 'left'));
const solve = { reg: 0.1, tolerance: 1e-3 };
const options = { ...solve, seed: 3 };

let url: URL;
let trainer: Trainer;

beforeAll(async () => {
  url = await buildWorkerEntry();
  trainer = createTrainer({ url });
});
afterAll(() => trainer.terminate());

describe('a trainer', () => {
  test('trains to the same bits as the library, and returns its classes', async () => {
    const here = await train(X, labels, options);
    const there = await trainer.train(X, labels, options);
    expect(there.network).toBeInstanceOf(Network);
    expect(there.network.toJSON()).toEqual(here.network.toJSON());
    expect(there.network.predictClass(X)).toEqual(here.network.predictClass(X));
    expect([there.loss, there.lowerBound, there.status]).toEqual([here.loss, here.lowerBound, here.status]);
    expect(there.proof).toEqual(here.proof);
    expect(there.problem).toEqual(here.problem);
    expect(there.bound).toEqual(here.bound);
    // Progress was sent meanwhile; it must not have taken anything away from the starts.
    expect(there.starts.map(({ loss }) => loss)).toEqual(here.starts.map(({ loss }) => loss));
  });

  test('solves the relaxation to the same bits as the library', async () => {
    const here = await solveRelaxation(X, Y, solve);
    const there = await trainer.solveRelaxation(X, Y, solve);
    expect(there.G).toBeInstanceOf(Matrix);
    expect(there.G).toEqual(here.G);
    expect(there.proof).toBeInstanceOf(Proof);
    expect(there.proof).toEqual(here.proof);
  });

  test('walks a path and sweeps widths to the same bits as the library', async () => {
    const path = { regs: [0.05, 0.5], tolerance: 1e-3, seed: 3 };
    const here = await trainPath(X, labels, path);
    const there = await trainer.trainPath(X, labels, path);
    const told = (points: typeof here) =>
      points.map(({ reg, result: { network, lowerBound } }) => ({ reg, lowerBound, network: network.toJSON() }));
    expect(told(there)).toEqual(told(here));
    const sweep = { ...options, widths: [1, 2], restarts: 1 };
    expect(await trainer.widthSweep(X, Y, sweep)).toEqual(await widthSweep(X, Y, sweep));
    await expect(trainer.trainPath(X, Y, { regs: [] })).rejects.toThrow(OptionsError);
  });

  test('passes progress on', async () => {
    const seen: Progress[] = [];
    await trainer.train(X, Y, { ...options, onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(2);
    expect(new Set(seen.map(({ phase }) => phase))).toContain('relaxation');
    const { weights } = seen.findLast((progress) => progress.weights) as Progress;
    expect(weights?.U).toBeInstanceOf(Matrix);
  });

  test('leaves the arrays it is given usable and unchanged', async () => {
    const data = new Matrix(Float64Array.from(X.flat()), X.length, 2);
    const copy = data.clone();
    await trainer.solveRelaxation(data, Y, solve);
    expect(data).toEqual(copy);
  });

  test('runs jobs in the order given', async () => {
    const order: number[] = [];
    const job = (k: number) => trainer.solveRelaxation(X, Y, { ...solve, reg: k }).then(() => order.push(k));
    await Promise.all([1, 2, 3].map(job));
    expect(order).toEqual([1, 2, 3]);
  });

  test('stops with the best so far when asked', async () => {
    const stop = new AbortController();
    const result = await trainer.train(X, Y, {
      ...options,
      tolerance: 1e-9,
      stopSignal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(result.loss).toBeGreaterThanOrEqual(result.lowerBound);
    expect(['stopped', 'certified', 'stalled']).toContain(result.status);
  });
});

describe('errors keep their class', () => {
  test('from options', async () => {
    const error = await trainer.train(X, Y, { reg: -1 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject({ code: 'options', option: 'reg', name: 'OptionsError' });
    expect((error as Error).message).toContain('reg');
  });

  test('from data, checked here or there', async () => {
    await expect(trainer.train([[1, Number.NaN]], [[1]], options)).rejects.toBeInstanceOf(InputError);
    await expect(trainer.train(X, Y.slice(1), options)).rejects.toMatchObject({ code: 'input', argument: 'Y' });
  });

  test('from a callback, which ends the job', async () => {
    const onProgress = () => {
      throw new RangeError('from the callback');
    };
    await expect(trainer.train(X, Y, { ...options, onProgress })).rejects.toBeInstanceOf(RangeError);
    await expect(trainer.solveRelaxation(X, Y, solve)).resolves.toBeDefined();
  });
});

describe('a trainer ends jobs', () => {
  test('with the signal’s reason, and works on', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const onProgress = () => abort.abort(reason);
    await expect(trainer.train(X, Y, { ...options, signal: abort.signal, onProgress })).rejects.toBe(reason);
    await expect(trainer.train(X, Y, { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(trainer.solveRelaxation(X, Y, solve)).resolves.toBeDefined();
  });

  test('that still wait, without touching the one that runs', async () => {
    const abort = new AbortController();
    const running = trainer.train(X, Y, options);
    const waiting = trainer.train(X, Y, { ...options, signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toBe(abort.signal.reason);
    await expect(running).resolves.toBeDefined();
  });

  test('with a WorkerError when terminated, then and later', async () => {
    const other = createTrainer({ url });
    const jobs = [other.train(X, Y, options), other.train(X, Y, options)];
    const outcomes = Promise.allSettled(jobs);
    await other.terminate();
    await other.terminate();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(WorkerError) });
    }
    await expect(other.train(X, Y, options)).rejects.toBeInstanceOf(WorkerError);
  });
});

describe('what a trainer is given', () => {
  test.each([
    [{ uri: 'worker.js' }, /uri: is not an option; did you mean url/],
    [{ url: 5 }, /url: expected an address/],
    [{ wasm: { modul: 1 } }, /modul: is not an option; did you mean module/],
    [{ wasm: 5 }, /options: expected an object/],
    [null, /options: expected an object/],
  ])('is checked when it is given: %j', (wrong, message) => {
    expect(() => createTrainer(wrong as never)).toThrow(OptionsError);
    expect(() => createTrainer(wrong as never)).toThrow(message);
  });
});

describe('the death of a worker is an error, never a hang', () => {
  test.each([
    ['its file is missing', undefined],
    ['it throws', 'throw new Error("broken");'],
    ['it ends by itself', 'process.exit(3);'],
    [
      'it ends in the middle of a job',
      `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ kind }) => kind === 'job' ? process.exit(3) : parentPort.postMessage({ kind: 'ready' }));`,
    ],
  ])('when %s', async (_, source) => {
    const broken = source === undefined ? new URL('./missing.mjs', url) : await writeWorker(source);
    const other = createTrainer({ url: broken });
    await expect(other.train(X, Y, options)).rejects.toMatchObject({ name: 'WorkerError', code: 'worker' });
    await other.terminate();
  });
});
