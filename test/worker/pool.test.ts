import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OptionsError, Random, solveRelaxation } from '../../src/index.js';
import { createPool, type Trainer, type TrainerPool } from '../../src/worker/index.js';
import { buildWorkerEntry } from './entry.js';

const random = new Random(2);
const X = Array.from({ length: 6 }, () => [random.normal(), random.normal()]);
const Y = X.map(([x1, x2]) => [x1 * x2]);
const REGS = [0.05, 0.1, 0.2, 0.4];

let pool: TrainerPool;
beforeAll(async () => {
  pool = createPool({ url: await buildWorkerEntry(), size: 2 });
});
afterAll(() => pool.terminate());

describe('a pool', () => {
  test('maps in order, on all its workers, to the same bits as one after the other', async () => {
    const used = new Set<Trainer>();
    const values = await pool.map(REGS, async (trainer, reg) => {
      used.add(trainer);
      return (await trainer.solveRelaxation(X, Y, { reg })).value;
    });
    const expected: number[] = [];
    for (const reg of REGS) expected.push((await solveRelaxation(X, Y, { reg })).value);
    expect(values).toEqual(expected);
    expect(used.size).toBe(2);
  });

  test('starts nothing more after a failure, and rejects with it', async () => {
    const started: number[] = [];
    const failing = pool.map([1, -1, 2, 3, 4, 5, 6, 7], (trainer, reg) => {
      started.push(reg);
      return trainer.solveRelaxation(X, Y, { reg });
    });
    await expect(failing).rejects.toBeInstanceOf(OptionsError);
    expect(started.length).toBeLessThan(8);
  });

  test('serves several maps at once', async () => {
    const solve = (trainer: Trainer, reg: number) => trainer.solveRelaxation(X, Y, { reg });
    const [first, second] = await Promise.all([pool.map([0.1, 0.2], solve), pool.map([0.1], solve)]);
    expect(first[0].value).toBe(second[0].value);
  });

  test('of nothing is nothing, and a senseless size is refused', async () => {
    await expect(pool.map([], async () => 1)).resolves.toEqual([]);
    expect(() => createPool({ size: 0 })).toThrow(OptionsError);
  });
});
