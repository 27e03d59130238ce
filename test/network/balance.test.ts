import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { balance, dropInactive, dropLight, dropUnusedFeatures, neuronMasses } from '../../src/network/balance.js';
import { closestPairs, mergePairs, mergeParallel } from '../../src/network/merge.js';
import { TrainingObjective } from '../../src/network/objective.js';
import { predictRelu } from '../../src/network/predict.js';
import { type Sight, sightOf } from '../../src/network/sight.js';
import { simplify } from '../../src/network/simplify.js';
import {
  columnNorms,
  joinNeurons,
  normalizeColumns,
  selectNeurons,
  type Weights,
  widthOf,
} from '../../src/network/weights.js';
import { norm, randomMatrix } from '../support/matrices.js';
import { placeProblem } from '../support/placed.js';
import { squaredProblem } from '../support/problem.js';
import { randomNetwork, randomProblem } from '../support/random.js';
import { expectAllWithin, roundOff } from '../support/tolerance.js';

const random = new Random(1);
const X = randomMatrix(random, 12, 3);
const network = randomNetwork(random, 3, 2, 6);

/** The same neurons, scaled by t in the first layer and s in the second. */
const scaled = ({ U, V }: Weights, t: number, s: number): Weights => ({
  U: new Matrix(
    U.data.map((u) => t * u),
    U.rows,
    U.columns,
  ),
  V: new Matrix(
    V.data.map((v) => s * v),
    V.rows,
    V.columns,
  ),
});

function expectSamePrediction(actual: Weights, expected: Weights): void {
  const before = predictRelu(X, expected);
  expectAllWithin(predictRelu(X, actual), before, roundOff(3 * widthOf(expected), norm(before)));
}

describe('balance', () => {
  it('keeps the prediction and makes both norms equal', () => {
    const balanced = balance(scaled(network, 1e3, 1e-5));
    expectSamePrediction(balanced, scaled(network, 1e3, 1e-5));
    expectAllWithin(columnNorms(balanced.U), columnNorms(balanced.V), roundOff(3, norm(balanced.U)));
  });

  it('drops neurons with a zero layer', () => {
    const withDead = { U: network.U.clone(), V: network.V.clone() };
    for (let k = 0; k < 3; k++) withDead.U.set(k, 2, 0);
    for (let k = 0; k < 2; k++) withDead.V.set(k, 4, 0);
    const balanced = balance(withDead);
    expect(widthOf(balanced)).toBe(4);
    expectSamePrediction(balanced, withDead);
  });

  it('accepts the network without neurons', () => {
    expect(widthOf(balance(selectNeurons(network, [])))).toBe(0);
  });
});

describe('dropInactive', () => {
  it('drops exactly the neurons that are 0 on every row', () => {
    const positive = new Matrix(X.data.map(Math.abs), X.rows, X.columns);
    const U = network.U.clone();
    for (let k = 0; k < 3; k++) U.set(k, 1, -1);
    for (let k = 0; k < 3; k++) U.set(k, 5, k === 0 ? 1 : 0);
    const kept = dropInactive(positive, { U, V: network.V });
    const active = [0, 1, 2, 3, 4, 5].filter((j) =>
      predictRelu(positive, {
        U: selectNeurons({ U, V: network.V }, [j]).U,
        V: new Matrix(Float64Array.of(1), 1, 1),
      }).data.some((f) => f > 0),
    );
    expect(active).not.toContain(1);
    expect(kept).toEqual(selectNeurons({ U, V: network.V }, active));
  });
});

/** Features on one scale. */
const even: Sight = normalizeColumns;

