/** train, predict and verify on real files; what one process writes another one reads. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFolder, type Outcome } from '../support/spawn.js';
import { runCli, sampleCsv, startCli } from './spawn.js';

const folder = createFolder();
const data = folder.write('data.csv', sampleCsv(24, 2, 3));
const model = folder.file('model.json');
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

/** The saved model with one change made to it. */
function forge(change: (json: Record<string, never>) => void): string {
  const json = JSON.parse(readFileSync(model, 'utf8')) as Record<string, never>;
  change(json);
  const path = folder.file('forged.json');
  writeFileSync(path, JSON.stringify(json));
  return path;
}

describe('classification', () => {
  let trained: Outcome;
  beforeAll(async () => {
    trained = await runCli(...trainWords, '--out', model, '--json');
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

  test('the same command in another process writes the same bytes', async () => {
    const again = folder.file('again.json');
    await runCli(...trainWords, '--out', again, '--json');
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(model, 'utf8'));
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

  test('predict names the feature that is missing', async () => {
    const { exitCode, stderr } = await runCli('predict', model, folder.write('less.csv', 'x1\n1\n'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain("less.csv: has no column 'x2'; its columns are x1");
  });

  test('verify confirms bound and loss from the two files', async () => {
    const { exitCode, stdout } = await runCli('verify', model, data, '--json');
    const { verified, lowerBound, loss } = JSON.parse(stdout) as {
      verified: boolean;
      lowerBound: number;
      loss: number;
    };
    expect({ exitCode, verified }).toEqual({ exitCode: 0, verified: true });
    expect(lowerBound).toBe(report(trained).relaxation.lowerBound);
    expect(loss).toBe(report(trained).loss);
    expect((await runCli('verify', model, data)).stdout).toContain('no network of any width has a training loss below');
  });

  test("verify proves the exact oracle's bound to the last bit from the stored dual point", async () => {
    const { exitCode, stdout } = await runCli('verify', model, data, '--json');
    const { verified, globalBound } = JSON.parse(stdout) as { verified: boolean; globalBound: object };
    const claimed = report(trained).lowerBound;
    expect(claimed).toBeGreaterThan(report(trained).relaxation.lowerBound);
    expect({ exitCode, verified }).toEqual({ exitCode: 0, verified: true });
    expect(globalBound).toMatchObject({ claimed, proved: claimed, verdict: 'holds' });
  });

  test('an older model, without a dual point, is still read, and held to what its weights prove', async () => {
    const old = forge((json) => {
      const network = json.network as Record<string, unknown>;
      network.version = 1;
      delete network.exactCertificate;
    });
    const { stdout, exitCode } = await runCli('verify', old, data);
    const holds = !stdout.includes('NOT VERIFIED');
    expect(stdout).toContain('the file holds no dual point, and the stored network proves');
    expect(exitCode).toBe(holds ? 0 : 3);
  });

  test.each<[string, (network: Record<string, never>) => void, string]>([
    [
      'of another shape',
      ({ exactCertificate: { a } }) => Object.assign(a, { rows: 6, columns: 4 }),
      'is 6×4, but Y is 12×2',
    ],
    ['of another problem', ({ exactCertificate: { a } }) => (a as { data: number[] }).data.reverse(), 'proves only'],
    ['of zeros', ({ exactCertificate: { a } }) => (a as { data: number[] }).data.fill(0), 'proves only 0'],
    ['searched for sloppily', ({ exactCertificate }) => Object.assign(exactCertificate, { floor: 1e9 }), 'proves only'],
  ])('a dual point %s proves no more than it should', async (_, change, message) => {
    const forged = forge((json) => change(json.network as unknown as Record<string, never>));
    const { exitCode, stdout } = await runCli('verify', forged, data);
    expect(stdout).toContain(message);
    expect(exitCode).toBe(3);
  });

  test('verify that ran out of time says so and has not verified', async () => {
    const hurried = await runCli('verify', model, data, '--time-limit', '1e-6');
    expect(hurried.stdout).toContain('Not verified. What is proved');
    expect(hurried).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('did not end within --time-limit') });
  });

  test.each<[string, string[], number]>([
    ['claimed bound', ['claims', 'certifiedBound'], 1.01],
    ['claimed loss', ['claims', 'loss'], 0.99],
    ['global bound above the loss', ['claims', 'lowerBound'], 1.1],
    ['global bound, raised by a millionth', ['claims', 'lowerBound'], 1 + 1e-6],
    ['reg of the certificate', ['network', 'certificate', 'reg'], 2],
  ])('verify refuses a forged %s', async (_, path, factor) => {
    const forged = forge((json) => {
      const owner = path.slice(0, -1).reduce<Record<string, never>>((part, key) => part[key], json) as Record<
        string,
        number
      >;
      owner[path[path.length - 1]] *= factor;
    });
    const { exitCode, stdout } = await runCli('verify', forged, data);
    expect(exitCode).toBe(3);
    expect(stdout).toContain('Not verified');
  });

  test('verify refuses data that is not what the model was trained on', async () => {
    const other = folder.write('other.csv', sampleCsv(24, 2, 5));
    const longer = folder.write('longer.csv', sampleCsv(25, 2, 3));
    expect(await runCli('verify', model, other)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('some value differs'),
    });
    expect(await runCli('verify', model, longer)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('has 25 rows'),
    });
  });

  test.each<[string, string, string]>([
    ['cut in half', '{"format": "convex-relu model"', 'is not JSON'],
    ['another JSON file', '{}', 'is not a model written by convex-relu train --out'],
    ['of a later format', '{"format": "convex-relu model", "formatVersion": 99}', 'has format version 99'],
    ['without its parts', '{"format": "convex-relu model", "formatVersion": 1}', 'is damaged: data: is missing'],
  ])('a model %s is refused', async (_, text, message) => {
    const { exitCode, stderr } = await runCli('verify', folder.write('broken.json', text), data);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

test('regression on two target columns', async () => {
  const text = 'x,y,z\n-2,2,0\n-1,1,0\n0,0,0\n1,1,1\n2,2,2\n';
  const path = folder.write('regression.csv', text);
  const out = folder.file('regression.json');
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
  );
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('mean squared error');
  const predicted = await runCli('predict', out, path);
  expect(predicted.stdout.split('\n')[0]).toBe('y,z');
  expect((await runCli('verify', out, path)).exitCode).toBe(0);
});

describe('stopping early', () => {
  const large = folder.write('large.csv', sampleCsv(80, 4, 6));
  const words = ['train', large, '--target', 'side', '--ignore', 'value', '--tolerance', '1e-9', '--json'];

  test('Ctrl-C still writes the best network so far and exits with 130', async () => {
    const out = folder.file('stopped.json');
    const { child, outcome, sees } = startCli(...words, '--out', out);
    await sees('iteration');
    child.kill('SIGINT');
    const stopped = await outcome;
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toContain('Stopping with the best so far');
    const { status, loss, lowerBound, width } = report(stopped);
    expect(status).toBe('stopped');
    expect(width).toBeGreaterThan(0);
    expect(lowerBound).toBeLessThanOrEqual(loss);
    expect((await runCli('verify', out, large)).exitCode).toBe(0);
  });

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
