/** The report as files. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeReport } from '../../../paper/report/write.js';
import { makeResults } from './fixture.js';

const results = makeResults({ data: ['spiral'] });
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'convex-relu-report-')), 'new', 'folder');
});

afterEach(() => rm(join(folder, '..', '..'), { recursive: true, force: true }));

test('writes page, tables and results into a folder that need not exist, and again over them', async () => {
  const names = await writeReport(results, folder);
  expect(await writeReport(results, folder)).toEqual(names);
  expect((await readdir(folder)).sort()).toEqual([...names].sort());
  expect(names.slice(0, 2)).toEqual(['index.html', 'results.json']);
  expect(await readFile(join(folder, 'index.html'), 'utf8')).toMatch(/^<!doctype html>/);
});
