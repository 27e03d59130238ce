/** Grouped certificates that another implementation found (test/fixtures/README.md): a fresh copy for each caller. */
import { Matrix, toMatrix } from '../../src/base/matrix.js';
import type { GroupedCertificate } from '../../src/problem/parts/groups.js';
import grouped from '../fixtures/grouped.json' with { type: 'json' };
import { mirrored } from './grouped.js';

export interface GroupedFixture {
  readonly name: string;
  readonly X: Matrix;
  readonly Y: Matrix;
  /** The relaxation's value lies between the two. */
  readonly upper: number;
  readonly lower: number;
  readonly certificate: GroupedCertificate;
}

/** One output, cone 'signed'. */
export const groupedFixtures = (): GroupedFixture[] =>
  grouped.map(({ name, X, Y, reg, upper, lower, a, balance, groups }) => {
    const order = X[0].length + 1;
    return {
      name,
      X: toMatrix(X, 'X'),
      Y: new Matrix(Float64Array.from(Y), Y.length, 1),
      upper,
      lower,
      certificate: {
        reg,
        cone: 'signed',
        a: new Matrix(Float64Array.from(a), a.length, 1),
        balance: Float64Array.from(balance),
        length: new Float64Array(2),
        groups: groups.map(({ rows, blocks }) => ({
          rows: Int32Array.from(rows),
          blocks: blocks.map(({ i, j, value, w, M }) => ({
            pairs: { i: Int32Array.from(i), j: Int32Array.from(j), value: Float64Array.from(value) },
            w: Float64Array.from(w),
            M: mirrored(new Matrix(Float64Array.from(M), order, order)),
          })),
        })),
      },
    };
  });
