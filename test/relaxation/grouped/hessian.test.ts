/** The Hessian and the operators of one lifted block against their definition, entry by entry, at sizes that cover SIMD blocks and tails. */
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/base/matrix.js';
import { Random } from '../../../src/base/random.js';
import { createKernelsSync } from '../../../src/engine/kernels.js';
import { Algebra } from '../../../src/linalg/algebra.js';
import { conesOf } from '../../../src/problem/parts/cone.js';
import { Block, sharedColumns } from '../../../src/relaxation/grouped/block.js';
import { Layout } from '../../../src/relaxation/grouped/layout.js';
import { scalingScratch } from '../../../src/relaxation/scaling.js';

const SIZES = [
  { m: 1, d: 1, c: 1, cone: 'free' },
  { m: 2, d: 3, c: 2, cone: 'free' },
  { m: 5, d: 2, c: 3, cone: 'free' },
  { m: 1, d: 2, c: 1, cone: 'signed' },
  { m: 4, d: 3, c: 1, cone: 'signed' },
  { m: 3, d: 1, c: 1, cone: 'signed' },
  { m: 5, d: 4, c: 1, cone: 'signed' },
  { m: 3, d: 2, c: 2, cone: 'signed' },
  { m: 2, d: 5, c: 3, cone: 'signed' },
] as const;

describe.each(SIZES)('a block of $m rows, $d columns, $c outputs, $cone', ({ m, d, c, cone }) => {
  const algebra = new Algebra(createKernelsSync());
  const random = new Random(7);
  const [first] = conesOf(cone, c);
  const layout = new Layout(algebra, m, d, first);
  const X = algebra.place(unitRows(m, d, random));
  const block = new Block(algebra, layout, first, X, scalingScratch(algebra, layout.p));
  const { p, q, shared, pairs } = layout;
  const fill = (length: number, draw: () => number): Float64Array => Float64Array.from({ length }, draw);
  algebra.write(
    block.scaling.inverse,
    fill(p * p, () => random.normal()),
  );
  algebra.write(
    block.K,
    fill(pairs.count, () => 0.5 + random.uniform()),
  );
  algebra.write(
    block.N,
    fill(pairs.count, () => 0.5 + random.uniform()),
  );

  /** Lambda of the k-th free entry alone. */
  const basis = Array.from({ length: q + shared }, (_, k) => {
    const unit = new Float64Array(q + shared);
    unit[k] = 1;
    return lift(unit);
  });

  function lift(entries: Float64Array): Matrix {
    return algebra.scoped(() => {
      const y = algebra.placeVector(entries.subarray(0, q));
      const b = algebra.placeVector(entries.subarray(q));
      const Lambda = algebra.matrix(p, p);
      algebra.kernels.exports.groupExpand(m, d, layout.e, X.at, y.at, b.at, Lambda.at);
      return algebra.readMatrix(Lambda);
    });
  }

  function productsOf(Lambda: Matrix): Float64Array {
    return algebra.scoped(() => {
      const out = algebra.vector(pairs.count);
      block.products(algebra.place(Lambda), out);
      return algebra.read(out);
    });
  }

  it('has a symmetric Lambda with A_ii = x_i·C_i from its free entries', () => {
    const Lambda = lift(fill(q + shared, () => random.normal()));
    const rows = algebra.readMatrix(X);
    for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) expect(Lambda.get(i, j)).toBe(Lambda.get(j, i));
    for (let i = 0; i < m; i++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += rows.get(i, k) * Lambda.get(i, m + k);
      expect(Math.abs(Lambda.get(i, i) - sum)).toBeLessThanOrEqual(1e-14);
    }
  });

  it('contracts as the adjoint of expanding', () => {
    const R = symmetric(p, random);
    const [y, b] = algebra.scoped(() => {
      const own = algebra.vector(q);
      const common = algebra.vector(shared);
      algebra.kernels.exports.groupContract(m, d, layout.e, X.at, algebra.place(R).at, own.at, common.at);
      return [algebra.read(own), algebra.read(common)];
    });
    const found = [...y, ...b];
    basis.forEach((E, k) => {
      expect(Math.abs(found[k] - inner(E, R))).toBeLessThanOrEqual(1e-13);
    });
  });

  it('has an adjoint of the products', () => {
    const Lambda = symmetric(p, random);
    const N = fill(pairs.count, () => random.normal());
    const R = algebra.scoped(() => {
      const out = algebra.matrix(p, p);
      block.adjoint(algebra.placeVector(N), out);
      return algebra.readMatrix(out);
    });
    const direct = productsOf(Lambda).reduce((sum, x, k) => sum + x * N[k], 0);
    expect(Math.abs(inner(R, Lambda) - direct)).toBeLessThanOrEqual(1e-11);
  });

  it('has the Hessian tr(E_a G E_b G) + Σ N/K J_a J_b', () => {
    const inverse = algebra.readMatrix(block.scaling.inverse);
    const G = times(inverse.transpose(), inverse);
    const J = basis.map(productsOf);
    const theta = algebra.read(block.N).map((x, k) => x / algebra.read(block.K)[k]);
    const out = algebra.matrix(shared, shared);
    block.hessian(out);
    const [own, coupling, common] = [block.factor, block.coupling, out].map((view) => algebra.readMatrix(view));
    const turned = basis.map((E) => times(times(G, E), G));
    for (let a = 0; a < q + shared; a++) {
      for (let b = 0; b <= a; b++) {
        const expected = inner(turned[a], basis[b]) + theta.reduce((sum, x, k) => sum + x * J[a][k] * J[b][k], 0);
        const found = a < q ? own.get(a, b) : b < q ? coupling.get(b, a - q) : common.get(a - q, b - q);
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-11 * (1 + Math.abs(expected)));
      }
    }
    expect(sharedColumns(block).columns).toBe(shared);
  });
});

function unitRows(m: number, d: number, random: Random): Matrix {
  const X = Matrix.zeros(m, d);
  for (let i = 0; i < m; i++) {
    const row = X.row(i);
    for (let k = 0; k < d; k++) row[k] = random.normal();
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    for (let k = 0; k < d; k++) row[k] /= length;
  }
  return X;
}

function symmetric(order: number, random: Random): Matrix {
  const A = Matrix.zeros(order, order);
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      const value = random.normal();
      A.set(i, j, value);
      A.set(j, i, value);
    }
  }
  return A;
}

const inner = (A: Matrix, B: Matrix): number => A.data.reduce((sum, x, k) => sum + x * B.data[k], 0);

function times(A: Matrix, B: Matrix): Matrix {
  const C = Matrix.zeros(A.rows, B.columns);
  for (let i = 0; i < A.rows; i++) {
    for (let k = 0; k < A.columns; k++) {
      for (let j = 0; j < B.columns; j++) C.set(i, j, C.get(i, j) + A.get(i, k) * B.get(k, j));
    }
  }
  return C;
}
