import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/base/errors.js';
import type { Checkpoint, PointState } from '../../src/relaxation/state.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { verifyProofSync } from '../../src/tasks/verify-proof.js';
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

/** A checkpoint with numbers to write over. */
interface Forged {
  iteration: number;
  gaps: number[];
  readonly point: PointState;
  readonly best: PointState & { value: number; bound: number };
}

type Forgery = (forged: Forged) => void;

type Part = 'Lambda' | 'a' | 'N' | 'w';

/** Replaces an entry of a point's part. */
const entry =
  (which: 'point' | 'best', part: Part, at: number, change: (value: number) => number): Forgery =>
  (forged) => {
    const values = forged[which][part];
    values[at] = change(values[at]);
  };

const all =
  (which: 'point' | 'best', part: Part, factor: number): Forgery =>
  (forged) =>
    forged[which][part].set(forged[which][part].map((value) => factor * value));

const claim =
  (change: (best: Forged['best']) => Partial<Forged['best']>): Forgery =>
  ({ best }) =>
    Object.assign(best, change(best));

describe('a checkpoint that was tampered with', () => {
  const options = { reg: reg / 100, tolerance: 1e-6, method: 'dense' } as const;
  const checkpoints: Checkpoint[] = [];
  const whole = solveRelaxationSync(X, Y, { ...options, onCheckpoint: (state) => checkpoints.push(state) });
  const resumeWith = (forge: Forgery, from = checkpoints[3]) => {
    const forged = structuredClone(from) as Checkpoint & Forged;
    forge(forged);
    return solveRelaxationSync(X, Y, { ...options, resume: forged });
  };

  test('an honest copy is accepted, whatever iterate it is of', () => {
    for (const from of checkpoints) expect(resumeWith(() => {}, from).value).toBe(whole.value);
  });

  test.each<[string, Forgery]>([
    ['a value below every bound', claim(() => ({ value: -5 }))],
    ['a bound above every value', claim(() => ({ bound: 1e9 }))],
    ['both', claim(() => ({ value: -5, bound: 1e9 }))],
    ['a value slightly better than it is', claim(({ value }) => ({ value: value * (1 - 1e-6) }))],
    ['a bound slightly better than it is', claim(({ value, bound }) => ({ bound: bound + 1e-6 * Math.abs(value) }))],
    ['a smaller Lambda with the value of the true one', all('best', 'Lambda', 0.5)],
    ['a Lambda of zeros', all('best', 'Lambda', 0)],
    ['a Lambda that is not symmetric', entry('best', 'Lambda', 1, (value) => value + 1e-9)],
    ['a Lambda with alpha_0 beta_0 ≠ 0', entry('best', 'Lambda', 0, (value) => value * (1 + 1e-9))],
    ['a Lambda with NaN', entry('best', 'Lambda', 3, () => Number.NaN)],
    ['a larger dual point with the bound of the true one', all('best', 'a', 4)],
    ['a negative multiplier', entry('best', 'N', 2, (value) => -value)],
    ['an infinite multiplier', entry('best', 'N', 2, () => Number.POSITIVE_INFINITY)],
    ['free multipliers that make Z indefinite', all('best', 'w', -1e3)],
    ['an iterate outside the cone', all('point', 'Lambda', -1)],
    ['an iterate with alpha_0 beta_0 ≠ 0', entry('point', 'Lambda', 0, (value) => 2 * value)],
    ['an iterate with a multiplier 0', entry('point', 'N', 0, () => 0)],
    ['an iterate with NaN in a', entry('point', 'a', 0, () => Number.NaN)],
  ])('%s is refused', (_, forge) => {
    expect(() => resumeWith(forge)).toThrow(/^resume: is a damaged checkpoint/);
  });

  test.each<[string, Forgery]>([
    ['an iteration that was not reached', (forged) => Object.assign(forged, { iteration: 1e6 })],
    ['a negative iteration', (forged) => Object.assign(forged, { iteration: -1, gaps: [] })],
    ['a negative gap', (forged) => forged.gaps.fill(-1)],
    ['a gap of NaN', (forged) => forged.gaps.fill(Number.NaN)],
  ])('%s is no checkpoint', (_, forge) => {
    expect(() => resumeWith(forge)).toThrow(/^resume: expected a checkpoint from onCheckpoint/);
  });

  test('a true but worse best point gives its own value and bound, no better ones', () => {
    const resume = { ...checkpoints[3], best: checkpoints[1].best, point: checkpoints[1].point };
    const { value, lowerBound, status, proof } = solveRelaxationSync(X, Y, { ...options, maxIterations: 0, resume });
    expect(value).toBe(whole.history[1].value);
    expect(lowerBound).toBeLessThanOrEqual(whole.history[1].lowerBound * (1 + 1e-12));
    expect(verifyProofSync(X, Y, proof)).toMatchObject({ valid: true, lowerBound });
    expect(status).toBe('max-iterations');
  });
});
