/** Seeded operands in the memory of one kernel instance, shared by the kernel benchmarks. */
import { Random } from '../../src/base/random.js';
import type { Address } from '../../src/engine/abi.js';
import { LOWER } from '../../src/engine/constants.js';
import { createKernels, type Kernels } from '../../src/engine/kernels.js';

export class Operands {
  readonly kernels: Kernels;
  readonly #random = new Random(1);

  constructor(kernels: Kernels) {
    this.kernels = kernels;
  }

  static async create(): Promise<Operands> {
    return new Operands(await createKernels());
  }

  get exports(): Kernels['exports'] {
    return this.kernels.exports;
  }

  zeros(count: number): Address {
    return this.kernels.arena.allocate(count);
  }

  scratch(bytes: number): Address {
    return this.kernels.arena.allocateBytes(bytes);
  }

  /** Standard normal numbers. */
  random(count: number): Address {
    const address = this.zeros(count);
    this.kernels.arena.write(address, this.#random.fillNormal(new Float64Array(count)));
    return address;
  }

  /** Random n×n symmetric matrix. */
  symmetric(n: number): Address {
    const address = this.random(n * n);
    this.exports.mirror(n, address, n);
    return address;
  }

  /** Random n×n symmetric positive definite matrix with eigenvalues between n and about 5 n. */
  positiveDefinite(n: number): Address {
    const B = this.random(n * n);
    const A = this.zeros(n * n);
    this.exports.gemm(n, n, n, 1, B, n, 1, B, 1, n, 0, A, n, LOWER, this.scratch(this.exports.gemmWorkspace()));
    this.exports.mirror(n, A, n);
    const view = this.kernels.arena.view(A, n * n);
    for (let i = 0; i < n; i++) view[i * n + i] += n;
    return A;
  }

  /** The symmetric matrix moved along the identity until exactly k of its n eigenvalues are positive. */
  withPositive(n: number, k: number): Address {
    const A = this.symmetric(n);
    const { exports, kernels } = this;
    const w = this.zeros(n);
    exports.eigenvalues(n, A, n, w, this.scratch(exports.eigenvaluesWorkspace(n)));
    const values = kernels.arena.read(w, n);
    const shift = k === 0 ? values[n - 1] + 1 : (values[n - k] + (values[n - k - 1] ?? values[0] - 1)) / 2;
    const view = kernels.arena.view(A, n * n);
    for (let i = 0; i < n; i++) view[i * n + i] -= shift;
    return A;
  }
}
