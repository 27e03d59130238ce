/** No network may ever beat a certified bound, and no forged certificate may ever claim more than a network reaches. */

import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.js';
import { init } from '../../src/engine/load.js';
import type { Certificate } from '../../src/problem/problem.js';
import type { RelaxationResult } from '../../src/tasks/relaxation-result.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { trainSync } from '../../src/tasks/train.js';
import { boundOfDualPoint, mapMatrix } from '../proof/reference.js';
import { squaredProblem, verifyCertificate } from '../support/problem.js';
import { DEGENERACIES, type RandomProblem, randomProblem } from '../support/random.js';
import { CERTIFICATE_LOSS, DUAL_REFERENCE_ACCURACY, roundOff } from '../support/tolerance.js';
import { attack } from './attack.js';
import { forgeries } from './forgeries.js';

/** 12 kinds of degeneracy × 17 problems. */
const PROBLEMS_PER_KIND = 17;
/** Solving and attacking the problems of one kind takes a few seconds, more on a busy machine. */
const SETUP_LIMIT_MS = 60_000;
/** Problems of each kind on which the library trains networks too. */
const TRAINED_PER_KIND = 2;
/** Relative gap asked of the solver: near enough to the optimum for E to be barely definite. */
const TOLERANCE = 1e-5;
/** Forgeries tried on each problem, a different part of the list on each. */
const FORGERIES_PER_PROBLEM = 10;

interface Case {
  readonly seed: number;
  readonly problem: RandomProblem;
  readonly relaxation: RelaxationResult;
  /** The smallest training loss found, plus the round-off in evaluating it. */
  readonly reachable: number;
}

const energy = ({ Y }: RandomProblem): number => Y.data.reduce((sum, y) => sum + (y * y) / 2, 0);

function createCase(seed: number): Case {
  const problem = randomProblem(seed);
  const relaxation = solveRelaxationSync(problem.X, problem.Y, { reg: problem.reg, tolerance: TOLERANCE });
  const { loss } = attack(problem, seed);
  return { seed, problem, relaxation, reachable: loss + roundOff(problem.Y.data.length, energy(problem)) };
}

beforeAll(() => init());

describe.each(DEGENERACIES)('%s', (degeneracy) => {
  const offset = DEGENERACIES.indexOf(degeneracy);
  let cases: Case[];
  beforeAll(() => {
    cases = Array.from({ length: PROBLEMS_PER_KIND }, (_, k) => createCase(k * DEGENERACIES.length + offset));
  }, SETUP_LIMIT_MS);

  it('no grown network has a loss below the certified bound', () => {
    for (const { problem, relaxation, reachable } of cases) {
      expect(problem.degeneracy).toBe(degeneracy);
      expect(relaxation.lowerBound, problem.name).toBeLessThanOrEqual(reachable);
    }
  });

  it('no network trained by the library has a loss below the certified bound', () => {
    for (const { problem, relaxation, seed } of cases.slice(0, TRAINED_PER_KIND)) {
      const { loss, lowerBound } = trainSync(problem.X, problem.Y, { reg: problem.reg, tolerance: 1e-3, seed });
      const slack = roundOff(problem.Y.data.length, energy(problem));
      expect(lowerBound, problem.name).toBeLessThanOrEqual(loss + slack);
      expect(relaxation.lowerBound, problem.name).toBeLessThanOrEqual(loss + slack);
    }
  });

  it('genuine certificates are valid, lose nothing to round-off, and claim no more than their dual point can', () => {
    for (const { problem, relaxation, seed } of cases) {
      const { X, Y, reg, name } = problem;
      const certificate = relaxation.proof.relaxation as Certificate;
      const { lowerBound, valid } = verifyCertificate(X, Y, certificate);
      const claim = certificate.a.data.reduce((sum, value, k) => sum + value * Y.data[k] - (value * value) / 2, 0);
      expect(valid, name).toBe(true);
      expect(lowerBound, name).toBe(relaxation.lowerBound);
      expect(lowerBound, name).toBeGreaterThanOrEqual(
        claim * (1 - CERTIFICATE_LOSS) - roundOff(Y.data.length, energy(problem)),
      );
      const best = boundOfDualPoint(X, Y, certificate.a, reg, new Random(seed));
      expect(lowerBound, name).toBeLessThanOrEqual(best * (1 + DUAL_REFERENCE_ACCURACY));
    }
  });

  it('no forged certificate yields a bound above a loss that a network reaches, or above what its dual point can prove', () => {
    for (const { problem, relaxation, reachable, seed } of cases) {
      const { X, Y, reg, name } = problem;
      const random = new Random(seed);
      const all = forgeries(relaxation.proof.relaxation as Certificate, Y, random);
      for (let k = 0; k < FORGERIES_PER_PROBLEM; k++) {
        const forgery = all[(Math.floor(seed / DEGENERACIES.length) * FORGERIES_PER_PROBLEM + k) % all.length];
        const { lowerBound, valid } = verifyCertificate(X, Y, forgery.certificate);
        const label = `${forgery.name}: ${name}`;
        expect(lowerBound, label).toBeGreaterThanOrEqual(0);
        expect(lowerBound, label).toBeLessThanOrEqual(reachable);
        if (/NaN|Infinity/.test(forgery.name)) {
          expect({ lowerBound, valid }, label).toEqual({ lowerBound: 0, valid: false });
          continue;
        }
        const best = boundOfDualPoint(X, Y, forgery.certificate.a, reg, random);
        expect(lowerBound, label).toBeLessThanOrEqual(best * (1 + DUAL_REFERENCE_ACCURACY));
      }
    }
  });
});

describe('rows that are parallel except for the last digits', () => {
  it.each([1e-15, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4])('perturbed by %d', (distance) => {
    const random = new Random(17);
    for (let seed = 2; seed < 60; seed += DEGENERACIES.length + 1) {
      const { Y, reg, X: exact, name } = randomProblem(seed, { degeneracy: 'all at once', n: 8, d: 3 });
      const X = mapMatrix(exact, (x) => x * (1 + distance * random.normal()));
      const { lowerBound, gap } = solveRelaxationSync(X, Y, { reg, tolerance: TOLERANCE });
      const { loss } = attack(squaredProblem(X, Y, reg), seed);
      expect(lowerBound, name).toBeLessThanOrEqual(loss * (1 + roundOff(8, 1)));
      expect(gap, name).toBeLessThan(1);
    }
  });
});
