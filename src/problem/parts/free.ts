/**
 * The paper's one part: v is free. Its 2n forms are the stack (alpha; beta), beta_i = alpha_i − x_i·u. All products of two different forms are
 * ≥ 0, except alpha_i beta_i = 0.
 */
import { Matrix } from '../../base/matrix.js';
import type { Forms, Pairs, Part } from './part.js';

export const freePart = (rows: number, c: number): Part => ({ outputs: identity(c), pairs: freePairs(rows) });

export const freeForms = (rows: number): Forms => new FreeForms(rows);

export const freePairs = (rows: number): Pairs => new FreePairs(freeForms(rows));

class FreeForms implements Forms {
  readonly rows: number;
  readonly count: number;

  constructor(rows: number) {
    this.rows = rows;
    this.count = 2 * rows;
  }

  alpha(row: number): number {
    return row;
  }

  beta(row: number): number {
    return this.rows + row;
  }

  rowOf(form: number): number {
    return form < this.rows ? form : form - this.rows;
  }

  alphaFactor(): number {
    return 1;
  }

  uFactor(form: number): number {
    return form < this.rows ? 0 : -1;
  }

  complementOf(form: number): number {
    return form < this.rows ? form + this.rows : form - this.rows;
  }
}

class FreePairs implements Pairs {
  readonly forms: Forms;
  readonly count: number;
  readonly equalities: number;

  constructor(forms: Forms) {
    const { rows } = forms;
    this.forms = forms;
    this.count = 2 * rows * (rows - 1);
    this.equalities = rows;
  }

  forEach(visit: (i: number, j: number, position: number) => void): void {
    const { count, rows } = this.forms;
    let position = 0;
    for (let i = 1; i < count; i++) {
      for (let j = 0; j < i; j++) if (j !== i - rows) visit(i, j, position++);
    }
  }

  position(i: number, j: number): number {
    const [high, low] = i > j ? [i, j] : [j, i];
    const { rows } = this.forms;
    // of the rows of the triangle before this one those from n on lack one entry each, and this one lacks (n + i, i)
    const lacking = high < rows ? 0 : high - rows + (low > high - rows ? 1 : 0);
    return (high * (high - 1)) / 2 + low - lacking;
  }

  equality(row: number): readonly [number, number] {
    return [this.forms.alpha(row), this.forms.beta(row)];
  }

  isEquality(i: number, j: number): boolean {
    return Math.abs(i - j) === this.forms.rows;
  }
}

function identity(order: number): Matrix {
  const result = Matrix.zeros(order, order);
  for (let k = 0; k < order; k++) result.set(k, k, 1);
  return result;
}
