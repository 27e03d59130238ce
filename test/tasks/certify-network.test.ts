import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import {
  certifyNetwork,
  certifyNetworkSync,
  InputError,
  Network,
  type Proof,
  trainSync,
  verifyProofSync,
} from '../../src/index.js';
import { fitFeatureMap } from '../../src/problem/features.js';
import { randomNetwork, randomProblem } from '../support/random.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

const { X, Y } = randomProblem(51, { n: 12, d: 3, c: 2, degeneracy: 'none' });
const options = { reg: 0.1, bias: true, standardize: true, tolerance: 1e-6 };
const { reg, tolerance } = options;
const fit = trainSync(X, Y, { ...options, maxIterations: 5 });

describe('certifyNetwork', () => {
  it('proves a grown network optimal from its weights alone', async () => {
    const copy = Network.fromJSON(JSON.parse(JSON.stringify(fit.network)));
    const { loss, lowerBound, gap, violation } = await certifyNetwork(X, Y, { network: copy, reg, tolerance });
    expectWithin(loss, fit.loss, roundOff(100, 1 + loss));
    expect(lowerBound).toBeLessThanOrEqual(loss);
    expect(gap).toBeLessThanOrEqual(1e-4);
    expect(violation).toBeLessThan(1.01);
  });

  it('proves its bound again from the raw data, and for no other', () => {
    const { lowerBound, proof } = certifyNetworkSync(X, Y, { network: fit.network, reg, tolerance });
    const verified = verifyProofSync(X, Y, proof as Proof);
    expect(verified).toMatchObject({ valid: true, from: 'exact', lowerBound, reg, loss: 'squared' });
    const other = X.clone();
    other.row(0).set(X.row(1));
    other.row(1).set(X.row(0));
    expect(verifyProofSync(other, Y, proof as Proof)).toMatchObject({ valid: false, lowerBound: 0 });
  });

  it('proves a network of labels too', () => {
    const labels = Array.from({ length: 12 }, (_, i) => i % 2 === 0);
    const { network } = trainSync(X, labels, { reg, maxIterations: 5 });
    const { lowerBound, proof } = certifyNetworkSync(X, labels, { network, reg });
    expect(verifyProofSync(X, labels, proof as Proof)).toMatchObject({ valid: true, lowerBound });
  });

  it('bounds the loss on data that the network was not scaled by, without a proof', () => {
    const other = X.clone();
    other.data.forEach((x, k) => {
      other.data[k] = 1.0001 * x;
    });
    const { lowerBound, proof } = certifyNetworkSync(other, Y, { network: fit.network, reg });
    expect(lowerBound).toBeGreaterThan(0);
    expect(proof).toBeUndefined();
  });

  it('never gives a bound above the optimum, and finds the neuron that is missing', () => {
    const featureMap = fitFeatureMap(X, options);
    for (const seed of [1, 2, 3]) {
      const network = new Network({ ...randomNetwork(new Random(seed), 4, 2, 5), featureMap });
      const { lowerBound, violation } = certifyNetworkSync(X, Y, { network, reg, tolerance });
      expect(lowerBound).toBeLessThanOrEqual(fit.loss);
      expect(violation).toBeGreaterThan(1);
    }
  });

  it('proves nothing where it cannot, or has no time', () => {
    const wide = randomProblem(52, { n: 10, d: 7, c: 1, degeneracy: 'none' });
    const other = trainSync(wide.X, wide.Y, { reg: 1, maxIterations: 3, timeLimitMs: 2000 });
    expect(certifyNetworkSync(wide.X, wide.Y, { network: other.network, reg: 1 }).lowerBound).toBeUndefined();
    const cut = certifyNetworkSync(X, Y, { network: fit.network, reg, timeLimitMs: 0 });
    expect([cut.lowerBound, cut.gap, cut.proof]).toEqual([undefined, undefined, undefined]);
  });

  it('refuses targets of another shape', () => {
    expect(() => certifyNetworkSync(X, [[1]], { network: fit.network, reg })).toThrow(InputError);
  });
});
