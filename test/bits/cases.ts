/** Small runs of everything in the library that computes, each from seeds and constants alone. */

import * as elementary from '../../src/base/elementary.js';
import * as baselines from '../../src/baselines/index.js';
import * as datasets from '../../src/datasets/index.js';
import * as library from '../../src/index.js';
import * as linalg from '../../src/linalg/index.js';
import { callOfEach } from '../tasks/cases.js';

const SEED = 7;
const REG = 0.1;
const METHODS = ['dense', 'cg', 'hybrid', 'admm'] as const;
const ROUNDINGS = ['gaussian', 'nearest-cone', 'three-operator', 'eigenvectors'] as const;
const TOLERANCES = { dense: 1e-6, cg: 1e-3, hybrid: 1e-5, admm: 1e-2 } as const;

/** By its name what each case computes; everything but what ran out on a clock counts. */
export function cases(): Readonly<Record<string, () => unknown>> {
  const random = datasets.randomTeacher(SEED, { rows: 16, features: 3, outputs: 2, neurons: 20 });
  const spiral = datasets.spiral(SEED, 6);
  const reg = REG;
  const tasks = { ...library } as unknown as Readonly<Record<string, (...call: readonly unknown[]) => unknown>>;
  const calls = Object.entries(callOfEach()).map(([name, call]) => {
    return [name, () => tasks[`${name}Sync`](...call)] as const;
  });
  return {
    'elementary functions': ofElementary,
    'random numbers': ofRandom,
    'data sets': () => [
      random,
      spiral,
      datasets.stratifiedHalves(spiral, SEED),
      datasets.scaleByScalars(datasets.randomHalves(random, SEED)),
    ],
    'linear algebra': ofLinearAlgebra,
    ...Object.fromEntries(calls),
    'train, spiral': () => ofTraining(spiral.X, spiral.Y),
    'train, random': () => ofTraining(random.X, random.Y),
    ...Object.fromEntries(
      METHODS.map((method) => [
        `relaxation, ${method}`,
        () => library.solveRelaxationSync(random.X, random.Y, { reg, method, tolerance: TOLERANCES[method] }),
      ]),
    ),
    ...Object.fromEntries(
      ROUNDINGS.map((rounding) => [
        `rounding, ${rounding}`,
        () => library.trainSync(spiral.X, spiral.Y, { reg, rounding: [rounding], maxWidth: 3, seed: SEED }).loss,
      ]),
    ),
    'growth, 2 columns': () => library.growNetworkSync(spiral.X, spiral.Y, { reg: 0.01, tolerance: 1e-6 }),
    'growth, 3 columns': () => library.growNetworkSync(random.X, random.Y, { reg, tolerance: 1e-3 }),
    'gradient descent': () => {
      const options = { reg, width: 6, maxIterations: 40, seed: SEED };
      return [baselines.adamSync(random.X, random.Y, options), baselines.sgdSync(random.X, random.Y, options)];
    },
    'convex baselines': () => {
      const options = { reg, maxIterations: 20, seed: SEED };
      return [
        baselines.gatedReluSync(random.X, random.Y, options),
        baselines.frankWolfeSync(random.X, random.Y, options),
        baselines.copositiveRelaxationSync(spiral.X, spiral.Y, { reg, maxIterations: 3, seed: SEED }),
      ];
    },
    'closed forms': () =>
      [baselines.nngp, baselines.ntk, baselines.ridge].map((method) =>
        method(random.X, random.Y, { reg, bias: true, standardize: true }).predict(random.X),
      ),
  };
}

/** What is trained, its predictions, and what is saved of it. */
function ofTraining(X: library.MatrixLike, Y: library.Targets): unknown {
  const result = library.trainSync(X, Y, { reg: REG, bias: true, standardize: true, seed: SEED });
  const { proof, network } = result;
  return [result, network.predict(X), JSON.stringify(network), proof.save(), library.verifyProofSync(X, Y, proof)];
}

function ofElementary(): unknown {
  const points = Array.from({ length: 4001 }, (_, k) => (k - 2000) / 167);
  return [
    points.map((x) => [elementary.exp(x), elementary.sin(x), elementary.cos(x), elementary.log(Math.abs(x))]),
    points.map((x) => [elementary.acos(x / 12), elementary.hypot(x, 1 / x), elementary.integerPower(x, 7)]),
    points.map((x) => [elementary.squareOf(x), elementary.cubeOf(x), x.toPrecision(12), String(x)]),
    Array.from({ length: 600 }, (_, k) => elementary.powerOfTen(k - 300)),
    Array.from({ length: 2200 }, (_, k) => elementary.powerOfTwo(k - 1100)),
    // The only powers that the sources leave to the host.
    [2 ** 53, 2 ** 100, 2 ** -46, 2 ** -500, 2 ** -900, 2 ** -1000, 2 ** -1022],
  ];
}

function ofRandom(): unknown {
  const random = new library.Random(SEED);
  return [
    Array.from({ length: 500 }, () => [random.uniform(), random.normal(), random.integer(1000)]),
    random.permutation(300),
  ];
}

function ofLinearAlgebra(): unknown {
  return [5, 24, 70].map((n) => {
    const random = new library.Random(n);
    const A = new linalg.Matrix(random.fillNormal(new Float64Array(n * n)), n, n);
    const G = linalg.gram(A);
    const indefinite = new linalg.Matrix(
      G.data.map((value, k) => (k % (n + 1) === 0 ? value - n : value)),
      n,
      n,
    );
    return [
      linalg.eigh(G),
      linalg.eigvalsh(G),
      linalg.cholesky(G),
      linalg.matmul(A, G),
      linalg.smallestEigenvalue(G),
      linalg.projectPsd(indefinite),
      linalg.projectDnn(indefinite, Math.floor(n / 2)),
    ];
  });
}
