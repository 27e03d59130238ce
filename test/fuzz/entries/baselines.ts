/** `convex-relu/baselines`. */

import { nngpKernel } from '../../../src/baselines/arc-cosine.js';
import * as baselines from '../../../src/baselines/index.js';
import type { Random } from '../../../src/index.js';
import { prepareData } from '../../../src/index.js';
import { BASE, call, copy, type Entry, limits, matrixLike, method, targets } from './entry.js';

const fitting =
  (options: Record<string, unknown>) =>
  (random: Random): unknown[] => {
    const n = 2 + random.integer(4);
    return [
      matrixLike(n, 1 + random.integer(2), random),
      targets(n, random),
      { reg: 0.1, bias: random.uniform() < 0.5, standardize: random.uniform() < 0.5, ...options },
    ];
  };

const descending = (random: Random) =>
  fitting({ maxIterations: 20, width: 3, learningRate: 1e-2, seed: 1, ...limits(random) })(random);
const sampling = (random: Random) =>
  fitting({ maxIterations: 10, patterns: 4, tolerance: 1e-2, seed: 1, ...limits(random) })(random);

const linear = baselines.ridge(BASE.X, BASE.labels, BASE.options.reg ? { reg: 0.1 } : {});
const kernel = baselines.nngp(BASE.X, BASE.labels, { reg: 0.1 });
const gated = baselines.gatedReluSync(BASE.X, BASE.Y, { reg: 0.1, patterns: 4, maxIterations: 10 }).model;

const predicting = (random: Random): unknown[] => [matrixLike(3, 2, random)];

const trainingData = (): object => {
  const { problem, ...rest } = prepareData(BASE.X, BASE.Y, { reg: 0.1 });
  const { loss, ...numbers } = problem;
  return { ...copy(rest), problem: { ...copy(numbers), loss } };
};

const use = (model: baselines.FittedModel): void => {
  model.predict(BASE.X);
  model.predictClass(BASE.X);
};

const models = { LinearModel: linear, KernelRegression: kernel, GatedNetwork: gated };

export const BASELINES: readonly Entry[] = [
  { name: 'adam', isLong: true, args: descending, call: call(baselines.adam) },
  { name: 'adamSync', isLong: true, args: descending, call: call(baselines.adamSync) },
  { name: 'sgd', isLong: true, args: descending, call: call(baselines.sgd) },
  { name: 'sgdSync', isLong: true, args: descending, call: call(baselines.sgdSync) },
  { name: 'frankWolfe', isLong: true, args: sampling, call: call(baselines.frankWolfe) },
  {
    name: 'frankWolfeSync',
    isLong: true,
    args: (random) => {
      const args = sampling(random);
      return [args[0], args[1], { ...(args[2] as object), budget: 2 }];
    },
    call: call(baselines.frankWolfeSync),
  },
  { name: 'gatedRelu', isLong: true, args: sampling, call: call(baselines.gatedRelu) },
  { name: 'gatedReluSync', isLong: true, args: sampling, call: call(baselines.gatedReluSync) },
  { name: 'copositiveRelaxation', isLong: true, args: sampling, call: call(baselines.copositiveRelaxation) },
  { name: 'copositiveRelaxationSync', isLong: true, args: sampling, call: call(baselines.copositiveRelaxationSync) },
  { name: 'ridge', args: fitting({}), call: call(baselines.ridge) },
  { name: 'nngp', args: fitting({}), call: call(baselines.nngp) },
  { name: 'ntk', args: fitting({}), call: call(baselines.ntk) },
  {
    name: 'compare',
    isLong: true,
    args: (random) => {
      const [X, Y, options] = fitting({ methods: ['ridge', 'nngp', 'sgd'], splits: 1, trainShare: 0.5, seed: 3 })(
        random,
      );
      return [X, Y, { ...(options as object), ...limits(random) }];
    },
    call: call(baselines.compare),
  },
  {
    name: 'LinearModel',
    args: () => [trainingData(), copy(linear.W)],
    call: (args) =>
      use(new baselines.LinearModel(...(args as never as ConstructorParameters<typeof baselines.LinearModel>))),
  },
  {
    name: 'KernelRegression',
    args: () => [trainingData(), nngpKernel, copy(BASE.fit.problem.Y)],
    call: (args) =>
      use(
        new baselines.KernelRegression(...(args as never as ConstructorParameters<typeof baselines.KernelRegression>)),
      ),
  },
  {
    name: 'GatedNetwork',
    args: () => [trainingData(), copy(gated.gates), copy(gated.W)],
    call: (args) =>
      use(new baselines.GatedNetwork(...(args as never as ConstructorParameters<typeof baselines.GatedNetwork>))),
  },
  ...Object.entries(models).flatMap(([name, model]) => [
    { name: `${name}#predict`, args: predicting, call: method(() => model, 'predict') },
    { name: `${name}#predictClass`, args: predicting, call: method(() => model, 'predictClass') },
  ]),
];
