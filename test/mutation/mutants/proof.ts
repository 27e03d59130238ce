/** Faults in what a bound rests on: the certificate, the exact oracle and the cone kernel. None may survive. */
import type { Mutant } from '../mutant.js';
import { faults } from './faults.js';
import { GROUPED_MUTANTS } from './grouped.js';
import { PROOF_PART_MUTANTS } from './proof-parts.js';

const ROUND_OFF = faults(
  'src/base/round-off.ts',
  ['test/base/round-off.test.ts'],
  [
    ['gamma without its denominator', '1.01 * k', 'k'],
    ['up without the relative part', 'Math.abs(x) * (2 * Number.EPSILON) + Number.MIN_VALUE', 'Number.MIN_VALUE'],
    ['up without the absolute part', '(2 * Number.EPSILON) + Number.MIN_VALUE', '(2 * Number.EPSILON)'],
    ['down goes up', '-up(-x)', 'up(x)'],
    ['inflate by the last rounding only', 'up(value * (1 + gamma(2 * roundings + 4)))', 'up(value)'],
    [
      'normAbove ignores the roundings of its sum',
      'up(inflate(Math.sqrt(sum), x.length + 8) * scale)',
      'up(Math.sqrt(sum) * scale)',
    ],
    [
      'normAbove rounds a subnormal result down',
      'up(inflate(Math.sqrt(sum), x.length + 8) * scale)',
      'inflate(Math.sqrt(sum), x.length + 8) * scale',
    ],
    ['normAbove squares entries of any size', 'squareOf(x[k] / scale)', 'squareOf(x[k]) / squareOf(scale)'],
    ['dotBounds without round-off', 'gamma(dotDepth(x.length)) * magnitude', '0 * magnitude'],
    ['dotBounds without underflow', ' + x.length * 2 ** -1000', ''],
    ['dotBounds: below is the sum', 'below: value - error', 'below: value'],
    ['dotBounds: above is the sum', 'above: value + error', 'above: value'],
    ['timesPowerOfTwoAbove rounds to nearest', '=== x ? result : up(result)', '=== x ? result : result'],
  ],
);

const NEURONS = faults(
  'src/proof/neurons.ts',
  ['test/proof/neurons.test.ts'],
  [
    ['moved rows are free', 'transfer += inflate(up(norm * distance) / reg, 2);', ''],
    [
      'a product that underflows is no transfer',
      'transfer += inflate(up(norm * distance) / reg, 2);',
      'transfer += inflate((norm * distance) / reg, 2);',
    ],
    [
      'a quotient that underflows is no transfer',
      'transfer += inflate(up(norm * distance) / reg, 2);',
      'transfer += up(norm * distance) / reg;',
    ],
    ['roundings of the coefficients are free', 'gamma(moves.length + 3) * magnitude[p] + underflow', 'underflow'],
    ['underflow of the coefficients is free', '* magnitude[p] + underflow', '* magnitude[p]'],
    ['a small reg does not make underflow larger', '/ Math.min(1, reg)', ''],
    ['errors of the coefficients are free', 'transfer += error * normAbove(Z.subarray(p * d, (p + 1) * d));', ''],
    ['the sum of transfers is not rounded up', 'inflate(transfer, moves.length + count + 1)', 'transfer'],
    ['the product in a distance does not underflow', ' + Number.MIN_VALUE', ''],
    [
      'a row against its representative is taken along it',
      'const b = factor > 0 ? bAlpha : bBeta',
      'const b = factor > 0 ? bBeta : bAlpha',
    ],
    ['rows with free multipliers only are moved', '(w[i] === 0 ? 0 : 1)', '0'],
  ],
);

const LINEAR_FORM = faults(
  'src/proof/linear-form.ts',
  ['test/proof/linear-form.test.ts'],
  [
    [
      'sums of coefficients are exact',
      'defect += gamma(2) * (normAbove(bAlpha.subarray(p * c, (p + 1) * c)) + norm) * normAbove(z);',
      '',
    ],
    ['the part along u is exact', 'gamma(count + 2) * uError[j] + count * c * UNDERFLOW', 'count * c * UNDERFLOW'],
    ['the part along u does not underflow', ' + count * c * UNDERFLOW', ''],
    ['the part along u is free', 'defect: defect + normAbove(uError)', 'defect'],
  ],
);

