/**
 * The relaxation on the paper's data sets (../shared, skipped when absent): iterations, CG steps, GF, seconds, value, certified bound and
 * gap; side by side with CSDP where `csdp` is in the path and can cope; and the growth of the cost with n.
 * BENCH_SOLVE=all adds the large sets, which take minutes.
 */
import { Matrix } from '../../src/matrix.js';
import type { TrainingProblem } from '../../src/model/problem.js';
import { reduceProblem } from '../../src/model/reduce.js';
import { solveRelaxationSync } from '../../src/relaxation.js';
import { type DatasetName, loadDataset, sharedData } from '../../test/support/shared-data.js';
import { sized } from '../harness.js';
import { solveWithCsdp } from './csdp.js';

interface Case {
  readonly dataset: DatasetName;
  readonly reg: number;
  readonly tolerance: number;
  readonly standardize?: boolean;
  /** Milliseconds CSDP may take; 0 where it cannot cope. */
  readonly csdpMs?: number;
}

const SMALL: readonly Case[] = [
  { dataset: 'random/0', reg: 0.1, tolerance: 1e-6, csdpMs: 60_000 },
  { dataset: 'random/0', reg: 0.01, tolerance: 1e-6, csdpMs: 60_000 },
  { dataset: 'spiral', reg: 0.1, tolerance: 1e-6, csdpMs: 300_000 },
  { dataset: 'spiral', reg: 0.01, tolerance: 1e-4 },
  { dataset: 'iris', reg: 0.1, tolerance: 1e-3 },
  { dataset: 'iris', reg: 0.1, tolerance: 1e-5, csdpMs: 600_000 },
  { dataset: 'iris', reg: 0.01, tolerance: 1e-5 },
];
const LARGE: readonly Case[] = [
  { dataset: 'ionosphere', reg: 0.1, tolerance: 1e-3 },
  { dataset: 'ionosphere', reg: 0.01, tolerance: 1e-3 },
  { dataset: 'pima', reg: 0.1, tolerance: 1e-3, standardize: true },
  { dataset: 'pima', reg: 0.01, tolerance: 1e-3, standardize: true },
  { dataset: 'banknotes', reg: 0.1, tolerance: 1e-3 },
];

export async function bench(): Promise<void> {
  if (!sharedData.available) {
    console.log('skipped: ../shared is not there');
    return;
  }
  const all = process.env.BENCH_SOLVE === 'all' ? [...SMALL, ...LARGE] : SMALL;
  // one line as each finishes: the whole takes long
  for (const entry of sized(all, SMALL.slice(0, 1))) console.log(describe(measure(entry)));
  console.table(growth(sized([15, 30, 60], [6, 8])));
}

const describe = (row: ReturnType<typeof measure>): string =>
  Object.entries(row)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function measure({ dataset, reg, tolerance, standardize = false, csdpMs = 0 }: Case) {
  const { X, Y } = loadDataset(dataset);
  const start = process.cpuUsage();
  const result = solveRelaxationSync(X, Y, { reg, tolerance, standardize });
  const { user } = process.cpuUsage(start);
  const seconds = user / 1e6;
  const gigaflops = result.flops / 1e9;
  const last = result.history.at(-1);
  const csdp = csdpMs > 0 ? solveWithCsdp(reducedForCsdp({ X, Y, reg }), csdpMs) : undefined;
  return {
    dataset,
    reg,
    status: result.status,
    iterations: result.iterations,
    'CG steps': last?.cgSteps ?? 0,
    GF: Number(gigaflops.toFixed(1)),
    'CPU s': Number(seconds.toFixed(2)),
    'GF/s': Number((gigaflops / seconds).toFixed(1)),
    value: Number(result.value.toPrecision(9)),
    bound: Number(result.lowerBound.toPrecision(9)),
    gap: result.gap.toExponential(1),
    'CSDP s': csdp ? Number((csdp.cpuMs / 1e3).toFixed(2)) : '',
  };
}

/** CSDP has no interior on zero or parallel rows, so it gets the same exact reduction. */
function reducedForCsdp(problem: TrainingProblem): TrainingProblem {
  const { reduced } = reduceProblem(problem);
  const { n, d, Xw, s, W, Y } = reduced;
  const X = Matrix.zeros(n, W.rows);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < W.rows; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += Xw.get(i, k) * s[k] * W.get(j, k);
      X.set(i, j, sum);
    }
  }
  return { X, Y, reg: problem.reg };
}

/** GF to 1e-3 on leading rows of iris by conjugate gradients, and the exponent of a least-squares line through the logarithms. */
function growth(sizes: readonly number[]) {
  const { X, Y } = loadDataset('iris');
  // rows spread over the classes, which the file keeps in order
  const pick = (A: Matrix, n: number): Matrix =>
    new Matrix(
      Float64Array.from({ length: n * A.columns }, (_, k) =>
        A.get(Math.floor((Math.floor(k / A.columns) * A.rows) / n), k % A.columns),
      ),
      n,
      A.columns,
    );
  const points = sizes.map((n) => {
    const { flops } = solveRelaxationSync(pick(X, n), pick(Y, n), { reg: 0.1, tolerance: 1e-3, method: 'cg' });
    return { n, GF: Number((flops / 1e9).toFixed(3)) };
  });
  const logs = points.map(({ n, GF }) => [Math.log(n), Math.log(GF)] as const);
  const mean = (k: 0 | 1) => logs.reduce((sum, point) => sum + point[k], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const slope =
    logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) /
    logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return [...points, { n: 'exponent', GF: Number(slope.toFixed(2)) }];
}
