/** Matrix products. */
import { InputError } from '../base/errors.js';
import type { Matrix, MatrixLike } from '../base/matrix.js';
import { Triangle } from '../engine/abi.js';
import { type Operand, withSession } from './session.js';

export interface ProductOptions {
  /** Multiply by Aᵀ; nothing is copied for it. */
  readonly transposeA?: boolean | undefined;
  /** Multiply by Bᵀ; nothing is copied for it. */
  readonly transposeB?: boolean | undefined;
}

/**
 * The product A B (m×k times k×n), of either operand's transpose if asked; 2 m n k flops.
 *
 * @throws InputError when the inner dimensions differ, NumericalError when an operand holds NaN or Infinity
 */
export function matmul(A: MatrixLike, B: MatrixLike, options: ProductOptions = {}): Matrix {
  return withSession((session) => {
    const { exports, arena } = session;
    const a = factor(session.load(A, 'A'), options.transposeA);
    const b = factor(session.load(B, 'B'), options.transposeB);
    if (a.columns !== b.rows) {
      throw new InputError(
        'B',
        `has ${b.rows} rows${options.transposeB ? ' (transposed)' : ''}, but A has ${a.columns} columns`,
      );
    }
    const c = session.zeros(a.rows, b.columns);
    const work = arena.scratch(exports.gemmWorkspace());
    exports.gemm(
      a.rows,
      b.columns,
      a.columns,
      1,
      a.address,
      a.rowStride,
      a.columnStride,
      b.address,
      b.rowStride,
      b.columnStride,
      0,
      c.address,
      c.columns,
      Triangle.full,
      work,
    );
    return session.unload(c);
  });
}

/**
 * The Gram matrix X Xᵀ of the rows of X (n×d): n×n, exactly symmetric, half the flops of a product.
 *
 * @throws InputError when X is no matrix, NumericalError when it holds NaN or Infinity
 */
export function gram(X: MatrixLike): Matrix {
  return withSession((session) => {
    const { exports, arena } = session;
    const { address, rows: n, columns: d } = session.load(X, 'X');
    const g = session.zeros(n, n);
    exports.gram(n, d, address, d, g.address, n, arena.scratch(exports.gramWorkspace(n, d)));
    return session.unload(g);
  });
}

interface Factor extends Operand {
  readonly rowStride: number;
  readonly columnStride: number;
}

function factor({ address, rows, columns }: Operand, transposed: boolean | undefined): Factor {
  return transposed
    ? { address, rows: columns, columns: rows, rowStride: 1, columnStride: columns }
    : { address, rows, columns, rowStride: columns, columnStride: 1 };
}
