/**
 * The relaxation's kernel form for CSDP (B. Borchers, a native interior-point SDP solver; Debian: coinor-csdp), in SDPA sparse format.
 * CSDP's cost is cubic in the number of constraints, so the form is the one with fewest: the linear matrix inequality whose variables are
 * the free entries of G = [[A, C], [Cᵀ, D]],
 *
 *     min ½ tr P + γ/2 Σ D_kk/s_k²  s.t.  G ⪰ 0,  [[S K Sᵀ + γI, √γ Y], [√γ Yᵀ, P]] ⪰ 0,  K_ij ≥ 0,
 *
 * with K = T G Tᵀ, the diagonal of A eliminated by K_{i,n+i} = 0, each K_ij one entry of a diagonal block, V eliminated (P takes its
 * place), u whitened and rows of unit length. Seen: with u as given CSDP is 1.5 times as fast on spiral 0.1, but stops early on iris.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReducedProblem } from '../../src/problem/problem.js';

export interface CsdpResult {
  /** What CSDP says of itself: solved, solved to reduced accuracy, or failed. */
  readonly status: string;
  /** Objectives of the two sides at its last iterate; true only up to its infeasibilities. */
  readonly value: number;
  readonly bound: number;
  readonly iterations: number;
  readonly constraints: number;
  /** User and system time of the process, reading the problem included. */
  readonly cpuMs: number;
}

