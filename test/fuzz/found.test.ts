/** What the campaign found: one instance of every kind of fault, with what comes instead. */
import { expect, test } from 'vitest';
import { gatedReluSync, LinearModel } from '../../src/baselines/index.js';
import {
  formatCsv,
  oneHot,
  parseIdx,
  parseUci,
  randomTeacher,
  reduceDigits,
  spiral,
} from '../../src/datasets/index.js';
import {
  certifyNetworkSync,
  criticalWidthBound,
  estimateCost,
  explain,
  Matrix,
  maximizeNeuronSync,
  Network,
  Proof,
  prepareData,
  Random,
  readOldProof,
  toMatrix,
  trainPathSync,
  trainSync,
  verifyProofSync,
  widthSweepSync,
} from '../../src/index.js';
import { eigh, matmul, projectDnn } from '../../src/linalg/index.js';
import { createPool } from '../../src/worker/index.js';
import { encode } from '../../src/worker/transfer.js';

const X = [[1], [2], [-1]];
const Y = [[1], [0], [2]];
const { network, problem, proof } = trainSync(X, Y, { maxIterations: 2, timeLimitMs: 1000 });

const detached = (length: number): Float64Array => {
  const array = new Float64Array(length);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
};
const changed = (fields: object): Network =>
  Object.assign(Network.fromJSON(JSON.parse(JSON.stringify(network))), fields);

