/** When a solve ends, and what it keeps: the rule alone, and the best of value and bound. */
import { describe, expect, test } from 'vitest';
import { InputError, NumericalError } from '../../src/base/errors.js';
import { complete, RunClock } from '../../src/base/run.js';
import { flat } from '../../src/linalg/views.js';
import { createIncumbent, keepBest } from '../../src/relaxation/incumbent.js';
import { Stopping } from '../../src/relaxation/stopping.js';
import { succeedsSteps } from '../../src/relaxation/succeeds.js';
import { readMatrix, readVector, settingOf, startOf } from '../support/interior.js';
import { combine } from '../support/matrices.js';
import { randomProblem } from '../support/random.js';

/** A clock that tells the given times, then the last of them. */
class ScriptedClock extends RunClock {
  readonly #limitMs: number;
  #nowMs = 0;

  constructor(limitMs: number, stopSignal?: AbortSignal) {
    super({ stopSignal });
    this.#limitMs = limitMs;
  }

  advance(ms: number): this {
    this.#nowMs += ms;
    return this;
  }

  override elapsedMs = (): number => this.#nowMs;
  override remainingMs = (): number => Math.max(0, this.#limitMs - this.#nowMs);
  override expired = (): boolean => this.#nowMs >= this.#limitMs || super.expired();
}

const rule = (clock: RunClock, more = {}) => ({ tolerance: 1e-3, maxIterations: 100, clock, ...more });

describe('a solve ends', () => {
  test('at the tolerance, not before', () => {
    const stopping = new Stopping(rule(new RunClock()));
    expect([stopping.check(0, 0.5), stopping.check(1, 1.0001e-3), stopping.check(2, 1e-3)]).toEqual([
      undefined,
      undefined,
      'converged',
    ]);
    expect(stopping.gaps).toEqual([0.5, 1.0001e-3, 1e-3]);
  });

  test('solved rather than out of time or iterations', () => {
    expect(new Stopping(rule(new ScriptedClock(0), { maxIterations: 0 })).check(0, 1e-4)).toBe('converged');
  });

  test('after so many iterations', () => {
    const stopping = new Stopping(rule(new RunClock(), { maxIterations: 3 }));
    expect([2, 3].map((iteration) => stopping.check(iteration, 0.5))).toEqual([undefined, 'max-iterations']);
  });

  test('when the time is up, or when asked', () => {
    const clock = new ScriptedClock(100);
    const stopping = new Stopping(rule(clock));
    expect(stopping.check(0, 0.5)).toBe(undefined);
    expect(new Stopping(rule(clock.advance(100))).check(1, 0.4)).toBe('time-limit');
    expect(new Stopping(rule(new RunClock({ stopSignal: AbortSignal.abort() }))).check(0, 0.5)).toBe('stopped');
  });

  test('before an iteration that would not end in time, by the duration of the last one', () => {
    const clock = new ScriptedClock(100);
    const stopping = new Stopping(rule(clock));
    expect(stopping.check(0, 0.5)).toBe(undefined);
    const after30 = (iteration: number, gap: number) => {
      clock.advance(30);
      return stopping.check(iteration, gap);
    };
    expect([after30(1, 0.4), after30(2, 0.3), after30(3, 0.2)]).toEqual([undefined, undefined, 'time-limit']);
  });

  test('when the gap shrank by less than a tenth over its window', () => {
    const stopping = new Stopping(rule(new RunClock(), { stallWindow: 3 }));
    expect([0.5, 0.5, 0.5, 0.44].map((gap, k) => stopping.check(k, gap))).toEqual(Array(4).fill(undefined));
    expect(stopping.check(4, 0.4501)).toBe('stalled');
    expect(new Stopping(rule(new RunClock(), { stallWindow: 3 }), [0.5, 0.5, 0.5]).check(3, 0.46)).toBe('stalled');
    expect(new Stopping(rule(new RunClock(), { stallWindow: 3 }), [0.5, 0.5]).check(2, 0.5)).toBe(undefined);
  });

  test('after twenty such iterates unless told otherwise', () => {
    const stopping = new Stopping(rule(new RunClock()));
    const ends = Array.from({ length: 21 }, (_, k) => stopping.check(k, 0.5));
    expect(ends.indexOf('stalled')).toBe(20);
  });
});

test('numerical failure is an outcome, every other error is not', () => {
  const outcome = (end: () => boolean): boolean =>
    complete(
      succeedsSteps(
        (function* () {
          yield;
          return end();
        })(),
      ),
    );
  expect([outcome(() => true), outcome(() => false)]).toEqual([true, false]);
  expect(
    outcome(() => {
      throw new NumericalError('NaN');
    }),
  ).toBe(false);
  expect(() =>
    outcome(() => {
      throw new InputError('X', 'wrong');
    }),
  ).toThrow(InputError);
});

describe('the incumbent', () => {
  const setting = settingOf(randomProblem(8, { n: 5, d: 2, c: 2, degeneracy: 'none', reg: 0.1 }));
  const { algebra, objective, stack } = setting;
  const point = startOf(setting);

  /** The point with Lambda, or with a, multiplied. */
  function change(part: 'Lambda' | 'a', factor: number): void {
    const values = readMatrix(setting, point[part]);
    algebra.write(flat(point[part]), combine(values, values, factor, 0).data);
    complete(stack.lift(point.Lambda, point.K));
  }

  test('takes value and bound each from where it is best', () => {
    const best = createIncumbent(algebra, point);
    complete(keepBest(algebra, objective, point, best));
    const first = { value: best.value, bound: best.bound };
    expect(first).toEqual({ value: complete(objective.value(point)), bound: objective.bound(point.a) });
    const [Lambda, a, N, w] = [flat(point.Lambda), flat(point.a), point.N, point.w].map((v) => readVector(setting, v));

    // the scale of the start has the least value, and its a is 0.35 of what it may be
    change('Lambda', 3);
    complete(keepBest(algebra, objective, point, best));
    expect(best).toMatchObject(first);
    expect(readVector(setting, flat(best.Lambda))).toEqual(Lambda);

    change('a', 2);
    algebra.fill(point.N, 7);
    algebra.fill(point.w, 8);
    complete(keepBest(algebra, objective, point, best));
    expect(best.value).toBe(first.value);
    expect(best.bound).toBeGreaterThan(first.bound);
    expect(readVector(setting, flat(best.a))).toEqual(a.map((value) => 2 * value));
    expect([...readVector(setting, best.N)].every((value) => value === 7)).toBe(true);
    expect([...readVector(setting, best.w)].every((value) => value === 8)).toBe(true);
    expect([N.length, w.length]).toEqual([best.N.length, best.w.length]);

    change('a', 1 / 4);
    complete(keepBest(algebra, objective, point, best));
    expect(best.bound).toBeGreaterThan(first.bound);
    expect(readVector(setting, flat(best.a))).toEqual(a.map((value) => 2 * value));
  });
});