/** Which BLAS csdp uses, undefined when there is no csdp in the path. */
export function csdpLibrary(): string | undefined {
  const { stdout, status } = spawnSync('sh', ['-c', 'ldd "$(command -v csdp)"'], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  return /openblas|mkl|atlas|blis/.exec(stdout)?.[0] ?? 'reference BLAS';
}

/**
 * Solves with one thread until `tolerance` (relative gap) and CSDP's own feasibility tolerances; undefined when there is no csdp or no
 * answer within `limitSeconds` of CPU time.
 */
export function solveWithCsdp(
  reduced: ReducedProblem,
  tolerance: number,
  limitSeconds: number,
): CsdpResult | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'csdp-'));
  try {
    const { text, constraints } = sdpaProblem(reduced);
    writeFileSync(join(folder, 'problem.dat-s'), text);
    writeFileSync(join(folder, 'param.csdp'), parameters(tolerance));
    // ulimit reaches csdp itself; `times` ends with the children's user and system time, which is what compares on a busy machine
    const script = `ulimit -t ${limitSeconds}; csdp problem.dat-s; echo "exit $?"; times`;
    const { stdout } = spawnSync('sh', ['-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
    const exit = number(/^exit (\d+)$/m);
    const cpu = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(stdout)?.slice(1).map(Number);
    // SDPA's primal is CSDP's dual
    const value = reduced.constant + number(/Dual objective value: (\S+)/);
    if (!cpu || Number.isNaN(value)) return undefined;
    return {
      status: exit === 0 ? 'solved' : exit === 3 ? 'reduced accuracy' : `failed (${exit})`,
      value,
      bound: reduced.constant + number(/Primal objective value: (\S+)/),
      iterations: (stdout.match(/^Iter:/gm) ?? []).length - 1,
      constraints,
      cpuMs: 6e4 * (cpu[0] + cpu[2]) + 1e3 * (cpu[1] + cpu[3]),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** CSDP's defaults except for the gap and the iteration cap. */
const parameters = (tolerance: number): string =>
  Object.entries({
    axtol: 1e-8, atytol: 1e-8, objtol: tolerance, pinftol: 1e8, dinftol: 1e8, maxiter: 200, minstepfrac: 0.9, maxstepfrac: 0.97,
    minstepp: 1e-8, minstepd: 1e-8, usexzgap: 1, tweakgap: 0, affine: 0, printlevel: 1, perturbobj: 1, fastmode: 0,
  }) // biome-ignore format: a table
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** A linear form in the variables: factor by variable number. */
type Form = ReadonlyMap<number, number>;

function sdpaProblem({ n, d, c, Xw, s, Y, reg, lossRows, lossScale }: ReducedProblem) {
  const objective: number[] = [];
  const lines: string[] = [];
  const variable = (cost: number): number => objective.push(cost);
  const put = (block: number, i: number, j: number, form: Form): void => {
    for (const [k, value] of form) {
      if (value !== 0) lines.push(`${k} ${block} ${Math.min(i, j) + 1} ${Math.max(i, j) + 1} ${value}`);
    }
  };
  const single = (k: number): Form => new Map([[k, 1]]);

  // alpha'' = alpha/‖x_w‖, in the whitened coordinates of u'
  const lengths = Float64Array.from({ length: n }, (_, i) => Math.hypot(...Xw.row(i)));
  const x = (i: number, k: number): number => Xw.get(i, k) / lengths[i];
  const square = <T>(order: number, entry: (i: number, j: number) => T): T[][] =>
    Array.from({ length: order }, (_, i) => Array.from({ length: i + 1 }, (__, j) => entry(i, j)));
  const a = square(n, (i, j) => (i === j ? 0 : variable(0)));
  const C = Array.from({ length: n }, () => Array.from({ length: d }, () => variable(0)));
  const D = square(d, (k, l) => variable(k === l ? reg / 2 / s[k] ** 2 : 0));
  const P = square(c, (k, l) => variable(k === l ? 0.5 : 0));

  const A = (i: number, j: number): Form =>
    i === j ? new Map(C[i].map((k, l) => [k, x(i, l)])) : single(a[Math.max(i, j)][Math.min(i, j)]);
  /** K_ij of stack rows (alpha below n, beta above). */
  const K = (i: number, j: number): Form => {
    const [p, q] = [i % n, j % n];
    const form = new Map(A(p, q));
    const add = (k: number, value: number) => form.set(k, (form.get(k) ?? 0) + value);
    for (let k = 0; k < d; k++) {
      if (j >= n) add(C[p][k], -x(q, k));
      if (i >= n) add(C[q][k], -x(p, k));
      if (i >= n && j >= n) for (let l = 0; l < d; l++) add(D[Math.max(k, l)][Math.min(k, l)], x(p, k) * x(q, l));
    }
    return form;
  };

  const [G, Q, SLACK] = [1, 2, 3];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) put(G, i, j, A(i, j));
    for (let k = 0; k < d; k++) put(G, i, n + k, single(C[i][k]));
  }
  for (let k = 0; k < d; k++) for (let l = 0; l <= k; l++) put(G, n + k, n + l, single(D[k][l]));
  const losses = lossRows.length;
  lossRows.forEach((i, r) => {
    for (let t = 0; t <= r; t++) {
      const factor = lossScale[r] * lengths[i % n] * lossScale[t] * lengths[lossRows[t] % n];
      put(Q, r, t, new Map([...K(i, lossRows[t])].map(([k, value]) => [k, factor * value])));
    }
    lines.push(`0 ${Q} ${r + 1} ${r + 1} ${-reg}`);
    for (let k = 0; k < c; k++) lines.push(`0 ${Q} ${r + 1} ${losses + k + 1} ${-Math.sqrt(reg) * Y.get(r, k)}`);
  });
  for (let k = 0; k < c; k++) for (let l = 0; l <= k; l++) put(Q, losses + k, losses + l, single(P[k][l]));
  let slack = 0;
  for (let i = 0; i < 2 * n; i++) {
    for (let j = 0; j < i; j++) {
      if (j === i - n) continue;
      put(SLACK, slack, slack, K(i, j));
      slack++;
    }
  }
  const head = [`${objective.length}`, '3', `${n + d} ${losses + c} ${-slack}`, objective.join(' ')];
  return { text: `${[...head, ...lines].join('\n')}\n`, constraints: objective.length };
}
