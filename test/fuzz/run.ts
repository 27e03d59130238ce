/**
 * The fuzz campaign (docs/testing.md):
 *
 *     npm run fuzz [-- --calls N] [--seed S] [--only TEXT] [--call K] [--json FILE]
 *
 * Calls run in a process of their own, which is watched: one that does not answer for HANG_MS is reported, ended, and the campaign goes
 * on after it. `--call K` makes one call alone. Exits with 1 when there was any fault.
 */
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildWorkerEntry } from '../worker/entry.js';
import { attempt, entryOf, type Fault, knownGood, type Outcome } from './campaign.js';
import { allEntries } from './entries/all.js';

/** A call of this campaign takes milliseconds of processor time; its limits end it after 0.1 s. */
const HANG_MS = 5000;
/** Starting, and training the networks that the calls are about. */
const START_MS = 60_000;
/** Calls between two looks at a solve that must still give the same bits. */
const LOOK_EVERY = 200;

export interface Report {
  readonly calls: number;
  readonly seed: number;
  readonly entries: number;
  readonly outcomes: Record<Outcome, number>;
  readonly faults: (Fault | { kind: 'hang' | 'crash'; call: number; entry: string; damage: string; detail: string })[];
}

type Message =
  | { readonly kind: 'begin'; readonly call: number; readonly entry: string }
  | { readonly kind: 'end'; readonly outcome: Outcome; readonly faults: readonly Fault[] }
  | { readonly kind: 'finished'; readonly entries: number };

interface Job {
  readonly first: number;
  readonly last: number;
  readonly seed: number;
  readonly only: string;
  readonly worker: string;
}

async function work({ first, last, seed, only, worker }: Job): Promise<void> {
  const send = (message: Message): Promise<void> =>
    new Promise((done) => process.send?.(message, undefined, {}, () => done()));
  const { entries: all, end } = allEntries(new URL(worker));
  const entries = all.filter(({ name }) => name.includes(only));
  let call = first;
  const escaped = (error: unknown): void => {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (error instanceof Error && error.name === 'CallersError') return;
    const fault = { kind: 'untyped error', call, entry: 'unhandled', damage: '', detail } as const;
    void send({ kind: 'end', outcome: 'error', faults: [fault] });
  };
  process.on('unhandledRejection', escaped);
  process.on('uncaughtException', escaped);
  const good = knownGood();
  for (; call < last; call++) {
    const { name } = entryOf(entries, seed, call);
    await send({ kind: 'begin', call, entry: name });
    const { outcome, faults } = await attempt(entries, seed, call);
    const isPoisoned = (call % LOOK_EVERY === LOOK_EVERY - 1 || call === last - 1) && knownGood() !== good;
    const poisoned = {
      kind: 'later calls poisoned',
      call,
      entry: name,
      damage: '',
      detail: `since call ${call - LOOK_EVERY}`,
    } as const;
    await send({ kind: 'end', outcome, faults: isPoisoned ? [...faults, poisoned] : faults });
  }
  await end();
  await send({ kind: 'finished', entries: entries.length });
  process.exit(0);
}

/** Runs the calls in children, one after the other: a new one after each hang. */
async function watch(job: Job): Promise<Report> {
  const report: Report = {
    calls: job.last - job.first,
    seed: job.seed,
    entries: 0,
    outcomes: { result: 0, error: 0, 'callers error': 0 },
    faults: [],
  };
  let entries = 0;
  let first = job.first;
  while (first < job.last) {
    const ended = await runChild({ ...job, first }, report);
    entries = Math.max(entries, ended.entries);
    first = ended.next;
  }
  return { ...report, entries };
}

function runChild(job: Job, report: Report): Promise<{ next: number; entries: number }> {
  const child = fork(fileURLToPath(import.meta.url), ['--work', JSON.stringify(job)]);
  let current = { call: job.first, entry: 'start' };
  let entries = 0;
  let isHung = false;
  let begun = 0;
  /** Only time that the child itself used counts: others may have the machine. */
  const hang = (): void => {
    const used = cpuMs(child.pid);
    isHung = used === undefined || used - begun > HANG_MS;
    if (isHung) child.kill('SIGKILL');
    else timer = setTimeout(hang, HANG_MS);
  };
  let timer = setTimeout(hang, START_MS);
  child.on('message', (message: Message) => {
    clearTimeout(timer);
    if (message.kind === 'finished') entries = message.entries;
    if (message.kind === 'begin') {
      current = { call: message.call, entry: message.entry };
      begun = cpuMs(child.pid) ?? 0;
    }
    if (message.kind === 'end') {
      report.outcomes[message.outcome]++;
      report.faults.push(...message.faults);
    }
    timer = setTimeout(hang, HANG_MS);
  });
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return resolve({ next: job.last, entries });
      const detail = isHung ? `no answer for ${HANG_MS} ms` : `the process ended with ${code ?? signal}`;
      report.faults.push({ kind: isHung ? 'hang' : 'crash', ...current, damage: '', detail });
      resolve({ next: current.entry === 'start' ? job.last : current.call + 1, entries });
    });
  });
}

/** Processor time of a process, where the host tells (Linux: in hundredths of a second). */
function cpuMs(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return undefined;
  }
}

function print(report: Report, seconds: number): void {
  const { calls, seed, entries, outcomes, faults } = report;
  const kinds = [
    'untyped error',
    'poor error',
    'hang',
    'crash',
    'mutated input',
    'wrong result',
    'later calls poisoned',
  ];
  console.log(`${calls} calls of ${entries} functions, seed ${seed}, ${seconds.toFixed(0)} s`);
  console.log(
    Object.entries(outcomes)
      .map(([name, count]) => `${name}: ${count}`)
      .join(', '),
  );
  console.log(kinds.map((kind) => `${kind}: ${faults.filter((fault) => fault.kind === kind).length}`).join(', '));
  const groups = new Map<string, Report['faults']>();
  for (const fault of faults) {
    const name = `${fault.kind} · ${fault.entry} · ${fault.detail}`;
    groups.set(name, [...(groups.get(name) ?? []), fault]);
  }
  for (const [name, same] of groups)
    console.log(`${name}\n    ${same.length} times, first call ${same[0].call}: ${same[0].damage}`);
}

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    call: { type: 'string' },
    json: { type: 'string' },
    work: { type: 'string' },
  },
});
if (values.work !== undefined) {
  await work(JSON.parse(values.work)).catch((error: unknown) => {
    console.error(error);
    process.exit(2);
  });
} else {
  const first = Number(values.call ?? 0);
  const last = values.call === undefined ? Number(values.calls) : first + 1;
  const start = performance.now();
  const { href: worker } = await buildWorkerEntry();
  const report = await watch({ first, last, seed: Number(values.seed), only: values.only, worker });
  print(report, (performance.now() - start) / 1000);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(report));
  process.exitCode = report.faults.length === 0 ? 0 : 1;
}
