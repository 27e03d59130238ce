/** The stored dual point of the exact oracle: proves again what training claimed, and nothing that is not true. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/base/errors.js';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { RunClock, runSync } from '../../../src/base/run.js';
import type { RunLimits } from '../../../src/base/types.js';
import { createKernelsSync } from '../../../src/engine/kernels.js';
import type { ExactCertificate, TrainingProblem } from '../../../src/problem/problem.js';
import { verifyExactCertificate } from '../../../src/proof/exact/verify-exact.js';
import { Proof } from '../../../src/proof/proof.js';
import { growNetworkSync } from '../../../src/tasks/grow-network.js';
import { trainSync } from '../../../src/tasks/train.js';
import { type FixtureName, loadFixture } from '../../support/fixtures.js';
import { fromRows, randomMatrix } from '../../support/matrices.js';
import { squaredProblem } from '../../support/problem.js';
import { randomProblem } from '../../support/random.js';

const verify = (problem: TrainingProblem, certificate: ExactCertificate, limits: RunLimits = {}) =>
  runSync(verifyExactCertificate(createKernelsSync(), problem, certificate, new RunClock(limits)), limits);

const prove = (problem: TrainingProblem, certificate: ExactCertificate) => verify(problem, certificate).lowerBound;

describe('an exact certificate', () => {
  it.each([1, 2, 3, 4])('of a trained network, saved and read back, proves its bound to the last bit, d = %i', (d) => {
    const { X, Y, reg } = randomProblem(60 + d, { n: 14, d, c: 2, reg: 0.1, degeneracy: 'none' });
    const fit = trainSync(X, Y, { reg, bias: d < 4, standardize: true, maxIterations: 3 });
    const { exact } = Proof.load(fit.proof.save());
    expect(exact).toEqual(fit.proof.exact);
    const proved = verify(fit.problem, exact as ExactCertificate);
    expect(fit.bound).toEqual({ value: fit.lowerBound, from: 'exact' });
    expect(proved).toMatchObject({ lowerBound: fit.lowerBound, complete: true });
  });

  it('is that of the best round, not of the last one', () => {
    for (let seed = 0; seed < 8; seed++) {
      const problem = randomProblem(seed, { n: 12, d: 3, c: 2, degeneracy: 'none' });
      for (const maxRounds of [0, 1, 3, 30]) {
        const { lowerBound, proof } = growNetworkSync(problem.X, problem.Y, {
          reg: problem.reg,
          tolerance: 1e-4,
          maxRounds,
        });
        expect(proof?.exact && prove(problem, proof.exact)).toBe(lowerBound);
        if (maxRounds === 30) expect(lowerBound).toBeGreaterThan(0);
      }
    }
  });

  it.each([1, 2, 3, 4])('that is forged proves nothing above the loss of a network there is, d = %i', (d) => {
    for (let seed = 0; seed < 4; seed++) {
      const problem = randomProblem(seed, { n: 10, d, c: 2, degeneracy: 'none' });
      const { loss, proof } = growNetworkSync(problem.X, problem.Y, { reg: problem.reg, tolerance: 1e-5 });
      for (const forged of forgeries(proof?.exact as ExactCertificate, problem, new Random(seed))) {
        const lowerBound = prove(problem, forged);
        expect(lowerBound).toBeGreaterThanOrEqual(0);
        expect(lowerBound, JSON.stringify({ ...forged, a: undefined })).toBeLessThanOrEqual(loss);
      }
    }
  });

  it('that cannot be one is refused', () => {
    const { X, Y, reg } = randomProblem(7, { n: 10, d: 3, c: 2, degeneracy: 'none' });
    const good: ExactCertificate = { reg, a: Y, floor: reg, tolerance: 1e-3 };
    const refused: [ExactCertificate, RegExp][] = [
      [{ ...good, a: Matrix.zeros(9, 2) }, /certificate\.a: is 9×2, but Y is 10×2/],
      [
        { ...good, a: new Matrix(Float64Array.from(Y.data).fill(Number.NaN, 3, 4), 10, 2) },
        /certificate\.a: .*not finite/,
      ],
      [{ ...good, reg: 0 }, /certificate\.reg/],
      [{ ...good, floor: Number.NaN }, /certificate\.floor/],
      [{ ...good, tolerance: Number.POSITIVE_INFINITY }, /certificate\.tolerance/],
    ];
    for (const [certificate, message] of refused) {
      expect(() => verify(squaredProblem(X, Y, reg), certificate)).toThrow(InputError);
      expect(() => verify(squaredProblem(X, Y, reg), certificate)).toThrow(message);
    }
    const wide = randomProblem(8, { n: 10, d: 7, c: 1, degeneracy: 'none' });
    expect(() => verify(wide, { ...good, a: wide.Y })).toThrow(/X: has rank 7/);
  });

  it('whose scales multiply to less than any double proves no more than a network reaches', () => {
    const reg = 1e-300;
    const tiny = { reg, a: fromRows([[1e-165]]), floor: 1e-300, tolerance: 1 };
    // u = v = 1e80 predicts 1 and costs reg · 1e160
    const reached = 1e-140;
    expect(prove(squaredProblem(fromRows([[1e-160]]), fromRows([[1]]), reg), tiny)).toBeLessThan(reached);

    const x = -2.0264901071369679e-224;
    const other = {
      reg: 1.112943414505113e-226,
      a: fromRows([[5.443054541623758e-107]]),
      floor: 1e-300,
      tolerance: 1,
    };
    const problem = squaredProblem(fromRows([[x]]), fromRows([[1]]), other.reg);
    // one neuron: ½ − ½ (1 − reg/|x|)²
    const optimum = (1 - (1 - other.reg / Math.abs(x)) ** 2) / 2;
    const proved = prove(problem, other);
    expect(proved).toBeLessThanOrEqual(optimum);
    expect(proved).toBeGreaterThan(0);
  });

  it('proves nothing in no time', () => {
    const problem = randomProblem(9, { n: 30, d: 4, c: 2, degeneracy: 'none' });
    const certificate = { reg: problem.reg, a: problem.Y, floor: 1e-9, tolerance: 1e-9 };
    expect(verify(problem, certificate, { timeLimitMs: 0 })).toMatchObject({ lowerBound: 0, complete: false });
  });
});

describe('on the data of the paper', () => {
  it.each<FixtureName>(['random/0', 'spiral', 'iris'])(
    '%s: the claimed bound is proved from the saved proof',
    (name) => {
      const { X, Y } = loadFixture(name);
      const fit = trainSync(X, Y, { reg: 0.1, maxIterations: 0 });
      const { exact } = Proof.load(fit.proof.save());
      expect(fit.lowerBound).toBeGreaterThan(fit.relaxation?.lowerBound as number);
      expect(prove(squaredProblem(X, Y, 0.1), exact as ExactCertificate)).toBe(fit.lowerBound);
    },
  );
});

/** Points and searches that promise more than they can hold. */
function forgeries(genuine: ExactCertificate, { X, Y }: TrainingProblem, random: Random): ExactCertificate[] {
  const { a, floor } = genuine;
  const scaled = (factor: number): Matrix =>
    new Matrix(
      a.data.map((entry) => factor * entry),
      a.rows,
      a.columns,
    );
  const points = [
    ...[-1, 2, 1e-160, 1e160, 1e-300, 5e-324, 1e300].map(scaled),
    Y,
    Matrix.zeros(a.rows, a.columns),
    randomMatrix(random, a.rows, a.columns),
    new Matrix(new Float64Array(a.data.length).fill(Number.MAX_VALUE), a.rows, a.columns),
    new Matrix(Float64Array.from(a.data).reverse(), a.rows, a.columns),
    new Matrix(Float64Array.from(a.data).fill(0, X.columns), a.rows, a.columns),
  ].map((point) => ({ ...genuine, a: point }));
  const searches = [5e-324, 1e-200, 1e-3, 10, 1e100, 1e200, Number.MAX_VALUE].flatMap((factor) => [
    { ...genuine, floor: factor },
    { ...genuine, floor: Math.min(Number.MAX_VALUE, factor * floor + 5e-324), tolerance: Math.max(1e-3, factor) },
  ]);
  return [...points, ...searches];
}
