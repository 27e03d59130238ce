/**
 * Mutation tests: puts the faults of test/mutation/mutants into the source one at a time and runs the tests that must notice.
 *
 *     npm run mutate [-- --proof] [--elsewhere] [--match TEXT] [--sample N --seed S] [--jobs N]
 *
 * `--proof` takes the mutants of certificate, exact oracle and cone kernel only, of which none may survive, `--elsewhere` the others,
 * `--match` those with a text in file or name, `--sample` N of them drawn by a seed. Exits with 1 when a mutant of the proof
 * survives, when more than a tenth of the others do, or when a mutant cannot be made or tested.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { Random } from '../../src/base/random.js';
import { type Mutant, mutate } from './mutant.js';
import { PROOF_MUTANTS } from './mutants/proof.js';
import { SOLVER_MUTANTS } from './mutants/solver.js';
import { type FileOutcome, root, runTestFile } from './vitest-run.js';

const run = promisify(execFile);

/** A test file that takes this much longer than without a fault is stopped: the fault has made a loop endless, and counts as noticed. */
const SLOWER = 8;
const LEAST_LIMIT_MS = 30_000;
/** A test file without a fault. */
const UNBROKEN_LIMIT_MS = 600_000;
/** Compiles what it needs of assembly/ by itself. */
const SELF_COMPILING = 'test/proof/exact/cone.test.ts';
/** Share of the mutants outside the proof that may survive. */
const SURVIVORS_ELSEWHERE = 0.1;

type Verdict = 'killed' | 'timed out' | 'SURVIVED' | 'BROKEN';

interface Outcome {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** The test that failed, or what went wrong. */
  readonly detail: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      proof: { type: 'boolean' },
      elsewhere: { type: 'boolean' },
      match: { type: 'string' },
      jobs: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const matching = [...(values.elsewhere ? [] : PROOF_MUTANTS), ...(values.proof ? [] : SOLVER_MUTANTS)].filter(
    ({ file, name }) => values.match === undefined || `${file} ${name}`.includes(values.match),
  );
  const drawn = draw(matching, Number(values.sample ?? matching.length), Number(values.seed ?? 1));
  const proof = PROOF_MUTANTS.filter((mutant) => drawn.has(mutant));
  const elsewhere = SOLVER_MUTANTS.filter((mutant) => drawn.has(mutant));
  const jobs = Number(values.jobs ?? Math.max(1, availableParallelism()));
  const scratch = mkdtempSync(join(tmpdir(), 'convex-relu-mutants-'));
  const start = performance.now();
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  // An exit by signal would leave running what vitest-run.ts has started.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const limits = await limitsOf([...proof, ...elsewhere], jobs, scratch);
  const outcomes = await inParallel([...proof, ...elsewhere], jobs, (mutant, k) =>
    testMutant(mutant, limits, join(scratch, String(k))),
  );
  const inProof = summarise('proof', outcomes.slice(0, proof.length), 0);
  const others = summarise('elsewhere', outcomes.slice(proof.length), SURVIVORS_ELSEWHERE);
  console.log(`${Math.round((performance.now() - start) / 1000)} s`);
  if (!(inProof && others)) process.exitCode = 1;
}

/** `count` of the mutants, each as likely as the others. */
function draw(mutants: readonly Mutant[], count: number, seed: number): Set<Mutant> {
  const random = new Random(seed);
  const rest = [...mutants];
  const drawn = new Set<Mutant>();
  while (drawn.size < count && rest.length > 0) drawn.add(rest.splice(random.integer(rest.length), 1)[0]);
  return drawn;
}

