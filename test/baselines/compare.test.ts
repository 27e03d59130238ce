import { describe, expect, it } from 'vitest';
import { InputError, OptionsError } from '../../src/base/errors.js';
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { shareOfLimit } from '../../src/baselines/compare.js';
import { COMPARED_METHODS, type CompareProgress, compare } from '../../src/baselines/index.js';
import { expectWithin, roundOff } from '../support/tolerance.js';

/** Points labelled by whether they are inside the unit circle: a ridge regression sees nothing, a network everything. */
function circle(count: number): { X: Matrix; labels: string[] } {
  const random = new Random(3);
  const X = new Matrix(random.fillNormal(new Float64Array(2 * count)), count, 2);
  return { X, labels: Array.from({ length: count }, (_, i) => (Math.hypot(...X.row(i)) < 1.1 ? 'in' : 'out')) };
}

describe('compare', () => {
  it('ranks all methods on the same splits, with losses above the certified bounds', async () => {
    const { X, labels } = circle(40);
    const { rows, lowerBounds, score, splits } = await compare(X, labels, {
      methods: COMPARED_METHODS,
      splits: 2,
      bias: true,
      timeLimitMs: 3000,
    });
    expect([score, splits, rows.length]).toEqual(['accuracy', 2, COMPARED_METHODS.length]);
    rows.forEach(({ method, scores, meanScore, stdScore, losses, meanMs }, k) => {
      expect(scores.length).toBe(2);
      expectWithin(meanScore, (scores[0] + scores[1]) / 2, roundOff(2, 1));
      expectWithin(stdScore, Math.abs(scores[0] - scores[1]) / 2, roundOff(2, 1));
      expect(meanMs).toBeGreaterThan(0);
      if (k > 0) expect(meanScore).toBeLessThanOrEqual(rows[k - 1].meanScore);
      expect(losses === undefined).toBe(['nngp', 'ntk', 'ridge'].includes(method));
      losses?.forEach((loss, split) => {
        expect(loss).toBeGreaterThanOrEqual(lowerBounds?.[split] ?? Number.NaN);
      });
    });
    const scoreOf = (name: string) => rows.find(({ method }) => method === name)?.meanScore ?? Number.NaN;
    expect(scoreOf('train')).toBeGreaterThan(scoreOf('ridge'));
  });

  it('scores targets by RMSE, repeats with the seed, and can do without train', async () => {
    const X = [[1], [2], [3], [4], [5], [6]];
    const Y = X.map(([x]) => [3 * x]);
    const options = { methods: ['ridge', 'ntk'], reg: 1e-9, splits: 3, trainShare: 0.67, seed: 4 } as const;
    const first = await compare(X, Y, options);
    expect([first.score, first.lowerBounds]).toEqual(['negative RMSE', undefined]);
    const ridge = first.rows.find(({ method }) => method === 'ridge');
    for (const score of ridge?.scores ?? []) expectWithin(score, 0, 1e-8);
    const second = await compare(X, Y, options);
    expect(second.rows.map(({ scores }) => scores)).toEqual(first.rows.map(({ scores }) => scores));
  });

  it('reports every run as it begins, and what its method reports', async () => {
    const { X, labels } = circle(20);
    const seen: CompareProgress[] = [];
    const methods = ['ridge', 'adam'] as const;
    await compare(X, labels, { methods, splits: 2, timeLimitMs: 400, onProgress: (progress) => seen.push(progress) });
    const begun = seen.filter(({ progress }) => progress === undefined);
    expect(begun.map(({ run, runs, split, method }) => [run, runs, split, method])).toEqual([
      [0, 4, 0, 'ridge'],
      [1, 4, 0, 'adam'],
      [2, 4, 1, 'ridge'],
      [3, 4, 1, 'adam'],
    ]);
    const reports = seen.filter(({ progress }) => progress !== undefined);
    expect(new Set(reports.map(({ method, progress }) => `${method} ${progress?.phase}`))).toEqual(
      new Set(['adam baseline']),
    );
    const times = seen.map(({ elapsedMs }) => elapsedMs);
    expect(times).toEqual([...times].sort((first, second) => first - second));
  });

  it('shares a time limit evenly: what a run leaves over goes to the later ones, what it takes too much costs them nothing', () => {
    /** Milliseconds that each run was given when it takes `used` of them. */
    const shares = (timeLimitMs: number, used: readonly number[]): number[] => {
      let remaining = timeLimitMs;
      return used.map((ms, run) => {
        const share = shareOfLimit(timeLimitMs, remaining, run, used.length);
        remaining = Math.max(0, remaining - ms);
        return share;
      });
    };
    expect(shares(8000, [2000, 2000, 2000, 2000])).toEqual([2000, 2000, 2000, 2000]);
    expect(shares(8000, [500, 2500, 2500, 2500])).toEqual([2000, 2500, 2500, 2500]);
    expect(shares(8000, [0, 0, 0, 8000])).toEqual([2000, 8000 / 3, 4000, 8000]);
    expect(shares(8000, [7900, 2000, 2000, 2000])).toEqual([2000, 2000, 2000, 2000]);
  });

  it('lets the last method train as long as the first where neither ends by itself', async () => {
    const { X, labels } = circle(1500);
    const seen = new Map<string, number>();
    const onProgress = ({ method, progress }: CompareProgress) =>
      void seen.set(method, Math.max(seen.get(method) ?? 0, progress?.elapsedMs ?? 0));
    const timeLimitMs = 900;
    await compare(X, labels, { methods: ['train', 'sgd', 'adam'], splits: 1, reg: 1e-4, timeLimitMs, onProgress });
    // Each on its own clock; reports come every few hundredths of a second. So many rows that no method reaches its last step.
    for (const method of ['sgd', 'adam']) expect(seen.get(method)).toBeGreaterThan((0.5 * timeLimitMs) / 3);
  });

  it('refuses what it cannot do, and stops when told', async () => {
    await expect(compare([[1], [2]], [1], {})).rejects.toThrow(InputError);
    await expect(compare([[1], [2]], [1, 2], { methods: ['best'] as never })).rejects.toThrow(
      /methods: expected an array/,
    );
    await expect(compare([[1], [2]], [1, 2], { trainShare: 1 })).rejects.toThrow(OptionsError);
    const { X, labels } = circle(20);
    await expect(compare(X, labels, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
  });
});