const FORM = faults(
  'src/proof/quadratic-form.ts',
  ['test/proof/quadratic-form.test.ts'],
  [
    ['forming E is exact', 'gamma(this.#roundings) * magnitude[i] + 2 * size * UNDERFLOW', '2 * size * UNDERFLOW'],
    ['nothing underflows', ' + 2 * size * UNDERFLOW', ''],
    ['factorising is exact', '1 + choleskyDefect(size)', '1'],
    ['errors are added', '(A[i * size + i] - error) / shrink', '(A[i * size + i] + error) / shrink'],
    ['sums of any length have few roundings', '2 * sumDepth(count) + c + 14', '14'],
    [
      'multipliers of alpha count for nothing in the error',
      'magnitude[p] += sum;\n        if (p !== q) magnitude[q] += sum;',
      '',
    ],
    ['products of multipliers and rows count for nothing', 'magnitude[p] += fromRows[p];', ''],
    ['products of multipliers and columns count for nothing', 'fromColumns[k] + fromSquare[k]', 'fromSquare[k]'],
    ['squares count for nothing', 'fromColumns[k] + fromSquare[k]', 'fromColumns[k]'],
    ['outputs count for nothing', 'this.#magnitude[i] += norms[i] * total;', ''],
    [
      'free multipliers count for nothing beside alpha',
      'magnitude[p] += sum;\n    }\n    for (let k = count',
      '}\n    for (let k = count',
    ],
    ['free multipliers count for nothing beside u', 'magnitude[count + k] += Math.abs(term);', ''],
    ['the identity counts for nothing', 'magnitude[k] += 1 + epsilon;', ''],
    ['the outer product is added', 'this.#base[i * size + j] -= product;', 'this.#base[i * size + j] += product;'],
    ['free multipliers are added on the diagonal', 'A[p * size + p] -= 2 * w[p];', 'A[p * size + p] += 2 * w[p];'],
  ],
);

const CHOLESKY = faults(
  'src/proof/cholesky.ts',
  ['test/proof/cholesky.test.ts'],
  [
    ['the factorisation has no error', 'n * gamma(BLOCK + Math.ceil(n / BLOCK) + 6)', '0 * n'],
    ['underflow has no room', 'UNDERFLOW = 2 ** -900', 'UNDERFLOW = 0'],
    ['pivots of any size', 'rest > 0 && rest < LARGEST_PIVOT', 'rest > 0'],
    ['pivots of any sign', 'rest > 0 && rest < LARGEST_PIVOT', 'rest < LARGEST_PIVOT'],
  ],
);

const ROW_SPACE = faults(
  'src/proof/row-space.ts',
  ['test/proof/row-space.test.ts'],
  [
    ['what rows lose is free', 'transfer += up(inflate(weight, 1) * distance);', ''],
    ['the distance is exact', 'gamma(roundings) * magnitude + roundings', 'roundings'],
    ['the distance does not underflow', ' + roundings * Number.MIN_VALUE', ''],
    ['the rows are orthonormal', 'rowSums[k] += deviation;', ''],
    ['the rows are orthogonal', 'if (l < k) rowSums[l] += deviation;', ''],
    [
      'inner products are exact',
      'Math.max(Math.abs(below - identity), Math.abs(above - identity))',
      'Math.abs((below + above) / 2 - identity)',
    ],
  ],
);

