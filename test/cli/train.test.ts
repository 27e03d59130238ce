/** train, predict and verify on real files; what one process writes another one reads. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFolder, type Outcome } from '../support/spawn.js';
import { runCli, sampleCsv, startCli } from './spawn.js';

const folder = createFolder();
const data = folder.write('data.csv', sampleCsv(24, 2, 3));
const model = folder.file('model.json');
const proof = folder.file('proof.json');
const trainWords = [
  'train',
  data,
  '--target',
  'side',
  '--ignore',
  'value',
  '--bias',
  '--standardize',
  '--test-fraction',
  '0.5',
  '--seed',
  '4',
];
afterAll(folder.remove);

interface Report {
  readonly status: string;
  readonly loss: number;
  readonly lowerBound: number;
  readonly relaxation: { readonly value: number; readonly lowerBound: number; readonly gap: number };
  readonly width: number;
  readonly trainRows: number;
  readonly testRows: number;
  readonly test: { readonly accuracy: number };
}

const report = ({ stdout }: Outcome): Report => JSON.parse(stdout) as Report;

/** A saved file with one change made to it. */
function forge(path: string, change: (json: Record<string, never>) => void): string {
  const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, never>;
  change(json);
  return folder.write('forged.json', JSON.stringify(json));
}

/** Multiplies the number that the keys lead to. */
const multiply =
  (keys: readonly string[], factor: number) =>
  (json: Record<string, never>): void => {
    const owner = keys.slice(0, -1).reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], json);
    (owner as Record<string, number>)[keys[keys.length - 1]] *= factor;
  };

