/** A time limit that cuts nothing short changes no bit of any task's result. */
import { expect, test } from 'vitest';
import { spiral } from '../../src/datasets/index.js';
import * as library from '../../src/index.js';
import { fingerprint } from '../bits/fingerprint.js';
import { callOfEach } from './cases.js';

const FAR_MS = 3_600_000;
const { X, Y } = spiral(5, 6);
const tasks = { ...library } as unknown as Readonly<Record<string, (...call: readonly unknown[]) => unknown>>;
const calls = [
  ...Object.entries(callOfEach()),
  ['train', [X, Y, { reg: 0.01, maxWidth: 3, seed: 2 }]],
  ['growNetwork', [X, Y, { reg: 0.01, seed: 2 }]],
] as const;

test.each(calls)('%s', (name, call) => {
  const options = call.at(-1) as object;
  const run = (limits: object): string =>
    fingerprint(tasks[`${name}Sync`](...call.slice(0, -1), { ...options, ...limits }));
  expect(run({ timeLimitMs: FAR_MS })).toBe(run({}));
});

test('fingerprints tell results apart by any bit, and not by their times', () => {
  const result = { loss: 1, elapsedMs: 3, V: Float64Array.of(0.1, 0.2), name: 'a' };
  const others = [
    { ...result, loss: 1 + Number.EPSILON },
    { ...result, V: Float64Array.of(0.1, 0.2 + 2 ** -55) },
    { ...result, V: [0.1, 0.2] },
    { ...result, name: 'b' },
    { ...result, loss: -0 },
    { ...result, loss: 0 },
  ].map(fingerprint);
  expect(new Set([fingerprint(result), ...others]).size).toBe(7);
  expect(fingerprint({ ...result, elapsedMs: 4 })).toBe(fingerprint(result));
});
