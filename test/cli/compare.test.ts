/** compare: every method on the same splits, as JSON and as a table; the numbers themselves are the business of the baselines' tests. */
import { afterAll, expect, test } from 'vitest';
import { createFolder } from '../support/spawn.js';
import { runCli, sampleCsv } from './spawn.js';

const folder = createFolder();
const data = folder.write('data.csv', sampleCsv(16, 2, 3));
const words = ['compare', data, '--bias', '--splits', '2', '--seed', '1', '--time-limit', '4'];
afterAll(folder.remove);

/** Twice the time limit and what closed forms and a busy machine add. */
const TIMEOUT_MS = 30_000;

interface Row {
  readonly method: string;
  readonly scores: readonly number[];
  readonly losses?: readonly number[];
}

test(
  'classes: JSON has every method, and no loss below the certified bound',
  async () => {
    const { exitCode, stdout, stderr } = await runCli(...words, '--target', 'side', '--ignore', 'value', '--json');
    expect(exitCode, stderr).toBe(0);
    const { score, splits, rows, lowerBounds } = JSON.parse(stdout) as {
      score: string;
      splits: number;
      rows: Row[];
      lowerBounds: number[];
    };
    expect({ score, splits }).toEqual({ score: 'accuracy', splits: 2 });
    expect(rows.map(({ method }) => method).sort()).toEqual(
      ['adam', 'frankWolfe', 'gatedRelu', 'nngp', 'ntk', 'ridge', 'sgd', 'train'].sort(),
    );
    for (const { scores, losses = [] } of rows) {
      expect(scores).toHaveLength(2);
      losses.forEach((loss, split) => {
        expect(loss).toBeGreaterThanOrEqual(lowerBounds[split]);
      });
    }
  },
  TIMEOUT_MS,
);

test(
  'values: people get a table',
  async () => {
    const { exitCode, stdout, stderr } = await runCli(...words, '--target', 'value', '--ignore', 'side');
    expect(exitCode, stderr).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^method +training loss +test RMSE +seconds$/);
    expect(stdout).toMatch(/^train +\d\S* +\d\S* ± \d\S* +\d\S*$/m);
    expect(stdout).toMatch(/^ridge +– /m);
    expect(stdout).toContain('Means over 2 splits');
  },
  TIMEOUT_MS,
);

test('methods can be chosen, and stderr tells how far it is', async () => {
  const some = ['--target', 'side', '--ignore', 'value', '--methods', 'train', 'ridge', '--time-limit', '2', '--json'];
  const { exitCode, stdout, stderr } = await runCli(...words, ...some);
  expect(exitCode, stderr).toBe(0);
  expect((JSON.parse(stdout) as { rows: Row[] }).rows.map(({ method }) => method).sort()).toEqual(['ridge', 'train']);
  for (const line of stderr.trim().split('\n'))
    expect(`${line}\n`).toMatch(/^(run \d of 4, split [12], train: .*)?\n$/);
  const unknown = await runCli(...words, '--target', 'side', '--methods', 'best');
  expect(unknown.stderr).toContain("argument 'best' is invalid. Allowed choices are train, gatedRelu");
  expect(unknown.exitCode).toBe(2);
});

test('no split at all is refused', async () => {
  const { exitCode, stderr } = await runCli('compare', data, '--target', 'side', '--splits', '0');
  expect(stderr).toContain("'--splits <n>' argument '0' is invalid. Expected a whole number ≥ 1");
  expect(exitCode).toBe(2);
});
