/** Faults in the kernels outside the proof (assembly/): linear algebra, cones, the solver's own, the network's gradient. */
import type { Mutant } from '../mutant.js';
import { faults } from './faults.js';

const kernel = (name: string): string => `assembly/${name}.ts`;
const test = (name: string): string => `test/assembly/${name}.test.ts`;
const solver = (name: string): string => `test/relaxation/${name}.test.ts`;

export const KERNEL_MUTANTS: readonly Mutant[] = [
  ...faults(
    kernel('blas/cholesky'),
    [test('cholesky')],
    [
      [
        'a negative pivot passes',
        'if (!(pivot > 0 && pivot < Infinity)) return j + 1;',
        'if (!(pivot < Infinity)) return j + 1;',
      ],
      ['the rest is not updated', 'gemm(m, m, BLOCK, -1, panel', 'gemm(m, m, 0, -1, panel'],
    ],
  ),
  ...faults(
    kernel('blas/triangular'),
    [test('cholesky')],
    [
      [
        'L⁻ᵀ by blocks with a row too few',
        'gemm(k, m, nb, -1, row(L, k, ldl), 1, ldl',
        'gemm(k, m, nb - 1, -1, row(L, k, ldl), 1, ldl',
      ],
    ],
  ),
  ...faults(
    kernel('cones/dnn'),
    [test('dnn')],
    [
      ['complementary entries stay', 'put(p, i < h ? h + i : i - h, 0);', ''],
      ['the last entries of a row are not clamped', 'put(y, i, a > 0 ? a : 0);', 'put(y, i, a);'],
    ],
  ),
  ...faults(
    kernel('cones/psd'),
    [test('psd')],
    [
      ['the negative part is added with its sign', 'usePositive ? get(w, k) : -get(w, k)', 'get(w, k)'],
      ['the smaller part is not chosen', 'positive <= negative', 'positive > negative'],
    ],
  ),
  ...faults(
    kernel('eigen/nt-scaling'),
    [test('nt-scaling')],
    [
      ['no Jacobi sweeps', 'if (jacobiRows(n, C, ldc, V, ldv, squares, 0, n) == 0) return OK;', 'return OK;'],
      [
        'singular values ascend',
        'if (get(sigma, j) > get(sigma, best)) best = j;',
        'if (get(sigma, j) < get(sigma, best)) best = j;',
      ],
    ],
  ),
  ...faults(
    kernel('eigen/bisect'),
    [test('eigh'), 'test/linalg/eigenvalue.test.ts'],
    [['bisection keeps the wrong half', 'below <= min(k + t, last - 1)', 'below > min(k + t, last - 1)']],
  ),
  ...faults(
    kernel('eigen/secular'),
    [test('eigh')],
    [['the secular equation without the far poles', 'origin, mu);\n  phi += sum;', 'origin, mu);']],
  ),
  ...faults(
    kernel('solver/active'),
    [solver('active-kernels')],
    [
      [
        'pairs are scattered to one side',
        'addRow(p, half, row(B, getInt(i, k), ldb), row(out, getInt(j, k), ldo));',
        '',
      ],
      [
        'Schur complements without the crossed term',
        'get(a, s) * get(b, t) + get(a, t) * get(b, s)',
        '2 * get(a, s) * get(b, t)',
      ],
      ['the last column is forgotten', 'put(y, k, get(y, k) + a * xi);', ''],
    ],
  ),
  ...faults(
    kernel('solver/pairs'),
    [solver('kernels')],
    [
      [
        'the hole is packed too',
        'const hole = i - n;\n    if (hole < 0) {',
        'const hole = i - n;\n    if (hole < 1) {',
      ],
    ],
  ),
  ...faults(
    kernel('solver/pairs'),
    [solver('direction')],
    [
      [
        'second-order terms of rows are not clipped',
        'max(-bound, min(bound, load<f64>(dK + k) * load<f64>(dN + k)))',
        'load<f64>(dK + k) * load<f64>(dN + k)',
      ],
      ['N is not subtracted', ' / load<f64>(K + k) - load<f64>(N + k));', ' / load<f64>(K + k));'],
    ],
  ),
  ...faults(
    kernel('solver/scaled'),
    [solver('kernels')],
    [['the Lyapunov equation without its half', '(2 * get(target, j)) / (si', 'get(target, j) / (si']],
  ),
  ...faults(
    kernel('solver/schur'),
    [solver('kernels')],
    [
      ['diagonal basis matrices count twice', 'const other: f64 = I == J ? 0.5 : 1;', 'const other: f64 = 1;'],
      ['S and B miss each other', 'deltaS + deltaB, xj, H, ldh);', 'deltaS - deltaB, xj, H, ldh);'],
      ['D against itself is left out', 'dSquare(n, d, p, deltaB, xi, xj, H, ldh);', ''],
    ],
  ),
  ...faults(
    kernel('solver/unknowns'),
    [solver('kernels')],
    [
      ['off-diagonal entries are contracted once', '2 * get(source, j)', 'get(source, j)'],
      ['contraction forgets the eliminated diagonal', 'get(row(X, i, d), k) * diagonal', '0 * diagonal'],
    ],
  ),
  ...faults(
    kernel('network/loss-gradient'),
    ['test/network/loss-gradient.test.ts', 'test/network/objective.test.ts'],
    [
      ['inactive neurons have a gradient', 'a0 = v128.and(a0, f64x2.gt(v128.load(h), zero));', ''],
      ['the weight decay is left out of the gradient', 'load<f64>(part + j) + reg * weight', 'load<f64>(part + j)'],
      ['the loss without its half', '0.5 * (squares + reg * decay)', '(squares + reg * decay)'],
      ['residuals with their sign flipped', 'rest = sum - load', 'rest = -sum - load'],
    ],
  ),
];
