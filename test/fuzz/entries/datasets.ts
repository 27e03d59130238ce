/** `convex-relu/datasets`, and `convex-relu/relaxed-simd`. */
import * as datasets from '../../../src/datasets/index.js';
import { relaxedKernels } from '../../../src/engine/relaxed.js';
import { Matrix, type Random } from '../../../src/index.js';
import { call, type Entry, numbers } from './entry.js';

const matrix = (rows: number, columns: number, random: Random): Matrix =>
  new Matrix(Float64Array.from(numbers(rows * columns, random)), rows, columns);

const examples = (random: Random) => ({ X: matrix(4, 2, random), Y: datasets.oneHot([0, 1, 0, 1], 2) });
const dataset = (random: Random) => ({ train: examples(random), test: examples(random) });

/** Two images of every digit, of 2 × 2 pixels. */
const digits = (random: Random) => ({
  images: { shape: [20, 2, 2], data: Uint8Array.from({ length: 80 }, () => random.integer(256)) },
  labels: { shape: [20], data: Uint8Array.from({ length: 20 }, (_, k) => k % 10) },
});

const IRIS = ['5.1,3.5,1.4,0.2,Iris-setosa', '6.1,2.9,4.7,1.4,Iris-versicolor', '', '7,3,5,2,Iris-virginica'];

export const DATASETS: readonly Entry[] = [
  { name: 'allExamples', args: (random) => [dataset(random)], call: call(datasets.allExamples) },
  { name: 'formatCsv', args: (random) => [dataset(random)], call: call(datasets.formatCsv) },
  { name: 'oneHot', args: () => [[0, 1, 2, 1], 3], call: call(datasets.oneHot) },
  { name: 'randomHalves', args: (random) => [examples(random), 3], call: call(datasets.randomHalves) },
  { name: 'stratifiedHalves', args: (random) => [examples(random), 3], call: call(datasets.stratifiedHalves) },
  { name: 'scaleByScalars', args: (random) => [dataset(random)], call: call(datasets.scaleByScalars) },
  { name: 'selectExamples', args: (random) => [examples(random), [0, 2]], call: call(datasets.selectExamples) },
  {
    name: 'reduceDigits',
    args: (random) => [digits(random), digits(random), { perDigit: 1, components: 2, seed: 1 }],
    call: call(datasets.reduceDigits),
  },
  {
    name: 'randomTeacher',
    args: () => [1, { rows: 3, features: 2, outputs: 1, neurons: 4 }],
    call: call(datasets.randomTeacher),
  },
  { name: 'spiral', args: () => [1, 4, 3], call: call(datasets.spiral) },
  {
    name: 'parseIdx',
    args: () => [Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9), 'digits.idx'],
    call: call(datasets.parseIdx),
  },
  { name: 'parseUci', args: () => ['iris', IRIS.join('\n'), 'iris.data'], call: call(datasets.parseUci) },
  { name: 'relaxedKernels', args: () => [0], call: call(relaxedKernels) },
];
