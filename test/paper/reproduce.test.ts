/** reproduce from end to end with hardly any time: finished cells are kept, options make other cells, a dead worker costs one cell. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { type Cell, planCells, type RunInfo } from '../../paper/cells/index.js';
import { Overview } from '../../paper/run/overview.js';
import { runTasks } from '../../paper/run/pool.js';
import type { Task } from '../../paper/run/protocol.js';
import { spanOf } from '../../paper/run/span.js';
import { formatCsv, spiral, stratifiedHalves } from '../../src/datasets/index.js';
import { createFolder } from '../support/spawn.js';
import { runPaper, startPaper } from './spawn.js';

const folder = createFolder();
afterAll(folder.remove);

const data = folder.file('data');
mkdirSync(data);
writeFileSync(join(data, 'spiral.csv'), formatCsv({ train: spiral(1, 4) }));
writeFileSync(join(data, 'iris.csv'), formatCsv(stratifiedHalves(spiral(2, 4), 0)));

const out = folder.file('report');
const words = ['reproduce', '--reg', '0.1', '--data', data, '--effort', '0.002', '--jobs', '2', '--out', out];
const cells = (): string[] => readdirSync(join(out, 'cells')).sort();
const read = (name: string): { key: { experiment: string }; provenance: { options: object } } =>
  JSON.parse(readFileSync(join(out, 'cells', name), 'utf8').split('\n')[0]);
const readRun = (): RunInfo => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));

const TIMEOUT_MS = 60_000;

test(
  'cells are run once; other options make other cells; what is missing is said',
  async () => {
    const first = await runPaper(...words, '--only', 'spiral,pima');
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stderr).toContain(`left out: pima (there is no pima.csv in ${data})`);
    expect(first.stderr).toContain('7 cells, 0 of them finished before; 2 at a time');
    expect(first.stdout).toContain('7 of 7 cells after');
    const made = cells();
    expect(made.map((name) => read(name).key.experiment).sort()).toEqual(
      [...Array(5).fill('descent'), 'objective', 'programs'].sort(),
    );
    const times = made.map((name) => statSync(join(out, 'cells', name)).mtimeMs);
    const { command, limits, missing, jobs } = readRun();
    expect([command, jobs]).toEqual([expect.stringContaining('--effort 0.002'), 2]);
    expect([limits.spiral?.descentMs, missing.map(({ data: name }) => name)]).toEqual([30, ['pima']]);

    const again = await runPaper(...words, '--only', 'spiral');
    expect(again.stderr).toContain('7 cells, 7 of them finished before');
    expect(made.map((name) => statSync(join(out, 'cells', name)).mtimeMs)).toEqual(times);

    writeFileSync(join(out, 'cells', made[0]), '{"format": 1, "trunc');
    const other = await runPaper(...words, '--only', 'spiral', '--effort', '0.001');
    expect(other.stderr).toContain('7 cells, 0 of them finished before');
    expect(cells()).toHaveLength(14);
    const repaired = await runPaper(...words, '--only', 'spiral');
    expect(repaired.stderr).toContain('7 cells, 6 of them finished before');
    expect(repaired.stderr).toContain(`damaged, renamed and run again: ${join(out, 'cells', made[0])}.damaged`);
    expect(cells()).toHaveLength(15);
  },
  TIMEOUT_MS,
);

test(
  'Ctrl-C keeps what is finished, says how to go on, and the same command does',
  async () => {
    const slow = [...words, '--only', 'iris', '--effort', '0.05', '--seeds', '1'];
    const { child, outcome, sees } = startPaper(...slow);
    await sees('0 of them finished before');
    const isThere = (): boolean =>
      cells().some((name) => name.endsWith('.json') && read(name).key.experiment === 'accuracy');
    while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    const { exitCode, stderr } = await outcome;
    expect(exitCode, stderr).toBe(130);
    expect(stderr).toContain('the same command goes on from there');
    const next = await runPaper(...slow);
    expect(next.exitCode, next.stderr).toBe(0);
    expect(Number(/, (\d+) of them finished before/.exec(next.stderr)?.[1])).toBeGreaterThan(0);
    expect(next.stdout).toContain('11 of 11 cells');
  },
  TIMEOUT_MS,
);

test('the command line is checked', async () => {
  const outcomes = await Promise.all([
    runPaper('reproduce', '--only', 'spiral,roses'),
    runPaper('reproduce', '--reg', '0'),
    runPaper('reproduce', '--effort', '0'),
    runPaper('reproduce', '--only', 'pima', '--out', folder.file('nothing')),
  ]);
  for (const { exitCode } of outcomes) expect(exitCode).toBe(2);
  const [unknown, reg, effort, none] = outcomes.map(({ stderr }) => stderr);
  expect(unknown).toContain("'roses' is no data set; there are random, spiral, iris");
  expect(reg).toContain('--reg: 0 is not a weight decay');
  expect(effort).toContain('Expected a number > 0');
  expect(none).toContain('--data: none of the data sets asked for is there');
});

test('a worker that dies is reported with its cell, and the others are run', async () => {
  const executable = pathToFileURL(
    folder.write(
      'worker.mjs',
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ spec }) => {
         if (spec.key.width === 5) process.exit(7);
         if (spec.key.width === 10) throw new Error('out of luck');
         parentPort.postMessage({ kind: 'done', cell: spec.key.width, elapsedMs: 1 });
       });`,
    ),
  );
  const specs = planCells({ data: ['spiral'], regs: [0.1], seeds: 1, effort: 1 });
  const tasks = specs
    .filter((spec) => spec.experiment === 'descent')
    .map((spec): Task => ({ spec, folder: undefined }));
  const done: unknown[] = [];
  const failed: string[] = [];
  const options = { jobs: 2, executable, stopSignal: new AbortController().signal };
  await runTasks(tasks, options, {
    onStart: () => {},
    onProgress: () => {},
    onDone: (_, { cell }) => done.push(cell),
    onFailure: ({ spec }, reason) => failed.push(`${spec.key.width}: ${reason}`),
  });
  expect(done.map(Number).sort((first, second) => first - second)).toEqual([100, 200, 300]);
  expect(failed.sort()).toEqual(['10: its worker died: out of luck', '5: its worker ended with exit code 7']);
});

test('a run took as long as any of its cells was being worked on', () => {
  const cell = (start: number, end: number) => ({
    provenance: { date: new Date(end).toISOString(), elapsedMs: end - start } as Cell['provenance'],
  });
  const span = spanOf([cell(5000, 9000), cell(1000, 2000), cell(1500, 3000), cell(6000, 7000)]);
  expect(span).toEqual({ started: '1970-01-01T00:00:01.000Z', finished: '1970-01-01T00:00:09.000Z', elapsedMs: 6000 });
});

test('the time left follows how finished cells compare with their guesses', () => {
  const overview = new Overview([100_000, 50_000, 50_000], 1, 0);
  expect(overview.remainingMs(0)).toBe(200_000);
  overview.start('first', 100_000, 0);
  overview.glimpse('first', { phase: 'growth', iteration: 3, gap: 0.25 });
  expect(overview.line(40_000)).toBe('0 of 3 cells · 0:40 gone, about 2:40 left · first: growth 3 gap 2.5e-1');
  overview.end('first', 50_000);
  // Half of what was expected, for the rest too.
  expect(overview.remainingMs(50_000)).toBe(50_000);
  overview.start('second', 50_000, 50_000);
  overview.end('second', 75_000, true);
  expect(overview.line(75_000)).toBe('2 of 3 cells · 1 failed · 1:15 gone, about 0:25 left');
});
