/** solveRelaxation by cones and groups of rows, from raw data to the proved bound. */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { growNetworkSync } from '../../src/tasks/grow-network.js';
import { solveRelaxation, solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { verifyProofSync } from '../../src/tasks/verify-proof.js';
import { loadFixture, SIGNED_REFERENCES } from '../support/fixtures.js';
import { randomProblem } from '../support/random.js';
import { expectWithin } from '../support/tolerance.js';

const ONE_BLOCK = Number.POSITIVE_INFINITY;

describe.each(SIGNED_REFERENCES)('a problem of $X.rows × $X.columns', ({ X, Y, reg, free, signed, bestNetwork }) => {
  it('has the reference optimum of the signed relaxation in one block', () => {
    const result = solveRelaxationSync(X, Y, { reg, cone: 'signed', groupSize: ONE_BLOCK, tolerance: 1e-5 });
    expect(result.status).toBe('certified');
    expectWithin(result.value, signed, 2e-5 * signed);
    expectWithin(result.lowerBound, signed, 2e-5 * signed);
    expect(result.lowerBound).toBeLessThanOrEqual(bestNetwork);
    expect([result.cone, result.groupSize]).toEqual(['signed', X.rows]);
  });

  it("has the paper's relaxation in groups of all rows", () => {
    const result = solveRelaxationSync(X, Y, { reg, groupSize: X.rows, tolerance: 1e-5 });
    expectWithin(result.lowerBound, free, 2e-5 * free);
  });

  it('has in groups at most the bound of one block, and a larger one with signs than without', () => {
    const bound = (cone: 'free' | 'signed'): number =>
      solveRelaxationSync(X, Y, { reg, cone, groupSize: 4 }).lowerBound;
    const [withoutSigns, withSigns] = [bound('free'), bound('signed')];
    expect(withoutSigns).toBeLessThanOrEqual(free * (1 + 1e-6));
    expect(withSigns).toBeLessThanOrEqual(signed * (1 + 1e-6));
    expect(withoutSigns).toBeLessThanOrEqual(withSigns + 2e-3 * bestNetwork);
  });
});

describe('the relaxation by groups', () => {
  it.each([
    { c: 1, d: 3, n: 30 },
    { c: 2, d: 2, n: 21 },
    { c: 3, d: 4, n: 12 },
  ])('bounds every network: $n × $d, $c outputs', ({ n, d, c }) => {
    const { X, Y, reg } = randomProblem(3, { n, d, c, reg: 0.3, degeneracy: 'none' });
    const network = growNetworkSync(X, Y, { reg });
    for (const cone of ['free', 'signed'] as const) {
      for (const groupSize of [1, 3, 7]) {
        const result = solveRelaxationSync(X, Y, { reg, cone, groupSize });
        expect(result.lowerBound).toBeGreaterThan(0);
        expect(result.lowerBound).toBeLessThanOrEqual(network.loss * (1 + 1e-9));
        expect(result.gap).toBeLessThanOrEqual(1e-3);
        expect(result.groupSize).toBe(groupSize);
      }
    }
  });

  it('is proved again from the raw data', () => {
    const { X, Y } = loadFixture('iris');
    const result = solveRelaxationSync(X, Y, { reg: 1, bias: true, standardize: true, cone: 'signed', groupSize: 6 });
    const verified = verifyProofSync(X, Y, result.proof);
    expect(verified.valid).toBe(true);
    expect(verified.lowerBound).toBe(result.lowerBound);
    expect(verified.from).toBe('relaxation');
  });

  it.each(['duplicate rows', 'antiparallel rows', 'zero rows'])('copes with %s', (what) => {
    const X = normal(16, 3, 5);
    const Y = normal(16, 1, 6);
    for (let i = 0; i < 8; i++) {
      const factor = what === 'zero rows' ? 0 : what === 'duplicate rows' ? 1 : -2;
      for (let k = 0; k < 3; k++) X.set(8 + i, k, factor * X.get(i, k));
    }
    const network = growNetworkSync(X, Y, { reg: 0.2 });
    const result = solveRelaxationSync(X, Y, { reg: 0.2, cone: 'signed', groupSize: 8 });
    expect(result.lowerBound).toBeLessThanOrEqual(network.loss * (1 + 1e-9));
    expect(result.lowerBound).toBeGreaterThan(0.5 * network.loss);
  });

  it('takes one column, one row, one outlying row and scales from 1e-6 to 1e6', () => {
    expect(solveRelaxationSync([[2]], [[1]], { reg: 0.1, cone: 'signed' }).gap).toBeLessThanOrEqual(1e-3);
    const line = solveRelaxationSync([[1], [-1], [3]], [[1], [2], [0.5]], { reg: 0.1, cone: 'signed', groupSize: 2 });
    expect(line.gap).toBeLessThanOrEqual(1e-3);
    for (const scale of [1e-6, 1, 1e6]) {
      const X = normal(12, 2, 7);
      const Y = normal(12, 1, 8);
      for (let k = 0; k < 2; k++) X.set(0, k, scale * X.get(0, k));
      const result = solveRelaxationSync(X, Y, { reg: 0.1, cone: 'signed', groupSize: 6 });
      const { loss } = growNetworkSync(X, Y, { reg: 0.1 });
      expect(result.lowerBound).toBeLessThanOrEqual(loss * (1 + 1e-9));
      expect(result.lowerBound).toBeGreaterThan(0);
    }
  });

  it('is exact from the weight decay on at which the zero network is optimal', () => {
    const X = normal(15, 3, 9);
    const Y = normal(15, 1, 10);
    const half = 0.5 * Y.data.reduce((sum, y) => sum + y * y, 0);
    for (const reg of [1e2, 1e3, 1e5]) {
      const result = solveRelaxationSync(X, Y, { reg, cone: 'signed', groupSize: 5 });
      expectWithin(result.lowerBound, half, 2e-3 * half);
    }
  });

  it('ends at a limit with the bound it has, which holds', async () => {
    const X = normal(160, 6, 11);
    const Y = normal(160, 1, 12);
    const options = { reg: 2, cone: 'signed', groupSize: 8 } as const;
    const whole = solveRelaxationSync(X, Y, options);
    const cut = solveRelaxationSync(X, Y, { ...options, maxIterations: 4 });
    expect(cut.status).toBe('max-iterations');
    expect(cut.lowerBound).toBeGreaterThan(0);
    expect(cut.lowerBound).toBeLessThanOrEqual(whole.lowerBound * (1 + 1e-3));
    const stop = new AbortController();
    const stopped = await solveRelaxation(X, Y, {
      ...options,
      stopSignal: stop.signal,
      onProgress: ({ iteration, kind }) => {
        if (iteration >= 3 && kind === 'heartbeat') stop.abort();
      },
    });
    expect(['stopped', 'certified']).toContain(stopped.status);
    expect(verifyProofSync(X, Y, stopped.proof).valid).toBe(true);
  });

  it('knows at once what data without directions or targets cost', () => {
    const zero = solveRelaxationSync([[0], [0]], [[1], [3]], { reg: 0.1, cone: 'signed', groupSize: 2 });
    expect([zero.status, zero.value]).toEqual(['certified', 5]);
    expect(zero.lowerBound).toBeGreaterThan(5 * (1 - 1e-9));
    const still = solveRelaxationSync([[1], [2]], [[0], [0]], { reg: 0.1, cone: 'signed', groupSize: 2 });
    expect([still.status, still.value, still.lowerBound]).toEqual(['certified', 0, 0]);
    const part = solveRelaxationSync([[0], [1]], [[2], [0]], { reg: 0.1, cone: 'signed', groupSize: 2 });
    expect(part.lowerBound).toBeGreaterThan(2 * (1 - 1e-3));
  });

  it('gives the same bits again', () => {
    const { X, Y } = loadFixture('spiral');
    const options = { reg: 0.1, cone: 'signed', groupSize: 2 } as const;
    const [first, second] = [0, 1].map(() => solveRelaxationSync(X, Y, options));
    expect(second.value).toBe(first.value);
    expect(second.lowerBound).toBe(first.lowerBound);
    expect(second.flops).toBe(first.flops);
  });

  it('refuses options of the solver in one free block', () => {
    const solve = (options: object) => () =>
      solveRelaxationSync([[1], [2]], [[1], [2]], { cone: 'signed', ...options });
    expect(solve({ method: 'cg' })).toThrow(/method.*one block/);
    expect(solve({ onCheckpoint: () => {} })).toThrow(/onCheckpoint/);
    expect(solve({ groupSize: 0 })).toThrow(/groupSize.*whole number ≥ 1, Infinity or 'auto'/);
    expect(solve({ cone: 'fan' })).toThrow(/cone.*'free', 'signed'/);
  });
});

function normal(rows: number, columns: number, seed: number): Matrix {
  const random = new Random(seed);
  return new Matrix(
    Float64Array.from({ length: rows * columns }, () => random.normal()),
    rows,
    columns,
  );
}
