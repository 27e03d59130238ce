// A page without a bundler: the browser build, by its path.
import { createTrainer, Matrix, train, verifyProof } from './node_modules/convex-relu/dist/browser/convex-relu.js';

const X = [
  [1, 0.2],
  [0.3, -1],
  [-0.7, 0.5],
];
const Y = [[1], [0], [0.5]];
const options = { reg: 0.1, tolerance: 1e-4 };
const outcomes = {};

outcomes.import = Matrix.zeros(2, 2).rows === 2 ? 'ok' : 'no Matrix';
const here = await train(X, Y, options);
const { valid, lowerBound } = await verifyProof(X, Y, here.proof);
outcomes.solve = valid && lowerBound <= here.loss ? 'ok' : `bound ${lowerBound}, loss ${here.loss}`;
const trainer = createTrainer();
const there = await trainer.train(X, Y, options);
await trainer.terminate();
outcomes.worker =
  there.loss === here.loss && there.lowerBound === here.lowerBound ? 'ok' : `loss ${there.loss}, not ${here.loss}`;
globalThis.outcomes = outcomes;
