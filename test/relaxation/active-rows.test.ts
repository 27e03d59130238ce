/** Which rows the preconditioner holds exactly: all S_ii and the most relevant pairs, chosen by definition in plain TypeScript. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random.js';
import { complete } from '../../src/base/run.js';
import { ActiveRows } from '../../src/relaxation/backends/active-rows.js';
import { LossRows } from '../../src/relaxation/backends/loss-rows.js';
import { WhitenedStack } from '../../src/relaxation/backends/whitened-stack.js';
import { NesterovTodd } from '../../src/relaxation/scaling.js';
import { randomInteriorPoint, readMatrix, readVector, settingOf } from '../support/interior.js';
import { randomProblem } from '../support/random.js';
import { pairPositions } from './newton-equations.js';

describe.each([
  [9, 3, 1],
  [33, 2, 1],
  [33, 2, 1e12],
])('%i rows of rank %i, Delta times %i', (n, d, factor) => {
  const setting = settingOf(randomProblem(n, { n, d, c: 2, degeneracy: 'none', reg: 0.1 }));
  const { algebra, problem } = setting;
  const point = randomInteriorPoint(setting, new Random(n), 1e-3);
  const scaling = new NesterovTodd(algebra, problem.p);
  complete(scaling.update(point));
  const delta = algebra.vector(problem.pairs);
  algebra.kernels.exports.divide(problem.pairs, point.N.at, point.pairs.at, delta.at);
  algebra.scale(factor, delta);
  const stack = new WhitenedStack(algebra, problem);
  complete(stack.prepare(scaling));
  const loss = new LossRows(algebra, problem);
  complete(loss.prepare(stack));
  const active = new ActiveRows(algebra, problem);

  test('are the pairs of relevance above 16, at most six for each row, the largest where they are too many', () => {
    expect(complete(active.prepare(delta, stack.W, loss))).toBe(true);
    const W = readMatrix(setting, stack.W);
    const values = readVector(setting, delta);
    const relevance = pairPositions(n).map(
      ([i, j], k) => 0.5 * values[k] * (W.get(i, i) * W.get(j, j) + W.get(i, j) ** 2),
    );
    const relevant = relevance.filter((value) => value > 16).sort((x, y) => y - x);
    const most = 6 * n;
    const threshold = relevant.length > most ? relevant[most] : 16;
    const expected = [...relevance.keys()].filter((k) => relevance[k] > threshold);
    expect(relevant.length > most).toBe(factor > 1);
    expect([...active.positions]).toEqual(expected);
    expect(active.capacity).toBe(n + Math.min(problem.pairs, most));

    const { count, i, j } = active.list;
    const { arena } = algebra.kernels;
    const rows = [...arena.ints(i, count)].map((row, k) => [row, arena.ints(j, count)[k]]);
    const complementary = Array.from({ length: n }, (_, k) => [k, n + k]);
    expect(rows).toEqual([...complementary, ...expected.map((k) => [...pairPositions(n)[k]])]);
    const slack = [...complementary.map(() => 0), ...expected.map((k) => 1 / values[k])];
    expect([...readVector(setting, active.slack)]).toEqual(slack);
  });
});
