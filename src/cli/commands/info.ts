/** `convex-relu info`: what this build is, and what a training run of a given size would cost. */
import { embeddedBytes } from '../../engine/load.js';
import { type CostEstimate, estimateCost, InputError, init } from '../../index.js';
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

const formatCost = ({ method, unknowns, memoryBytes, fits, flopsPerIteration }: CostEstimate): string =>
  [
    `  memory            ${withUnit(memoryBytes, 1024, ['B', 'KiB', 'MiB', 'GiB'])}${fits ? '' : ': more than WebAssembly can address'}`,
    `  method            ${method}`,
    `  Newton unknowns   ${unknowns}`,
    `  per iteration     ${withUnit(flopsPerIteration, 1000, ['flop', 'kflop', 'Mflop', 'Gflop'])}; 15 to 50 iterations are usual`,
  ].join('\n');

/** Three digits in the largest unit below the value, e.g. 1536 B is 1.50 KiB. */
function withUnit(value: number, base: number, units: readonly string[]): string {
  let power = 0;
  let scaled = value;
  for (; scaled >= base && power < units.length - 1; power++) scaled /= base;
  return `${scaled < 1000 ? scaled.toPrecision(3) : Math.round(scaled)} ${units[power]}`;
}