/** What is called, and how the message begins. */
const CALLS: readonly [string, () => unknown, string, RegExp][] = [
  ['no claim of an old network', () => readOldProof({ version: 2 }, X, Y, null as never), 'InputError', /^claim: /],
  [
    'an object that holds itself, for a worker',
    () => {
      const ring: Record<string, unknown> = {};
      ring.ring = ring;
      return encode({ ring }, new Set());
    },
    'InputError',
    /^options: hold an object that holds itself/,
  ],
  [
    'weights whose memory went elsewhere',
    () => new Proof({ ...proof, weights: detached(3) }),
    'InputError',
    /^proof\.weights: /,
  ],
  [
    'a maximum that is no double',
    () => maximizeNeuronSync([[1e200], [1e200]], [[1e200], [1e200]]),
    'NumericalError',
    /too large for double precision/,
  ],
  ['sizes below 0', () => new Matrix(new Float64Array(5), -1, -5), 'InputError', /^rows: is -1/],
  ['a size that is a symbol', () => Matrix.zeros(Symbol('s') as never, 2), 'InputError', /^rows: is a symbol/],
  [
    'a size that no loop ends',
    () => toMatrix({ rows: 1e51, columns: 0, get: () => 1 }, 'X'),
    'InputError',
    /^X: .*1e\+51/,
  ],
  ['more than 4 GiB', () => Matrix.zeros(1e9, 1), 'MemoryError', /7\.45 GiB/],
  ['memory that went elsewhere', () => new Matrix(detached(3), 0, 3), 'InputError', /^data: was transferred/],
  ['a matrix without a name', () => toMatrix(X, ''), 'InputError', /^argument: /],
  ['a seed that is an object', () => new Random({} as never), 'OptionsError', /^seed: .*got an object$/],
  ['a text to fill', () => new Random(1).fillNormal('abc' as never), 'InputError', /^target: /],
  ['a permutation of no number', () => new Random(1).permutation('3' as never), 'InputError', /^count: /],
  ['no parts of a network', () => new Network(undefined as never), 'InputError', /^parts: /],
  [
    'a network without U',
    () => new Network({ ...network, U: undefined } as never),
    'InputError',
    /^U: expected a Matrix/,
  ],
  [
    'weights that are NaN',
    () => certify(changed({ U: nan(network.U) })),
    'OptionsError',
    /^network: .*entry \(0, 0\) is NaN/,
  ],
  [
    'a network changed afterwards',
    () => certify(changed({ V: {} })),
    'OptionsError',
    /^network: .*V: expected a Matrix/,
  ],
  ['a width that is an object', () => criticalWidthBound(1, {} as never), 'InputError', /^c: .*got an object/],
  [
    'a method there is not',
    () => estimateCost({ n: 1, d: 1, c: 1 }, 'constructor' as never),
    'InputError',
    /^method: /,
  ],
  [
    'half a result',
    () => explain({ loss: 1, lowerBound: 0, gap: 1, bound: { value: 0, from: 'exact' } } as never),
    'InputError',
    /^result.explanation: /,
  ],
  ['no proof', () => verifyProofSync(X, Y, null as never), 'InputError', /^proof: /],
  [
    'a file with control characters',
    () => Proof.load('\u0000\u001b[31m'),
    'InputError',
    /^proof: is not JSON: [\P{Cc}]*$/u,
  ],
  [
    'an option with control characters',
    () => prepareData(X, Y, { '\u001b[31m': 1 } as never),
    'OptionsError',
    /^\\u001b\[31m: is not an option/,
  ],
  [
    'an option of 10,000 letters',
    () => prepareData(X, Y, { ['k'.repeat(1e4)]: 1 } as never),
    'OptionsError',
    /^.{1,800}$/,
  ],
  ['options that are a Map', () => prepareData(X, Y, new Map() as never), 'OptionsError', /^options: /],
  [
    'a thousand million holes as widths',
    () => widthSweepSync(X, Y, { widths: new Array(1e9) }),
    'OptionsError',
    /^widths: /,
  ],
  ['a thousand million holes as path', () => trainPathSync(X, Y, { regs: new Array(1e9) }), 'OptionsError', /^regs: /],
  ['a fake signal', () => trainSync(X, Y, { signal: { aborted: 1 } as never }), 'OptionsError', /^signal: /],
  ['a subset of an object', () => eigh([[1]], { subset: { index: 1 as never } }), 'OptionsError', /^subset: /],
  [
    'a misspelt option of matmul',
    () => matmul([[1]], [[1]], { transposeC: true } as never),
    'OptionsError',
    /^transposeC: /,
  ],
  ['a block that is an object', () => projectDnn([[1]], {} as never), 'InputError', /^h: is an object/],
  ['a class out of range', () => oneHot([0, 5], 2), 'InputError', /^classes\[1\]: is 5/],
  ['no data set', () => formatCsv(undefined as never), 'InputError', /^dataset: /],
  ['bytes that are none', () => parseIdx({} as never, 'f'), 'InputError', /^bytes: /],
  ['a data set there is not', () => parseUci('toString' as never, '', 'f'), 'InputError', /^name: /],
  ['digits without images', () => reduceDigits({} as never, {} as never), 'InputError', /^train.images: /],
  ['rows without number', () => randomTeacher(1, { rows: Number.NaN }), 'OptionsError', /^rows: /],
  ['classes of a spiral', () => spiral(1, 2, {} as never), 'InputError', /^classes: /],
  ['a model of no data', () => new LinearModel(undefined as never, network.U), 'InputError', /^data: /],
  ['a pool of 2⁵³ workers', () => createPool({ size: 2 ** 53 }), 'OptionsError', /^size: /],
];

const certify = (damaged: Network): unknown => certifyNetworkSync(X, Y, { network: damaged });
const nan = (A: Matrix): Matrix =>
  new Matrix(
    A.data.map(() => Number.NaN),
    A.rows,
    A.columns,
  );

test.each(CALLS)('%s', (_, call, name, message) => {
  expect(call).toThrow(expect.objectContaining({ name, message: expect.stringMatching(message) }));
});

test('patterns without end are not sampled without end', () => {
  expect(gatedReluSync(X, Y, { patterns: 2 ** 53 - 1, maxIterations: 2 }).patterns).toBe(2);
});

test('the loss that every problem shares cannot be changed', () => {
  expect(Object.isFrozen(problem.loss)).toBe(true);
  expect(proof.loss).toBe('squared');
});
