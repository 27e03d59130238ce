/** A small case of every task: its arguments, its options, and what is wrong for each option there is. */
import * as library from '../../src/index.js';
import type { TaskName } from '../../src/tasks/registry.js';
import { randomProblem } from '../support/random.js';

const { X, Y } = randomProblem(7, { n: 10, d: 2, c: 1, degeneracy: 'none' });
const labels = Array.from({ length: 10 }, (_, i) => ['red', 'green', 'blue'][i % 3]);
const reg = 0.1;
const columns = { bias: true, standardize: true } as const;

/** Arguments of the async face, of `…Sync` and of the trainer's method; the options, or the limits of `verifyProof`, come last. */
export type Arguments = readonly [X: library.MatrixLike, Y: library.Targets, ...rest: [object] | [unknown, object]];

/** One call of every task, with options beside the defaults. */
export function callOfEach(): Readonly<Record<TaskName, Arguments>> {
  const result = library.trainSync(X, labels, { reg, bias: true });
  const relaxation = library.solveRelaxationSync(X, labels, { reg, bias: true });
  return {
    roundRelaxation: [
      X,
      labels,
      { relaxation, rounding: ['eigenvectors', 'gaussian'], randomStarts: 1, width: 5, seed: 3 },
    ],
    train: [X, labels, { reg, ...columns, rounding: ['gaussian', 'eigenvectors'], maxWidth: 4, seed: 3 }],
    trainPath: [X, labels, { regs: [0.05, 0.5], ...columns, seed: 3 }],
    solveRelaxation: [X, Y, { reg, ...columns, tolerance: 1e-5, method: 'cg' }],
    growNetwork: [X, labels, { reg, bias: true, initial: result.network, tolerance: 1e-4 }],
    certifyNetwork: [X, labels, { network: result.network, reg }],
    examineRelaxation: [X, labels, { result, factorize: true, seed: 5 }],
    widthSweep: [X, Y, { reg, widths: [1, 2], restarts: 1, seed: 2 }],
    maximizeNeuron: [X, Y, { tolerance: 1e-4, candidateLevel: 0.1 }],
    verifyProof: [X, labels, result.proof, {}],
  };
}

const NO_CALLBACK = [null, true, 'log', {}];
const NO_SIGNAL = [null, true, {}, new EventTarget(), { aborted: false, addEventListener: () => {} }];
const NO_FRACTION = [null, 0, 1, -0.5, Number.NaN, '0.1', [0.1], () => 0.1];
const NO_COUNT = [null, -1, 0.5, 2 ** 53, Number.NaN, '3', 3n, Number.POSITIVE_INFINITY];

/** What each option may not be, whichever task has it. */
export const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  reg: [null, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, '0.1', 1n, true, [0.1], {}, () => 0.1],
  regs: [null, [], 0.1, [0.1, -1], [0.1, Number.NaN], ['0.1'], { 0: 0.1, length: 1 }],
  bias: [null, 0, 1, 'yes', [], {}],
  standardize: [null, 0, 1, 'yes', [], {}],
  tolerance: NO_FRACTION,
  maxIterations: NO_COUNT,
  maxRounds: NO_COUNT,
  seed: NO_COUNT,
  restarts: NO_COUNT,
  roundedStarts: NO_COUNT,
  randomStarts: NO_COUNT,
  width: [null, 0, -3, 2.5, Number.NaN, '9'],
  maxWidth: [null, 0, -3, 2.5, Number.NaN, '9'],
  maxNodes: [null, 0, -3, 2.5, Number.NaN, '9'],
  widths: [null, 3, '3', [0], [1.5], [1, Number.NaN], ['1']],
  floor: [null, -1, Number.NaN, Number.POSITIVE_INFINITY, '0'],
  candidateLevel: [null, -1, Number.NaN, Number.POSITIVE_INFINITY, '0'],
  cone: ['fan', 1, null],
  groupSize: [0, 1.5, -1, Number.NaN, 'all', null],
  method: [null, 'simplex', '', 0, ['dense'], {}],
  rounding: [null, 'best', [], ['gaussian', 1], 0, {}],
  certify: [null, 'always', true, ['auto'], ''],
  initial: [null, 5, {}, { U: [[1]] }, 'network'],
  network: [null, 5, {}, { U: [[1]], V: [[1]] }, 'network'],
  factorize: [null, 0, 1, 'yes', [], {}],
  relaxation: [null, 5, {}, { value: 1, lowerBound: 0 }, 'relaxation'],
  result: [null, 5, {}, { loss: 1, lowerBound: 0 }, 'result'],
  resume: [
    null,
    5,
    {},
    { version: 1 },
    { version: 2 },
    { version: 1, size: [1, 1, 1, 1], reg: 1, gaps: [] },
    'checkpoint',
  ],
  onCheckpoint: NO_CALLBACK,
  onProgress: NO_CALLBACK,
  signal: NO_SIGNAL,
  stopSignal: NO_SIGNAL,
  timeLimitMs: [null, -1, Number.NaN, '1000', {}],
};
