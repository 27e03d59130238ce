/** `convex-relu info`: what this build is, and what a training run of a given size would cost. */
import { type CostEstimate, embeddedBytes, estimateCost, InputError, init } from '../../index.js';
import { ExitCode } from '../exit-codes.js';
import { packageVersion } from '../package-version.js';

type Size = readonly [n?: number, d?: number, c?: number];

export async function info([n, d, c]: Size, flags: { readonly json: boolean }): Promise<number> {
  if (n !== undefined && (d === undefined || c === undefined)) {
    throw new InputError('info', 'give all of n, d and c (rows, features, outputs), such as: convex-relu info 75 5 3');
  }
  await init();
  const build = { version: packageVersion(), node: process.versions.node, wasmBytes: embeddedBytes() };
  const cost = n === undefined || d === undefined || c === undefined ? undefined : estimateCost({ n, d, c });
  if (flags.json) console.log(JSON.stringify({ ...build, cost }, null, 2));
  else {
    console.log(`convex-relu ${build.version}, Node ${build.node}, WebAssembly with SIMD: ${build.wasmBytes} bytes`);
    if (cost !== undefined) console.log(`\n${n} rows, ${d} features, ${c} outputs need at most\n${formatCost(cost)}`);
  }
  return ExitCode.ok;
}

const formatCost = ({ unknowns, memoryBytes, fits, flopsPerIteration }: CostEstimate): string =>
  [
    `  memory            ${(memoryBytes / 2 ** 20).toPrecision(3)} MiB${fits ? '' : ': more than WebAssembly can address'}`,
    `  Newton unknowns   ${unknowns}`,
    `  per iteration     ${(flopsPerIteration / 1e9).toPrecision(3)} Gflop; 15 to 50 iterations are usual`,
  ].join('\n');
