/**
 * Mutation tests: puts the faults of test/mutation/mutants into the source one at a time and runs the tests that must notice.
 *
 *     npm run mutate [-- --proof] [--match TEXT] [--jobs N]
 *
 * `--proof` takes the mutants of certificate, exact oracle and cone kernel only, of which none may survive. Exits with 1 when
 * one does, when more than a tenth of the others do, or when a mutant cannot be made or tested.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type Mutant, mutate } from './mutant.js';
import { PROOF_MUTANTS } from './mutants/proof.js';
import { SOLVER_MUTANTS } from './mutants/solver.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** A mutant that makes a loop endless is stopped after this time and counts as noticed. */
const TEST_LIMIT_MS = 180_000;
/** Writes the one file of assembly/ that is not kept in the repository. */
const GENERATOR = 'scripts/generate-micro-kernel.mjs';
/** The tests without a fault, all of them at once. */
const UNBROKEN_LIMIT_MS = 1_200_000;
/** Share of the mutants outside the proof that may survive. */
const SURVIVORS_ELSEWHERE = 0.1;

type Verdict = 'killed' | 'timed out' | 'SURVIVED' | 'BROKEN';

interface Outcome {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** The test that failed, or what went wrong. */
  readonly detail: string;
}

/** The part of vitest's JSON report that is read here. */
interface TestReport {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { proof: { type: 'boolean' }, match: { type: 'string' }, jobs: { type: 'string' } },
  });
  const wanted = (mutant: Mutant): boolean =>
    values.match === undefined || `${mutant.file} ${mutant.name}`.includes(values.match);
  const proof = PROOF_MUTANTS.filter(wanted);
  const elsewhere = values.proof ? [] : SOLVER_MUTANTS.filter(wanted);
  const jobs = Number(values.jobs ?? Math.max(1, availableParallelism()));
  const scratch = mkdtempSync(join(tmpdir(), 'convex-relu-mutants-'));
  try {
    await checkUnbroken([...proof, ...elsewhere], scratch);
    const outcomes = await inParallel([...proof, ...elsewhere], jobs, (mutant, k) => testMutant(mutant, scratch, k));
    const inProof = summarise('proof', outcomes.slice(0, proof.length), 0);
    const others = summarise('elsewhere', outcomes.slice(proof.length), SURVIVORS_ELSEWHERE);
    if (!(inProof && others)) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Without a fault the tests pass: else every mutant would seem to be noticed. */
async function checkUnbroken(mutants: readonly Mutant[], scratch: string): Promise<void> {
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  const report = await runTests(tests, {}, join(scratch, 'unbroken.json'), UNBROKEN_LIMIT_MS);
  if (report === undefined || report.numFailedTests > 0 || report.numPassedTests === 0) {
    throw new Error(`the tests fail without a mutant: ${report ? firstFailure(report) : 'they take too long'}`);
  }
}

async function testMutant(mutant: Mutant, scratch: string, k: number): Promise<Outcome> {
  const folder = join(scratch, String(k));
  try {
    const source = mutate(readFileSync(join(root, mutant.file), 'utf8'), mutant);
    const environment: Record<string, string> = { MUTANT: JSON.stringify(mutant) };
    if (mutant.file.startsWith('assembly/')) {
      environment.MUTANT_WASM = await compileKernels(mutant, source, folder);
      environment.MUTANT_ROOT = folder;
    }
    const report = await runTests(mutant.tests, environment, `${folder}.json`);
    if (report === undefined) return tell({ mutant, verdict: 'timed out', detail: `${TEST_LIMIT_MS / 1000} s` });
    if (report.numFailedTests > 0) return tell({ mutant, verdict: 'killed', detail: firstFailure(report) });
    const message = report.testResults.find((file) => file.message !== '')?.message;
    if (message || report.numPassedTests === 0) {
      return tell({ mutant, verdict: 'BROKEN', detail: message || 'no test was run' });
    }
    return tell({ mutant, verdict: 'SURVIVED', detail: mutant.tests.join(' ') });
  } catch (error) {
    return tell({ mutant, verdict: 'BROKEN', detail: error instanceof Error ? error.message : String(error) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles the kernels with the mutated source in a folder of its own; returns the binary's path. */
async function compileKernels(mutant: Mutant, source: string, folder: string): Promise<string> {
  cpSync(join(root, 'assembly'), join(folder, 'assembly'), { recursive: true });
  for (const path of ['asconfig.json', GENERATOR, 'src/engine/constants.ts'])
    cpSync(join(root, path), join(folder, path));
  writeFileSync(join(folder, mutant.file), source);
  await run(process.execPath, [GENERATOR], { cwd: folder });
  const compiler = join(root, 'node_modules', 'assemblyscript', 'bin', 'asc.js');
  await run(process.execPath, [compiler, '--config', 'asconfig.json', '--target', 'release'], { cwd: folder });
  return join(folder, 'build', 'convex-relu.wasm');
}

/** Runs test files up to the first failure; undefined when the time limit ended the run. */
async function runTests(
  tests: readonly string[],
  environment: Record<string, string>,
  output: string,
  limitMs = TEST_LIMIT_MS,
): Promise<TestReport | undefined> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const flags = ['--config', 'test/mutation/vitest.config.ts', '--bail=1', '--reporter=json', `--outputFile=${output}`];
  try {
    await run(process.execPath, [vitest, 'run', ...flags, ...tests], {
      cwd: root,
      env: { ...process.env, ...environment },
      timeout: limitMs,
    });
  } catch (error) {
    if ((error as { killed?: boolean }).killed) return undefined;
  }
  return JSON.parse(readFileSync(output, 'utf8')) as TestReport;
}

const firstFailure = (report: TestReport): string =>
  report.testResults.flatMap((file) => file.assertionResults).find(({ status }) => status === 'failed')?.fullName ??
  report.testResults.find((file) => file.message !== '')?.message ??
  'unknown';

function tell(outcome: Outcome): Outcome {
  const { mutant, verdict, detail } = outcome;
  console.log(`${verdict.padEnd(9)} ${mutant.file}: ${mutant.name}\n          ${detail.slice(0, 300).split('\n')[0]}`);
  return outcome;
}

/** Prints the score of one group; false when it is not good enough. */
function summarise(group: string, outcomes: readonly Outcome[], allowedShare: number): boolean {
  if (outcomes.length === 0) return true;
  const count = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const survivors = count('SURVIVED');
  const noticed = count('killed') + count('timed out');
  console.log(
    `\n${group}: ${noticed} of ${outcomes.length} mutants noticed, ${survivors} survived, ${count('BROKEN')} broken`,
  );
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
