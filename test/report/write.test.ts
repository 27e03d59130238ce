/** The report as files, also where the packages that draw the figures are absent. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadDrawing, PlotLibraryError } from '../../src/report/plot-library.js';
import { writeReport } from '../../src/report/write.js';
import { makeResults } from './fixture.js';

const library = vi.hoisted(() => ({ absent: false }));
vi.mock('../../src/report/plot-library.js', async (original) => {
  const module = await original<typeof import('../../src/report/plot-library.js')>();
  const fail = () => Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' }));
  return { ...module, loadDrawing: () => (library.absent ? module.loadDrawing(fail) : module.loadDrawing()) };
});

const results = makeResults({ data: ['spiral'] });
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'convex-relu-report-')), 'new', 'folder');
});

afterEach(async () => {
  library.absent = false;
  await rm(join(folder, '..', '..'), { recursive: true, force: true });
});

test('writes page, tables and results into a folder that need not exist, and again over them', async () => {
  const names = await writeReport(results, folder);
  expect(await writeReport(results, folder)).toEqual(names);
  expect((await readdir(folder)).sort()).toEqual([...names].sort());
  expect(names.slice(0, 2)).toEqual(['index.html', 'results.json']);
  expect(await readFile(join(folder, 'index.html'), 'utf8')).toMatch(/^<!doctype html>/);
});

test('without the plotting packages tables and results are written, and the error says what to install', async () => {
  library.absent = true;
  await expect(writeReport(results, folder)).rejects.toThrow(PlotLibraryError);
  await expect(loadDrawing()).rejects.toThrow(/npm install @observablehq\/plot linkedom/);
  const names = await readdir(folder);
  expect(names).toContain('results.json');
  expect(names).toContain('tightness.csv');
  expect(names).not.toContain('index.html');
});

test('any other failure to load is not mistaken for missing packages', async () => {
  const { loadDrawing: load } = await vi.importActual<typeof import('../../src/report/plot-library.js')>(
    '../../src/report/plot-library.js',
  );
  const broken = new SyntaxError('broken');
  await expect(load(() => Promise.reject(broken))).rejects.toBe(broken);
});
