/** Model files of earlier releases, their proof within (test/fixtures/models): read, and verified alone. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { Network, toMatrix } from '../../src/index.js';
import { createFolder } from '../support/spawn.js';
import { expectWithin, roundOff } from '../support/tolerance.js';
import { runCli } from './spawn.js';

const folder = createFolder();
afterAll(folder.remove);
const fixture = (name: string): string => new URL(`../fixtures/models/${name}`, import.meta.url).pathname;
const data = fixture('data.csv');

const table = readFileSync(data, 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','));
const X = toMatrix(
  table.map((row) => row.slice(0, 2).map(Number)),
  'X',
);
const Y = toMatrix(
  table.map((row) => [Number(row[3])]),
  'Y',
);

/** The saved model with one change made to it. */
function forge(name: string, change: (json: Record<string, never>) => void): string {
  const json = JSON.parse(readFileSync(fixture(name), 'utf8')) as Record<string, never>;
  change(json);
  return folder.write('forged.json', JSON.stringify(json));
}

interface Parts {
  readonly claims: Record<string, number>;
  readonly network: {
    readonly scaling: { readonly scales: number[] };
    readonly U: { readonly columns: number; readonly data: number[] };
    readonly certificate: { reg: number; readonly a: { data: number[] } };
    readonly exactCertificate: { floor: number; readonly a: { data: number[]; rows: number; columns: number } };
  };
}

describe.each(['version-2.json', 'version-2-numbers.json', 'version-2-scaled.json'])('%s', (name) => {
  const { claims } = JSON.parse(readFileSync(fixture(name), 'utf8')) as Parts;

  test('is verified with its data alone, to round-off', async () => {
    const { exitCode, stdout } = await runCli('verify', fixture(name), data, '--json');
    expect(exitCode, stdout).toBe(0);
    const { verified, loss, lowerBound, relaxation } = JSON.parse(stdout);
    expect(verified).toBe(true);
    // Another release accounts for round-off in another way.
    expectWithin(loss, claims.loss, roundOff(16, claims.loss));
    expectWithin(lowerBound, claims.lowerBound, roundOff(16, claims.lowerBound));
    expectWithin(relaxation.lowerBound, claims.certifiedBound, roundOff(16, claims.certifiedBound));
  });

  test('predicts', async () => {
    const { exitCode, stdout } = await runCli('predict', fixture(name), data);
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(17);
  });

  test.each<[string, (json: Parts) => void, string]>([
    ['loss', ({ claims }) => Object.assign(claims, { loss: claims.loss * 0.99 }), 'but the weights have'],
    [
      'bound',
      ({ claims }) => Object.assign(claims, { lowerBound: claims.lowerBound * 1.01 }),
      'what is proved is only',
    ],
    ['reg', ({ network }) => Object.assign(network.certificate, { reg: 1e6 }), 'but the weights have'],
    ['dual point', ({ network }) => network.exactCertificate.a.data.fill(0), 'what is proved is only'],
    [
      'shape of the dual point',
      ({ network }) =>
        Object.assign(network.exactCertificate.a, { rows: 1, columns: network.exactCertificate.a.data.length }),
      'a must have its shape',
    ],
  ])('with a forged %s is not', async (_, change, message) => {
    const { exitCode, stdout } = await runCli('verify', forge(name, change as never), data);
    expect(exitCode, stdout).toBe(3);
    expect(stdout).toContain('Not verified');
    expect(stdout).toContain(message);
  });

  test('is not verified with other data', async () => {
    const other = folder.write('other.csv', readFileSync(data, 'utf8').replace(/\n-?\d/, '\n1'));
    expect(await runCli('verify', fixture(name), other)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('some value differs'),
    });
  });
});

test('version-1.json, without a dual point, is held to what its weights prove', async () => {
  const { exitCode, stdout } = await runCli('verify', fixture('version-1.json'), data, '--json');
  expect(exitCode, stdout).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ verified: true, from: 'exact', problem: { loss: 'squared', reg: 0.1 } });
});

test('a search with another floor proves no more than it should', async () => {
  const sloppy = forge('version-2.json', (({ network }: Parts) =>
    Object.assign(network.exactCertificate, { floor: 1e9 })) as never);
  const { exitCode, stdout } = await runCli('verify', sloppy, data);
  expect(stdout).toContain('what is proved is only');
  expect(exitCode).toBe(3);
});

describe('scales and weights divided together: the same outputs, less weight decay', () => {
  const cheaper = (json: Parts): void => {
    const { U, scaling } = json.network;
    for (let k = 0; k < 2; k++) scaling.scales[k] /= 1000;
    for (let k = 0; k < 2 * U.columns; k++) U.data[k] /= 1000;
  };

  test('are noticed by the digest of the data', async () => {
    expect(await runCli('verify', forge('version-2-scaled.json', cheaper as never), data)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('some value differs'),
    });
  });

  test('and where that was computed anew, by the scaling that the data have', async () => {
    const forged = forge('version-2-scaled.json', ((json: Parts & { data: { sha256: string } }) => {
      cheaper(json);
      const hash = createHash('sha256');
      const features = Network.fromJSON(json.network).features(X);
      for (const matrix of [features, Y]) {
        hash.update(`${matrix.rows}×${matrix.columns}:`).update(matrix.data);
      }
      json.data.sha256 = hash.digest('hex');
    }) as never);
    const { exitCode, stdout } = await runCli('verify', forged, data);
    expect(stdout).toMatch(/feature 0 is divided by \S+, but its standard deviation is/);
    expect(exitCode).toBe(3);
  });
});
