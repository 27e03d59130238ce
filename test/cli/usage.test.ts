/** What the command line says when it is asked for help or used wrongly: one clear line on stderr, exit code 2. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { createFolder } from '../support/spawn.js';
import { runCli, sampleCsv } from './spawn.js';

const folder = createFolder();
const data = folder.write('data.csv', sampleCsv(8, 2, 1));
afterAll(folder.remove);

describe('help', () => {
  test('lists commands and exit codes', async () => {
    const { exitCode, stdout } = await runCli('--help');
    expect(exitCode).toBe(0);
    for (const word of ['train', 'predict', 'verify', 'path', 'compare', 'info', 'demo', 'Exit codes: 0 done'])
      expect(stdout).toContain(word);
  });

  test('of train lists its options with their defaults', async () => {
    const { exitCode, stdout } = await runCli('train', '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/--reg <number>.*default: 0\.1/);
  });

  test('version is that of package.json', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await runCli('--version')).stdout.trim()).toBe(version);
  });
});

describe('wrong use', () => {
  const train = ['train', data, '--target', 'side', '--ignore', 'value'];
  test.each<[string, string[], string | RegExp]>([
    ['unknown command', ['trian', data], "error: unknown command 'trian'\n(Did you mean train?)"],
    ['unknown option', [...train, '--regg', '1'], "error: unknown option '--regg'\n(Did you mean --reg?)"],
    ['no target', ['train', data], "error: required option '--target <column>' not specified"],
    ['no data', ['train', '--target', 'side'], "error: missing required argument 'data.csv'"],
    [
      'a word for a number',
      [...train, '--reg', 'much'],
      /'--reg <number>' argument 'much' is invalid\. Expected a number/,
    ],
    ['reg 0', [...train, '--reg', '0'], 'error: reg: expected a finite number > 0'],
    ['reg below 0', [...train, '--reg=-1'], 'error: reg: expected a finite number > 0'],
    ['tolerance 2', [...train, '--tolerance', '2'], 'error: tolerance: expected a number between 0 and 1'],
    ['seed 1.5', [...train, '--seed', '1.5'], 'error: seed: expected a whole number'],
    ['test fraction 1', [...train, '--test-fraction', '1'], /'--test-fraction <number>' argument '1' is invalid/],
    ['time limit 0', [...train, '--time-limit', '0'], /'--time-limit <seconds>' argument '0' is invalid/],
    ['a rounding there is not', [...train, '--rounding', 'gauss'], 'Allowed choices are gaussian, nearest-cone'],
    ['width 0', [...train, '--max-width', '0'], 'Expected a whole number ≥ 1'],
    ['nowhere to write', [...train, '--out', folder.file('absent/model.json')], 'error: --out: there is no folder'],
    ['a missing file', ['train', folder.file('absent.csv'), '--target', 'y'], 'absent.csv: no such file'],
    ['a missing target', ['train', data, '--target', 'y'], "has no column 'y'; its columns are x1, x2, side, value"],
    ['a model that is none', ['predict', data, data], /data\.csv: is not JSON/],
    ['info with n only', ['info', '5'], 'give all of n, d and c'],
    ['info with half a row', ['info', '5.5', '1', '1'], 'Expected a whole number ≥ 1'],
  ])('%s', async (_, words, message) => {
    const { exitCode, stdout, stderr } = await runCli(...words);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
  });

  test.each([
    ['an empty file', '', 'is empty; expected a header line'],
    ['a short row', 'x,side\n1,a\n2\n', 'line 3 has 1 field, but the header has 2'],
    ['a word among numbers', 'x,side\n1,a\nfoo,b\n', "line 3, column 'x': 'foo' is not a number"],
    ['one class', 'x,side\n1,a\n2,a\n', "holds the single class 'a'"],
    ['Infinity', 'x,side\n1,a\nInfinity,b\n', "line 3, column 'x': 'Infinity' is not a number"],
  ])('data with %s', async (name, text, message) => {
    const path = folder.write(`${name.replaceAll(' ', '-')}.csv`, text);
    const { exitCode, stderr } = await runCli('train', path, '--target', 'side');
    expect(stderr).toContain(`error: ${path}: `);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});
