// The other ways to the kernels: each in a process of its own, for only the first init counts.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { init } from 'convex-relu';
import { relaxedKernels } from 'convex-relu/relaxed-simd';
import { checkSolve } from './check.mjs';

const binary = readFileSync(fileURLToPath(import.meta.resolve('convex-relu/wasm')));
const ways = {
  binary: { binary },
  module: { module: new WebAssembly.Module(binary) },
  relaxed: { binary: relaxedKernels() },
  url: { url: `data:application/wasm;base64,${binary.toString('base64')}` },
};
await init(ways[process.argv[2]]);
await checkSolve();
