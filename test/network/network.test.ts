import { Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { InputError, OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { Network } from '../../src/network/network.js';
import type { NetworkParts } from '../../src/network/parts.js';
import { fitFeatureMap, mapFeatures } from '../../src/problem/features.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { multiply, norm, randomMatrix } from '../support/matrices.js';
import { squaredProblem } from '../support/problem.js';
import { randomNetwork } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const random = new Random(4);
const X = randomMatrix(random, 9, 3);
const labels = ['b', 'a', 'c', 'a', 'b', 'c', 'c', 'a', 'b'];

function someNetwork(options: { bias: boolean; standardize: boolean }, more: Partial<NetworkParts> = {}): Network {
  const featureMap = fitFeatureMap(X, options);
  return new Network({ ...randomNetwork(new Random(1), options.bias ? 4 : 3, 3, 5), featureMap, ...more });
}

const VARIANTS = [
  { bias: false, standardize: false },
  { bias: true, standardize: false },
  { bias: false, standardize: true },
  { bias: true, standardize: true },
];

describe.each(VARIANTS)('Network, bias $bias, standardize $standardize', (options) => {
  const network = someNetwork(options, { classes: ['a', 'b', 'c'] });

  it('predicts (φ(X) U)₊ Vᵀ from the raw features', () => {
    const hidden = multiply(mapFeatures(X, network.featureMap, 'X'), network.U);
    hidden.data.forEach((h, k) => {
      hidden.data[k] = Math.max(0, h);
    });
    const expected = multiply(hidden, network.V.transpose());
    expectAllWithin(network.predict(X), expected, roundOff(20, norm(expected)));
    expect(network.width).toBe(5);
    expect(network.bias).toBe(options.bias);
    expect(network.scaling === undefined).toBe(!options.standardize);
  });

  it('names the class of the largest output', () => {
    const F = network.predict(X);
    const expected = F.toArray().map((row) => ['a', 'b', 'c'][row.indexOf(Math.max(...row))]);
    expect(network.predictClass(X)).toEqual(expected);
    expect(someNetwork(options).predictClass(X)).toEqual(expected.map((label) => 'abc'.indexOf(label)));
  });

  it('has the training loss of program 1, for targets and for labels alike', () => {
    const Y = Matrix.zeros(9, 3);
    labels.forEach((label, i) => {
      Y.set(i, 'abc'.indexOf(label), 1);
    });
    const expected = trainingLoss(squaredProblem(network.features(X), Y, 0.2), network);
    expectWithin(network.loss(X, Y, 0.2), expected, roundOff(9, expected));
    expect(network.loss(X, labels, 0.2)).toBe(network.loss(X, Y, 0.2));
  });

  it('survives JSON to the last bit', () => {
    for (const original of [network, someNetwork(options)]) {
      const copy = Network.fromJSON(JSON.parse(JSON.stringify(original)));
      expect(copy).toEqual(original);
      expect(copy.predict(X)).toEqual(original.predict(X));
    }
  });
});

describe('Network', () => {
  const network = someNetwork({ bias: true, standardize: true }, { classes: ['a', 'b', 'c'] });

  it('accepts every form of a matrix and mutates none', () => {
    const expected = network.predict(X);
    const rows = X.toArray();
    const forms = [
      rows,
      rows.map((row) => Float64Array.from(row)),
      { data: X.data, rows: 9, columns: 3 },
      new MlMatrix(rows),
    ];
    const before = JSON.stringify(forms);
    for (const form of forms) expect(network.predict(form)).toEqual(expected);
    expect(JSON.stringify(forms)).toBe(before);
  });

  it('predicts 0 without neurons', () => {
    const empty = new Network({ U: Matrix.zeros(4, 0), V: Matrix.zeros(3, 0), featureMap: network.featureMap });
    expect(empty.predict(X)).toEqual(Matrix.zeros(9, 3));
    expect(Network.fromJSON(JSON.parse(JSON.stringify(empty)))).toEqual(empty);
  });

  it('refuses data it was not trained for', () => {
    expect(() => network.predict([[1, 2]])).toThrow(/X: has 2 columns.*3 features/);
    expect(() => network.predict([[1, 2, Number.NaN]])).toThrow(InputError);
    expect(() => network.loss(X, [[1]], 0.1)).toThrow(/Y: is 1 × 1.*9 × 3/);
    expect(() => network.loss(X, labels.with(2, 'z'), 0.1)).toThrow(/Y: label 2 is 'z'.*'a', 'b', 'c'/);
    expect(() => someNetwork({ bias: true, standardize: true }).loss(X, labels, 0.1)).toThrow(/trained on targets/);
    expect(() => network.loss(X, labels, 0)).toThrow(OptionsError);
  });

  it('refuses parts that do not fit together', () => {
    const { U, V, featureMap } = network;
    expect(() => new Network({ U, V: Matrix.zeros(3, 4), featureMap })).toThrow(/V: has 4 columns/);
    expect(() => new Network({ U: Matrix.zeros(3, 5), V, featureMap })).toThrow(/U: has 3 rows.*4/);
    expect(() => new Network({ U, V, featureMap, classes: ['a'] })).toThrow(/classes: has 1 labels/);
  });
});

describe('Network.fromJSON', () => {
  it('reads versions 1 and 2, whose multipliers it leaves to the proof', () => {
    const { version: _, ...parts } = JSON.parse(JSON.stringify(someNetwork({ bias: true, standardize: true })));
    const expected = someNetwork({ bias: true, standardize: true });
    const certificate = { reg: 1, a: { rows: 0, columns: 0, data: [] }, N: [], w: [] };
    expect(Network.fromJSON({ ...parts, version: 1, certificate })).toEqual(expected);
    expect(Network.fromJSON({ ...parts, version: 2, certificate: null, exactCertificate: null })).toEqual(expected);
  });

  it('grows with the weights alone: at most 30 bytes a weight', () => {
    for (const [d, c, width] of [
      [1, 1, 0],
      [4, 3, 25],
      [60, 10, 400],
    ]) {
      const featureMap = fitFeatureMap(randomMatrix(random, 1000, d - 1), { bias: true, standardize: false });
      const large = new Network({ ...randomNetwork(random, d, c, width), featureMap });
      expect(JSON.stringify(large).length).toBeLessThanOrEqual(30 * (d + c) * width + 300);
    }
  });

  const good = JSON.parse(JSON.stringify(someNetwork({ bias: true, standardize: true }, { classes: ['a', 'b', 'c'] })));

  it.each([
    ['not an object', 'text', /json: expected an object, got 'text'/],
    ['another format', { ...good, format: 'onnx' }, /json: is not a saved network: format is 'onnx'/],
    ['a newer version', { ...good, version: 4 }, /json: has version 4/],
    ['no U', { ...good, U: undefined }, /json\.U: expected an object/],
    ['short data', { ...good, U: { ...good.U, data: [1] } }, /json\.U\.data: expected 20 numbers, got 1/],
    [
      'null in data',
      { ...good, V: { ...good.V, data: good.V.data.with(3, null) } },
      /json\.V\.data\[3\]: expected a finite number, got null/,
    ],
    ['a negative count', { ...good, U: { ...good.U, rows: -1 } }, /json\.U\.rows: expected a whole number/],
    ['bias as a number', { ...good, bias: 1 }, /json\.bias: expected true or false/],
    ['wrong means', { ...good, scaling: { ...good.scaling, means: [0] } }, /json\.scaling\.means: expected 3 numbers/],
    ['zero scale', { ...good, scaling: { ...good.scaling, scales: [1, 0, 1] } }, /json\.scaling\.scales: holds 0/],
    [
      'a fractional label',
      { ...good, classes: ['a', 'b', 0.5] },
      /json\.classes\[2\]: expected a text, a boolean or a whole number/,
    ],
    ['layers of different width', { ...good, V: { rows: 3, columns: 1, data: [1, 2, 3] } }, /V: has 1 columns/],
  ])('refuses %s', (_, json, message) => {
    expect(() => Network.fromJSON(json)).toThrow(InputError);
    expect(() => Network.fromJSON(json)).toThrow(message);
  });
});
