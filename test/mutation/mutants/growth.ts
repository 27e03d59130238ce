/** Faults in growth: the master problem, pricing, the ascent, what is added and dropped. */
import type { Mutant } from '../mutant.js';
import { faults } from './faults.js';

const test = (name: string): string => `test/growth/${name}.test.ts`;
const source = (name: string): string => `src/growth/${name}.ts`;

export const GROWTH_MUTANTS: readonly Mutant[] = [
  ...faults(
    source('dropping'),
    [test('dropping')],
    [
      ['growth drops the neurons with mass and keeps the dead ones', 'mass > least ||', 'mass < least ||'],
      ['near-violators are dropped', ' || values[j] > near', ''],
      ['all dead neurons are near', 'values[j] > near', 'values[j] < near'],
      ['near is above reg', 'reg * (1 - Math.min(', 'reg * (1 + Math.min('],
      ['near is as wide as the violation', 'Math.min(WIDEST_NEAR, ', 'Math.max(WIDEST_NEAR, '],
    ],
  ),
  ...faults(
    source('pricing'),
    [test('pricing')],
    [
      ['the mildest violators are kept', '.sort((a, b) => b.value - a.value)', '.sort((a, b) => a.value - b.value)'],
      ['neurons below reg are violators', 'violator.value <= reg * (1 + CLEAR) ||', 'violator.value <= 0 ||'],
      ['one violator too many is kept', 'kept.length === keep', 'kept.length > keep'],
      ['copies of a violator are kept', 'dot(other, direction) < sameDirection', 'dot(other, direction) < 2'],
      [
        'opposite violators are dropped',
        'dot(other, direction) < sameDirection',
        'Math.abs(dot(other, direction)) < sameDirection',
      ],
      ['the ascent begins at the worst starts', 'values[j] - values[i] || i - j', 'values[i] - values[j] || i - j'],
      ['the exact oracle is asked every time', 'local.violation > LOCAL_SUFFICES &&', 'local.violation > 1e9 &&'],
      [
        'the exact oracle is asked never',
        'this.#roundsWithoutProof < LONGEST_WITHOUT_PROOF',
        'this.#roundsWithoutProof < 1e9',
      ],
      ['the tolerance of the oracle stays', 'this.#tolerance = Math.min(COARSEST, resolved);', ''],
      [
        'the tolerance is never as fine as the gap needs',
        'Math.max(RESOLVED_SHARE * (violation - 1), this.#finest)',
        'Math.max(RESOLVED_SHARE * (violation - 1), 100 * this.#finest)',
      ],
      ['the oracle searches above reg only', 'floor: this.#reg * local.violation', 'floor: this.#reg'],
      ['violations below one are stated', 'Math.max(largest, value / reg), 1)', 'Math.max(largest, value / reg), 0)'],
      ['a search of effort makes one effort', 'batch < effort &&', 'batch < 1 &&'],
    ],
  ),
  ...faults(
    source('ascent'),
    [test('ascent')],
    [
      ['the ascent descends', 'if (trial[j] > squares[j])', 'if (trial[j] < squares[j])'],
      ['inactive rows count in the gradient', 'p[k] = h[k] > 0 ? p[k] : 0', 'p[k] = p[k]'],
      ['directions lose their unit length', '  normalizeColumns(target, d, s);\n', ''],
      ['what was computed for a risen point is not adopted', 'copy(current.H, trial.H);', ''],
    ],
  ),
  ...faults(
    source('atoms'),
    [test('atoms')],
    [
      [
        'new atoms take more than the loss gains',
        'Math.max(length - reg, LEAST_EXCESS * reg)',
        'Math.max(length + reg, LEAST_EXCESS * reg)',
      ],
      ['new atoms do not share', '/ (square * directions.length)', '/ square'],
      [
        'the fit is stated at the zero network',
        'value: problem.loss.value(F, problem)',
        'value: problem.loss.value(F.clone(), { ...problem, Y: F })',
      ],
      ['mass is not the product of both layers', 'V.set(k, j, V.get(k, j) * lengths[j])', 'V.set(k, j, V.get(k, j))'],
      ['the loss counts half the masses', 'value + reg * sum(masses)', 'value + 0.5 * reg * sum(masses)'],
      ['inactive rows respond', 'if (h <= 0) continue;', ''],
    ],
  ),
  ...faults(
    source('master'),
    [test('master')],
    [
      ['the gradient without the weight decay', '(mass - squares[j])', '(-squares[j])'],
      ['converged without complementarity', 'gap <= tolerance * value && violation', 'violation'],
      ['converged although directions violate', ' && violation <= tolerance;', ';'],
      ['steps leave the interior', 'const TO_BOUNDARY = 0.95;', 'const TO_BOUNDARY = 1.2;'],
      [
        'the predictor’s second order is added',
        'tau - product * predicted.eta[j] * predicted.slack[j]',
        'tau + product * predicted.eta[j] * predicted.slack[j]',
      ],
      ['masses are the outputs’ squares', 'Math.sqrt(eta[j]) * entries', 'eta[j] * entries'],
      ['no centring', 'const centring = cubeOf(reached / gap);', 'const centring = 0 * reached;'],
    ],
  ),
  ...faults(
    source('master-block'),
    [test('master')],
    [
      ['the Hessian without its first term', 'reg * (1 - reg * inverse[at])', 'reg * (-reg * inverse[at])'],
      ['the Hessian without its second term', 'reg * (1 - reg * inverse[at])', 'reg'],
      [
        'squares of the first output only',
        'for (let k = j * c; k < (j + 1) * c; k++) squares',
        'for (let k = j * c; k < j * c + 1; k++) squares',
      ],
    ],
  ),
  ...faults(
    source('starts'),
    [test('ascent')],
    [
      [
        'starts are rows of one sign',
        'const sign = this.#random.uniform() < 0.5 ? -1 : 1;',
        'const sign = this.#random.uniform() < 2 ? -1 : 1;',
      ],
      ['whitening with the inverse scale', 's[s.length - 1] / s[k]', 's[k] / s[s.length - 1]'],
    ],
  ),
  ...faults(
    source('grow'),
    [test('grow'), test('counts')],
    [
      ['nothing is dropped', 'this.#drop(R, priced.violation);', ''],
      ['the worst network is kept', 'if (loss < this.#best.loss)', 'if (loss > this.#best.loss)'],
      [
        'the last proof is kept, not the best',
        'if (!this.#proof || lowerBound > this.#proof.lowerBound)',
        'if (!this.#proof || lowerBound < this.#proof.lowerBound)',
      ],
      ['one round too many', 'if (round >= this.#settings.maxRounds)', 'if (round > this.#settings.maxRounds)'],
      [
        'what L-BFGS drove together stays apart',
        'toAtoms(mergeParallel(weights, MERGED, this.#see))',
        'toAtoms(weights)',
      ],
    ],
  ),
];
