/** What the first use costs: compiling, and an instance per solve. */
import { readFileSync } from 'node:fs';
import type { KernelExports } from '../../src/engine/abi.js';
import { createKernels, createKernelsSync, Kernels } from '../../src/engine/kernels.js';
import { benchmark } from '../harness.js';

export async function bench(): Promise<void> {
  await createKernels();
  const bytes = readFileSync(new URL('../../build/convex-relu.wasm', import.meta.url));
  let count = 0;
  /** The engine remembers modules by their bytes: a custom section with a counter makes each one new. */
  const fresh = () => {
    count++;
    return Buffer.concat([bytes, Buffer.from([0, 5, 1, 120, count & 127, (count >> 7) & 127, (count >> 14) & 127])]);
  };
  await benchmark({
    name: 'kernels start-up',
    cases: [
      { name: 'compile', run: () => new WebAssembly.Module(fresh()) },
      { name: 'instantiate', run: () => createKernelsSync() },
      { name: 'compile, instantiate and a first call', run: () => firstCall(fresh()) },
    ],
    secondsPerCase: 1,
  });
}

/** Nothing is compiled to the end before it runs, so the first call pays for it. */
function firstCall(bytes: Uint8Array<ArrayBuffer>): number {
  const { exports, arena } = new Kernels(
    new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as KernelExports,
  );
  const n = 10;
  const [A, w, V] = [arena.allocate(n * n), arena.allocate(n), arena.allocate(n * n)];
  return exports.eigh(n, A, n, w, V, n, arena.allocateBytes(exports.eighWorkspace(n)));
}
