/**
 * The relaxation's kernel form for CSDP (B. Borchers, a native interior-point SDP solver), written in SDPA sparse format:
 *
 *     max −γ/2 (tr P + tr D)  s.t.  G = [[A, C], [Cᵀ, D]] ⪰ 0,  Q = [[P, Yᵀ], [Y, A + γI]] ⪰ 0,  S_ii = 0,  K_ij = slack_ij ≥ 0.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainingProblem } from '../../src/model/problem.js';

export interface CsdpResult {
  readonly value: number;
  readonly cpuMs: number;
}

/** Solves with `csdp` from the path; undefined when there is none or it finds no solution. */
export function solveWithCsdp(problem: TrainingProblem, timeoutMs: number): CsdpResult | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'csdp-'));
  try {
    const file = join(folder, 'problem.dat-s');
    writeFileSync(file, sdpaText(problem));
    // `times` ends with the children's user and system time: CPU time, which is all that compares on a busy machine
    const { stdout, error } = spawnSync('sh', ['-c', 'csdp "$1"; times', 'sh', file], {
      cwd: folder,
      timeout: timeoutMs,
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    const found = error ? null : /Primal objective value: (\S+)/.exec(stdout);
    const user = /(\d+)m([\d.]+)s \d+m[\d.]+s\s*$/.exec(stdout);
    return found && user
      ? { value: -Number(found[1]), cpuMs: 6e4 * Number(user[1]) + 1e3 * Number(user[2]) }
      : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One entry of a constraint matrix, indices from 1, upper triangle: value at (i, j) of a block. */
type Entry = readonly [block: number, i: number, j: number, value: number];

function sdpaText({ X, Y, reg }: TrainingProblem): string {
  const [n, d, c] = [X.rows, X.columns, Y.columns];
  const [G, Q, SLACK] = [1, 2, 3];
  const constraints: { readonly right: number; readonly entries: Entry[] }[] = [];
  const half = (i: number, j: number, value: number): number => (i === j ? value : value / 2);
  const entry = (block: number, i: number, j: number, value: number): Entry => [
    block,
    Math.min(i, j) + 1,
    Math.max(i, j) + 1,
    half(i, j, value),
  ];
  /** K_ij over G for stack rows i, j (alpha below n, beta above). */
  const lifted = (i: number, j: number): Entry[] => {
    const form = (row: number): [number, number][] => [
      [row % n, 1],
      ...(row < n ? [] : Array.from({ length: d }, (_, k): [number, number] => [n + k, -X.get(row - n, k)])),
    ];
    const sums = new Map<number, number>();
    for (const [a, x] of form(i)) {
      for (const [b, y] of form(j)) {
        const key = Math.min(a, b) * (n + d) + Math.max(a, b);
        sums.set(key, (sums.get(key) ?? 0) + x * y);
      }
    }
    return [...sums].map(([key, value]) => entry(G, Math.floor(key / (n + d)), key % (n + d), value));
  };

  for (let i = 0; i < n; i++) {
    for (let k = 0; k < c; k++) constraints.push({ right: Y.get(i, k), entries: [entry(Q, k, c + i, 1)] });
    for (let j = 0; j <= i; j++) {
      constraints.push({ right: i === j ? reg : 0, entries: [entry(Q, c + i, c + j, 1), entry(G, i, j, -1)] });
    }
    constraints.push({ right: 0, entries: lifted(i, n + i) });
  }
  let slack = 0;
  for (let i = 0; i < 2 * n; i++) {
    for (let j = 0; j < i; j++) {
      if (j === i - n) continue;
      constraints.push({ right: 0, entries: [...lifted(i, j), entry(SLACK, slack, slack, -1)] });
      slack++;
    }
  }

  const lines = [
    `${constraints.length}`,
    '3',
    `${n + d} ${c + n} ${-slack}`,
    constraints.map(({ right }) => right).join(' '),
  ];
  for (let k = 0; k < c; k++) lines.push(`0 ${Q} ${k + 1} ${k + 1} ${-reg / 2}`);
  for (let k = n; k < n + d; k++) lines.push(`0 ${G} ${k + 1} ${k + 1} ${-reg / 2}`);
  constraints.forEach(({ entries }, k) => {
    for (const [block, i, j, value] of entries) if (value !== 0) lines.push(`${k + 1} ${block} ${i} ${j} ${value}`);
  });
  return `${lines.join('\n')}\n`;
}