const VERIFY = [
  ...faults(
    'src/proof/verify.ts',
    ['test/proof/verify.test.ts', 'test/proof/checked.test.ts'],
    [
      [
        'the ratio is rounded to nearest',
        'inflate((Math.sqrt(1 + epsilon) + defect) * stretch + transfer, 5)',
        '(Math.sqrt(1 + epsilon) + defect) * stretch + transfer',
      ],
      ['the ratio ignores the defect', '(Math.sqrt(1 + epsilon) + defect)', 'Math.sqrt(1 + epsilon)'],
      ['the ratio ignores the stretch', '* stretch + transfer', '+ transfer'],
      ['the ratio ignores the transfer', '* stretch + transfer', '* stretch'],
      ['the ratio ignores ε', 'Math.sqrt(1 + epsilon)', '1'],
      ['what is proved is rounded to nearest', 'up(reg * ratio)', 'reg * ratio'],
      ['the trivial ratio ignores reg', 'inflate(inflate(sum, X.rows) / reg, 1)', 'inflate(sum, X.rows)'],
      [
        'the trivial ratio is the smallest norm',
        'sum += up(normAbove(a.row(i)) * normAbove(X.row(i)));',
        'sum = up(normAbove(a.row(i)) * normAbove(X.row(i)));',
      ],
      [
        'a product in the trivial ratio underflows',
        'sum += up(normAbove(a.row(i)) * normAbove(X.row(i)));',
        'sum += normAbove(a.row(i)) * normAbove(X.row(i));',
      ],
      ['the worse bound is taken', 'return ratio < trivial', 'return ratio > trivial'],
      ['what is not finite is taken', 'allFinite(a.data) && allFinite(pairs.value) && allFinite(w)', 'true'],
    ],
  ),
  ...faults(
    'src/proof/repair.ts',
    ['test/proof/verify.test.ts', 'test/proof/checked.test.ts'],
    [
      ['the repair costs nothing', '{ epsilon: delta * price,', '{ epsilon: 0,'],
      [
        'no proof is needed',
        'form.provesPositive(lowered(candidate), candidate * price)',
        '(function* () {\n      return true;\n    })()',
      ],
    ],
  ),
  ...faults(
    'src/proof/dual-bound.ts',
    ['test/proof/dual-bound.test.ts'],
    [
      [
        'the largest multiple is rounded to nearest',
        'down(Math.min(reg / B, Number.MAX_VALUE))',
        'Math.min(reg / B, Number.MAX_VALUE)',
      ],
      ['any positive multiple is feasible', 't > 0 && t <= limit', 't > 0'],
      ['any negative multiple is feasible', 't > 0 && t <= limit', 't <= limit'],
    ],
  ),
  ...faults(
    'src/problem/losses/squared.ts',
    ['test/proof/dual-bound.test.ts'],
    [
      [
        'the bound is rounded to nearest',
        '-down(t * down(gain - up(up(t * square) / 2)))',
        '-(t * (gain - (t * square) / 2))',
      ],
      [
        'the bound is rounded up',
        '-down(t * down(gain - up(up(t * square) / 2)))',
        '-up(t * up(gain - (t * square) / 2))',
      ],
      ['the square is left out', 'gain - up(up(t * square) / 2)', 'gain'],
      ['the gain is taken from above', 'gain: dotBounds(a, Y.data).below', 'gain: dotBounds(a, Y.data).above'],
      ['the square is taken from below', 'square: dotBounds(divided, a).above', 'square: dotBounds(divided, a).below'],
    ],
  ),
];

const EXACT = [
  ...faults(
    'src/proof/exact/row-space.ts',
    ['test/proof/row-space.test.ts'],
    [
      ['the distance is exact', 'gamma(roundings) * magnitude + (roundings', '(roundings'],
      ['the distance does not underflow', ' + (roundings + 1) * Number.MIN_VALUE', ''],
      ['inner products are exact', ' + gamma(W.rows + 2) * magnitude', ''],
      ['the directions are orthonormal', 'Math.sqrt(1 + normAbove(error))', '1'],
    ],
  ),
  ...faults(
    'src/proof/exact/oracle.ts',
    ['test/proof/exact/necessity.test.ts', 'test/proof/exact/oracle.test.ts', 'test/soundness/scales.test.ts'],
    [
      ['what the row space cuts off is free', 'shift += inflate(normAbove(R.row(i)) * space.defect[i], 1);', ''],
      ['the row space is orthonormal', 'space.stretch * bound + shift', 'bound + shift'],
      [
        'the bound in the data is rounded to nearest',
        'inflate(space.stretch * bound + shift, R.rows + 4)',
        'space.stretch * bound + shift',
      ],
      [
        'scales underflow',
        'timesPowerOfTwoAbove(boundInData(target, upperBound), exponent)',
        'timesPowerOfTwo(boundInData(target, upperBound), exponent)',
      ],
      ['rows are never balanced', 'if (balanced !== undefined) {', 'if (balanced === null) {'],
      ['the tolerance may be below round-off', 'Math.max(tolerance, FINEST_TOLERANCE)', 'tolerance'],
    ],
  ),
  ...faults(
    'src/proof/exact/row-weights.ts',
    ['test/proof/exact/oracle.test.ts', 'test/soundness/scales.test.ts'],
    [
      [
        'a row takes the wrong factor',
        'timesPowerOfTwo(value, shifts[i] - contribution)',
        'timesPowerOfTwo(value, -shifts[i] - contribution)',
      ],
      ['the unit is lost', 'exponent: contribution }', 'exponent: contribution - 1 }'],
    ],
  ),
  ...faults(
    'src/proof/exact/search-options.ts',
    ['test/proof/exact/oracle.test.ts'],
    [
      ['any tolerance', 'tolerance > 0 && tolerance < Number.POSITIVE_INFINITY', 'true'],
      ['any floor', 'floor >= 0 && floor < Number.POSITIVE_INFINITY', 'true'],
    ],
  ),
  ...faults(
    'src/proof/exact/plane.ts',
    ['test/proof/exact/necessity.test.ts'],
    [
      ['the sweep has no round-off', '2 * UNIT_ROUNDOFF * magnitude', '0 * magnitude'],
      ['nothing underflows', ' + n * c * UNDERFLOW', ''],
      [
        'maxima inside arcs are left out',
        'largest = Math.max(largest, Math.min(form.norm,',
        'largest = Math.min(largest, Math.min(form.norm,',
      ],
      ['maxima inside arcs are no larger than their ends', ' + (form.a + form.c) * squareOf(angle)', ''],
      ['rows leave where they enter', 'arc.add(row, change)', 'arc.add(row, -change)'],
      ['no row is active at first', 'if (change < 0) active[row] = 1;', ''],
    ],
  ),
  ...faults(
    'src/proof/exact/cone-search.ts',
    ['test/proof/exact/necessity.test.ts', 'test/proof/exact/oracle.test.ts'],
    [
      [
        'sums and cuts are exact',
        '2 * gamma(12 * depth + Math.sqrt(d) * (2 * n + 7 * d + 42)) * magnitude',
        '0 * magnitude',
      ],
      ['nothing underflows', ' + n * UNDERFLOW', ''],
      ['a search cut short proves its bound', 'isComplete ? ', 'head ? '],
    ],
  ),
];