describe('mergeParallel', () => {
  it('merges multiples of a neuron without changing the prediction or raising the weight decay', () => {
    const copies = joinNeurons(network, joinNeurons(scaled(network, 3, 0.5), scaled(network, 0.1, -0.2)));
    const merged = mergeParallel(copies, 1e-15, even);
    expect(widthOf(merged)).toBe(6);
    expectSamePrediction(merged, copies);
    const decay = (weights: Weights) => neuronMasses(weights).reduce((sum, mass) => sum + mass, 0);
    expect(decay(merged)).toBeLessThanOrEqual(decay(copies));
  });

  it('keeps opposite and merely similar neurons apart', () => {
    const tilted = { U: network.U.clone(), V: network.V };
    for (let j = 0; j < 6; j++) tilted.U.set(0, j, tilted.U.get(0, j) + 0.01);
    expect(widthOf(mergeParallel(joinNeurons(network, scaled(network, -1, 1)), 1e-9, even))).toBe(12);
    expect(widthOf(mergeParallel(joinNeurons(network, tilted), 1e-9, even))).toBe(12);
  });
});

describe('mergeParallel with features on far scales', () => {
  it('keeps neurons apart that differ only where the data are large', () => {
    const U = new Matrix(Float64Array.of(1, 1, 1e-5, 3e-5), 2, 2);
    const pair = { U, V: new Matrix(Float64Array.of(1, 1), 1, 2) };
    const far = new Matrix(Float64Array.of(1, 2e5, 3, -1e5, 1, 3e5), 3, 2);
    const { X } = placeProblem(squaredProblem(far, Matrix.zeros(3, 1), 1));
    expect(widthOf(mergeParallel(pair, 1e-9, even))).toBe(1);
    expect(widthOf(mergeParallel(pair, 1e-9, sightOf(X)))).toBe(2);
  });
});

describe('mergePairs', () => {
  it('merges the closest pairs, keeping the rest', () => {
    const near = { U: network.U.clone(), V: network.V };
    for (let j = 0; j < 6; j++) near.U.set(0, j, near.U.get(0, j) + 1e-9 * (j + 1));
    const all = joinNeurons(network, near);
    const pairs = closestPairs(all, 6);
    expect(pairs.every(([i, j]) => j === i + 6)).toBe(true);
    const merged = mergePairs(all, pairs);
    expect(widthOf(merged)).toBe(6);
    const before = predictRelu(X, all);
    expectAllWithin(predictRelu(X, merged), before, 1e-7 * norm(before));
    expect(widthOf(mergePairs(all, pairs.slice(0, 2)))).toBe(10);
  });
});

describe('dropLight', () => {
  it('drops neurons below a share of the largest mass', () => {
    const light = scaled(network, 1e-5, 1e-5);
    expect(dropLight(joinNeurons(network, light), 1e-6)).toEqual(network);
  });
});

describe('simplify', () => {
  it.each([0, 1, 2, 3, 4, 5])('never raises the loss and leaves a balanced network, problem %i', (seed) => {
    const problem = randomProblem(seed);
    const { X, Y } = problem;
    const weights = randomNetwork(new Random(seed), X.columns, Y.columns, 8);
    const doubled = joinNeurons(weights, scaled(weights, 2, 0.3));
    const objective = new TrainingObjective(placeProblem(problem));
    const { weights: simple, loss } = simplify(objective, doubled);
    expect(loss).toBe(objective.lossOf(simple));
    const before = objective.lossOf(doubled);
    expect(loss).toBeLessThanOrEqual(before + roundOff(8, before));
    expect(widthOf(simple)).toBeLessThanOrEqual(8);
    expectAllWithin(columnNorms(simple.U), columnNorms(simple.V), roundOff(3, norm(simple.U) + 1));
  });
});

describe('dropUnusedFeatures', () => {
  it('zeroes the weights on features that are always 0, and no others', () => {
    const weights = { U: new Matrix(Float64Array.of(1, 2, 3, 4), 2, 2), V: new Matrix(Float64Array.of(1, 1), 1, 2) };
    const X = new Matrix(Float64Array.of(0, 1, 0, 2), 2, 2);
    expect(dropUnusedFeatures(X, weights).U.toArray()).toEqual([
      [0, 0],
      [3, 4],
    ]);
    expect(weights.U.get(0, 0)).toBe(1);
  });
});
