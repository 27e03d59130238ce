/**
 * Forged proofs on data, targets, multipliers and weight decays of every size from 1e-300 to 1e300: no product of scales may underflow to
 * a bound that is too good. What a bound may claim at most is decided in exact arithmetic. FORGED_PROOFS=100000 makes it a long run.
 */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { RunClock, runSync } from '../../src/base/run.js';
import type { TrainingProblem } from '../../src/problem/problem.js';
import { exactDualBound } from '../../src/proof/exact/dual-bound.js';
import { NeuronOracle } from '../../src/proof/exact/oracle.js';
import { claimIsCovered, outputSquared } from '../proof/exact-checker.js';
import { Rational } from '../proof/rational.js';
import { everyPair } from '../support/pairs.js';
import { placeMatrix } from '../support/placed.js';
import { squaredProblem, verifyCertificate } from '../support/problem.js';
import { promisingDirections } from './directions.js';

const TRIALS = Number(process.env.FORGED_PROOFS ?? 160);
/** Tests of a long run take as long as they take. */
const LIMIT_MS = 240_000 + 100 * TRIALS;

interface Forged {
  readonly problem: TrainingProblem;
  readonly a: Matrix;
  readonly multiplier: () => number;
  readonly floor: number;
  readonly tolerance: number;
  readonly label: string;
}

/** A number of any size. */
const anySize = (random: Random): number => 10 ** (600 * random.uniform() - 300);

function forge(seed: number): Forged {
  const random = new Random(seed);
  const [n, d, c] = [1 + random.integer(5), 1 + random.integer(3), 1 + random.integer(2)];
  const isGraded = random.uniform() < 0.3;
  const matrix = (columns: number): Matrix => {
    const size = anySize(random);
    const M = Matrix.zeros(n, columns);
    for (let i = 0; i < n; i++) {
      const scale = isGraded ? anySize(random) : size;
      for (let k = 0; k < columns; k++) M.set(i, k, random.uniform() < 0.1 ? 0 : random.normal() * scale);
    }
    return M;
  };
  const [X, Y] = [matrix(d), matrix(c)];
  const isAlongY = random.uniform() < 0.5;
  const factor = anySize(random);
  const a = isAlongY
    ? new Matrix(
        Y.data.map((y) => clamp(y * factor)),
        n,
        c,
      )
    : matrix(c);
  // Half of the weight decays are near what makes the constraint tight, where a bound is neither 0 nor without a constraint.
  const reg = random.uniform() < 0.5 ? anySize(random) : tightReg(X, a, random);
  const multiplierSize = anySize(random);
  return {
    problem: squaredProblem(X, Y, reg),
    a,
    multiplier: () => (random.uniform() < 0.5 ? 0 : clamp(random.normal() * multiplierSize)),
    floor: random.uniform() < 0.5 ? reg : anySize(random),
    tolerance: 10 ** (4 * random.uniform() - 3),
    label: `seed ${seed}: n ${n}, d ${d}, c ${c}, reg ${reg}`,
  };
}

const clamp = (x: number): number => Math.max(-1e300, Math.min(1e300, x));

function tightReg(X: Matrix, a: Matrix, random: Random): number {
  const largest = (M: Matrix): number => M.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const product = largest(X) * largest(a) * 10 ** (4 * random.uniform() - 2);
  return Math.min(1e300, Math.max(1e-323, product));
}

/** A number that ‖aᵀ(Xu)₊‖² reaches for a unit u: near its maximum for up to three columns. */
function reachedSquare({ problem: { X }, a }: Forged): Rational {
  let largest = Rational.zero;
  for (const u of promisingDirections(X, a)) {
    const square = outputSquared(X, a, u);
    if (largest.atMost(square)) largest = square;
  }
  return largest;
}

describe('proofs forged at all scales claim no more than their dual point can', () => {
  it('by the exact oracle', { timeout: LIMIT_MS }, () => {
    let positive = 0;
    for (let seed = 0; seed < TRIALS; seed++) {
      const forged = forge(seed);
      const { problem, a, floor, tolerance, label } = forged;
      const oracle = new NeuronOracle(placeMatrix(problem.X));
      const { lowerBound, maximum } = runSync(
        exactDualBound(oracle, problem, a, { floor, tolerance, maxNodes: 20_000 }, new RunClock()),
      );
      const reached = reachedSquare(forged);
      if (Number.isFinite(maximum.upperBound)) {
        expect(reached.atMost(Rational.of(maximum.upperBound).square()), `upper bound, ${label}`).toBe(true);
      }
      expect(claimIsCovered(lowerBound, a, problem.Y, problem.reg, reached), `${lowerBound}, ${label}`).toBe(true);
      if (lowerBound > 0) positive++;
    }
    expect(positive).toBeGreaterThan(TRIALS / 8);
  });

  it('by multipliers', { timeout: LIMIT_MS }, () => {
    let positive = 0;
    for (let seed = 0; seed < TRIALS; seed++) {
      const forged = forge(seed);
      const { problem, a, multiplier, label } = forged;
      const { X, Y, reg } = problem;
      const pairs = everyPair(2 * X.rows, multiplier);
      const w = Float64Array.from({ length: X.rows }, multiplier);
      const { lowerBound } = verifyCertificate(X, Y, { reg, a, pairs, w });
      const reached = reachedSquare(forged);
      expect(claimIsCovered(lowerBound, a, Y, reg, reached), `${lowerBound}, ${label}`).toBe(true);
      if (lowerBound > 0) positive++;
    }
    expect(positive).toBeGreaterThan(TRIALS / 8);
  });
});
