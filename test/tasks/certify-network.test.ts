import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { certifyNetwork, certifyNetworkSync, InputError, Network, trainSync } from '../../src/index.js';
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
    expect([cut.lowerBound, cut.gap]).toEqual([undefined, undefined]);
  });

  it('refuses targets of another shape', () => {
    expect(() => certifyNetworkSync(X, [[1]], { network: fit.network, reg })).toThrow(InputError);
  });
});
