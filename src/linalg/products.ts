/** Matrix products. */
import { boolean, checkOptions, type OptionChecks, type Resolved } from '../base/check.js';
import { InputError } from '../base/errors.js';
import { type Matrix, type MatrixLike, type Shape, shapeOf } from '../base/matrix.js';
import { load, plan, withAlgebra } from './session.js';
import { transposed } from './views.js';

export interface ProductOptions {
  /** Multiply by Aᵀ; nothing is copied for it. */
  readonly transposeA?: boolean | undefined;
  /** Multiply by Bᵀ; nothing is copied for it. */
  readonly transposeB?: boolean | undefined;
}

const PRODUCT_CHECKS: OptionChecks<ProductOptions> = { transposeA: boolean, transposeB: boolean };
const PRODUCT_DEFAULTS: Resolved<ProductOptions> = { transposeA: false, transposeB: false };

/**
 * The product A B (m×k times k×n), of either operand's transpose if asked; 2 m n k flops.
 *
 * @throws InputError when the inner dimensions differ, NumericalError when an operand holds NaN or Infinity, MemoryError before anything
 * is copied when the result would be too large
 */
export function matmul(A: MatrixLike, B: MatrixLike, options: ProductOptions = {}): Matrix {
  const { transposeA, transposeB } = checkOptions<Resolved<ProductOptions>>(options, PRODUCT_DEFAULTS, PRODUCT_CHECKS);
  return withAlgebra((algebra) => {
    const [a, b] = [shapeOf(A, 'A'), shapeOf(B, 'B')];
    const [left, right] = [turned(a, transposeA), turned(b, transposeB)];
    if (left.columns !== right.rows) {
      throw new InputError(
        'B',
        `has ${right.rows} rows${transposeB ? ' (transposed)' : ''}, but A has ${left.columns} columns`,
      );
    }
    const c = { rows: left.rows, columns: right.columns };
    plan(algebra, [a, b, c], algebra.kernels.exports.gemmWorkspace());
    const [viewA, viewB] = [load(algebra, A, 'A'), load(algebra, B, 'B')];
    const C = algebra.matrix(c.rows, c.columns);
    const factors = [transposeA ? transposed(viewA) : viewA, transposeB ? transposed(viewB) : viewB] as const;
    algebra.product(1, ...factors, C, { accumulate: true });
    return algebra.readMatrix(C);
  });
}

/**
 * The Gram matrix X Xᵀ of the rows of X (n×d): n×n, exactly symmetric, half the flops of a product.
 *
 * @throws InputError when X is no matrix, NumericalError when it holds NaN or Infinity, MemoryError before it is copied when the result
 * would be too large
 */
export function gram(X: MatrixLike): Matrix {
  return withAlgebra((algebra) => {
    const shape = shapeOf(X, 'X');
    const n = shape.rows;
    plan(algebra, [shape, { rows: n, columns: n }], algebra.kernels.exports.gemmWorkspace());
    const x = load(algebra, X, 'X');
    const G = algebra.matrix(n, n);
    algebra.product(1, x, transposed(x), G, { symmetric: true, accumulate: true });
    return algebra.readMatrix(G);
  });
}

const turned = ({ rows, columns }: Shape, isTurned: boolean): Shape =>
  isTurned ? { rows: columns, columns: rows } : { rows, columns };
