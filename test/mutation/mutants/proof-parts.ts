/** Faults in what a proof says and about what: signs of its form, the list of its multipliers, its columns and its data. None may survive. */
import type { Mutant } from '../mutant.js';
import { faults } from './faults.js';

const source = (name: string): string => `src/proof/${name}.ts`;
const test = (name: string): string => `test/proof/${name}.test.ts`;

export const PROOF_PART_MUTANTS: readonly Mutant[] = [
  ...faults(
    source('quadratic-form'),
    [test('quadratic-form'), test('checked')],
    [
      ['products of two alphas are added', 'base[p * this.#size + q] = -sum;', 'base[p * this.#size + q] = sum;'],
      ['products of alpha and u are subtracted', 'base[at + p] = PZ[', 'base[at + p] = -PZ['],
      ['products of two u are added', 'base[at + count + l] = -ZNZ[', 'base[at + count + l] = ZNZ['],
      [
        'products of alpha and beta are left out of P',
        'P[pq] = alphaBeta[pq] + betaBeta[pq];',
        'P[pq] = betaBeta[pq];',
      ],
      ['free multipliers of u have the other sign', 'const term = w[p] * z[k];', 'const term = -w[p] * z[k];'],
      ['the price of u is left out', 'A[k * size + k] += 1 + epsilon;', 'A[k * size + k] += epsilon;'],
    ],
  ),
  ...faults(
    source('linear-form'),
    [test('linear-form')],
    [
      [
        'beta counts against alpha',
        '= bAlpha[p * c + k] + bBeta[p * c + k];',
        '= bAlpha[p * c + k] - bBeta[p * c + k];',
      ],
      ['beta grows with u', 'f[(count + j) * c + k] -= z[j]', 'f[(count + j) * c + k] += z[j]'],
    ],
  ),
  ...faults(
    source('pairs'),
    [test('verify')],
    [
      ['negative multipliers count', 'value[k] > 0 && forms', 'value[k] !== 0 && forms'],
      ['complementary pairs count', 'value[k] > 0 && forms.complementOf(i[k]) !== j[k]', 'value[k] > 0'],
      ['forms that do not exist', ' && i[k] < forms.count', ''],
      ['forms below the first', 'j[k] >= 0 && ', ''],
      [
        'pairs that are listed twice',
        'i[k - 1] < i[k] || (i[k - 1] === i[k] && j[k - 1] < j[k])',
        'i[k - 1] < i[k] || (i[k - 1] === i[k] && j[k - 1] <= j[k])',
      ],
    ],
  ),
  ...faults(
    source('columns'),
    [test('columns'), test('verify-proof')],
    [
      ['any mean', 'if (!(Math.abs(means[j] - moments.mean) <= meanError))', 'if (Number.isNaN(means[j]))'],
      ['any scale', 'Math.abs(scale - deviation) <= roundOff * deviation + fromMean', 'scale > 0'],
      ['a scale of 1 for every column', 'if (scale === 1 && deviation <=', 'if (scale === 1 || deviation <='],
      ['sums lose their round-off', 'return sum + lost;', 'return sum;'],
      ['no column of ones', 'if (bias) result.set(i, features, 1);', ''],
      ['labels of no class', 'if (k === undefined) return', 'if (k === null) return'],
    ],
  ),
  ...faults(
    source('verify-proof'),
    [test('verify-proof')],
    [
      ['an altered proof is read', 'if (checksumOf(proof) !== proof.checksum)', 'if (checksumOf(proof) === undefined)'],
      ['other data', 'if (digestOfData(X, { Y, weights }) !== digest)', 'if (digest === undefined)'],
      ['another standardisation', 'return fault ?? {', 'return {'],
      [
        'any claim',
        'if (lowerBound >= proof.lowerBound - CLAIM_TOLERANCE * Math.abs(proof.lowerBound))',
        'if (lowerBound >= 0)',
      ],
      ['a claim that is not reached by far', 'CLAIM_TOLERANCE = 1e-9', 'CLAIM_TOLERANCE = 1e-3'],
    ],
  ),
  ...faults(
    'src/problem/parts/free.ts',
    ['test/problem/parts.test.ts'],
    [
      ['beta is alpha', 'return this.rows + row;', 'return row;'],
      ['beta grows with u', 'return form < this.rows ? 0 : -1;', 'return form < this.rows ? 0 : 1;'],
      [
        'every form is its own complement',
        'return form < this.rows ? form + this.rows : form - this.rows;',
        'return form;',
      ],
      [
        'the products that are 0 are counted too',
        'this.count = 2 * rows * (rows - 1);',
        'this.count = 2 * rows * rows;',
      ],
      ['the products that are 0 are listed too', 'if (j !== i - rows) visit(', 'visit('],
      ['positions count the products that are 0', '+ low - lacking', '+ low'],
      ['only later rows lack a product', '(low > high - rows ? 1 : 0)', '0'],
      ['a product is 0 in one order only', 'Math.abs(i - j) === this.forms.rows', 'i - j === this.forms.rows'],
    ],
  ),
  ...faults(
    'src/problem/parts/multipliers.ts',
    ['test/problem/parts.test.ts'],
    [
      [
        'renumbered pairs in their old order',
        'sortedBy(low, forms.count, Int32Array.from(i.keys()))',
        'Int32Array.from(i.keys())',
      ],
      ['renumbered pairs with one scale', 'value[k] * scale(i[k]) * scale(j[k])', 'value[k] * scale(i[k])'],
      ['the later form first', 'Math.max(place(form), place(j[k]))', 'Math.min(place(form), place(j[k]))'],
    ],
  ),
];