describe('classification', () => {
  let trained: Outcome;
  beforeAll(async () => {
    trained = await runCli(...trainWords, '--out', model, '--proof', proof, '--json');
  });

  test('train reports loss, bound and accuracy as JSON', () => {
    expect(trained.exitCode, trained.stderr).toBe(0);
    const { status, loss, lowerBound, relaxation, trainRows, testRows, test: held } = report(trained);
    expect(status).toBe('certified');
    expect(relaxation.gap).toBeLessThanOrEqual(1e-3);
    expect(lowerBound).toBeGreaterThan(0);
    expect(lowerBound).toBeLessThanOrEqual(loss);
    expect([trainRows, testRows]).toEqual([12, 12]);
    expect(held.accuracy).toBeGreaterThan(0.5);
  });

  test.each([
    ['the same command in another process', []],
    ['a time limit that is not reached', ['--time-limit', '3600']],
  ])('%s writes the same bytes', async (_, words) => {
    const again = [folder.file('again.json'), folder.file('again-proof.json')] as const;
    await runCli(...trainWords, ...words, '--out', again[0], '--proof', again[1], '--json');
    expect(readFileSync(again[0], 'utf8')).toBe(readFileSync(model, 'utf8'));
    expect(readFileSync(again[1], 'utf8')).toBe(readFileSync(proof, 'utf8'));
  });

  test('train prints a table for people', async () => {
    const { exitCode, stdout } = await runCli(...trainWords);
    expect(exitCode).toBe(0);
    for (const word of ['training loss', 'certified bound', 'gap', 'relaxation gap', 'on test rows'])
      expect(stdout).toContain(word);
  });

  test('--max-width and --rounding are obeyed', async () => {
    const words = ['--max-width', '2', '--rounding', 'eigenvectors', 'gaussian', '--json'];
    const { exitCode, stdout, stderr } = await runCli(...trainWords, ...words);
    expect(exitCode, stderr).toBe(0);
    const { width, loss, lowerBound } = JSON.parse(stdout) as Report;
    expect(width).toBeLessThanOrEqual(2);
    expect(lowerBound).toBeLessThanOrEqual(loss);
  });

  test('predict prints a class and its scores for each row, columns in any order, others ignored', async () => {
    const path = folder.write('new.csv', 'note,x2,x1\n"a, b",-1,-1.5\nc,1,1.5\n');
    const { exitCode, stdout } = await runCli('predict', model, path);
    expect(exitCode).toBe(0);
    const [header, first, second] = stdout.trim().split('\n');
    expect(header).toBe('side,score left,score right');
    expect(first).toMatch(/^left,/);
    expect(second).toMatch(/^right,/);
  });

  test('predict writes what a spreadsheet would run as text, unless told not to', async () => {
    const formula = forge(model, (json) => {
      (json.network as unknown as { classes: string[] }).classes = ['=1+1', 'right'];
    });
    const path = folder.write('new.csv', 'x2,x1\n-1,-1.5\n');
    const safe = await runCli('predict', formula, path);
    expect(safe.stdout).toMatch(/^'=1\+1,/m);
    const raw = await runCli('predict', formula, path, '--raw');
    expect(raw.stdout).toMatch(/^=1\+1,/m);
  });

  test('predict names the feature that is missing', async () => {
    const { exitCode, stderr } = await runCli('predict', model, folder.write('less.csv', 'x1\n1\n'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain("less.csv: has no column 'x2'; its columns are x1");
  });

  test('verify proves bound and loss to the last bit from the three files', async () => {
    const { exitCode, stdout } = await runCli('verify', model, proof, data, '--json');
    expect(exitCode, stdout).toBe(0);
    const { loss, lowerBound, relaxation } = report(trained);
    expect(lowerBound).toBeGreaterThan(relaxation.lowerBound);
    expect(JSON.parse(stdout)).toMatchObject({
      verified: true,
      faults: [],
      problem: { loss: 'squared', reg: 0.1 },
      lowerBound,
      from: 'exact',
      loss,
      claimed: { lowerBound, loss },
      relaxation: { lowerBound: relaxation.lowerBound },
      exact: { complete: true },
    });
  });

  test('verify says for which loss, weight decay and mapping, in a sentence', async () => {
    const { stdout } = await runCli('verify', model, proof, data);
    expect(stdout).toMatch(
      /Verified: on these 12 rows, standardised, with a bias, with the squared loss and weight decay 0\.1, no network of any width has a training loss below 0\.\d+; this one has 0\.\d+\./,
    );
  });

  test('a network does not carry its proof, and verify asks for it', async () => {
    expect(readFileSync(model, 'utf8')).not.toMatch(/ertificate|relaxation|digest/);
    expect(await runCli('verify', model, data)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('holds no proof; name its file too: verify model.json proof.json data.csv'),
    });
    expect(await runCli('verify', model, model, data)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is no proof written by convex-relu train --proof'),
    });
  });

  test('verify that ran out of time says so and has not verified', async () => {
    const hurried = await runCli('verify', model, proof, data, '--time-limit', '1e-6');
    expect(hurried.stdout).toContain('Not verified. What is proved: on these 12 rows');
    expect(hurried).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('the exact search did not end within the time limit'),
    });
  });

  test.each<[string, string[], number, string]>([
    ['loss', ['claims', 'loss'], 0.99, 'but the weights have'],
    ['loss below the bound', ['claims', 'loss'], 1e-3, 'but the weights have'],
    ['bound above the loss', ['claims', 'lowerBound'], 1.1, 'the model claims the bound'],
    ['bound, raised by a millionth', ['claims', 'lowerBound'], 1 + 1e-6, 'the model claims the bound'],
    ['weight decay', ['problem', 'reg'], 10, 'the weight decay is not the same'],
    ['weight', ['network', 'U', 'data', '0'], 1.01, 'but the weights have'],
    ['scale', ['network', 'scaling', 'scales', '0'], 1e-3, 'the scaling is not the same'],
  ])('verify refuses a model with a forged %s', async (_, keys, factor, message) => {
    const { exitCode, stdout } = await runCli('verify', forge(model, multiply(keys, factor)), proof, data);
    expect(stdout).toContain(message);
    expect(stdout).toContain('Not verified');
    expect(exitCode).toBe(3);
  });

  test.each<[string, string[], number]>([
    ['bound', ['lowerBound'], 1.01],
    ['bound, lowered', ['lowerBound'], 0.5],
    ['weight decay', ['reg'], 1e7],
    ['floor of the search', ['exact', 'floor'], 1e9],
    ['scale', ['scaling', 'scales', '0'], 1e-3],
  ])('verify refuses a proof with a forged %s', async (_, keys, factor) => {
    const { exitCode, stdout } = await runCli('verify', model, forge(proof, multiply(keys, factor)), data);
    expect(stdout).toContain('the proof was altered or damaged');
    expect(stdout).toContain('Not verified. Nothing is proved.');
    expect(exitCode).toBe(3);
  });

  test('a loss below the bound is a fault of its own', async () => {
    // For a millionth of the weight decay the same weights do have such a loss.
    const cheap = forge(model, (json) => {
      const { problem, claims } = json as unknown as { problem: { reg: number }; claims: { loss: number } };
      problem.reg *= 1e-6;
      claims.loss = 1e-3;
    });
    const { exitCode, stdout } = await runCli('verify', cheap, proof, data);
    expect(stdout).toMatch(/the loss \S+ is below the bound \S+, which is impossible for one problem/);
    expect(exitCode).toBe(3);
  });

  test('verify refuses scales and weights that were divided together: the same outputs for less weight decay', async () => {
    const divide = (values: number[], until: number) => {
      for (let k = 0; k < until; k++) values[k] /= 1000;
    };
    const cheaper = forge(model, (json) => {
      const { U, scaling } = json.network as { U: { data: number[]; columns: number }; scaling: { scales: number[] } };
      divide(scaling.scales, 2);
      divide(U.data, 2 * U.columns);
    });
    const { exitCode, stdout } = await runCli('verify', cheaper, proof, data);
    expect(stdout).toContain('the scaling is not the same');
    expect(exitCode).toBe(3);
  });

  test('verify refuses claims beyond every number', async () => {
    for (const [path, pattern] of [
      [model, /"loss":\d[^,]*/],
      [model, /"lowerBound":[^,}]*/],
      [proof, /"lowerBound":[^,]*/],
    ] as const) {
      const text = readFileSync(path, 'utf8').replace(pattern, (claim) => `${claim.split(':')[0]}:1e999`);
      expect(text).toContain('1e999');
      const forged = folder.write('infinite.json', text);
      const files = path === model ? [forged, proof] : [model, forged];
      const { exitCode, stderr } = await runCli('verify', ...files, data);
      expect(stderr).toContain('finite number');
      expect(exitCode).toBe(2);
    }
  });

  test('verify refuses data that is not what the model was trained on', async () => {
    const other = folder.write('other.csv', sampleCsv(24, 2, 5));
    const longer = folder.write('longer.csv', sampleCsv(25, 2, 3));
    expect(await runCli('verify', model, proof, other)).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('X and Y are not the data that the proof is about'),
    });
    expect(await runCli('verify', model, proof, longer)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('has 25 rows'),
    });
  });

  test.each<[string, string, string]>([
    ['cut in half', '{"format": "convex-relu model"', 'is not JSON'],
    ['another JSON file', '{}', 'is not a model written by convex-relu train --out'],
    ['of a later format', '{"format": "convex-relu model", "formatVersion": 99}', 'has format version 99'],
    ['without its parts', '{"format": "convex-relu model", "formatVersion": 2}', 'is damaged: data: is missing'],
    ['of version 1 without its parts', '{"format": "convex-relu model", "formatVersion": 1}', 'is damaged: data: is'],
  ])('a model %s is refused', async (_, text, message) => {
    const { exitCode, stderr } = await runCli('verify', folder.write('broken.json', text), proof, data);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

test('regression on two target columns', async () => {
  const text = 'x,y,z\n-2,2,0\n-1,1,0\n0,0,0\n1,1,1\n2,2,2\n';
  const path = folder.write('regression.csv', text);
  const out = folder.file('regression.json');
  const itsProof = folder.file('regression-proof.json');
  const { exitCode, stdout, stderr } = await runCli(
    'train',
    path,
    '--target',
    'y',
    '--target',
    'z',
    '--reg',
    '0.01',
    '--out',
    out,
    '--proof',
    itsProof,
  );
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('mean squared error');
  const predicted = await runCli('predict', out, path);
  expect(predicted.stdout.split('\n')[0]).toBe('y,z');
  expect((await runCli('verify', out, itsProof, path)).exitCode).toBe(0);
});

describe('stopping early', () => {
  const large = folder.write('large.csv', sampleCsv(80, 4, 6));
  const words = ['train', large, '--target', 'side', '--ignore', 'value', '--tolerance', '1e-9', '--json'];

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s still writes the best network so far and exits with 130',
    async (signal) => {
      const [out, itsProof] = [folder.file('stopped.json'), folder.file('stopped-proof.json')];
      const { child, outcome, sees } = startCli(...words, '--out', out, '--proof', itsProof);
      await sees('iteration');
      child.kill(signal);
      const stopped = await outcome;
      expect(stopped.exitCode).toBe(130);
      expect(stopped.stderr).toContain('Stopping with the best so far');
      const { status, loss, lowerBound, width } = report(stopped);
      expect(status).toBe('stopped');
      expect(width).toBeGreaterThan(0);
      expect(lowerBound).toBeLessThanOrEqual(loss);
      expect((await runCli('verify', out, itsProof, large)).exitCode).toBe(0);
    },
  );

  test('a second Ctrl-C ends the process at once', async () => {
    const { child, outcome, sees } = startCli(...words);
    await sees('iteration');
    child.kill('SIGINT');
    await sees('Stopping');
    child.kill('SIGINT');
    expect((await outcome).exitCode).toBe(130);
  });

  test('--time-limit returns the best so far', async () => {
    const outcome = await runCli(...words, '--time-limit', '1');
    expect(outcome.exitCode).toBe(0);
    const { status, loss, lowerBound, width } = report(outcome);
    expect(status).toBe('time-limit');
    expect(width).toBeGreaterThan(0);
    expect(lowerBound).toBeLessThanOrEqual(loss);
  });
});

test('a table of ten thousand columns', async () => {
  const columns = 10_000;
  const line = (cells: (k: number) => string, last: string): string =>
    `${Array.from({ length: columns }, (_, k) => cells(k)).join(',')},${last}`;
  const lines = [line((k) => `x${k}`, 'y')];
  for (let i = 0; i < 4; i++) lines.push(line((k) => String((k * (i + 3)) % 17), String(i)));
  const wide = folder.write('wide.csv', `${lines.join('\n')}\n`);
  const { exitCode, stdout } = await runCli('train', wide, '--target', 'y', '--time-limit', '2', '--json');
  expect(exitCode).toBe(0);
  expect(report({ stdout } as Outcome).lowerBound).toBeGreaterThan(0);
});
