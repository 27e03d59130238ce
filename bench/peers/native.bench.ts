/**
 * The kernels against native LAPACK (scipy on one thread), when python3-scipy is installed. CPU time, least over repeats; the two
 * take turns, because on a shared machine only figures of the same minutes compare.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FULL } from '../../src/engine/constants.js';
import { machine, once, sized } from '../harness.js';
import { Operands } from '../kernels/operands.js';

type Kind = 'gemm' | 'eigh' | 'cholesky';

const ROUNDS = sized(8, 1);

/** Kind, order, repeats a round. */
const JOBS = sized<[Kind, number, number][]>(
  [
    ['gemm', 200, 40],
    ['gemm', 500, 12],
    ['gemm', 1000, 6],
    ['eigh', 80, 60],
    ['eigh', 160, 25],
    ['eigh', 320, 15],
    ['eigh', 640, 6],
    ['eigh', 1030, 3],
    ['cholesky', 1030, 6],
  ],
  [
    ['gemm', 20, 1],
    ['eigh', 20, 1],
    ['cholesky', 20, 1],
  ],
);

const FLOPS: Record<Kind, (n: number) => number> = {
  gemm: (n) => 2 * n ** 3,
  eigh: (n) => (14 / 3) * n ** 3,
  cholesky: (n) => n ** 3 / 3,
};

export async function bench(): Promise<void> {
  const native = JOBS.map(() => Number.POSITIVE_INFINITY);
  const own = JOBS.map(() => Number.POSITIVE_INFINITY);
  const runs = await Promise.all(JOBS.map(([kind, n]) => prepare(kind, n)));
  for (let round = 0; round < ROUNDS; round++) {
    const times = timeNative();
    if (times === undefined) {
      console.log('native: python3 with scipy is not installed (Debian: python3-scipy); left out');
      return;
    }
    JOBS.forEach(([, , repeats], k) => {
      native[k] = Math.min(native[k], times[k]);
      own[k] = Math.min(own[k], leastCpu(runs[k], repeats));
    });
  }
  console.log(
    `\nkernels against LAPACK through scipy, one thread${once ? ' (one iteration, timings mean nothing)' : ''}`,
  );
  console.log(machine());
  console.log('kernel            own ms  native ms  time ratio  own GF/s  native GF/s');
  JOBS.forEach(([kind, n], k) => {
    const rate = (ms: number) => (FLOPS[kind](n) / ms / 1e6).toFixed(1);
    const cells = [
      own[k].toPrecision(4),
      native[k].toPrecision(4),
      (own[k] / native[k]).toFixed(2),
      rate(own[k]),
      rate(native[k]),
    ];
    const widths = [8, 11, 12, 10, 13];
    console.log(`${kind} ${n}`.padEnd(16) + cells.map((cell, c) => cell.padStart(widths[c])).join(''));
  });
}

function timeNative(): number[] | undefined {
  const script = fileURLToPath(new URL('native.py', import.meta.url));
  try {
    const output = execFileSync('python3', [script], {
      input: JSON.stringify(JOBS),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return JSON.parse(output) as number[];
  } catch {
    return undefined;
  }
}

async function prepare(kind: Kind, n: number): Promise<() => void> {
  const operands = await Operands.create();
  const { exports } = operands;
  if (kind === 'gemm') {
    const [A, C] = [operands.random(n * n), operands.zeros(n * n)];
    const work = operands.scratch(exports.gemmWorkspace());
    return () => exports.gemm(n, n, n, 1e-9, A, n, 1, A, n, 1, 0, C, n, FULL, work);
  }
  if (kind === 'eigh') {
    const [A, w, V] = [operands.symmetric(n), operands.zeros(n), operands.zeros(n * n)];
    const work = operands.scratch(exports.eighWorkspace(n));
    return () => exports.eigh(n, A, n, w, V, n, work);
  }
  const [A, L] = [operands.positiveDefinite(n), operands.zeros(n * n)];
  const work = operands.scratch(exports.choleskyWorkspace(n));
  return () => {
    exports.copy(n * n, A, L);
    exports.cholesky(n, L, n, work);
  };
}

/** Least CPU milliseconds of one run. Short runs are repeated within a sample, because the CPU clock ticks in microseconds. */
function leastCpu(run: () => void, repeats: number): number {
  const cpu = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e3;
  };
  run();
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < repeats; k++) {
    const start = cpu();
    run();
    least = Math.min(least, cpu() - start);
  }
  return least;
}
