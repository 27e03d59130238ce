/** Readers of files behind the command line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeUtf8, parseTable } from '../../../src/cli/csv.js';
import { toDataset } from '../../../src/cli/dataset.js';
import { readModel, serializeModel } from '../../../src/cli/model-file.js';
import { asText, BASE, type Entry } from './entry.js';

const folder = mkdtempSync(join(tmpdir(), 'convex-relu-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const model = serializeModel({
  data: { targets: ['y'], ignored: [], features: ['a', 'b'], classes: false, rows: 5, testFraction: 0, seed: 0 },
  problem: { loss: 'squared', reg: 0.1 },
  claims: { status: 'certified', loss: 1, lowerBound: 1 },
  network: BASE.fit.network,
});
const oldModel = readFileSync(new URL('../../fixtures/models/version-2.json', import.meta.url), 'utf8');

const TABLE = 'a,b,y\n1,2,yes\n3,"4",no\n\n-5e3,.5,yes\n';

function text(value: unknown): string {
  const json = typeof value === 'string' ? value : asText(value);
  return typeof json === 'string' ? json : '';
}

export const FILES: readonly Entry[] = [
  {
    name: 'cli readModel',
    args: (random) => {
      const saved = random.uniform() < 0.5 ? model : oldModel;
      return [random.uniform() < 0.7 ? JSON.parse(saved) : saved];
    },
    call: ([value]) => {
      const path = join(folder, 'model.json');
      writeFileSync(path, text(value));
      return readModel(path);
    },
  },
  {
    name: 'cli parseTable',
    args: () => [TABLE, { targets: ['y'], ignored: [], classes: true }],
    call: ([table]) => toDataset(parseTable(text(table), 'data.csv'), { targets: ['y'], ignored: [], classes: true }),
  },
  {
    name: 'cli decodeUtf8',
    args: () => [Array.from(new TextEncoder().encode(TABLE))],
    call: ([bytes]) =>
      decodeUtf8(Uint8Array.from(Array.isArray(bytes) ? bytes.filter(Number.isFinite) : []), 'data.csv'),
  },
];
