import { describe, expect, it } from 'vitest';
import { RunClock, runAsync, runSync } from '../../src/base/run.js';
import type { Heartbeat } from '../../src/base/types.js';

/** `count` steps, each busy for `busyMs`; records that it was closed. */
function* work(count: number, busyMs = 0, closed = { isClosed: false }): Generator<Heartbeat, string> {
  const clock = new RunClock();
  try {
    for (let iteration = 0; iteration < count; iteration++) {
      const until = performance.now() + busyMs;
      while (performance.now() < until);
      yield { kind: 'heartbeat', phase: 'polish', iteration, elapsedMs: clock.elapsedMs() };
    }
    return 'done';
  } finally {
    closed.isClosed = true;
  }
}

describe('RunClock', () => {
  it('has no deadline without a limit', () => {
    const clock = new RunClock();
    expect(clock.remainingMs()).toBe(Number.POSITIVE_INFINITY);
    expect(clock.expired()).toBe(false);
    expect(clock.within(0.5 * clock.remainingMs()).remainingMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('expires at its deadline, also as a part of another', () => {
    expect(new RunClock({ timeLimitMs: 0 }).expired()).toBe(true);
    const clock = new RunClock({ timeLimitMs: 60_000 });
    expect(clock.within(0).expired()).toBe(true);
    expect(clock.within(0).expiredStatus()).toBe('time-limit');
    expect(clock.within(1e9).remainingMs()).toBeLessThanOrEqual(60_000);
    expect(clock.within(0).elapsedMs()).toBeLessThan(60_000);
  });

  it('expires when asked to stop, in every part', () => {
    const stop = new AbortController();
    const clock = new RunClock({ stopSignal: stop.signal });
    const part = clock.within(60_000);
    stop.abort();
    expect([clock.expired(), part.expired()]).toEqual([true, true]);
    expect(part.expiredStatus()).toBe('stopped');
  });
});

describe.each([
  ['runSync', async (...args: Parameters<typeof runSync<string, Heartbeat>>) => runSync(...args)],
  ['runAsync', (...args: Parameters<typeof runAsync<string, Heartbeat>>) => runAsync(...args)],
])('%s', (_, run) => {
  it('returns what the work returns, after reporting each step', async () => {
    const seen: number[] = [];
    expect(await run(work(4), { onProgress: ({ iteration }) => seen.push(iteration) })).toBe('done');
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('throws the reason of the abort and closes the work', async () => {
    const closed = { isClosed: false };
    const abort = new AbortController();
    const limits = { signal: abort.signal, onProgress: () => abort.abort('enough') };
    await expect(run(work(1e9, 0, closed), limits)).rejects.toBe('enough');
    expect(closed.isClosed).toBe(true);
    await expect(run(work(1), { signal: AbortSignal.abort('never') })).rejects.toBe('never');
  });

  it('passes on what the work or onProgress throws', async () => {
    const fail = () => {
      throw new Error('no');
    };
    await expect(run(work(2), { onProgress: fail })).rejects.toThrow('no');
  });
});

describe('runAsync', () => {
  it('gives timers a turn while the work is busy', async () => {
    const signal = AbortSignal.timeout(40);
    await expect(runAsync(work(1e9, 2), { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
