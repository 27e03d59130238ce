/** path: a weight decay a line, in the order given. */
import { afterAll, expect, test } from 'vitest';
import { createFolder } from '../support/spawn.js';
import { runCli, sampleCsv } from './spawn.js';

const folder = createFolder();
const data = folder.write('data.csv', sampleCsv(12, 2, 3));
const words = ['path', data, '--target', 'side', '--ignore', 'value', '--bias'];
afterAll(folder.remove);

interface Point {
  readonly reg: number;
  readonly lowerBound: number;
  readonly loss: number;
  readonly relaxation: { readonly value: number; readonly iterations: number; readonly flops: number };
}

test('every weight decay has value, bound and loss', async () => {
  const { exitCode, stdout, stderr } = await runCli(...words, '--regs', '0.01,1,0.1', '--json');
  expect(exitCode, stderr).toBe(0);
  const points = JSON.parse(stdout) as Point[];
  expect(points.map(({ reg }) => reg)).toEqual([0.01, 1, 0.1]);
  for (const { lowerBound, loss, relaxation } of points) {
    expect(lowerBound).toBeGreaterThan(0);
    expect(lowerBound).toBeLessThanOrEqual(loss);
    expect(relaxation.iterations).toBeGreaterThan(0);
    expect(relaxation.flops).toBeGreaterThan(0);
  }
});

test('people get a table', async () => {
  const { exitCode, stdout } = await runCli(...words, '--regs', '1, 0.1');
  expect(exitCode).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^reg +value +bound +loss +gap +neurons +iterations +Gflop +status$/);
  expect(lines[1]).toMatch(/^1 /);
  expect(lines[2]).toMatch(/^0\.1 /);
});

test.each([
  ['a word', '1,much', "argument '1,much' is invalid. Expected numbers such as 1,0.1,0.01."],
  ['a weight decay of 0', '1,0', 'error: regs: expected an array of numbers > 0'],
])('%s is refused', async (_, regs, message) => {
  const { exitCode, stderr } = await runCli(...words, '--regs', regs);
  expect(stderr).toContain(message);
  expect(exitCode).toBe(2);
});
