import { describe, expect, it } from 'vitest';
import {
  type Certificate,
  criticalWidthBound,
  Matrix,
  Proof,
  type RelaxationResult,
  roundRelaxation,
  roundRelaxationSync,
  solveRelaxationSync,
  train,
  trainSync,
} from '../../src/index.js';
import { randomProblem } from '../support/random.js';
import { expectWithin } from '../support/tolerance.js';

const { X, Y } = randomProblem(47, { n: 12, d: 3, c: 2, reg: 0.1, degeneracy: 'none' });
const reg = 0.1;
const relaxation = solveRelaxationSync(X, Y, { reg });
const refusal = { name: 'OptionsError', option: 'relaxation' };

describe('roundRelaxation', () => {
  it('gives every start a loss above the bound, and the best of them a network with that very loss', () => {
    const rounding = ['gaussian', 'nearest-cone', 'three-operator', 'eigenvectors'] as const;
    const { network, loss, lowerBound, gap, starts } = roundRelaxationSync(X, Y, {
      relaxation,
      rounding,
      roundedStarts: 2,
      randomStarts: 1,
    });
    const kinds = starts.map(({ kind }) => kind);
    expect(kinds).toEqual(['zero', ...rounding, 'random', 'gaussian', 'nearest-cone']);
    for (const start of starts) {
      expect(start.loss).toBeGreaterThanOrEqual(lowerBound);
      expect(start.loss).toBeLessThanOrEqual(start.startLoss);
      expect(start.width).toBeLessThanOrEqual(criticalWidthBound(12, 2));
    }
    expect(lowerBound).toBe(relaxation.lowerBound);
    expectWithin(loss, Math.min(...starts.map((start) => start.loss)), 1e-12);
    expectWithin(network.loss(X, Y, reg), loss, 1e-12);
    expect(gap).toBe((loss - lowerBound) / loss);
  });

  it('knows reg, bias, scaling and labels from the relaxation', async () => {
    const labels = Array.from({ length: 12 }, (_, i) => ['red', 'green', 'blue'][i % 3]);
    const fit = trainSync(X, labels, { reg: 0.2, bias: true, standardize: true });
    const rounded = await roundRelaxation(X, labels, { relaxation: fit.relaxation as RelaxationResult });
    expect(rounded.network.featureMap).toEqual(fit.network.featureMap);
    expect(rounded.network.classes).toEqual(fit.network.classes);
    expectWithin(rounded.loss, rounded.network.loss(X, labels, 0.2), 1e-12);
  });

  it('says certified where the gap is within the tolerance, and what cut it short', () => {
    const { gap, status } = roundRelaxationSync(X, Y, { relaxation, tolerance: 1e-9 });
    expect([gap > 1e-9, status]).toEqual([true, 'converged']);
    expect(roundRelaxationSync(X, Y, { relaxation, tolerance: 0.999 }).status).toBe('certified');
    expect(roundRelaxationSync(X, Y, { relaxation, tolerance: 1e-9, timeLimitMs: 0 }).status).toBe('time-limit');
  });

  it('believes no bound that the multipliers do not prove, nor one that was changed', () => {
    const boasting = { ...relaxation, lowerBound: 1e9, gap: 0 };
    expect(roundRelaxationSync(X, Y, { relaxation: boasting }).lowerBound).toBe(relaxation.lowerBound);
    const fit = trainSync(X, Y, { reg, relaxation: boasting, maxWidth: 3, timeLimitMs: 0 });
    expect(fit.lowerBound).toBe(relaxation.lowerBound);
    expect(fit.relaxation?.lowerBound).toBe(relaxation.lowerBound);
    expect(fit.proof.lowerBound).toBe(relaxation.lowerBound);
    const damaged = structuredClone({ ...relaxation.proof.relaxation }) as Certificate;
    damaged.a.data.fill(100);
    const { a } = damaged;
    const proof = new Proof({
      ...relaxation.proof,
      relaxation: { ...damaged, a: new Matrix(a.data, a.rows, a.columns) },
    });
    const forged = roundRelaxationSync(X, Y, { relaxation: { ...boasting, proof } });
    expect(forged.lowerBound).toBeLessThanOrEqual(relaxation.lowerBound);
    const G = relaxation.G.clone();
    G.set(0, 0, Number.NaN);
    expect(() => trainSync(X, Y, { reg, relaxation: { ...relaxation, G } })).toThrow(expect.objectContaining(refusal));
  });

  it('refuses a relaxation of other data', () => {
    const other = Y.clone();
    other.set(3, 1, other.get(3, 1) + 1e-9);
    expect(() => roundRelaxationSync(X, other, { relaxation })).toThrow(expect.objectContaining(refusal));
    const fewer = { ...relaxation, G: solveRelaxationSync([[1], [2]], [1, 0.5], { reg }).G };
    expect(() => roundRelaxationSync(X, Y, { relaxation: fewer })).toThrow(/a matrix G of order 3, but here it is 15/);
  });
});

describe('train, given a relaxation', () => {
  it('finds the network that it finds when it solves the relaxation itself', async () => {
    const whole = trainSync(X, Y, { reg });
    const fit = trainSync(X, Y, { reg, relaxation });
    expect(fit.relaxation).toBe(relaxation);
    expect(fit.network).toEqual(whole.network);
    expect([fit.loss, fit.lowerBound, fit.gap, fit.status]).toEqual([
      whole.loss,
      whole.lowerBound,
      whole.gap,
      whole.status,
    ]);
    expect(fit.proof.checksum).toBe(whole.proof.checksum);
    expect(fit.history.some(({ kind }) => kind === 'iterate')).toBe(false);
    expect(fit.history).toHaveLength(whole.history.length - relaxation.history.length);
    expect((await train(X, Y, { reg, relaxation })).network).toEqual(whole.network);
  });

  it('is not cut short because the relaxation was', () => {
    const cut = solveRelaxationSync(X, Y, { reg, maxIterations: 2, tolerance: 1e-9 });
    expect(cut.status).toBe('max-iterations');
    expect(['certified', 'converged']).toContain(trainSync(X, Y, { reg, relaxation: cut }).status);
  });

  it('refuses one of another problem', () => {
    for (const options of [{ reg: 0.2 }, { reg, bias: true }, { reg, standardize: true }]) {
      expect(() => trainSync(X, Y, { ...options, relaxation })).toThrow(expect.objectContaining(refusal));
    }
    expect(() => trainSync(X.clone(), Y, { reg, relaxation })).not.toThrow();
  });
});
