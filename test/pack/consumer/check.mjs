// What every row of the matrix does with the installed package: a real solve, its certificate checked again, and the same
// solve in a worker. Runs in runtimes as it is and in browsers through each bundler.
import { Network, OptionsError, Proof, Random, solveRelaxation, train, verifyProof } from 'convex-relu';
import { eigh } from 'convex-relu/linalg';
import { createPool, createTrainer } from 'convex-relu/worker';

const random = new Random(1);
const X = Array.from({ length: 6 }, () => [random.normal(), random.normal()]);
const Y = X.map(([x1, x2]) => [Math.max(0, x1 + x2)]);
const options = { reg: 0.1, tolerance: 1e-4 };

export function checkImport() {
  const { values } = eigh([
    [2, 1],
    [1, 2],
  ]);
  expect(Math.abs(values[0] - 1) < 1e-12 && Math.abs(values[1] - 3) < 1e-12, `eigenvalues ${values}`);
}

export async function checkSolve() {
  const fit = await train(X, Y, options);
  expect(fit.lowerBound > 0 && fit.lowerBound <= fit.loss, `bound ${fit.lowerBound}, loss ${fit.loss}`);
  const { lowerBound, valid, reason } = await verifyProof(X, Y, Proof.load(fit.proof.save()));
  expect(valid && lowerBound === fit.lowerBound, `verified ${lowerBound}, not ${fit.lowerBound}: ${reason}`);
  const reloaded = Network.fromJSON(JSON.parse(JSON.stringify(fit.network)));
  expect(reloaded.loss(X, Y, options.reg) === fit.network.loss(X, Y, options.reg), 'a saved network has another loss');
}

export async function checkWorker() {
  const here = await solveRelaxation(X, Y, options);
  const trainer = createTrainer();
  const there = await trainer.solveRelaxation(X, Y, options);
  expect(there.lowerBound === here.lowerBound && there.value === here.value, `${there.value}, not ${here.value}`);
  const error = await trainer.train(X, Y, { reg: -1 }).catch((caught) => caught);
  expect(error instanceof OptionsError && error.option === 'reg', `the error was ${error}`);
  const pool = createPool({ size: 2 });
  const values = await pool.map([0.1, 0.2], (each, reg) => each.solveRelaxation(X, Y, { ...options, reg }));
  expect(values[0].value === here.value && values[1].value > here.value, 'the pool gives other values');
  await pool.terminate();
  // The trainer is left as it is: idle, it must not keep a process alive.
}

function expect(holds, message) {
  if (!holds) throw new Error(message);
}
