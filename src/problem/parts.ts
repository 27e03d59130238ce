/**
 * The linear forms that are non-negative on every neuron, and which of their products are constrained. This file alone owns how many
 * there are and in which order: the certificate's pairs, the solver's packed vectors and the kernels' stacks (assembly/solver/pairs.ts) follow it.
 *
 * The paper's program has one part, with v free: forms alpha_i at i and beta_i at n + i for the rows i = 0 … n − 1. All products of
 * two different forms are ≥ 0, except alpha_i beta_i = 0, whose multiplier is free.
 */

/** Forms of n rows of data: the stack (alpha; beta). */
export class Forms {
  /** Rows of data. */
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

  /** The row of data that a form belongs to. */
  rowOf(form: number): number {
    return form % this.rows;
  }

  isBeta(form: number): boolean {
    return form >= this.rows;
  }

  /** beta_i for alpha_i and the other way round: the form whose product with this one is 0. */
  complementOf(form: number): number {
    return form < this.rows ? form + this.rows : form - this.rows;
  }

  /** Whether the product of the two is one of those that are 0. */
  areComplementary(i: number, j: number): boolean {
    return i === j + this.rows || j === i + this.rows;
  }
}

/**
 * The pairs of forms whose product is ≥ 0, each once with i > j, in ascending order of (i, j): position k of a packed vector is the
 * k-th of them.
 */
export class Pairs {
  readonly forms: Forms;
  readonly count: number;

  constructor(forms: Forms) {
    const { rows } = forms;
    this.forms = forms;
    this.count = 2 * rows * (rows - 1);
  }

  /** Calls `visit` for every pair in order. */
  forEach(visit: (i: number, j: number, position: number) => void): void {
    const { count, rows } = this.forms;
    let position = 0;
    for (let i = 1; i < count; i++) {
      for (let j = 0; j < i; j++) if (j !== i - rows) visit(i, j, position++);
    }
  }

  /** Where the pair stands in a packed vector; i and j in any order, neither equal nor complementary. */
  position(i: number, j: number): number {
    const [high, low] = i > j ? [i, j] : [j, i];
    const { rows } = this.forms;
    // of the rows of the triangle before this one those from n on lack one entry each, and this one lacks (n + i, i)
    const lacking = high < rows ? 0 : high - rows + (low > high - rows ? 1 : 0);
    return (high * (high - 1)) / 2 + low - lacking;
  }
}

/**
 * Multipliers of constrained products: the symmetric matrix over the forms whose entries (i, j) and (j, i) are `value`, all others 0. Every
 * pair is listed at most once, in ascending order of (i, j), with i > j and not complementary; values > 0.
 */
export interface PairMultipliers {
  readonly i: Int32Array;
  readonly j: Int32Array;
  readonly value: Float64Array;
}

export const noPairs = (): PairMultipliers => ({
  i: new Int32Array(0),
  j: new Int32Array(0),
  value: new Float64Array(0),
});

/** The positive entries of a packed vector over `pairs`. */
export function sparsePairs(pairs: Pairs, packed: Float64Array): PairMultipliers {
  const count = packed.reduce((sum, value) => (value > 0 ? sum + 1 : sum), 0);
  const result = { i: new Int32Array(count), j: new Int32Array(count), value: new Float64Array(count) };
  let at = 0;
  pairs.forEach((i, j, position) => {
    if (!(packed[position] > 0)) return;
    result.i[at] = i;
    result.j[at] = j;
    result.value[at++] = packed[position];
  });
  return result;
}

/** The same multipliers for forms that were renumbered, in the order of their new numbers. */
export function renumberPairs(
  { i, j, value }: PairMultipliers,
  forms: Forms,
  place: (form: number) => number,
  scale: (form: number) => number,
): PairMultipliers {
  const high = i.map((form, k) => Math.max(place(form), place(j[k])));
  const low = i.map((form, k) => Math.min(place(form), place(j[k])));
  const order = sortedBy(high, forms.count, sortedBy(low, forms.count, Int32Array.from(i.keys())));
  return {
    i: order.map((k) => high[k]),
    j: order.map((k) => low[k]),
    value: Float64Array.from(order, (k) => value[k] * scale(i[k]) * scale(j[k])),
  };
}

/** The elements of `order` by ascending key below `limit`, equal keys in their present order. */
function sortedBy(keys: Int32Array, limit: number, order: Int32Array): Int32Array {
  const starts = new Int32Array(limit + 1);
  for (const key of keys) starts[key + 1]++;
  for (let key = 0; key < limit; key++) starts[key + 1] += starts[key];
  const result = new Int32Array(order.length);
  for (const k of order) result[starts[keys[k]]++] = k;
  return result;
}
