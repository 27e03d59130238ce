/** The saved form of proofs. Whether they hold is tested in verify-proof.test.ts. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { prepareData } from '../../src/problem/data.js';
import { Proof, proofOf } from '../../src/proof/proof.js';
import { trainSync } from '../../src/tasks/train.js';
import { randomMatrix } from '../support/matrices.js';

const random = new Random(3);
const X = randomMatrix(random, 25, 4);
const labels = Array.from({ length: 25 }, (_, i) => ['a', 'b', 'c'][i % 3]);
const { proof, network } = trainSync(X, labels, { reg: 0.2, bias: true, standardize: true });

describe('a saved proof', () => {
  it('comes back to the last bit', () => {
    const copy = Proof.load(proof.save());
    expect(copy).toEqual(proof);
    expect(copy).toBeInstanceOf(Proof);
    expect(JSON.stringify(copy)).toBe(proof.save());
  });

  it('of 25 rows takes less than two thirds of what it took within the network, and the network little', () => {
    expect(proof.relaxation?.a.rows).toBe(25);
    expect(proof.save().length).toBeLessThan(20_000);
    const weights = (network.U.rows + network.V.rows) * network.width;
    expect(JSON.stringify(network).length).toBeLessThan(30 * weights + 500);
  });

  it('holds Infinity, NaN and −0 where multipliers do', () => {
    const data = prepareData(X, labels, { reg: 0.2, bias: false, standardize: false });
    const a = new Matrix(new Float64Array(75).fill(Number.NaN, 3, 5).fill(-0, 70), 25, 3);
    const odd = proofOf(data, { lowerBound: -0, exact: { reg: 0.2, a, floor: 5e-324, tolerance: 1e300 } });
    expect(Proof.load(odd.save()).exact).toEqual(odd.exact);
  });
});

describe('Proof.load', () => {
  const good = JSON.parse(proof.save());
  const exact = good.exact;

  it('has something to spoil', () => {
    expect(good).toMatchObject({ relaxation: { places: expect.any(String) }, exact: { floor: expect.any(Number) } });
    expect(Proof.fromJSON(good)).toEqual(proof);
  });

  it.each<[string, unknown, RegExp]>([
    ['a text', 'proof', /proof: expected an object, got 'proof'/],
    ['another format', { ...good, format: 'convex-relu/network' }, /proof: is not a saved proof: format is 'conv/],
    ['a later version', { ...good, version: 2 }, /proof: has version 2/],
    ['a loss that nobody knows', { ...good, loss: 'cubed' }, /proof\.loss: is 'cubed'/],
    ['reg null', { ...good, reg: null }, /proof\.reg: expected a finite number, got null/],
    ['a negative reg', { ...good, reg: -1 }, /proof\.reg: expected a number > 0/],
    ['a claim beyond every number', { ...good, lowerBound: Number.POSITIVE_INFINITY }, /proof\.lowerBound: .*Infinity/],
    ['features as a text', { ...good, features: '4' }, /proof\.features/],
    ['bias as a number', { ...good, bias: 1 }, /proof\.bias/],
    ['a scale missing', { ...good, scaling: { ...good.scaling, scales: [1, 1, 1] } }, /proof\.scaling\.scales: exp/],
    ['null among the means', { ...good, scaling: { ...good.scaling, means: [0, 0, null, 0] } }, /means\[2\]/],
    ['a fractional label', { ...good, classes: ['a', 0.5] }, /proof\.columns\.classes\[1\]/],
    ['no digest', { ...good, digest: undefined }, /proof\.digest: expected a text/],
    ['no checksum', { ...good, checksum: undefined }, /proof\.checksum: expected a text/],
    ['no word about multipliers', { ...good, relaxation: undefined }, /proof\.relaxation: expected an object/],
    [
      'a of another length',
      { ...good, relaxation: { ...good.relaxation, a: { ...good.relaxation.a, rows: 24 } } },
      /a\.data/,
    ],
    ['a negative number of rows', { ...good, exact: { ...exact, a: { ...exact.a, rows: -25 } } }, /exact\.a\.rows/],
    [
      'multipliers that are no base64',
      { ...good, relaxation: { ...good.relaxation, values: '?' } },
      /values: expected/,
    ],
    [
      'a multiplier less',
      { ...good, relaxation: { ...good.relaxation, values: good.relaxation.values.slice(32) } },
      /places: holds more/,
    ],
    ['a free multiplier less', { ...good, relaxation: { ...good.relaxation, w: '' } }, /w: expected 25 numbers/],
    [
      'places beyond the last',
      { ...good, relaxation: { ...good.relaxation, places: `////${good.relaxation.places.slice(4)}` } },
      /places/,
    ],
    ['a search without tolerance', { ...good, exact: { ...exact, tolerance: 0 } }, /exact\.tolerance/],
    ['a search with a text for its floor', { ...good, exact: { ...exact, floor: '1' } }, /exact\.floor/],
  ])('refuses %s', (_, json, message) => {
    expect(() => Proof.fromJSON(json)).toThrow(InputError);
    expect(() => Proof.fromJSON(json)).toThrow(message);
  });

  it('refuses what is no JSON, and numbers too large for one', () => {
    expect(() => Proof.load('{"format":')).toThrow(/proof: is not JSON/);
    const text = proof.save().replace(/"lowerBound":[^,]+/, '"lowerBound":1e999');
    expect(() => Proof.load(text)).toThrow(/proof\.lowerBound: expected a finite number, got Infinity/);
  });
});
