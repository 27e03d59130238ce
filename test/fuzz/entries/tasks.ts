/** The long functions of `convex-relu`, asynchronous and not, and in a worker. */
import * as library from '../../../src/index.js';
import { createPool, createTrainer, type Trainer, TrainerPool } from '../../../src/worker/index.js';
import { BASE, call, copy, type Entry, limits, matrixLike, numbers, targets } from './entry.js';

type Args = (random: library.Random) => unknown[];

const problemOptions = (random: library.Random): Record<string, unknown> => ({
  reg: 10 ** (2 * random.uniform() - 2),
  ...(random.uniform() < 0.3 && { bias: true }),
  ...(random.uniform() < 0.3 && { standardize: true }),
});

function data(random: library.Random): [unknown, unknown] {
  const n = 1 + random.integer(5);
  return [matrixLike(n, 1 + random.integer(3), random), targets(n, random)];
}

const solving: Args = (random) => {
  const options = { ...problemOptions(random), ...limits(random), maxIterations: 5, tolerance: 1e-2 };
  if (random.uniform() < 0.2)
    return [
      copy(BASE.X),
      copy(BASE.Y),
      { ...options, reg: 0.1, bias: false, standardize: false, resume: copy(BASE.checkpoint) },
    ];
  const method = ['auto', 'dense', 'cg', 'hybrid', 'admm'][random.integer(5)];
  return [...data(random), { ...options, method, onCheckpoint: () => {} }];
};

const training: Args = (random) => [
  ...data(random),
  {
    ...problemOptions(random),
    ...limits(random),
    maxIterations: 4,
    tolerance: 1e-2,
    maxWidth: 3,
    seed: random.integer(100),
    rounding: ['gaussian', 'eigenvectors'],
  },
];

const path: Args = (random) => [
  ...data(random),
  { ...limits(random), regs: [1, 0.1], maxIterations: 2, tolerance: 1e-2, maxWidth: 3 },
];

const growing: Args = (random) => [
  ...data(random),
  {
    ...problemOptions(random),
    ...limits(random),
    maxRounds: 2,
    tolerance: 1e-2,
    certify: 'auto',
    ...(random.uniform() < 0.3 && { initial: { U: matrixLike(2, 2, random), V: matrixLike(1, 2, random) } }),
  },
];

const network = () => copy(BASE.fit.network);

/** Every task with arguments for it. */
export const TASK_ARGS: Readonly<Record<keyof library_tasks, Args>> = {
  train: training,
  trainPath: path,
  solveRelaxation: solving,
  growNetwork: growing,
  certifyNetwork: (random) => [
    copy(BASE.X),
    copy(BASE.Y),
    { network: network(), reg: 0.1, tolerance: 1e-2, ...limits(random) },
  ],
  examineRelaxation: (random) => [copy(BASE.X), copy(BASE.Y), { result: copy(BASE.fit), seed: 1, ...limits(random) }],
  roundRelaxation: (random) => [
    copy(BASE.X),
    copy(BASE.Y),
    {
      relaxation: copy(BASE.fit.relaxation),
      rounding: ['gaussian', 'nearest-cone'],
      roundedStarts: 1,
      randomStarts: 1,
      width: 3,
      maxIterations: 20,
      tolerance: 1e-2,
      seed: 1,
      ...limits(random),
    },
  ],
  widthSweep: (random) => [
    ...data(random),
    { ...problemOptions(random), ...limits(random), widths: [1, 2], restarts: 1, seed: 2 },
  ],
  maximizeNeuron: (random) => {
    const n = 1 + random.integer(4);
    return [
      matrixLike(n, 1 + random.integer(3), random),
      matrixLike(n, 1, random),
      { tolerance: 1e-2, floor: 0.1, maxNodes: 200, ...limits(random) },
    ];
  },
};

type library_tasks = Omit<Pick<Trainer, keyof Trainer>, 'verifyProof' | 'terminate' | typeof Symbol.asyncDispose>;

const names = Object.keys(TASK_ARGS) as (keyof library_tasks)[];

/** A loss below its own bound, or a number that is none. */
function resultFault(result: unknown): string | undefined {
  const { loss, lowerBound, gap, value } = Object(result) as Record<string, unknown>;
  for (const [name, number] of Object.entries({ loss, lowerBound, gap, value })) {
    if (number !== undefined && !Number.isFinite(number)) return `${name} is ${String(number)}`;
  }
  const upper = Math.min(Number(loss ?? Infinity), Number(value ?? Infinity));
  if (typeof lowerBound === 'number' && lowerBound > upper * (1 + 1e-9)) {
    return `FALSE BOUND: ${lowerBound} above ${upper}`;
  }
  return undefined;
}

/** The proof that came with a result, checked against the very data. */
function proofFault(result: unknown, args: readonly unknown[]): string | undefined {
  const { proof, lowerBound } = Object(result) as { proof?: library.Proof; lowerBound?: number };
  if (proof === undefined) return undefined;
  const verified = library.verifyProofSync(args[0] as never, args[1] as never, proof, { timeLimitMs: 2000 });
  if (verified.valid || verified.reason?.includes('time limit')) return undefined;
  return `its own proof of ${lowerBound} is not valid: ${verified.reason}`;
}

const checkResult: NonNullable<Entry['check']> = (result, args) => {
  if (Array.isArray(result)) return result.map(({ result: point }) => resultFault(point)).find((fault) => fault);
  return resultFault(result) ?? proofFault(result, args);
};

export const TASKS: readonly Entry[] = names.flatMap((name) => [
  { name, isLong: true, args: TASK_ARGS[name], call: call(library[name]), check: checkResult },
  { name: `${name}Sync`, isLong: true, args: TASK_ARGS[name], call: call(library[`${name}Sync`]), check: checkResult },
]);

const isClass = (value: unknown): boolean =>
  typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class');

/** @param url of the worker's module, built for Node */
export function workerEntries(url: URL): { entries: readonly Entry[]; end: () => Promise<void> } {
  const trainer = createTrainer({ url });
  const pool = new TrainerPool({ url, size: 1 });
  const entries: Entry[] = [
    {
      name: 'createTrainer',
      isLong: true,
      args: () => [{ url: url.href, wasm: {} }],
      call: ([options]) => createTrainer(options as never).terminate(),
    },
    {
      name: 'createPool',
      isLong: true,
      args: () => [{ size: 2, url: url.href }],
      call: ([options]) => createPool(options as never).terminate(),
    },
    {
      name: 'TrainerPool',
      isLong: true,
      args: () => [{ size: 2, url: url.href }],
      call: ([options]) => new TrainerPool(options as never).terminate(),
    },
    {
      name: 'TrainerPool#map',
      isLong: true,
      args: (random) => [numbers(2, random), async () => 1],
      call: (args) =>
        // A class is a function, which throws when it is called: the caller's own error.
        isClass(args[1]) ? undefined : pool.map(...(args as Parameters<typeof pool.map>)),
    },
    {
      name: 'TrainerPool#terminate',
      isLong: true,
      args: () => [0],
      call: () => createPool({ url, size: 1 }).terminate(),
    },
    ...names.map((name) => ({
      name: `Trainer#${name}`,
      isLong: true,
      args: TASK_ARGS[name],
      call: call(trainer[name]),
      check: checkResult,
    })),
    {
      name: 'Trainer#verifyProof',
      isLong: true,
      args: (random) => [copy(BASE.X), copy(BASE.Y), copy(BASE.fit.proof), limits(random)],
      call: call(trainer.verifyProof),
    },
  ];
  return {
    entries,
    end: async () => {
      await trainer.terminate();
      await pool.terminate();
    },
  };
}
