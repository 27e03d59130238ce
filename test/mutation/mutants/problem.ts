/** Faults in the problem and its forms: losses, programs, features, labels. */
import type { Mutant } from '../mutant.js';
import { faults } from './faults.js';

const test = (name: string): string => `test/problem/${name}.test.ts`;
const source = (name: string): string => `src/problem/${name}.ts`;

export const PROBLEM_MUTANTS: readonly Mutant[] = [
  ...faults(
    source('training-loss'),
    [test('programs')],
    [
      ['the weight decay is not halved', '(reg / 2) * (sumOfSquares(U.data)', 'reg * (sumOfSquares(U.data)'],
      ['the second layer does not decay', ' + sumOfSquares(V.data))', ')'],
      ['beta is not rectified', 'Math.max(0, -sum[j])', '-sum[j]'],
    ],
  ),
  ...faults(
    source('kernel-form'),
    [test('programs')],
    [
      ['the kernel form without tr D', 'value += G.get(u + k, u + k);', 'value += 0;'],
      ['beta is alpha plus X u', '-X.get(i, k));', 'X.get(i, k));'],
      ['the dual point is not scaled by reg', 'reg * entry', 'entry'],
    ],
  ),
  ...faults(
    source('features'),
    ['test/problem/features.test.ts', test('data')],
    [
      ['standardisation multiplies', '(row[j] - means[j]) / scales[j]', '(row[j] - means[j]) * scales[j]'],
      ['the sample’s standard deviation', 'Math.sqrt(squares / X.rows)', 'Math.sqrt(squares / (X.rows - 1))'],
      ['no column of ones', 'if (map.bias) row[X.columns] = 1;', ''],
    ],
  ),
  ...faults(
    source('labels'),
    [test('data')],
    [['classes in the order of their appearance', '.sort((first, second) => (first < second ? -1 : 1))', '']],
  ),
  ...faults(
    source('losses/squared'),
    ['test/problem/losses/losses.test.ts'],
    [
      ['the squared loss without its half', 'return sum / 2;', 'return sum;'],
      [
        'the gradient points the other way',
        'weight * (f[k] - y[k]);\n    }\n  },\n\n  conjugate(',
        'weight * (y[k] - f[k]);\n    }\n  },\n\n  conjugate(',
      ],
      ['merged rows are averaged', 'length = Math.sqrt(square)', 'length = square'],
    ],
  ),
];
