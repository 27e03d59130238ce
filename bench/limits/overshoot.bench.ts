/**
 * How promptly long functions stop: the time over `timeLimitMs`, and the time from an abort to the rejection that answers it, over the sizes
 * that are accepted. `npm run bench -- limits` prints the table; `npm run bench -- limits --once` only its small sizes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Random } from '../../src/base/random.js';
import { growNetwork, Matrix, type RunLimits, solveRelaxation, train, verifyProof } from '../../src/index.js';
import { machine, once } from '../harness.js';

/** Asked of every case; a run that ends by itself before has nothing to overshoot. */
const LIMIT_MS = 1000;
const ABORT_MS = 500;

interface Size {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
}

interface Case extends Size {
  readonly task: string;
  readonly run: (X: Matrix, Y: Matrix, limits: RunLimits) => Promise<{ readonly status?: string }>;
}

interface Row {
  readonly task: string;
  readonly size: string;
  readonly endedMs: number;
  readonly status: string;
  readonly abortedMs: number | undefined;
}

const TASKS = {
  train: (X: Matrix, Y: Matrix, limits: RunLimits) => train(X, Y, { reg: 0.01, tolerance: 1e-6, ...limits }),
  solveRelaxation: (X: Matrix, Y: Matrix, limits: RunLimits) =>
    solveRelaxation(X, Y, { reg: 0.01, tolerance: 1e-6, ...limits }),
  growNetwork: (X: Matrix, Y: Matrix, limits: RunLimits) =>
    growNetwork(X, Y, { reg: 0.01, tolerance: 1e-6, ...limits }),
} as const;

const SIZES: Readonly<Record<keyof typeof TASKS, readonly (readonly [number, number, number])[]>> = {
  train: [
    [25, 2, 1],
    [100, 5, 2],
    [300, 10, 1],
    [1000, 10, 1],
    [1500, 64, 10],
    [1, 3000, 1],
    [2, 2000, 1],
    [10, 3000, 1],
    [100, 3000, 1],
    [1000, 3000, 1],
    [40, 4, 10],
    [40, 4, 20],
    [40, 4, 30],
    [40, 4, 40],
    [60, 4, 60],
  ],
  solveRelaxation: [
    [100, 5, 2],
    [1000, 10, 1],
    [2, 2000, 1],
    [40, 4, 30],
  ],
  growNetwork: [
    [300, 10, 1],
    [1000, 10, 1],
    [20_000, 5, 1],
    [20_000, 30, 2],
  ],
};

/** The largest size of the one-iteration pass, in numbers of X. */
const SMALL = 600;

function dataOf({ rows, columns, classes }: Size): { X: Matrix; Y: Matrix } {
  const random = new Random(1);
  const X = new Matrix(random.fillNormal(new Float64Array(rows * columns)), rows, columns);
  const Y = Matrix.zeros(rows, classes);
  for (let i = 0; i < rows; i++) Y.set(i, i % classes, classes === 1 ? random.normal() : 1);
  return { X, Y };
}

async function measure({ task, run, ...size }: Case): Promise<Row> {
  const { X, Y } = dataOf(size);
  const start = performance.now();
  const { status = '' } = await run(X, Y, { timeLimitMs: LIMIT_MS });
  const endedMs = performance.now() - start;
  return { task, size: sizeName(size), endedMs, status, abortedMs: await timeToAbort(run, X, Y) };
}

/** From the moment for which the abort was set to the rejection; undefined where the run was done before. */
async function timeToAbort(run: Case['run'], X: Matrix, Y: Matrix): Promise<number | undefined> {
  const controller = new AbortController();
  const start = performance.now();
  const timer = setTimeout(() => controller.abort(), ABORT_MS);
  try {
    await run(X, Y, { signal: controller.signal });
    return undefined;
  } catch (error) {
    if (error !== controller.signal.reason) throw error;
    return performance.now() - start - ABORT_MS;
  } finally {
    clearTimeout(timer);
  }
}

const sizeName = ({ rows, columns, classes }: Size): string => `${rows} × ${columns}, ${classes}`;

/** A proof of 400 rows checked: the factorisations of the form are plain TypeScript. */
async function verificationCase(): Promise<Case> {
  const size = { rows: 400, columns: 10, classes: 1 };
  const { X, Y } = dataOf(size);
  const { proof } = await solveRelaxation(X, Y, { reg: 0.01, maxIterations: 0 });
  return {
    ...size,
    task: 'verifyProof',
    run: async (rawX, rawY, limits) => {
      const { valid } = await verifyProof(rawX, rawY, proof, limits);
      return { status: valid ? 'valid' : 'not valid' };
    },
  };
}

export async function bench(): Promise<readonly Row[]> {
  const cases = (Object.keys(TASKS) as (keyof typeof TASKS)[]).flatMap((task) =>
    SIZES[task].map(([rows, columns, classes]): Case => ({ task, rows, columns, classes, run: TASKS[task] })),
  );
  const chosen = once
    ? cases.filter(({ rows, columns, classes }) => rows * columns <= SMALL && classes <= 2)
    : [...cases, await verificationCase()];
  console.log(`\nlimit ${LIMIT_MS} ms, abort after ${ABORT_MS} ms; load of the machine ${loadavg()[0].toFixed(1)}`);
  console.log(line(['task', 'rows × columns, outputs', 'over the limit, ms', 'after abort, ms', 'status']));
  const rows: Row[] = [];
  for (const entry of chosen) {
    const row = await measure(entry);
    rows.push(row);
    console.log(line(cellsOf(row)));
  }
  const folder = fileURLToPath(new URL('../../.bench', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const result = { machine: machine(), date: new Date().toISOString(), limitMs: LIMIT_MS, abortMs: ABORT_MS, rows };
  writeFileSync(`${folder}/overshoot.json`, `${JSON.stringify(result, null, 2)}\n`);
  return rows;
}

const cellsOf = ({ task, size, endedMs, status, abortedMs }: Row): string[] => [
  task,
  size,
  endedMs <= LIMIT_MS ? '0' : (endedMs - LIMIT_MS).toFixed(0),
  abortedMs === undefined ? 'done before' : abortedMs.toFixed(0),
  status,
];

const WIDTHS = [15, 23, 18, 15, 0];
const line = (cells: readonly string[]): string => cells.map((cell, k) => cell.padEnd(WIDTHS[k])).join('  ');
