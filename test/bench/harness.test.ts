import { describe, expect, test } from 'vitest';
import { benchmark } from '../../bench/harness.js';

/** Keeps the processor busy for this long. */
const spin = (ms: number) => () => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return ms;
};

describe('benchmark', () => {
  test('times cases and their ratio to the baseline, synchronous or not', async () => {
    const { baseline, cases } = await benchmark({
      name: 'test-harness',
      baseline: 'two',
      secondsPerCase: 0.3,
      cases: [
        { name: 'one', run: spin(1), flops: 1e6 },
        { name: 'two', run: spin(2) },
        { name: 'promise', run: async () => spin(1)() },
      ],
    });
    expect(baseline).toBe('two');
    expect(cases.map(({ name }) => name)).toEqual(['one', 'two', 'promise']);
    const [one, two] = cases;
    expect(one.bestMs).toBeGreaterThanOrEqual(1);
    expect(one.ratio).toBe(one.bestMs / two.bestMs);
    expect(two.ratio).toBe(1);
    expect(one.gigaflopsPerSecond).toBeLessThanOrEqual(1);
    expect(two.gigaflopsPerSecond).toBeUndefined();
  });

  test('refuses a baseline that is no case, and two cases of one name', async () => {
    const cases = [{ name: 'one', run: spin(0) }];
    await expect(benchmark({ name: 'x', baseline: 'two', cases })).rejects.toThrow("no case is named 'two'");
    await expect(benchmark({ name: 'x', cases: [...cases, ...cases] })).rejects.toThrow('the same name');
  });
});
