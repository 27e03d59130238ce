/** One test file in a process of its own, which is ended together with all it has started when its time is over. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The part of vitest's JSON report that is read here. */
interface TestReport {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

export type FileOutcome =
  | { readonly kind: 'passed'; readonly elapsedMs: number }
  | { readonly kind: 'failed'; readonly test: string }
  | { readonly kind: 'timed out' }
  /** No test was run: the file could not be loaded. */
  | { readonly kind: 'broken'; readonly reason: string };

/** Runs a test file up to its first failure. `report` is a file name that nobody else uses meanwhile. */
export async function runTestFile(
  file: string,
  environment: Record<string, string>,
  report: string,
  limitMs: number,
): Promise<FileOutcome> {
  const start = performance.now();
  const { isInTime, output } = await runVitest(file, environment, report, limitMs);
  if (!isInTime) return { kind: 'timed out' };
  const found = readReport(report);
  if (found === undefined) return { kind: 'broken', reason: output };
  const results = found.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = results.find(({ status }) => status === 'failed');
  if (failed) return { kind: 'failed', test: failed.fullName };
  const message = found.testResults.find((result) => result.message !== '')?.message;
  if (message || found.numPassedTests === 0) return { kind: 'broken', reason: message || 'no test was run' };
  return { kind: 'passed', elapsedMs: performance.now() - start };
}

function runVitest(
  file: string,
  environment: Record<string, string>,
  report: string,
  limitMs: number,
): Promise<{ isInTime: boolean; output: string }> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const flags = ['--config', 'test/mutation/vitest.config.ts', '--bail=1', '--reporter=json', `--outputFile=${report}`];
  // Detached makes it the leader of a process group: an endless loop in a worker does not hear the signal that ends its parent.
  const child = spawn(process.execPath, [vitest, 'run', ...flags, file], {
    cwd: root,
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      output = (output + text.toString()).slice(-2000);
    });
  }
  const endGroup = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // all of it has ended already
    }
  };
  process.once('exit', endGroup);
  return new Promise((resolve) => {
    let isInTime = true;
    const timer = setTimeout(() => {
      isInTime = false;
      endGroup();
    }, limitMs);
    const end = (): void => {
      clearTimeout(timer);
      process.off('exit', endGroup);
      endGroup();
      resolve({ isInTime, output });
    };
    child.once('exit', end);
    child.once('error', end);
  });
}

function readReport(path: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TestReport;
  } catch {
    return undefined;
  } finally {
    rmSync(path, { force: true });
  }
}
