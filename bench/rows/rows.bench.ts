/**
 * Ordinary tables: what `train` reaches in a time limit, and the bounds by cones and groups of rows. Pima and ionosphere come from ../shared (left
 * out when absent), friedman is generated. BENCH_ROWS=pima,friedman and BENCH_SECONDS=20 choose among them.
 */
import { Matrix } from '../../src/base/matrix.js';
import { Random } from '../../src/base/random.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { trainSync } from '../../src/tasks/train.js';
import { sized } from '../harness.js';
import { hasSharedData } from '../shared-data.js';
import { loadCase, printLine, rounded } from '../solve/cases.js';

interface Work {
  readonly data: 'pima' | 'friedman' | 'ionosphere';
  readonly rows: number;
  readonly outputs: 1 | 2;
  readonly reg: number;
}

/** Issue table of the bounds: one ±1 output unless two are said. */
const TRAINED: readonly (Work & { readonly seconds: number })[] = [
  ...[100, 30, 10].map((reg) => ({ data: 'pima' as const, rows: 384, outputs: 1 as const, reg, seconds: 20 })),
  ...[100, 30, 10].map((reg) => ({ data: 'pima' as const, rows: 384, outputs: 2 as const, reg, seconds: 120 })),
  ...[30, 3].map((reg) => ({ data: 'ionosphere' as const, rows: 176, outputs: 2 as const, reg, seconds: 60 })),
  { data: 'friedman', rows: 600, outputs: 1, reg: 10, seconds: 20 },
  { data: 'friedman', rows: 9600, outputs: 1, reg: 100, seconds: 60 },
  { data: 'friedman', rows: 100_000, outputs: 1, reg: 1000, seconds: 300 },
  { data: 'friedman', rows: 100_000, outputs: 1, reg: 100, seconds: 300 },
];

/** Bounds alone, in groups of so many rows. */
const BOUNDED: readonly (Work & { readonly cone: 'free' | 'signed'; readonly groupSize: number })[] = [
  { data: 'friedman', rows: 600, outputs: 1, reg: 10, cone: 'free', groupSize: 8 },
  { data: 'friedman', rows: 600, outputs: 1, reg: 10, cone: 'signed', groupSize: 8 },
  { data: 'friedman', rows: 2400, outputs: 1, reg: 30, cone: 'signed', groupSize: 8 },
  ...[8, 16, 24].map((groupSize) => ({
    ...{ data: 'pima' as const, rows: 384, outputs: 1 as const, reg: 30, cone: 'signed' as const },
    groupSize,
  })),
];

const wanted = process.env.BENCH_ROWS?.split(',');

export async function bench(): Promise<void> {
  const isAvailable = ({ data }: Work): boolean =>
    (data === 'friedman' || hasSharedData()) && (wanted === undefined || wanted.includes(data));
  const small: typeof BOUNDED = [{ data: 'friedman', rows: 60, outputs: 1, reg: 3, cone: 'signed', groupSize: 4 }];
  for (const entry of sized<typeof BOUNDED>(BOUNDED.filter(isAvailable), small)) printLine(boundRow(entry));
  const short: typeof TRAINED = [{ data: 'friedman', rows: 60, outputs: 1, reg: 3, seconds: 2 }];
  for (const entry of sized<typeof TRAINED>(TRAINED.filter(isAvailable), short)) printLine(trainedRow(entry));
}

function boundRow(work: (typeof BOUNDED)[number]) {
  const { X, Y } = load(work);
  const { reg, cone, groupSize } = work;
  const start = process.cpuUsage();
  const result = solveRelaxationSync(X, Y, { reg, cone, groupSize, bias: true, standardize: true, tolerance: 3e-3 });
  const { user } = process.cpuUsage(start);
  return {
    data: nameOf(work),
    reg,
    cone,
    group: groupSize,
    status: result.status,
    iterations: result.iterations,
    GF: rounded(result.flops / 1e9, 3),
    'CPU s': rounded(user / 1e6, 3),
    value: rounded(result.value, 6),
    bound: rounded(result.lowerBound, 6),
  };
}

function trainedRow(work: (typeof TRAINED)[number]) {
  const { X, Y } = load(work);
  const seconds = Number(process.env.BENCH_SECONDS ?? work.seconds);
  const startMs = performance.now();
  const result = trainSync(X, Y, { reg: work.reg, bias: true, standardize: true, timeLimitMs: 1000 * seconds });
  return {
    data: nameOf(work),
    reg: work.reg,
    limit: `${seconds} s`,
    took: `${((performance.now() - startMs) / 1000).toFixed(1)} s`,
    status: result.status,
    loss: rounded(result.loss, 6),
    bound: rounded(result.lowerBound, 6),
    gap: `${(100 * result.gap).toPrecision(3)} %`,
    from: [result.bound.from, result.bound.cone, result.bound.groupSize].filter((part) => part !== undefined).join(' '),
    neurons: result.network.width,
    'peak MB': Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

const nameOf = ({ data, rows, outputs }: Work): string => `${data} ${rows}${outputs === 2 ? ', two outputs' : ''}`;

function load({ data, rows, outputs }: Work): { X: Matrix; Y: Matrix } {
  if (data === 'friedman') return friedman(rows);
  const { X, Y } = loadCase(data);
  return { X, Y: outputs === 2 ? Y : signs(Y) };
}

/** +1 for the first class, −1 for the second. */
function signs(Y: Matrix): Matrix {
  return new Matrix(
    Float64Array.from({ length: Y.rows }, (_, i) => 2 * Y.get(i, 0) - 1),
    Y.rows,
    1,
  );
}

/** J. Friedman, Multivariate adaptive regression splines, Annals of Statistics 19 (1991), section 4.3: five of ten features matter; the target standardised. */
function friedman(rows: number): { X: Matrix; Y: Matrix } {
  const random = new Random(1);
  const X = Matrix.zeros(rows, 10);
  const Y = Matrix.zeros(rows, 1);
  for (let i = 0; i < rows; i++) {
    const x = X.row(i);
    for (let k = 0; k < x.length; k++) x[k] = random.uniform();
    Y.set(i, 0, 10 * Math.sin(Math.PI * x[0] * x[1]) + 20 * (x[2] - 0.5) ** 2 + 10 * x[3] + 5 * x[4] + random.normal());
  }
  const mean = Y.data.reduce((sum, y) => sum + y, 0) / rows;
  const deviation = Math.sqrt(Y.data.reduce((sum, y) => sum + (y - mean) ** 2, 0) / rows);
  for (let i = 0; i < rows; i++) Y.set(i, 0, (Y.get(i, 0) - mean) / deviation);
  return { X, Y };
}
