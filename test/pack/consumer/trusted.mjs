// A page that requires Trusted Types: the worker's address is given, and the page allows the policy 'convex-relu'.
import { createTrainer, Matrix, train } from './node_modules/convex-relu/dist/browser/convex-relu.js';

const X = [[1], [0.3], [-0.7]];
const Y = [[1], [0], [0.5]];
const outcomes = {};
outcomes.import = Matrix.zeros(2, 2).rows === 2 ? 'ok' : 'no Matrix';
const here = await train(X, Y, { reg: 0.1 });
const withoutUrl = createTrainer();
const refusal = await withoutUrl.train(X, Y, { reg: 0.1 }).catch((error) => error);
outcomes.solve = refusal.name === 'WorkerError' && /url/.test(refusal.message) ? 'ok' : `without url: ${refusal}`;
const trainer = createTrainer({ url: './node_modules/convex-relu/dist/browser/worker-entry.js' });
const there = await trainer.train(X, Y, { reg: 0.1 });
await trainer.terminate();
outcomes.worker = there.loss === here.loss ? 'ok' : `loss ${there.loss}, not ${here.loss}`;
globalThis.outcomes = outcomes;
