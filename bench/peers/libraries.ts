/** The JavaScript libraries that users would pick, where installed (npm install --prefix bench/peers). */
import { Random } from '../../src/base/random.js';

/** Imports a package of bench/peers, or says that it is left out. */
export async function optional<T>(name: string): Promise<T | undefined> {
  try {
    const module = (await import(name)) as { default: T };
    return module.default;
  } catch {
    console.log(`${name} is not installed (npm install --prefix bench/peers): left out`);
    return undefined;
  }
}

export type Rows = number[][];

export interface Numeric {
  dot(A: Rows, B: Rows): Rows;
}

export type Dgemm = (
  order: string,
  transA: string,
  transB: string,
  m: number,
  n: number,
  k: number,
  alpha: number,
  A: Float64Array,
  lda: number,
  B: Float64Array,
  ldb: number,
  beta: number,
  C: Float64Array,
  ldc: number,
) => Float64Array;

export type Ndarray = (data: Float64Array, shape: readonly number[]) => object;
export type NdarrayGemm = (C: object, A: object, B: object) => void;

export const randomData = (n: number): Float64Array => new Random(n).fillNormal(new Float64Array(n * n));

/** Random symmetric matrix, row-major. */
export function symmetricData(n: number): Float64Array {
  const data = randomData(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i];
  return data;
}

export const rowsOf = (data: Float64Array, n: number): Rows =>
  Array.from({ length: n }, (_, i) => Array.from(data.subarray(i * n, (i + 1) * n)));
