import { afterEach, describe, expect, it, vi } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { createKernelsSync } from '../../src/engine/kernels.js';
import { growNetworkSync, trainPathSync, trainSync } from '../../src/index.js';
import * as svdModule from '../../src/linalg/svd.js';
import { placeProblem, withPlaced } from '../../src/problem/placed.js';
import { exactOracle } from '../../src/proof/exact/oracle.js';
import { randomMatrix } from '../support/matrices.js';
import { placeMatrix } from '../support/placed.js';
import { randomProblem } from '../support/random.js';

vi.mock('../../src/linalg/svd.js', { spy: true });
afterEach(() => {
  vi.mocked(svdModule.svdSteps).mockClear();
});

const decompositions = (): number => vi.mocked(svdModule.svdSteps).mock.calls.length;

describe('PlacedMatrix', () => {
  it('is decomposed once, when it is first asked', () => {
    const X = placeMatrix(randomMatrix(new Random(1), 9, 4));
    expect(decompositions()).toBe(0);
    expect(X.svdFlops).toBeGreaterThan(0);
    const first = X.svd();
    expect(X.svd()).toBe(first);
    expect(X.svdFlops).toBe(0);
    expect(decompositions()).toBe(1);
  });

  it('makes what is derived from it once', () => {
    const X = placeMatrix(randomMatrix(new Random(1), 9, 4));
    expect(exactOracle(X)).toBe(exactOracle(X));
    expect(exactOracle(placeMatrix(X.matrix))).not.toBe(exactOracle(X));
    const nothing = vi.fn(() => undefined);
    X.once(nothing);
    X.once(nothing);
    expect(nothing).toHaveBeenCalledTimes(1);
  });
});

describe('Placed', () => {
  it('copies the problem into the memory of the kernels, once for all weight decays', () => {
    const kernels = createKernelsSync();
    const problem = randomProblem(3, { n: 7, d: 3, c: 2 });
    const placed = placeProblem(kernels, problem);
    expect(placed.algebra.readMatrix(placed.X.view)).toEqual(problem.X);
    expect(placed.algebra.readMatrix(placed.Y)).toEqual(problem.Y);
    const other = placed.withReg(2 * problem.reg);
    expect([other.problem.reg, other.X, other.Y]).toEqual([2 * problem.reg, placed.X, placed.Y]);
  });

  it('lasts as long as the work for which it is placed', () => {
    const kernels = createKernelsSync();
    const mark = kernels.arena.mark();
    const work = withPlaced(kernels, randomProblem(3), function* (placed) {
      placed.algebra.matrix(3, 3);
      yield;
      return placed.problem.reg;
    });
    work.next();
    expect(kernels.arena.mark()).toBeGreaterThan(mark);
    work.return(0);
    expect(kernels.arena.mark()).toBe(mark);
  });
});

describe('X is decomposed once', () => {
  const random = new Random(7);
  it.each([
    ['in the plane', randomMatrix(random, 8, 2)],
    ['where the exact oracle searches', randomMatrix(random, 9, 3)],
    ['beyond its reach', randomMatrix(random, 9, 6)],
    ['wide', randomMatrix(random, 5, 9)],
  ])('by a whole training run, %s', (_, X) => {
    const Y = randomMatrix(random, X.rows, 1);
    trainSync(X, Y, { reg: 0.1, tolerance: 1e-2, maxIterations: 15 });
    expect(decompositions()).toBe(1);
  });

  it('by training on a row that is a multiple of another, and for the fewer rows once more', () => {
    const X = randomMatrix(random, 6, 3);
    X.row(5).set(X.row(0).map((x) => -2 * x));
    trainSync(X, randomMatrix(random, 6, 1), { reg: 0.1, tolerance: 1e-2, maxIterations: 15 });
    expect(decompositions()).toBe(2);
  });

  it('by a whole path of weight decays', () => {
    trainPathSync(randomMatrix(random, 8, 2), randomMatrix(random, 8, 1), { regs: [0.1, 0.03], tolerance: 1e-2 });
    expect(decompositions()).toBe(1);
  });

  it('by growth, whose random starts, pricing and oracle all need it', () => {
    const problem = randomProblem(5, { n: 8, d: 6, c: 1, degeneracy: 'none' });
    growNetworkSync(problem.X, problem.Y, { reg: problem.reg, maxRounds: 3 });
    expect(decompositions()).toBe(1);
  });
});

describe('leadingPart', () => {
  it('is what a decomposition with that cut gives, to the last bit', () => {
    const A = randomMatrix(new Random(2), 8, 5);
    for (let i = 0; i < 8; i++) for (let j = 0; j < 5; j++) A.set(i, j, A.get(i, j) * 10 ** (-3 * j));
    const whole = svdModule.thinSvd(A, 1e-13);
    for (const cut of [1e-13, 1e-10, 1e-5, 1e-2])
      expect(svdModule.leadingPart(whole, cut)).toEqual(svdModule.thinSvd(A, cut));
    const zero = svdModule.thinSvd(Matrix.zeros(3, 2), 1e-13);
    expect(svdModule.leadingPart(zero, 1e-10)).toEqual(zero);
  });
});
