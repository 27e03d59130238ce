/** Faults in training networks: the objective, descent, rounding, simplification, elimination. */
import type { Mutant } from '../mutant.js';
import { faults } from './faults.js';

const test = (name: string): string => `test/network/${name}.test.ts`;
const source = (name: string): string => `src/network/${name}.ts`;

export const NETWORK_MUTANTS: readonly Mutant[] = [
  ...faults(
    source('prune'),
    [test('prune')],
    [
      ['elimination keeps the worst attempt', 'candidate.loss < best.loss', 'candidate.loss > best.loss'],
      [
        'the heaviest neurons are tried without',
        '(i, j) => masses[i] - masses[j] || i - j',
        '(i, j) => masses[j] - masses[i] || i - j',
      ],
      [
        'no pairs are merged',
        'const pairs = closestPairs(weights, ATTEMPTS);',
        'const pairs = closestPairs(weights, 0);',
      ],
      [
        'elimination stops one neuron early',
        'widthOf(current.weights) > targetWidth',
        'widthOf(current.weights) > targetWidth + 1',
      ],
      [
        'the smaller networks are not handed out',
        '    current = best;\n    onNetwork(current);',
        '    current = best;',
      ],
      [
        'wide networks lose one neuron at a time',
        'Math.ceil(BATCH_SHARE * excess)',
        'Math.ceil(BATCH_SHARE * Math.min(0, excess))',
      ],
    ],
  ),
  ...faults(
    source('simplify'),
    [test('prune'), test('balance')],
    [
      ['simplification raises the loss', 'if (!(candidate.loss <= best.loss * (1 + ROUND_OFF))) return false;', ''],
      [
        'no neurons are merged',
        'if (widthOf(merged) < widthOf(best.weights) && accept(measure(merged))) break;',
        'if (widthOf(merged) > widthOf(best.weights) && accept(measure(merged))) break;',
      ],
      ['light neurons stay', 'for (const share of LIGHTNESS)', 'for (const share of LIGHTNESS.slice(4))'],
    ],
  ),
  ...faults(
    source('merge'),
    [test('prune'), test('balance')],
    [
      ['the lightest neuron leads', 'masses[j] - masses[i] || i - j', 'masses[i] - masses[j] || i - j'],
      [
        'directions are averaged without their masses',
        'addScaled(u, masses[j], directions.row(j));',
        'addScaled(u, 1, directions.row(j));',
      ],
      ['closeness counts twice', 'seen.row(j), 2 * closeness)', 'seen.row(j), 4 * closeness)'],
      [
        'the farthest pairs are merged',
        '(first, second) => first.distance - second.distance',
        '(first, second) => second.distance - first.distance',
      ],
      ['outputs are not scaled with their directions', 'scaleBy(outputs.row(j), norms[j]);', ''],
    ],
  ),
  ...faults(
    source('balance'),
    [test('balance')],
    [
      ['layers are balanced the wrong way', 'Math.sqrt(normsV[j] / normsU[j])', 'Math.sqrt(normsU[j] / normsV[j])'],
      [
        'neurons that are 0 somewhere are dropped',
        'if (isActive[j] || !(row[j] > 0)) continue;',
        'if (isActive[j] || !(row[j] < 0)) continue;',
      ],
      ['the heavy neurons are dropped', 'mass > threshold', 'mass <= threshold'],
    ],
  ),
  ...faults(
    source('polish'),
    [test('prune')],
    [['polishing that was cut short calls itself complete', 'isComplete = false;', '']],
  ),
  ...faults(
    source('nonnegative-fit'),
    [test('prune')],
    [
      ['weights may be negative', 'Math.max(0, p[i] - slope[i] / M[i * m + i])', 'p[i] - slope[i] / M[i * m + i]'],
      ['slopes are not kept up', 'slope[j] += difference * M[i * m + j];', 'slope[j] += 0;'],
    ],
  ),
  ...faults(
    source('lbfgs'),
    [test('lbfgs')],
    [
      [
        'a step may raise the function',
        'value <= this.value + ARMIJO * t * slope',
        'value <= this.value - ARMIJO * t * slope',
      ],
      ['the two-loop recursion forgets its second loop', 'this.#alpha[k] - beta', 'this.#alpha[k]'],
      ['pairs of negative curvature are kept', 'if (!(sy > Number.EPSILON * yy)) return;', ''],
      [
        'stops at a hundred times the gradient',
        'options.gradientTolerance * Math.max(1',
        '1e6 * options.gradientTolerance * Math.max(1',
      ],
      [
        'judges the decrease by one step',
        'const isJudged = iteration > DECREASE_WINDOW;',
        'const isJudged = iteration > 10 * DECREASE_WINDOW;',
      ],
    ],
  ),
  ...faults(
    source('ridge'),
    [test('objective')],
    [['ridge regression without its ridge', 'reg / weights[k] : reg) + shift', 'reg / weights[k] : 0) + shift']],
  ),
  ...faults(
    source('fit'),
    [test('fit')],
    [
      [
        'the worst start is kept',
        'if (run.simplified.loss < best.loss) best = run.simplified;',
        'if (run.simplified.loss > best.loss) best = run.simplified;',
      ],
    ],
  ),
  ...faults(
    source('rounding/gaussian'),
    [test('rounding')],
    [['Gaussian neurons are m times too large', '1 / Math.sqrt(width)', '1']],
  ),
  ...faults(
    source('rounding/relu-set'),
    [test('rounding')],
    [
      [
        'the smaller of a pair is kept',
        'const keepsAlpha = alpha[k] >= beta[k];',
        'const keepsAlpha = alpha[k] <= beta[k];',
      ],
      [
        'negative entries are kept',
        'Math.max(0, keepsAlpha ? alpha[k] : beta[k])',
        '(keepsAlpha ? alpha[k] : beta[k])',
      ],
    ],
  ),
  ...faults(
    source('rounding/factor'),
    [test('rounding')],
    [['the factor is scaled by eigenvalues, not their roots', 'row[k] *= Math.sqrt(values[k])', 'row[k] *= values[k]']],
  ),
  ...faults(
    source('rounding/lambda-factor'),
    [test('rounding')],
    [
      [
        'v is not divided by reg',
        'algebra.product(1 / reg, transposed(a), part(alpha, n), part(v, c));',
        'algebra.product(1, transposed(a), part(alpha, n), part(v, c));',
      ],
    ],
  ),
  ...faults(
    source('rounding/three-operator'),
    [test('rounding')],
    [
      ['the splitting climbs', 'algebra.product(-2 * this.#step', 'algebra.product(2 * this.#step'],
      ['the linear projection without its half', 'S[k] *= 0.5', 'S[k] *= 1'],
    ],
  ),
  ...faults(
    source('critical-width'),
    [test('critical-width')],
    [['the critical width is one less', 'return n * c + 1;', 'return n * c;']],
  ),
];
