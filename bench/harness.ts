/**
 * The only importer of benny. A bench file (bench/<folder>/<name>.bench.ts) exports `async function bench()` and calls
 * `benchmark()` once per suite. Inputs come from an explicit seed; what a case returns is consumed, so that no work is
 * optimised away; ratios are taken against a named case of the same run, in interleaved rounds, because on a shared
 * machine ratios travel and milliseconds do not.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import benny from 'benny';

export interface BenchCase {
  readonly name: string;
  /** The work to time; return its result. A promise is awaited. */
  readonly run: () => unknown;
  /** Floating-point operations of one run, for a GF/s column. */
  readonly flops?: number;
}

export interface BenchSuite {
  readonly name: string;
  readonly cases: readonly BenchCase[];
  /** Name of the case the others are compared with; the first one when left out. */
  readonly baseline?: string;
  /** Seconds spent on each case, over all rounds. */
  readonly secondsPerCase?: number;
}

export interface CaseTiming {
  readonly name: string;
  /** Fastest sample: the least disturbed by whatever else the machine does. */
  readonly bestMs: number;
  readonly medianMs: number;
  readonly samples: number;
  /** bestMs over the baseline's bestMs; below 1 is faster than the baseline. */
  readonly ratio: number;
  readonly gigaflopsPerSecond?: number;
}

export interface SuiteTiming {
  readonly suite: string;
  readonly baseline: string;
  readonly machine: string;
  readonly date: string;
  readonly once: boolean;
  readonly cases: readonly CaseTiming[];
}

/** One-iteration mode (`npm run bench -- --once` or BENCH_ONCE=1): every case runs once, so that benchmarks cannot rot. */
export const once = process.argv.includes('--once') || process.env.BENCH_ONCE === '1';

/** The second value in one-iteration mode, else the first: for sizes that would take too long when only rot is looked for. */
export const sized = <T>(full: T, onceOnly: T): T => (once ? onceOnly : full);

const ROUNDS = 3;
const resultFolder = fileURLToPath(new URL('../.bench', import.meta.url));

let sink: unknown;
/** What the last run returned; kept reachable so that the engine cannot drop the work. */
export const lastResult = (): unknown => sink;

/** Runs the suite, prints its table, writes `.bench/<suite>.json` and returns the figures. */
export async function benchmark(suite: BenchSuite): Promise<SuiteTiming> {
  const baseline = suite.baseline ?? suite.cases[0]?.name;
  if (baseline === undefined || !suite.cases.some((entry) => entry.name === baseline)) {
    throw new Error(`suite '${suite.name}': no case is named '${baseline}', so there is nothing to compare with`);
  }
  const samples = new Map<string, number[]>(suite.cases.map((entry) => [entry.name, []]));
  if (samples.size !== suite.cases.length) throw new Error(`suite '${suite.name}': two cases have the same name`);

  const asynchronous = new Set<string>();
  for (const entry of suite.cases) {
    const start = performance.now();
    const result = entry.run();
    if (result instanceof Promise) asynchronous.add(entry.name);
    sink = await result;
    if (once) samples.get(entry.name)?.push(performance.now() - start);
  }
  if (!once) for (let round = 1; round <= ROUNDS; round++) await measureRound(suite, round, asynchronous, samples);

  const timing = summarise(suite, baseline, samples);
  printTable(timing);
  mkdirSync(resultFolder, { recursive: true });
  writeFileSync(
    join(resultFolder, `${suite.name.replace(/[^\w.-]+/g, '-')}.json`),
    `${JSON.stringify(timing, null, 2)}\n`,
  );
  return timing;
}

async function measureRound(
  suite: BenchSuite,
  round: number,
  asynchronous: ReadonlySet<string>,
  samples: Map<string, number[]>,
): Promise<void> {
  // benny calls every case while preparing, to find out what it returns; the real work waits until then.
  let measuring = false;
  const entries = suite.cases.map(({ name, run }) =>
    asynchronous.has(name)
      ? benny.add(name, async () => {
          if (measuring) sink = await run();
        })
      : benny.add(name, () => {
          if (measuring) sink = run();
        }),
  );
  const prepared: (typeof entries)[number] = async () => (benchmarkSuite) => {
    measuring = true;
    return benchmarkSuite;
  };
  const cases = { maxTime: (suite.secondsPerCase ?? 3) / ROUNDS, minSamples: 3 };
  const title = `${suite.name}, round ${round} of ${ROUNDS}`;
  const summary = await benny.suite(title, ...entries, prepared, benny.configure({ cases }));
  for (const result of summary.results) {
    if (!result.completed) throw new Error(`suite '${suite.name}': case '${result.name}' did not complete`);
    samples.get(result.name)?.push(...result.details.sampleResults.map((seconds) => seconds * 1000));
  }
}

function summarise(suite: BenchSuite, baseline: string, samples: Map<string, number[]>): SuiteTiming {
  const best = (name: string): number => Math.min(...(samples.get(name) ?? []));
  const cases = suite.cases.map(({ name, flops }): CaseTiming => {
    const sorted = [...(samples.get(name) ?? [])].sort((x, y) => x - y);
    const bestMs = best(name);
    return {
      name,
      bestMs,
      medianMs: sorted[sorted.length >> 1] ?? Number.NaN,
      samples: sorted.length,
      ratio: bestMs / best(baseline),
      ...(flops === undefined ? {} : { gigaflopsPerSecond: flops / bestMs / 1e6 }),
    };
  });
  return { suite: suite.name, baseline, machine: machine(), date: new Date().toISOString(), once, cases };
}

function printTable({ suite, baseline, cases }: SuiteTiming): void {
  const rows = cases.map((entry) => [
    entry.name,
    entry.bestMs.toPrecision(4),
    entry.medianMs.toPrecision(4),
    entry.ratio.toFixed(2),
    entry.gigaflopsPerSecond?.toFixed(2) ?? '',
    String(entry.samples),
  ]);
  const head = ['case', 'best ms', 'median ms', `× ${baseline}`, 'GF/s', 'samples'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, k) => (k === 0 ? cell.padEnd(widths[k] ?? 0) : cell.padStart(widths[k] ?? 0))).join('  ');
  console.log(`\n${suite}${once ? ' (one iteration, timings mean nothing)' : ''}`);
  for (const row of [head, ...rows]) console.log(line(row));
}

/** One line that says where figures were taken. */
export function machine(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}