const CONE_KERNEL = faults(
  'assembly/exact/cone.ts',
  ['test/proof/exact/cone.test.ts'],
  [
    ['Q has no round-off', 'q += roundOff * get(search.size, k) * get(search.size, l);', ''],
    ['G has no round-off', 'product *= 1 - 16 * EPSILON;', ''],
    ['ratios are exact', 'ratio * (1 + 8 * EPSILON)', 'ratio'],
    ['heights are exact', ' * (1 + 40 * EPSILON)', ''],
    ['limit · G − Q is exact', ' - 4 * EPSILON * (g + abs(q))', ''],
    ['the factorisation is exact', 'if (k == l) x -= shift;', ''],
    ['positive entries on the diagonal are dropped too', 'dropPositive && l < k && x > 0', 'dropPositive && x > 0'],
    ['negative entries are dropped', 'dropPositive && l < k && x > 0', 'dropPositive && l < k && x < 0'],
    ['ambiguous rows count for nothing', 'let q = lanes(sum);', 'let q: f64 = 0;'],
    ['ambiguous rows only help', 'f64x2.pmax(zero, term)', 'f64x2.pmin(zero, term)'],
    ['a pivot may be negative', 'if (!(x > 0)) return false;', ''],
    ['the larger of the bounds is the smaller', 'return min(ratio', 'return min(0.5 * ratio'],
  ],
);

const CONE_SEARCH = [
  ...faults(
    'assembly/exact/cone.ts',
    ['test/proof/exact/oracle.test.ts'],
    [
      [
        'surely active rows are taken away',
        'get(search.sum, a * d + j) + get(r, a) * get(z, j)',
        'get(search.sum, a * d + j) - get(r, a) * get(z, j)',
      ],
      ['ambiguous rows are active', 'if (isPositive && isNegative)', 'if (isPositive && isNegative && false)'],
    ],
  ),
  ...faults(
    'assembly/exact/cone-search.ts',
    ['test/proof/exact/oracle.test.ts', 'test/proof/exact/necessity.test.ts'],
    [
      ['a cone closes without a bound', 'if (bound <= limit) {', 'if (bound >= limit) {'],
      ['a cone closed at the limit leaves no bound', 'search.bound = max(search.bound, limit);', ''],
      ['half of a cone is forgotten', 'open += 2;', 'open += 1;'],
      [
        'cuts are in the wrong place',
        'share = p / (p - get(search.product, to * s + cut));',
        'share = 0.5 * p / (p - get(search.product, to * s + cut));',
      ],
      ['one orthant is not searched', 'search.open = <f64>orthants;', 'search.open = <f64>(orthants - 1);'],
    ],
  ),
];

export const PROOF_MUTANTS: readonly Mutant[] = [
  ...ROUND_OFF,
  ...NEURONS,
  ...LINEAR_FORM,
  ...FORM,
  ...CHOLESKY,
  ...ROW_SPACE,
  ...VERIFY,
  ...PROOF_PART_MUTANTS,
  ...GROUPED_MUTANTS,
  ...EXACT,
  ...CONE_KERNEL,
  ...CONE_SEARCH,
];
