/** Backward elimination, simplification and polishing, each alone: the best of the attempts is kept, and no loss is above what it claims. */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { complete, RunClock } from '../../src/base/run.js';
import { balance, neuronMasses } from '../../src/network/balance.js';
import { closestPairs, mergePairs, mergeParallel } from '../../src/network/merge.js';
import { fitNonnegative } from '../../src/network/nonnegative-fit.js';
import { TrainingObjective } from '../../src/network/objective.js';
import { polish } from '../../src/network/polish.js';
import { prune } from '../../src/network/prune.js';
import { type Simplified, simplify } from '../../src/network/simplify.js';
import { joinNeurons, selectNeurons, type Weights, widthOf } from '../../src/network/weights.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { multiply, randomMatrix } from '../support/matrices.js';
import { placeProblem } from '../support/placed.js';
import { randomNetwork, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const problem = randomProblem(1, { n: 14, d: 3, c: 2, reg: 1e-3, degeneracy: 'none' });
const objective = new TrainingObjective(placeProblem(problem));
const { X } = problem;
const clock = new RunClock();
const asTheyAre = (U: Matrix): Matrix => U;

const polished = (weights: Weights): Simplified =>
  simplify(objective, complete(polish(objective, weights, clock, { maxIterations: 2000 })).weights);

function pruned(weights: Weights, width: number, time = clock): { result: Simplified; met: Simplified[] } {
  const met: Simplified[] = [];
  return { result: complete(prune(objective, weights, width, time, (network) => met.push(network))), met };
}

describe('elimination', () => {
  const start = polished(randomNetwork(new Random(2), 3, 2, 9)).weights;
  const width = widthOf(start);

  const lightestOf = (weights: Weights): number[] => {
    const masses = neuronMasses(weights);
    return Array.from(masses.keys()).sort((i, j) => masses[i] - masses[j]);
  };
  const without = (weights: Weights, gone: readonly number[]): Weights =>
    selectNeurons(
      weights,
      Array.from({ length: widthOf(weights) }, (_, j) => j).filter((j) => !gone.includes(j)),
    );

  it('keeps the best of dropping each of the lightest three and merging each of the closest three', () => {
    const best = [2, 8].map((seed) => {
      const network = polished(randomNetwork(new Random(seed), 3, 2, 9)).weights;
      const { weights } = simplify(objective, network);
      expect(widthOf(weights)).toBeGreaterThan(4);
      const dropped = lightestOf(weights).slice(0, 3).map((j) => without(weights, [j])); // biome-ignore format: one line
      const merged = closestPairs(weights, 3).map((pair) => mergePairs(weights, [pair]));
      const losses = [...dropped, ...merged].map((attempt) => polished(attempt).loss);
      const least = Math.min(...losses);
      expect(Math.max(...losses)).toBeGreaterThan(least * (1 + 1e-6));
      const { result } = pruned(network, widthOf(weights) - 1);
      expect(result.loss).toBe(least);
      expect(result.loss).toBe(objective.lossOf(result.weights));
      return losses.indexOf(least) < 3 ? 'dropped' : 'merged';
    });
    expect(best).toEqual(['dropped', 'merged']);
  });

  it('goes down to the width asked for, handing out each network, the last as the result', () => {
    const { result, met } = pruned(start, 3);
    expect(widthOf(result.weights)).toBeLessThanOrEqual(3);
    expect(met.at(-1)).toEqual(result);
    expect(widthOf(met[0].weights)).toBe(widthOf(simplify(objective, start).weights));
    for (let k = 1; k < met.length; k++) {
      expect(widthOf(met[k].weights)).toBeLessThan(widthOf(met[k - 1].weights));
      expect(met[k].loss).toBe(objective.lossOf(met[k].weights));
    }
    expect(pruned(start, 3).result).toEqual(result);
  });

  it('of a network that is narrow enough only simplifies it; without time too', () => {
    const simple = simplify(objective, start);
    expect(pruned(start, width)).toEqual({ result: simple, met: [simple] });
    expect(pruned(start, 1, new RunClock({ timeLimitMs: 0 }))).toEqual({ result: simple, met: [simple] });
  });

  it('drops or merges a quarter of what is more than forty neurons too many at a time', () => {
    const stop = new AbortController();
    const met: Simplified[] = [];
    const work = prune(
      objective,
      randomNetwork(new Random(3), 3, 2, 50),
      4,
      new RunClock({ stopSignal: stop.signal }),
      (network) => {
        met.push(network);
        if (met.length === 2) stop.abort();
      },
    );
    complete(work);
    const before = widthOf(met[0].weights);
    const batch = Math.ceil(0.25 * (before - 4 - 40));
    expect([met.length, batch > 1]).toEqual([2, true]);
    expect(widthOf(met[1].weights)).toBeLessThanOrEqual(before - batch);
    const dropped = polished(without(met[0].weights, lightestOf(met[0].weights).slice(0, batch)));
    const pairs = closestPairs(met[0].weights, 4 * batch);
    const apart = pairs.find((pair) => !pair.some((j) => pairs[0].includes(j))) as [number, number];
    const merged = polished(mergePairs(met[0].weights, [pairs[0], apart]));
    expect([batch, met[1].loss]).toEqual([2, Math.min(dropped.loss, merged.loss)]);
  });
});

describe('simplification', () => {
  it('drops what is light only where the loss does not rise', () => {
    const network = polished(randomNetwork(new Random(4), 3, 2, 6)).weights;
    // of the two signs of its output one raises the loss, so that the network is better without it
    const light = (sign: number): Weights => ({
      U: randomMatrix(new Random(5), 3, 1),
      V: new Matrix(Float64Array.of(sign * 1e-6, 0), 2, 1),
    });
    const joined = [1, -1].map((sign) => joinNeurons(network, light(sign)));
    const harmful = joined
      .map(balance)
      .find((candidate) => objective.lossOf(candidate) > objective.lossOf(network)) as Weights;
    const { weights, loss } = simplify(objective, harmful);
    expect(widthOf(weights)).toBe(widthOf(network));
    expectWithin(loss, objective.lossOf(network), roundOff(32, loss));
    // a neuron of a ten-thousandth of the largest mass that the fit needs stays
    const needed = randomNetwork(new Random(6), 3, 2, 2);
    for (let k = 0; k < 3; k++) needed.U.set(k, 1, 1e-4 * needed.U.get(k, 1));
    const H = multiply(X, needed.U);
    const Y = multiply(
      new Matrix(
        H.data.map((h) => Math.max(0, h)),
        X.rows,
        2,
      ),
      needed.V.transpose(),
    );
    const own = new TrainingObjective(placeProblem({ ...problem, Y, reg: 1e-12 }));
    expect(widthOf(simplify(own, needed).weights)).toBe(2);
  });

  it('merges what is nearly parallel only where the loss does not rise', () => {
    const network = polished(randomNetwork(new Random(7), 3, 2, 4)).weights;
    const halves = {
      U: network.U,
      V: new Matrix(
        network.V.data.map((v) => v / 2),
        2,
        widthOf(network),
      ),
    };
    const { weights, loss } = simplify(objective, joinNeurons(halves, halves));
    expect(widthOf(weights)).toBe(widthOf(network));
    expect(loss).toBeLessThanOrEqual(objective.lossOf(joinNeurons(halves, halves)) * (1 + 1e-12));
    const [a, b] = [
      [1, 0, 0],
      [1, 4e-3, 0],
    ].map((u, k) => ({
      U: new Matrix(Float64Array.from(u), 3, 1),
      V: new Matrix(Float64Array.of(k ? -9 : 10, 0), 2, 1),
    }));
    const opposed = joinNeurons(a, b);
    const H = multiply(X, opposed.U);
    const Y = multiply(
      new Matrix(
        H.data.map((h) => Math.max(0, h)),
        X.rows,
        2,
      ),
      opposed.V.transpose(),
    );
    const own = new TrainingObjective(placeProblem({ ...problem, Y, reg: 1e-9 }));
    expect(widthOf(mergeParallel(opposed, 1e-5, asTheyAre))).toBe(1);
    expect(widthOf(simplify(own, opposed).weights)).toBe(2);
  });
});

describe('mergeParallel', () => {
  it('takes the mean direction weighted by mass, and the sum of the outputs', () => {
    const U = new Matrix(Float64Array.of(3, 1, 0, 1e-3), 2, 2);
    const V = new Matrix(Float64Array.of(1, -4), 1, 2);
    const merged = mergeParallel({ U, V }, 1e-3, asTheyAre);
    expect(widthOf(merged)).toBe(1);
    // masses 3 and 4(1+ε), directions (1, 0) and (1, 1e-3)/‖·‖
    const length = Math.hypot(1, 1e-3);
    const [x, y] = [3 + 4, 4e-3];
    const angle = Math.atan2(merged.U.get(1, 0), merged.U.get(0, 0));
    expectWithin(angle, Math.atan2(y, x), 1e-12);
    const norm = Math.hypot(merged.U.get(0, 0), merged.U.get(1, 0));
    expectWithin(norm * merged.V.get(0, 0), 3 - 4 * length, 1e-12);
  });

  it('lets the heaviest lead: a chain falls apart around it', () => {
    // angles 0, 1, 2 of a thousandth; 1 − cos of one step 5e-7, of two 2e-6
    const angles = [0, 1e-3, 2e-3];
    const U = new Matrix(Float64Array.from([...angles.map(Math.cos), ...angles.map(Math.sin)]), 2, 3);
    const heavy = (masses: number[]): Weights => ({ U, V: new Matrix(Float64Array.from(masses), 1, 3) });
    expect(widthOf(mergeParallel(heavy([1, 5, 1]), 1e-6, asTheyAre))).toBe(1);
    expect(widthOf(mergeParallel(heavy([5, 1, 1]), 1e-6, asTheyAre))).toBe(2);
  });
});

describe('polishing', () => {
  it('never raises the loss, states it truly, and says whether it was left to end', () => {
    for (const seed of [1, 2, 3]) {
      const weights = randomNetwork(new Random(seed), 3, 2, 5);
      const done = complete(polish(objective, weights, clock));
      expect(done.loss).toBeLessThan(objective.lossOf(weights));
      expect(done.loss).toBe(objective.lossOf(done.weights));
      expectWithin(done.loss, trainingLoss(problem, done.weights), roundOff(64, done.loss));
      expect(done.isComplete).toBe(true);
      const cut = complete(polish(objective, weights, new RunClock({ timeLimitMs: 0 })));
      expect([cut.isComplete, cut.iterations]).toEqual([false, 1]);
      expect(cut.loss).toBeLessThan(objective.lossOf(weights));
      const few = complete(polish(objective, weights, clock, { maxIterations: 3 }));
      expect([few.iterations, few.loss > done.loss]).toEqual([3, true]);
    }
  });
});

describe('non-negative least squares', () => {
  it.each([1, 2, 5, 20])('satisfies the optimality conditions, %i unknowns', (m) => {
    const random = new Random(m);
    const A = randomMatrix(random, m + 3, m);
    const M = multiply(A.transpose(), A);
    const b = randomMatrix(random, m, 1).data;
    const p = Float64Array.from({ length: m }, () => random.uniform());
    fitNonnegative(M.data, b, p);
    const slope = multiply(M, new Matrix(p, m, 1)).data.map((value, k) => value - b[k]);
    const size = Math.hypot(...M.data) * Math.hypot(...p) + Math.hypot(...b);
    p.forEach((value, k) => {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(slope[k]).toBeGreaterThan(-1e-9 * size);
      if (value > 0) expectWithin(slope[k], 0, 1e-9 * size);
    });
    expectAllWithin(
      p,
      p.map((value) => Math.max(0, value)),
      0,
    );
  });
});
