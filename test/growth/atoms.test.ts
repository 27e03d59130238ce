/** A network as a measure: the same function and loss in both forms, and new atoms with the mass that lowers the loss most. */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { addAtoms, fitOf, keepAtoms, lossOf, massesOf, toAtoms, toNetwork } from '../../src/growth/atoms.js';
import { TrainingObjective } from '../../src/network/objective.js';
import { trainingLoss } from '../../src/problem/training-loss.js';
import { combine, multiply, norm } from '../support/matrices.js';
import { placeProblem } from '../support/placed.js';
import { randomNetwork, randomProblem } from '../support/random.js';
import { expectAllWithin, expectWithin, roundOff } from '../support/tolerance.js';

const problem = randomProblem(3, { n: 11, d: 3, c: 2, reg: 0.2, degeneracy: 'none' });
const { X, Y, reg } = problem;
const objective = new TrainingObjective(placeProblem(problem));
const column = (A: Matrix, j: number): Float64Array => Float64Array.from({ length: A.rows }, (_, k) => A.get(k, j));
const relu = (A: Matrix): Matrix =>
  new Matrix(
    A.data.map((value) => Math.max(0, value)),
    A.rows,
    A.columns,
  );

describe('atoms', () => {
  const network = randomNetwork(new Random(1), 3, 2, 7);
  const atoms = toAtoms(network);

  it('have unit directions and the network’s function; their loss is the balanced network’s', () => {
    for (let j = 0; j < 7; j++) expectWithin(Math.hypot(...column(atoms.U, j)), 1, roundOff(3, 1));
    const output = multiply(relu(multiply(X, network.U)), network.V.transpose());
    const fit = fitOf(objective, atoms);
    expectAllWithin(fit.R, combine(Y, output, 1, -1), roundOff(20, norm(output) + norm(Y)));
    const loss = lossOf(fit, massesOf(atoms), reg);
    expectWithin(loss, trainingLoss(problem, toNetwork(atoms)), roundOff(20, loss));
    expect(loss).toBeLessThanOrEqual(trainingLoss(problem, network));
  });

  it('without mass leave the network, those chosen stay', () => {
    const kept = keepAtoms(atoms, (j) => j % 2 === 0);
    expect([kept.U.columns, column(kept.V, 1)]).toEqual([4, column(atoms.V, 2)]);
    const dead = {
      U: atoms.U,
      V: new Matrix(
        atoms.V.data.map((v, k) => (k % 7 === 3 ? 0 : v)),
        2,
        7,
      ),
    };
    expect(toNetwork(dead).U.columns).toBe(6);
  });

  it('added alone lower the loss by (‖z‖ − reg)² / 2‖h‖², the most that they can', () => {
    const fit = fitOf(objective, atoms);
    const before = lossOf(fit, massesOf(atoms), reg);
    for (const seed of [1, 2, 3, 4]) {
      const direction = new Random(seed).fillNormal(new Float64Array(3));
      const length = Math.hypot(...direction);
      const u = direction.map((value) => value / length);
      const h = relu(multiply(X, new Matrix(u, 3, 1)));
      const z = multiply(fit.R.transpose(), h);
      if (norm(z) <= reg) continue;
      const after = addAtoms(atoms, [u], X, fit, reg);
      const loss = lossOf(fitOf(objective, after), massesOf(after), reg);
      const expected = before - (norm(z) - reg) ** 2 / (2 * norm(h) ** 2);
      expectWithin(loss, expected, roundOff(40, before));
      expectAllWithin(column(after.U, 7), u, 0);
      for (const factor of [0.9, 1.1]) {
        const V = new Matrix(
          after.V.data.map((v, k) => (k % 8 === 7 ? factor * v : v)),
          2,
          8,
        );
        expect(lossOf(fitOf(objective, { U: after.U, V }), massesOf({ U: after.U, V }), reg)).toBeGreaterThan(loss);
      }
    }
  });

  it('share what they add, and begin with a little mass where they violate nothing', () => {
    const fit = fitOf(objective, atoms);
    const axes = [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0)];
    const [alone, shared] = [addAtoms(atoms, [axes[0]], X, fit, reg), addAtoms(atoms, axes, X, fit, reg)];
    expectAllWithin(
      column(shared.V, 7),
      column(alone.V, 7).map((v) => v / 2),
      roundOff(1, 1),
    );
    const mild = addAtoms(atoms, [axes[0]], X, fit, 1e6);
    const h = relu(multiply(X, new Matrix(axes[0], 3, 1)));
    expectWithin(massesOf(mild)[7], (1e-3 * 1e6) / norm(h) ** 2, 1e-9 * 1e3);
  });

  it('that activate nothing get no mass', () => {
    const positive = new Matrix(X.data.map(Math.abs), X.rows, 3);
    const none = addAtoms(
      atoms,
      [Float64Array.of(-1, 0, 0)],
      positive,
      fitOf(objective, { U: Matrix.zeros(3, 0), V: Matrix.zeros(2, 0) }),
      reg,
    );
    expect([...column(none.V, 7)]).toEqual([0, 0]);
  });
});
