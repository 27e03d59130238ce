/** Faults in the check of grouped certificates. None may survive. */
import type { Mutant } from '../mutant.js';
import { faults } from './faults.js';

const test = (name: string): string => `test/proof/grouped/${name}.test.ts`;
const source = (name: string): string => `src/proof/grouped/${name}.ts`;

export const GROUPED_MUTANTS: readonly Mutant[] = [
  ...faults(
    'src/problem/parts/cone.ts',
    [test('cones')],
    [
      ['generators round to longer than 1', 'const shorter = (c: number): number => 1 - c * c * 2 ** -46;', 'const shorter = (c: number): number => 1 + 0 * c;'], // biome-ignore format: one line
      ['both cones of one output are v = r', '[1, -1].map(signedRay)', '[1, 1].map(signedRay)'],
      ['the simplex has no centre', 'const centre = (1 + t) / (c + 1);', 'const centre = 0 * t;'],
    ],
  ),
  ...faults(
    source('cones'),
    [test('cones')],
    [
      ['any free cone is taken for all of R^c', 'isIdentity(outputs) && forms.rows === 0 ?', 'forms.rows === 0 ?'],
      ['a free cone may have forms', 'isIdentity(outputs) && forms.rows === 0 ?', 'isIdentity(outputs) ?'],
      ['r may have any sign', 'isRay && forms.data.every((entry) => entry >= 0)', 'isRay'],
      ['v may depend on r', 'if (columns.row(radius).some((entry) => entry !== 0)) return undefined;', ''],
      ['forms are not looked at', 'if (!isNonNegative(ofWeights, row[radius], generators, squares)) return undefined;', 'if (squares < 0 && !isNonNegative(ofWeights, row[radius], generators, squares)) return undefined;'], // biome-ignore format: one line
      ['h is as long as w', 'return up(1 + squares);', 'return up(squares);'],
      ['generators may depend on each other', 'return runsCholesky(A, order) ?', 'return runsCholesky(A, order) || order > 0 ?'], // biome-ignore format: one line
      ['Σ w is compared with nothing', 'entry >= up(-rho * lengths[k])', 'entry >= 0'],
      ['a generator may be as long as it likes', 'up(inflate(rho * lengths[s], 1) + lost) <= rho', 'lost <= rho'],
      ['a form may be any', 'up(inflate(rho * lengths[s], 1) + lost) <= rho', 'inflate(rho * lengths[s], 1) <= rho'],
    ],
  ),
  ...faults(
    source('products'),
    [test('slack')],
    [
      ['additions of products do not round', '2 + this.#hits.reduce', '2 + 0 * this.#hits.reduce'],
      ['products are added to one triangle', 'this.#addTo(right.at[j] * this.order + left.at[i], term);', ''],
      ['terms of different signs cancel in the magnitude', '+= Math.abs(term)', '+= term'],
    ],
  ),
  ...faults(
    source('forms'),
    [test('slack')],
    [
      ['beta is alpha + x·u', 'factor: [1, -1]', 'factor: [1, 1]'],
      ['the reach leaves out alpha twice', 'factor: [-2, 1, lengths[row]]', 'factor: [-1, 1, lengths[row]]'],
    ],
  ),
  ...faults(
    source('slack'),
    [test('slack')],
    [
      ['the errors of the slack are free', 'const error = gamma(this.#roundings) * (this.#magnitude[i] + shift) +', 'const error = 0 *'], // biome-ignore format: one line
      ['underflow of the slack is free', ' + 2 * size * UNDERFLOW;', ';'],
      ['the factorisation of the slack loses nothing', 'const shrink = 1 + choleskyDefect(size);', 'const shrink = 1;'],
      ['the outputs count whole', '-= sum / 2;', '-= sum;'],
      ['a shift costs nothing', 'if (delta === 0) return 0;', 'if (delta >= 0) return 0;'],
      ['a shift of h costs what one of u does', '* (1 + squareOfH);', '* 2;'],
      ['a shift of alpha costs nothing', 'cost += this.#shiftAt(i, delta) * length * length;', ''],
      ['numbers of any size are taken', 'return this.#unit < LARGEST;', 'return true;'],
      ['no proof of the slack is needed', 'return yield* choleskySteps(this.lowered(delta), this.#size);', 'return delta >= 0 || (yield* choleskySteps(this.lowered(delta), this.#size));'], // biome-ignore format: one line
    ],
  ),
  ...faults(
    source('shared-sum'),
    [test('shared-sum')],
    [
      ['what is lost in the sum stays lost', '- target.value[at] + this.#lost[at];', '- target.value[at];'],
      ['the roundings of the excess are free', 'gamma(order + c + 10) * magnitude', '0 * magnitude'],
      ['off the diagonal the sum may be anything', '(i === j ? difference : Math.abs(difference))', '(i === j ? difference : 0)'], // biome-ignore format: one line
      ['an excess of h counts once', 'largest(d, order) * squareOfH', 'largest(d, order)'],
      ['the price is one', 'add(r, r, 1 / 2);', 'add(r, r, 1);'],
      ['balance lowers u and r', 'add(r, r, -balance);', 'add(r, r, balance);'],
      ['length is no equality', 'add(r, r, length);', ''],
      [
        'no number is no excess',
        'return above >= 0 ? above : Number.POSITIVE_INFINITY;',
        'return above >= 0 ? above : 0;',
      ],
    ],
  ),
  ...faults(
    source('verify-grouped'),
    [test('verify-grouped')],
    [
      ['rows of no group are free', '1 + excess + missing + LOST', '1 + excess + 0 * missing + LOST'],
      ['rows without multipliers are free', 'inflate(unspoken + slack.costOf', 'inflate(0 * unspoken + slack.costOf'],
      [
        'groups that are given up are free',
        'if (cost === undefined) sum += fallback;',
        'if (cost === undefined) sum += 0;',
      ],
      ['repairs are free', '      sum += cost;\n', ''],
      ['the last cone counts alone', 'Math.max(excess, yield* excessOf(rows, certificate, cone, k))', '0 * excess + (yield* excessOf(rows, certificate, cone, k))'], // biome-ignore format: one line
      ['what is not finite is taken in groups', 'X.data.every(Number.isFinite) && holdsNumbers(checked)', 'true'],
      ['the upper triangle of M is read', 'units(M.get(i, j))', 'units(M.get(j, i))'],
      ['M of a group is left out of the sum', '      shared.add(M);\n', ''],
    ],
  ),
];
