// Runs the relaxed-SIMD kernels beside the default ones on a host that has them, and prints what relaxed.test.ts judges:
// whether integers come out exactly, and residuals in units of n·ε. Usage: <host> relaxed-host.mjs <folder of the modules>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const folder = process.argv[2];
const load = (file) => new WebAssembly.Instance(new WebAssembly.Module(readFileSync(join(folder, file)))).exports;

const results = [];
for (const file of ['convex-relu.wasm', 'convex-relu.relaxed.wasm']) {
  for (const n of [1, 5, 33, 100]) results.push({ file, n, ...check(load(file), n) });
}
console.log(JSON.stringify(results));

function check(kernels, n) {
  let top = kernels.heapBase();
  const allocate = (bytes) => {
    const address = top;
    top += Math.ceil(bytes / 64) * 64;
    const missing = top - kernels.memory.buffer.byteLength;
    if (missing > 0) kernels.memory.grow(Math.ceil(missing / 65_536));
    return address;
  };
  const [A, V, C, w] = [n * n, n * n, n * n, n].map((count) => allocate(count * 8));
  const gemmWork = allocate(kernels.gemmWorkspace());
  const work = allocate(Math.max(kernels.eighWorkspace(n), kernels.choleskyWorkspace(n)));
  const view = (address, count) => new Float64Array(kernels.memory.buffer, address, count);
  const entry = (i, j) => ((i * j + 3 * i + 3 * j) % 17) - 8;
  const fill = (value) =>
    view(A, n * n).set(Float64Array.from({ length: n * n }, (_, k) => value(Math.floor(k / n), k % n)));

  fill(entry);
  view(C, n * n).fill(0);
  kernels.gemm(n, n, n, 1, A, n, 1, A, n, 1, 0, C, n, 0, gemmWork);
  let exact = true;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < n; l++) sum += entry(i, l) * entry(l, j);
      if (view(C, n * n)[i * n + j] !== sum) exact = false;
    }
  }

  const value = (i, j) => Math.sin(1 + i * j + i + j);
  fill(value);
  const status = kernels.eigh(n, A, n, w, V, n, work);
  view(C, n * n).fill(0);
  kernels.gemm(n, n, n, 1, V, n, 1, A, n, 1, 0, C, n, 0, gemmWork);
  const [vectors, products, values] = [view(V, n * n), view(C, n * n), view(w, n)];
  const residual = products.reduce((m, x, k) => Math.max(m, Math.abs(x - values[Math.floor(k / n)] * vectors[k])), 0);

  fill((i, j) => value(i, j) + (i === j ? 2 * n : 0));
  const failed = kernels.cholesky(n, A, n, work);
  const L = view(A, n * n);
  let factorError = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = 0; l <= j; l++) sum += L[i * n + l] * L[j * n + l];
      factorError = Math.max(factorError, Math.abs(sum - value(i, j) - (i === j ? 2 * n : 0)));
    }
  }
  const unit = n * Number.EPSILON;
  return { exact, status, failed, residual: residual / unit, factorError: factorError / (unit * 2 * n) };
}
