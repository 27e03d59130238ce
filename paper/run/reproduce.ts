/** `npm run reproduce`: the paper's experiments, cell by cell over worker threads, and the report on them. */
import { join } from 'node:path';
import { ExitCode } from '../../src/cli/exit-codes.js';
import { withInterrupt } from '../../src/cli/interrupt.js';
import { ProgressLine } from '../../src/cli/progress.js';
import { InputError } from '../../src/index.js';
import {
  type Cell,
  type CellSpec,
  cellName,
  type DataName,
  limitsOf,
  planCells,
  type RunInfo,
} from '../cells/index.js';
import { writeReport } from '../report/write.js';
import { digestData, loadData } from './data.js';
import { describeSetting, type Setting } from './machine.js';
import { clock, Overview } from './overview.js';
import { runTasks } from './pool.js';
import type { Task } from './protocol.js';
import { spanOf } from './span.js';
import { CellStore } from './store.js';

export interface ReproduceFlags {
  readonly only: readonly DataName[];
  readonly reg: readonly number[];
  readonly data?: string;
  readonly seeds: number;
  readonly jobs: number;
  readonly effort: number;
  readonly out: string;
}

/** A cell to run, and where it goes. */
interface PlannedCell extends Task {
  readonly name: string;
  readonly path: string;
}

/** What the worker threads run: beside this module in the bundle that scripts/paper.mjs makes. */
const WORKER = new URL('./worker.js', import.meta.url);

/** Between two plain progress lines. */
const PLAIN_INTERVAL_MS = 10_000;

export async function reproduce(flags: ReproduceFlags): Promise<number> {
  const startMs = performance.now();
  const { only, reg: regs, seeds, jobs, effort, out } = flags;
  const bad = regs.find((reg) => !(reg > 0 && Number.isFinite(reg)));
  if (bad !== undefined) throw new InputError('--reg', `${bad} is not a weight decay; numbers > 0 work`);
  const store = new CellStore(out);
  const setting = describeSetting();
  const { digests, trials, missing } = readAll(only, flags.data);
  const line = new ProgressLine(process.stderr, PLAIN_INTERVAL_MS);
  for (const { data, reason } of missing) line.note(`left out: ${data} (${reason})`);
  if (digests.size === 0) throw new InputError('--data', 'none of the data sets asked for is there');

  const planned = planCells({ data: [...digests.keys()], regs, seeds, effort, trials }).map((spec): PlannedCell => {
    const path = store.path(spec, digests.get(spec.key.data) as string);
    return { spec, folder: flags.data, name: cellName(spec.key), path };
  });
  const kept = planned.filter(
    ({ path, spec }) =>
      store.read(path, spec, (aside) => line.note(`damaged, renamed and run again: ${aside}`)) !== undefined,
  );
  const waiting = planned.filter((cell) => !kept.includes(cell));
  line.note(`${planned.length} cells, ${kept.length} of them finished before; ${jobs} at a time`);

  const failed: { cell: string; reason: string }[] = [];
  const stopped = await runAll(waiting, { jobs, line, setting, store }, failed);
  line.clear();
  if (stopped) {
    console.error(`Stopped. What is finished is in ${out}; the same command goes on from there.`);
    return ExitCode.interrupted;
  }
  const cells = planned.map(({ path, spec }) => store.read(path, spec)).filter((cell) => cell !== undefined);
  console.log(`${cells.length} of ${planned.length} cells after ${clock(performance.now() - startMs)}, in ${out}`);
  for (const { cell, reason } of failed) console.log(`failed: ${cell} (${reason})`);
  if (cells.length > 0) {
    const limits = Object.fromEntries([...digests.keys()].map((name) => [name, { ...limitsOf(name, effort) }]));
    const options = { jobs, effort, regs, seeds, limits };
    const run: RunInfo = {
      format: 1,
      command: commandLine(flags),
      ...setting,
      ...spanOf(cells),
      ...options,
      missing,
      failed,
    };
    store.writeRun(run);
    const [page] = await writeReport({ run, cells }, out);
    console.log(`report: ${join(out, page)}`);
  }
  return failed.length > 0 ? ExitCode.unexpected : ExitCode.ok;
}

/** The digest of each data set that is there, the trials of `random`, and the sets that are not there. */
function readAll(only: readonly DataName[], folder: string | undefined) {
  const digests = new Map<DataName, string>();
  let trials: number | undefined;
  const missing: { data: DataName; reason: string }[] = [];
  for (const name of only) {
    const data = loadData(name, folder);
    if (data) digests.set(name, digestData(data));
    if (data && name === 'random') trials = data.parts.length;
    if (!data) {
      const reason = folder === undefined ? 'its file is read from --data' : `there is no ${name}.csv in ${folder}`;
      missing.push({ data: name, reason });
    }
  }
  return { digests, trials, missing };
}

interface Work {
  readonly jobs: number;
  readonly line: ProgressLine;
  readonly setting: Setting;
  readonly store: CellStore;
}

/** Resolves to whether Ctrl-C ended it. */
async function runAll(
  waiting: readonly PlannedCell[],
  { jobs, line, setting, store }: Work,
  failed: { cell: string; reason: string }[],
): Promise<boolean> {
  const startMs = performance.now();
  const overview = new Overview(
    waiting.map(({ spec }) => spec.expectedMs),
    jobs,
    startMs,
  );
  const show = (): void => line.show(performance.now() - startMs, () => overview.line(performance.now()));
  const ticking = setInterval(show, 1000);
  try {
    return await withInterrupt(
      () => line.note('Stopping; cells in flight are lost. Ctrl-C again to quit at once.'),
      async (stopSignal) => {
        await runTasks(
          waiting,
          { jobs, executable: WORKER, stopSignal },
          {
            onStart: ({ name, spec }) => overview.start(name, spec.expectedMs, performance.now()),
            onProgress: ({ name }, progress) => overview.glimpse(name, progress),
            onDone: ({ name, spec, path }, { cell, elapsedMs }) => {
              store.write(path, { ...cell, provenance: provenance(spec, setting, elapsedMs) } as Cell);
              overview.end(name, performance.now());
            },
            onFailure: ({ name }, reason) => {
              failed.push({ cell: name, reason });
              overview.end(name, performance.now(), true);
              line.note(`failed: ${name} (${reason})`);
            },
          },
        );
        return stopSignal.aborted;
      },
    );
  } finally {
    clearInterval(ticking);
  }
}

function provenance({ settings }: CellSpec, setting: Setting, elapsedMs: number): Cell['provenance'] {
  const date = new Date().toISOString();
  return { ...setting, date, elapsedMs: Math.round(elapsedMs), options: { ...settings } };
}

/** The command as it would be typed, every option written out. */
function commandLine({ only, reg, data, seeds, jobs, effort, out }: ReproduceFlags): string {
  const words = ['--only', only.join(','), '--reg', reg.join(','), ...(data === undefined ? [] : ['--data', data])];
  return `npm run reproduce -- ${[...words, '--seeds', seeds, '--jobs', jobs, '--effort', effort, '--out', out].join(' ')}`;
}
