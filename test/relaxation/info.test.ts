/** What is known of a run, step by step, on points of one problem. */
import { describe, expect, test } from 'vitest';
import { complete, RunClock } from '../../src/base/run.js';
import { createIncumbent } from '../../src/relaxation/incumbent.js';
import { Info, type InfoOptions } from '../../src/relaxation/info.js';
import { complementarity } from '../../src/relaxation/objective.js';
import type { Checkpoint } from '../../src/relaxation/state.js';
import { settingOf, startOf } from '../support/interior.js';
import { squaredProblem } from '../support/problem.js';
import { randomProblem } from '../support/random.js';
import { expectWithin } from '../support/tolerance.js';
import { QueryClock } from './query-clock.js';

const { X, Y, reg } = randomProblem(2, { n: 8, d: 3, c: 2, degeneracy: 'none' });
const STEP = { primal: 0.5, dual: 0.75, centring: 0.1 };
const BACKEND = { name: 'cg', cgSteps: 7 } as const;

function begin(more: Partial<InfoOptions> = {}, constant = 0, clock = new RunClock()) {
  const setting = settingOf(squaredProblem(X, Y, reg));
  const { algebra, objective } = setting;
  const problem = { ...setting.problem, constant: setting.problem.constant + constant };
  const point = startOf(setting);
  const best = createIncumbent(algebra, point);
  const rule = { tolerance: 1e-6, maxIterations: 5, clock };
  const info = new Info({ algebra, problem, objective, best, rule, ...more });
  return { info, algebra, problem, point, best, mu: complementarity(algebra, problem, 0.1, point) };
}

/** A gap below which warm starts are taken, whatever the point: the incumbent is told a value near its bound. */
function tighten({ best }: ReturnType<typeof begin>): void {
  best.value = best.bound + 1e-3 * Math.abs(best.bound);
}

describe('records', () => {
  test('say what the iterate is worth and how it was reached, and are kept in order', () => {
    const { info, point, mu } = begin();
    const first = complete(info.recordIterate(0, point, mu, STEP, BACKEND));
    const second = complete(info.recordAdmm(25, point, 3));
    expect(first).toMatchObject({
      kind: 'iterate',
      phase: 'relaxation',
      iteration: 0,
      mu,
      primalStep: 0.5,
      dualStep: 0.75,
    });
    expect(first).toMatchObject({ centring: 0.1, backend: 'cg', cgSteps: 7 });
    expect(first.value).toBeGreaterThan(first.lowerBound);
    expect(first.gap).toBe((first.value - first.lowerBound) / first.value);
    expect(second).toMatchObject({ kind: 'admm', iteration: 25, rho: 3, value: first.value });
    expect(second).not.toHaveProperty('mu');
    expect(info.history).toEqual([first, second]);
  });

  test('add the constant of the problem to value and bound', () => {
    const [plain, shifted] = [begin(), begin({}, 7)].map(({ info, point, mu }) =>
      complete(info.recordIterate(0, point, mu, STEP, BACKEND)),
    );
    const constant = 7 * begin().problem.units.values;
    expectWithin(shifted.value, plain.value + constant, 1e-9);
    expectWithin(shifted.lowerBound, plain.lowerBound + constant, 1e-9);
  });

  test('state the best bound so far, whose multipliers are kept', () => {
    const { info, algebra, point, best, mu } = begin();
    const own = algebra.entries(point.a).slice();
    const record = (sign: number, multiplier: number): number => {
      algebra.entries(point.a).set(own.map((entry) => sign * entry));
      algebra.entries(point.N).fill(multiplier);
      return complete(info.recordIterate(0, point, mu, STEP, BACKEND)).lowerBound;
    };
    const bounds = [record(-1, 1), record(1, 2), record(-1, 3)];
    expect(bounds[0]).toBeLessThan(bounds[1]);
    expect(bounds[2]).toBe(bounds[1]);
    expect([...new Set(algebra.read(best.N))]).toEqual([2]);
  });

  test('heartbeats repeat the last standing and are no records', () => {
    const { info, point, mu } = begin();
    const { value, gap } = complete(info.recordIterate(3, point, mu, STEP, BACKEND));
    function* work(): Generator<void, string> {
      yield;
      yield;
      return 'done';
    }
    const beats = info.heartbeats(work());
    const beat = { kind: 'heartbeat', iteration: 3, value, gap };
    expect([beats.next().value, beats.next().value]).toMatchObject([beat, beat]);
    expect(beats.next()).toEqual({ done: true, value: 'done' });
    expect(info.history).toHaveLength(1);
  });

  test('work is given up at the first pause after the time is over, and cleans up', () => {
    const seen: string[] = [];
    function* work(): Generator<void, string> {
      try {
        for (const step of ['one', 'two', 'three']) {
          seen.push(step);
          yield;
        }
        return 'done';
      } finally {
        seen.push('cleaned');
      }
    }
    expect(complete(begin({}, 0, new QueryClock(2)).info.unlessExpired(work()))).toBeUndefined();
    expect(seen).toEqual(['one', 'two', 'cleaned']);
    expect(complete(begin({}, 0, new QueryClock(9)).info.unlessExpired(work()))).toBe('done');
  });
});

describe('what is carried out of a run', () => {
  test('a checkpoint at every iterate, with the gaps before it', () => {
    const checkpoints: Checkpoint[] = [];
    const { info, point, mu } = begin({ onCheckpoint: (checkpoint) => checkpoints.push(checkpoint) });
    const { gap } = complete(info.recordIterate(0, point, mu, STEP, BACKEND));
    info.check();
    complete(info.recordIterate(1, point, mu, STEP, BACKEND));
    expect(checkpoints.map(({ iteration, gaps }) => [iteration, gaps])).toEqual([
      [0, []],
      [1, [gap]],
    ]);
    const resumed = begin({ resume: checkpoints[1] }).info;
    expect([resumed.firstIteration, resumed.gaps]).toEqual([1, [gap]]);
  });

  test('a warm start from the first iterate that is near enough, and none before', () => {
    const run = begin();
    const { info, point, mu } = run;
    complete(info.recordIterate(0, point, mu, STEP, BACKEND));
    info.offerWarmStart(point, mu);
    expect(info.warmStart).toBe(undefined);
    tighten(run);
    complete(info.recordIterate(1, point, mu, STEP, BACKEND));
    info.offerWarmStart(point, mu);
    info.offerWarmStart(point, 2 * mu);
    expect(info.warmStart).toMatchObject({ mu });
  });
});

describe('the end of a run', () => {
  test('is judged by the record taken last', () => {
    const run = begin({ rule: { tolerance: 0.01, maxIterations: 5, clock: new RunClock() } });
    const { info, point, mu } = run;
    complete(info.recordIterate(4, point, mu, STEP, BACKEND));
    expect(info.check()).toBe(undefined);
    complete(info.recordIterate(5, point, mu, STEP, BACKEND));
    expect(info.check()).toBe('max-iterations');
    tighten(run);
    complete(info.recordIterate(5, point, mu, STEP, BACKEND));
    expect(info.check()).not.toBe('max-iterations');
  });

  test('is the last iteration of the rule, or any when the time is over', () => {
    const { info } = begin();
    expect([4, 5].map((iteration) => info.isLast(iteration))).toEqual([false, true]);
    const stopped = new RunClock({ stopSignal: AbortSignal.abort() });
    expect(begin({ rule: { tolerance: 0, maxIterations: 5, clock: stopped } }).info.isLast(0)).toBe(true);
  });
});
