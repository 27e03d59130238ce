/**
 * An independent exact maximum of ‖Rᵀ(Xu)₊‖ over ‖u‖ = 1 for tiny n, by enumeration. At the maximiser u* some rows S vanish and
 * the others have a sign pattern s; within the subspace that S vanishes on, u* maximises the quadratic form of pattern s locally,
 * hence globally: it is a top eigenvector. So trying every pattern and every S of at most d − 1 rows meets u*, wherever that
 * eigenvector is unique, and never exceeds the maximum, since the value is that of the true function.
 */
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import type { Matrix } from '../../../src/base/matrix.js';
import { neuronValue } from '../../../src/proof/exact/oracle.js';

export function enumerateMaximum(X: Matrix, R: Matrix): number {
  const { rows: n, columns: d } = X;
  const subspaces = subsets(n, d - 1).flatMap((S) => nullSpace(X, S) ?? []);
  let best = 0;
  for (let pattern = 0; pattern < 2 ** n; pattern++) {
    const M = MlMatrix.zeros(R.columns, d);
    for (let i = 0; i < n; i++) {
      if ((pattern >> i) & 1) M.add(MlMatrix.columnVector(R.row(i)).mmul(MlMatrix.rowVector(X.row(i))));
    }
    for (const N of subspaces) {
      const restricted = M.mmul(N);
      const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
        restricted.transpose().mmul(restricted),
        { assumeSymmetric: true },
      );
      const top = realEigenvalues.indexOf(Math.max(...realEigenvalues));
      const u = Float64Array.from(N.mmul(eigenvectorMatrix.subMatrixColumn([top])).to1DArray());
      const norm = Math.hypot(...u);
      for (const sign of [1, -1]) {
        best = Math.max(
          best,
          neuronValue(
            X,
            R,
            u.map((x) => (sign * x) / norm),
          ),
        );
      }
    }
  }
  return best;
}

/** All index sets of size at most k. */
function subsets(n: number, k: number): number[][] {
  if (k <= 0) return [[]];
  const smaller = subsets(n, k - 1);
  const largest = smaller.filter((set) => set.length === k - 1);
  const grown = largest.flatMap((set) =>
    Array.from({ length: n - (set.at(-1) ?? -1) - 1 }, (_, step) => [...set, (set.at(-1) ?? -1) + 1 + step]),
  );
  return [...smaller, ...grown];
}

/** Orthonormal columns spanning what the rows S vanish on; absent when the rows are dependent (a smaller S then does). */
function nullSpace(X: Matrix, S: readonly number[]): MlMatrix[] | undefined {
  const basis: number[][] = [];
  const reduce = (vector: number[]): number[] | undefined => {
    const before = Math.hypot(...vector);
    let rest = vector;
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const product = rest.reduce((sum, x, k) => sum + x * b[k], 0);
        rest = rest.map((x, k) => x - product * b[k]);
      }
    }
    const norm = Math.hypot(...rest);
    return norm > 1e-9 * before ? rest.map((x) => x / norm) : undefined;
  };
  for (const i of S) {
    const b = reduce([...X.row(i)]);
    if (!b) return undefined;
    basis.push(b);
  }
  const fixed = basis.length;
  for (let j = 0; j < X.columns && basis.length < X.columns; j++) {
    const b = reduce(Array.from({ length: X.columns }, (_, k) => (k === j ? 1 : 0)));
    if (b) basis.push(b);
  }
  return [new MlMatrix(basis.slice(fixed)).transpose()];
}
