/**
 * Not timings: what is known of the paper's larger data sets (../shared, left out when absent) and too large for the tests. Rows and rank after
 * the reductions, the reference accuracies of kernel regression to the last sample, and conjugate gradients on 149 rows of bank notes,
 * where rows used to stick to the boundary and stop every step. Any difference is an error.
 */

import { scoreClasses, tuneThreshold } from '../../paper/cells/scores.js';
import { Matrix } from '../../src/base/matrix.js';
import { nngp, ntk } from '../../src/baselines/index.js';
import { squared } from '../../src/problem/losses/squared.js';
import { reduceProblem } from '../../src/relaxation/reduce.js';
import { solveRelaxationSync } from '../../src/tasks/solve-relaxation.js';
import { sized } from '../harness.js';
import {
  type DatasetName,
  hasSharedData,
  type KernelReference,
  loadDataset,
  loadKernelReferences,
} from '../shared-data.js';

const REDUCED: readonly (readonly [DatasetName, number, number])[] = [
  ['spiral', 57, 2],
  ['iris', 74, 4],
  ['ionosphere', 175, 33],
  ['pima', 383, 8],
  ['banknotes', 676, 4],
];

export async function bench(): Promise<void> {
  if (!hasSharedData()) return;
  for (const [name, n, d] of REDUCED) {
    const { reduced } = reduceProblem({ ...loadDataset(name), reg: 0.1, loss: squared });
    assertEqual(`${name}: rows and rank after the reductions`, [reduced.n, reduced.d], [n, d]);
  }
  for (const reference of loadKernelReferences().slice(0, sized(16, 2))) checkKernel(reference);
  if (!sized(false, true)) checkBankNotes();
}

function checkKernel(reference: KernelReference): void {
  const { dataset, reg, kernel } = reference;
  const { X, Y, XTest, YTest } = loadDataset(dataset);
  if (!XTest || !YTest) throw new Error(`${dataset} has no test rows`);
  const model = { NNGP: nngp, NTK: ntk }[kernel](X, Y, { reg });
  const outputs = model.predict(XTest);
  const { accuracy, threshold } = tuneThreshold(outputs, YTest);
  assertEqual(
    `${kernel} on ${dataset} at ${reg}: accuracy on test and training rows, by the paper's protocol, its threshold`,
    [scoreClasses(outputs, YTest).accuracy, scoreClasses(model.predict(X), Y).accuracy, accuracy, threshold],
    [reference.testAccuracy, reference.trainAccuracy, reference.tunedAccuracy, reference.tunedThreshold],
  );
}

function checkBankNotes(): void {
  const { X, Y } = loadDataset('banknotes');
  const leading = (A: Matrix): Matrix => new Matrix(A.data.slice(0, 149 * A.columns), 149, A.columns);
  const options = { reg: 0.1, tolerance: 1e-3, method: 'cg' } as const;
  const { gap, iterations } = solveRelaxationSync(leading(X), leading(Y), options);
  assertEqual(
    'bank notes, 149 rows: gap of 1e-3 in fewer than 45 iterations',
    [+(gap <= 1e-3 && iterations < 45)],
    [1],
  );
}

/** @throws Error when two figures differ by more than 1e-9 */
function assertEqual(what: string, actual: readonly number[], expected: readonly number[]): void {
  const isEqual =
    actual.length === expected.length && actual.every((value, k) => Math.abs(value - expected[k]) <= 1e-9);
  console.log(`${isEqual ? 'as expected' : 'DIFFERENT'}: ${what}: ${actual.join(', ')}`);
  if (!isEqual) throw new Error(`${what}: expected ${expected.join(', ')}`);
}
