/**
 * `convex-relu/linalg`: the kernels as a small dense-algebra library. Matrices come in any form (`number[][]`,
 * `{ data, rows, columns }`, ml-matrix), are copied and never mutated, and leave as `Matrix` (row-major Float64Array).
 *
 * The functions are synchronous and compile the kernels at first use (a few milliseconds); `await init()` does so ahead of
 * time, and is needed where a browser forbids compiling on its main thread.
 */
export { Matrix, type MatrixAccess, type MatrixData, type MatrixLike, toMatrix } from '../base/matrix.js';
export { init } from '../engine/load.js';
export type { Subset } from './algebra.js';
export { cholesky } from './cholesky.js';
export { type Eigh, type EighOptions, eigh, eigvalsh } from './eigh.js';
export { gram, matmul, type ProductOptions } from './products.js';
export { projectDnn, projectPsd } from './projections.js';
export { type SmallestEigenvalue, smallestEigenvalue } from './smallest-eigenvalue.js';
