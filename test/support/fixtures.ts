/** The small data sets of the paper with known optima (test/fixtures/README.md): a fresh copy for each caller, in Node and in a page alike. */
import { type Matrix, toMatrix } from '../../src/base/matrix.js';
import iris from '../fixtures/iris.json' with { type: 'json' };
import kernels from '../fixtures/kernels.json' with { type: 'json' };
import optima from '../fixtures/optima.json' with { type: 'json' };
import random0 from '../fixtures/random-0.json' with { type: 'json' };
import random1 from '../fixtures/random-1.json' with { type: 'json' };
import random2 from '../fixtures/random-2.json' with { type: 'json' };
import signed from '../fixtures/signed.json' with { type: 'json' };
import spiral from '../fixtures/spiral.json' with { type: 'json' };

const FIXTURES = { 'random/0': random0, 'random/1': random1, 'random/2': random2, spiral, iris };

export type FixtureName = keyof typeof FIXTURES;

export interface Fixture {
  readonly X: Matrix;
  readonly Y: Matrix;
}

/** The training rows: raw features, one-hot or real targets. */
export const loadFixture = (name: FixtureName): Fixture => ({
  X: toMatrix(FIXTURES[name].X, 'X'),
  Y: toMatrix(FIXTURES[name].Y, 'Y'),
});

/** The other half of Fisher's iris. */
export const irisTest = (): Fixture => ({ X: toMatrix(iris.XTest, 'X'), Y: toMatrix(iris.YTest, 'Y') });

/** Optima of one data set at one reg: training rows, raw features, no bias. */
export interface ReferenceOptimum {
  readonly dataset: string;
  readonly reg: number;
  /** The doubly nonnegative program. */
  readonly relaxation: { readonly value: number; readonly relativeAccuracy: number };
  /** The loss of the best network of any width lies between the two. */
  readonly training: { readonly upper: number; readonly lower: number };
}

export const REFERENCE_OPTIMA: readonly ReferenceOptimum[] = optima.values;

/** What is known of a data set at this reg, if anything. */
export const findOptimum = (dataset: string, reg: number): ReferenceOptimum | undefined =>
  REFERENCE_OPTIMA.find((entry) => entry.dataset === dataset && entry.reg === reg);

/** @throws RangeError when nothing is known */
export function referenceOptimum(dataset: FixtureName, reg: number): ReferenceOptimum {
  const found = findOptimum(dataset, reg);
  if (!found) throw new RangeError(`no reference optimum for ${dataset} at reg ${reg}`);
  return found;
}

/** Accuracies of kernel regression on iris by closed forms: plain argmax, and by the paper's protocol with its threshold. */
export const KERNEL_REFERENCES = kernels.values.map((entry) => ({ ...entry, kernel: entry.kernel as 'NNGP' | 'NTK' }));

/** A small problem of one output, with the optima of two relaxations in one block by CSDP and the best network known. */
export interface SignedReference extends Fixture {
  readonly reg: number;
  readonly free: number;
  readonly signed: number;
  readonly bestNetwork: number;
}

export const SIGNED_REFERENCES: readonly SignedReference[] = signed.problems.map(({ X, Y, ...rest }) => ({
  ...rest,
  X: toMatrix(X, 'X'),
  Y: toMatrix(Y, 'Y'),
}));
