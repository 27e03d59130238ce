import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Cell } from '../../paper/cells/index.js';
import { planCells } from '../../paper/cells/index.js';
import { CellStore } from '../../paper/run/store.js';
import { createFolder } from '../support/spawn.js';

const folder = createFolder();
afterAll(folder.remove);

const [spec] = planCells({ data: ['spiral'], regs: [0.1], seeds: 1, effort: 1, trials: undefined }).filter(
  ({ key }) => key.experiment === 'descent',
);
const run = {
  loss: 1,
  seeds: 1,
  losses: [1],
  iterations: 1,
  learningRate: 1,
  history: [],
  elapsedMs: 1,
  status: 'time-limit',
};
const cell = {
  format: 1,
  key: spec.key,
  data: { rows: 4, features: 2, outputs: 3, testRows: 0, scaling: 'raw', source: 'file' },
  provenance: { version: '0', node: '', machine: '', date: '', elapsedMs: 1, options: {} },
  result: { sgd: run, adam: run },
} as unknown as Cell;

const store = new CellStore(folder.file('run'));
const path = store.path(spec, 'digest');

test('a cell comes back as it was written, with or without the line of its digest', () => {
  store.write(path, cell);
  expect(store.read(path, spec)).toEqual(cell);
  writeFileSync(path, `${JSON.stringify(cell)}\n`);
  expect(store.read(path, spec)).toEqual(cell);
  expect(store.read(store.path(spec, 'other data'), spec)).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['null', 'null'],
  ['half a line', '{"format": 1, "trunc'],
  ['a format without the rest', '{"format": 1}'],
  ['a list', '[]'],
  ['another cell', JSON.stringify({ ...cell, key: { ...spec.key, reg: 7 } })],
  ['no result', JSON.stringify({ ...cell, result: {} })],
  ['an edited number', undefined],
])('a file that holds %s is renamed aside and said, and its cell is free again', (_, content) => {
  store.write(path, cell);
  const damaged = content ?? readFileSync(path, 'utf8').replace('"loss":1', '"loss":2');
  writeFileSync(path, damaged);
  const asides: string[] = [];
  expect(store.read(path, spec, (aside) => asides.push(aside))).toBeUndefined();
  expect(asides).toEqual([`${path}.damaged`]);
  expect(readFileSync(asides[0], 'utf8')).toBe(damaged);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(join(path, '..')).filter((name) => name.endsWith('.part'))).toEqual([]);
});
