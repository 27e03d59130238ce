import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import type { Checkpoint } from '../../src/relaxation/state.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { randomProblem } from '../support/random.js';

const { X, Y, reg } = randomProblem(2, { n: 10, d: 3, c: 2, degeneracy: 'none' });
const TOLERANCE = 1e-4;

describe.each(['dense', 'cg', 'hybrid'] as const)('a checkpoint by %s', (method) => {
  const options = { reg, tolerance: TOLERANCE, method };
  const checkpoints: Checkpoint[] = [];
  const whole = solveRelaxationSync(X, Y, { ...options, onCheckpoint: (state) => checkpoints.push(state) });

  test('is taken at every iterate', () => {
    expect(checkpoints.map(({ iteration }) => iteration)).toEqual(whole.history.map(({ iteration }) => iteration));
  });

  test('continues to the same bits, also after it was saved', () => {
    const resume = deserialize(serialize(checkpoints[Math.floor(checkpoints.length / 2)])) as Checkpoint;
    const rest = solveRelaxationSync(X, Y, { ...options, resume });
    expect(rest.history[0].iteration).toBe(resume.iteration);
    expect(rest.iterations).toBe(whole.iterations);
    expect(rest.status).toBe(whole.status);
    expect(rest.G.data).toEqual(whole.G.data);
    expect(rest.proof).toEqual(whole.proof);
  });

  test('is refused by another problem', () => {
    const [resume] = checkpoints;
    expect(() => solveRelaxationSync(X, Y, { ...options, reg: 2 * reg, resume })).toThrow(InputError);
    const other = randomProblem(3, { n: 9, d: 3, c: 2, degeneracy: 'none' });
    expect(() => solveRelaxationSync(other.X, other.Y, { ...options, resume })).toThrow(InputError);
  });
});
