/** The sizes of a group's block, its forms and the products of them that are constrained; the same for all groups of as many rows. */
import type { Address } from '../../engine/abi.js';
import type { Algebra } from '../../linalg/algebra.js';
import type { Vector, View } from '../../linalg/views.js';
import type { Cone } from '../../problem/parts/cone.js';
import type { PairList } from '../kernels.js';

export class Layout {
  /** Rows of the group, columns of X, entries of h. */
  readonly m: number;
  readonly d: number;
  readonly e: number;
  /** d + e and m + d + e: orders of the shared block and of the lifted one. */
  readonly s: number;
  readonly p: number;
  /** Free entries: the block's own, and those shared by all. */
  readonly q: number;
  readonly shared: number;
  readonly forms: number;
  readonly pairs: PairList;
  /** i32: the row whose alpha a form involves, −1 for none. */
  readonly formRow: Address;
  /** Scratch of any block with this layout. */
  readonly half: View;
  readonly square: readonly [View, View, View];
  readonly pairWork: Vector;
  readonly ownWork: Vector;
  readonly sharedWork: Vector;

  constructor(algebra: Algebra, m: number, d: number, { outputs, forms, radius }: Cone) {
    const e = outputs.columns;
    this.m = m;
    this.d = d;
    this.e = e;
    this.s = d + e;
    this.p = m + this.s;
    this.q = (m * (m - 1)) / 2 + m * this.s;
    this.shared = (this.s * (this.s + 1)) / 2;
    const rowForms = (radius < 0 ? 2 : 3) * m;
    this.forms = rowForms + forms.rows;
    const list = constrainedPairs(m, rowForms, this.forms);
    this.pairs = {
      count: list.length,
      i: ints(
        algebra,
        list.map(([i]) => i),
      ),
      j: ints(
        algebra,
        list.map(([, j]) => j),
      ),
    };
    this.formRow = ints(
      algebra,
      Array.from({ length: this.forms }, (_, form) => (form < rowForms ? form % m : -1)),
    );
    this.half = algebra.matrix(this.forms, this.p);
    const square = (): View => algebra.matrix(this.p, this.p);
    this.square = [square(), square(), square()];
    this.pairWork = algebra.vector(list.length);
    this.ownWork = algebra.vector(this.q);
    this.sharedWork = algebra.vector(this.shared);
  }
}

/**
 * Forms alpha, beta, then (with a radius) r‖x_i‖ − alpha_i − beta_i, then those of h. Constrained are all products but alpha_i beta_i = 0 and those of two
 * of the third kind, which were measured to add nothing.
 */
function constrainedPairs(m: number, rowForms: number, forms: number): (readonly [number, number])[] {
  const result: (readonly [number, number])[] = [];
  const isThird = (form: number): boolean => form >= 2 * m && form < rowForms;
  for (let i = 1; i < forms; i++) {
    for (let j = 0; j < i; j++) {
      const isComplementary = i < 2 * m && i - j === m;
      if (!isComplementary && !(isThird(i) && isThird(j))) result.push([i, j]);
    }
  }
  return result;
}

function ints(algebra: Algebra, values: readonly number[]): Address {
  const at = algebra.kernels.arena.allocateBytes(4 * Math.max(1, values.length));
  algebra.kernels.arena.ints(at, values.length).set(values);
  return at;
}