/** How long each test file may take. Without a fault all of them pass: else every mutant would seem to be noticed. */
async function limitsOf(mutants: readonly Mutant[], jobs: number, scratch: string): Promise<Map<string, number>> {
  const files = [...new Set(mutants.flatMap(({ tests }) => tests))];
  const limits = await inParallel(files, jobs, async (file, k): Promise<[string, number]> => {
    const outcome = await runTestFile(file, {}, join(scratch, `unbroken-${k}.json`), UNBROKEN_LIMIT_MS);
    if (outcome.kind !== 'passed') throw new Error(`${file} fails without a mutant: ${JSON.stringify(outcome)}`);
    return [file, Math.max(LEAST_LIMIT_MS, SLOWER * outcome.elapsedMs)];
  });
  return new Map(limits);
}

/** The tests in their order, up to the first file that notices. */
async function testMutant(mutant: Mutant, limits: ReadonlyMap<string, number>, folder: string): Promise<Outcome> {
  try {
    const environment: Record<string, string> = { MUTANT: JSON.stringify(mutant) };
    const source = mutate(readFileSync(join(root, mutant.file), 'utf8'), mutant);
    const isKernel = mutant.file.startsWith('assembly/');
    if (isKernel) environment.MUTANT_ROOT = copyKernels(mutant, source, folder);
    for (const file of mutant.tests) {
      if (isKernel && file !== SELF_COMPILING) environment.MUTANT_WASM ??= await compileKernels(folder);
      const outcome = await runTestFile(file, environment, `${folder}.json`, limits.get(file) ?? LEAST_LIMIT_MS);
      if (outcome.kind !== 'passed') return tell({ mutant, ...verdictOf(file, outcome) });
    }
    return tell({ mutant, verdict: 'SURVIVED', detail: mutant.tests.join(' ') });
  } catch (error) {
    return tell({ mutant, verdict: 'BROKEN', detail: error instanceof Error ? error.message : String(error) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verdictOf(
  file: string,
  outcome: Exclude<FileOutcome, { kind: 'passed' }>,
): Pick<Outcome, 'verdict' | 'detail'> {
  if (outcome.kind === 'failed') return { verdict: 'killed', detail: outcome.test };
  return outcome.kind === 'timed out'
    ? { verdict: 'timed out', detail: file }
    : { verdict: 'BROKEN', detail: outcome.reason };
}

/** A folder with all that the compiler reads, the mutated source in its place. */
function copyKernels(mutant: Mutant, source: string, folder: string): string {
  mkdirSync(folder);
  cpSync(join(root, 'assembly'), join(folder, 'assembly'), { recursive: true });
  for (const path of ['asconfig.json', 'src/engine/constants.ts']) cpSync(join(root, path), join(folder, path));
  writeFileSync(join(folder, mutant.file), source);
  return folder;
}

/** Compiles a copy of the kernels; returns the binary's path. */
async function compileKernels(folder: string): Promise<string> {
  const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
  await run(process.execPath, [compiler, '--config', 'asconfig.json', '--target', 'release'], { cwd: folder });
  return join(folder, 'build', 'convex-relu.wasm');
}

function tell(outcome: Outcome): Outcome {
  const { mutant, verdict, detail } = outcome;
  console.log(`${verdict.padEnd(9)} ${mutant.file}: ${mutant.name}\n          ${detail.slice(0, 300).split('\n')[0]}`);
  return outcome;
}

/** Prints the score of one group; false when it is not good enough. */
function summarise(group: string, outcomes: readonly Outcome[], allowedShare: number): boolean {
  if (outcomes.length === 0) return true;
  const count = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const [survivors, endless] = [count('SURVIVED'), count('timed out')];
  const noticed = `${count('killed') + endless} of ${outcomes.length} mutants noticed (${endless} of them endless)`;
  console.log(`\n${group}: ${noticed}, ${survivors} survived, ${count('BROKEN')} broken`);
  return survivors <= allowedShare * outcomes.length && count('BROKEN') === 0;
}

/** `action` for every item, at most `jobs` at a time; results in the order of the items. */
async function inParallel<T, R>(
  items: readonly T[],
  jobs: number,
  action: (item: T, k: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const k = next++;
      results[k] = await action(items[k], k);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return results;
}

await main();
