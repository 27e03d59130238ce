/** convert: the publishers' files, plain and gzipped, become what reproduce --data reads. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { loadData } from '../../paper/run/data.js';
import { createFolder } from '../support/spawn.js';
import { runPaper } from './spawn.js';

const folder = createFolder();
afterAll(folder.remove);

const SPECIES = ['Iris-setosa', 'Iris-versicolor', 'Iris-virginica'];

test('a UCI file is split in halves by the seed, and reproduce can read it', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => `${i}.5,3,${i % 5},0.2,${SPECIES[i % 3]}`);
  const file = folder.write('iris.data', `${rows.join('\n')}\n\n`);
  const out = folder.file('iris.csv');
  const { exitCode, stdout, stderr } = await runPaper('convert', 'iris', file, '--seed', '4', '--out', out);
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('6 rows for training, 6 for testing, 4 features, 3 outputs');
  expect(readFileSync(out, 'utf8').split('\n')[0]).toBe('x1,x2,x3,x4,y1,y2,y3,split');
  const data = loadData('iris', folder.file('.'));
  expect([data?.source, data?.parts.length, data?.parts[0].test?.X.rows]).toEqual(['file', 1, 6]);
});

test('MNIST files, one of them gzipped, become principal components', async () => {
  const labels = Array.from({ length: 1000 }, (_, i) => i % 10);
  const pixels = labels.flatMap((digit, i) =>
    Array.from({ length: 25 }, (_, k) => (digit * 20 + ((i * k * 7) % 50)) % 256),
  );
  const idx = (shape: number[], data: number[]): Uint8Array => {
    const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
    header.setUint32(0, 0x0800 + shape.length);
    shape.forEach((length, k) => {
      header.setUint32(4 + 4 * k, length);
    });
    return Uint8Array.from([...new Uint8Array(header.buffer), ...data]);
  };
  const [images, digits] = [folder.file('images.gz'), folder.file('labels')];
  writeFileSync(images, gzipSync(idx([1000, 5, 5], pixels)));
  writeFileSync(digits, idx([1000], labels));
  const out = folder.file('mnist20.csv');
  const { exitCode, stdout, stderr } = await runPaper(
    'convert',
    'mnist20',
    images,
    digits,
    images,
    digits,
    '--out',
    out,
  );
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('1000 rows for training, 1000 for testing, 20 features, 10 outputs');
});

test('what cannot be converted is refused', async () => {
  const broken = folder.file('broken.gz');
  writeFileSync(broken, Uint8Array.of(0x1f, 0x8b, 1, 2));
  const out = folder.file('never.csv');
  const outcomes = await Promise.all([
    runPaper('convert', 'roses', 'a', '--out', out),
    runPaper('convert', 'iris', folder.file('absent.data'), '--out', out),
    runPaper('convert', 'iris', 'a', 'b', '--out', out),
    runPaper('convert', 'mnist20', 'a', '--out', out),
    runPaper('convert', 'mnist20', broken, broken, broken, broken, '--out', out),
  ]);
  for (const { exitCode } of outcomes) expect(exitCode).toBe(2);
  expect(outcomes.map(({ stderr }) => stderr)).toEqual([
    expect.stringContaining(
      "'roses' is invalid for argument 'data'. Allowed choices are iris, ionosphere, pima, banknotes, mnist20",
    ),
    expect.stringContaining('absent.data: no such file'),
    expect.stringContaining('files: iris is a single file, got 2'),
    expect.stringContaining('files: mnist20 needs four, in this order: training images'),
    expect.stringContaining('broken.gz: cannot be unpacked'),
  ]);
});
