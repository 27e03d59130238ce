/** Growth of the cost with n: GF to a gap of 1e-2 on evenly spread rows, and the exponent of a least-squares line through the logarithms. */
import { Matrix } from '../../src/base/matrix.js';
import { sized } from '../harness.js';
import { hasSharedData } from '../shared-data.js';
import { cgSteps, isWanted, loadCase, measure, rounded } from './cases.js';

const SERIES = [
  { dataset: 'pima', sizes: [48, 96, 192, 383] },
  { dataset: 'banknotes', sizes: [43, 86, 171, 342] },
] as const;

export async function bench(): Promise<void> {
  if (!hasSharedData()) return;
  for (const { dataset, sizes } of SERIES) {
    if (isWanted(dataset)) console.table(growth(dataset, sized<readonly number[]>(sizes, [8, 12])));
    if (sized(false, true)) return;
  }
}

/** Rows spread over the file, which keeps the classes in order. */
const spread = (A: Matrix, n: number): Matrix =>
  new Matrix(
    Float64Array.from({ length: n * A.columns }, (_, k) =>
      A.get(Math.floor((Math.floor(k / A.columns) * A.rows) / n), k % A.columns),
    ),
    n,
    A.columns,
  );

function growth(dataset: 'pima' | 'banknotes', sizes: readonly number[]) {
  const { X, Y } = loadCase(dataset);
  const points = sizes.map((n) => {
    const { result } = measure(spread(X, n), spread(Y, n), {
      reg: 0.1,
      tolerance: 1e-2,
      method: 'cg',
      standardize: true,
    });
    const { status, flops, iterations, gap } = result;
    const steps = cgSteps(result);
    return { dataset, n, status, GF: rounded(flops / 1e9, 3), iterations, cgSteps: steps, gap: gap.toExponential(1) };
  });
  // an unfinished solve says nothing about the cost of a finished one
  const logs = points
    .filter(({ status }) => status === 'certified')
    .map(({ n, GF }) => [Math.log(n), Math.log(GF)] as const);
  const mean = (k: 0 | 1) => logs.reduce((sum, point) => sum + point[k], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const slope =
    logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) /
    logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return [...points, { dataset, n: 'exponent', GF: rounded(slope, 3) }];
}
