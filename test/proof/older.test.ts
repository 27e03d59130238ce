/** Networks saved by earlier releases, with their proofs in them: test/fixtures/models, written by those releases. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import { Network } from '../../src/network/network.js';
import { readOldProof } from '../../src/proof/older.js';
import { verifyProofSync } from '../../src/tasks/verify-proof.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

const read = (name: string): string => readFileSync(new URL(`../fixtures/models/${name}`, import.meta.url), 'utf8');

const table = read('data.csv')
  .trim()
  .split('\n')
  .map((line) => line.split(','));
/** The whole file: no rows held out. */
const X = table.slice(1).map((row) => row.slice(0, 2).map(Number));
const values = table.slice(1).map((row) => [Number(row[3])]);

const file = JSON.parse(read('version-2-numbers.json'));

describe('a network of version 2', () => {
  const { network, claims } = file;

  it('is read without its proof', () => {
    expect(network.version).toBe(2);
    expect(Network.fromJSON(network).loss(X, values, network.certificate.reg)).toBe(claims.loss);
  });

  it('gives a proof of what training claimed', () => {
    const proof = readOldProof(network, X, values, { lowerBound: claims.lowerBound });
    expect(proof).toMatchObject({ reg: 0.5, loss: 'squared', columns: { features: 2, bias: false } });
    const { valid, lowerBound, relaxation, from } = verifyProofSync(X, values, proof);
    expect({ valid, from }).toEqual({ valid: true, from: 'exact' });
    // Another release accounts for round-off in another way.
    expectWithin(lowerBound, claims.lowerBound, roundOff(X.length, claims.lowerBound));
    expectWithin(relaxation?.lowerBound as number, claims.certifiedBound, roundOff(X.length, claims.certifiedBound));
  });

  it('gives none of more than that, nor of other data', () => {
    const more = readOldProof(network, X, values, { lowerBound: claims.lowerBound * 1.001 });
    expect(verifyProofSync(X, values, more).valid).toBe(false);
    const other = X.toReversed();
    const elsewhere = readOldProof(network, other, values, { lowerBound: claims.lowerBound });
    expect(verifyProofSync(other, values, elsewhere).valid).toBe(false);
  });
});

describe('what holds no proof', () => {
  const claim = { lowerBound: 1 };
  it.each<[string, unknown, RegExp]>([
    ['a network of today', { ...file.network, version: 3 }, /json: holds no proof/],
    ['a network without certificate', { ...file.network, certificate: null }, /json\.certificate: expected an object/],
    [
      'multipliers of another size',
      { ...file.network, certificate: { ...file.network.certificate, N: [1] } },
      /\.N: exp/,
    ],
    [
      'a dual point without floor',
      { ...file.network, exactCertificate: { ...file.network.exactCertificate, floor: null } },
      /floor/,
    ],
    ['null', null, /json: expected an object/],
  ])('is refused: %s', (_, json, message) => {
    expect(() => readOldProof(json, X, values, claim)).toThrow(InputError);
    expect(() => readOldProof(json, X, values, claim)).toThrow(message);
  });
});
