/** A trained network: what it predicts, what it costs, how it is saved. Needs no WebAssembly, and knows nothing of bounds or proofs. */
import type { Check } from '../base/check.js';
import { InputError, OptionsError } from '../base/errors.js';
import { checkMatrix, type Matrix, type MatrixLike, toMatrix } from '../base/matrix.js';
import { show } from '../base/show.js';
import { record } from '../base/untrusted.js';
import { checkFeatureMap, type FeatureMap, mapFeatures } from '../problem/features.js';
import { checkClasses, decodeLabels, type Label } from '../problem/labels.js';
import { DEFAULT_LOSS } from '../problem/losses/named.js';
import type { Targets } from '../problem/targets.js';
import { trainingLoss } from '../problem/training-loss.js';
import { type NetworkJson, parseNetwork, serializeNetwork } from './json.js';
import type { NetworkParts } from './parts.js';
import { predictRelu } from './predict.js';
import { problemOf } from './targets.js';

/**
 * The two-layer ReLU network x ↦ V (Uᵀ φ(x))₊, where φ standardises the features and appends a one, each if trained so.
 */
export class Network {
  /** d×m, d counting the column of ones; acts on standardised features where `scaling` is set. */
  readonly U: Matrix;
  /** c×m. */
  readonly V: Matrix;
  readonly classes: readonly Label[] | undefined;
  readonly featureMap: FeatureMap;

  /** @throws InputError when the parts do not fit together */
  constructor(parts: NetworkParts) {
    const { U: first, V: second, featureMap: map, classes } = record(parts, 'parts') as Partial<NetworkParts>;
    const featureMap = checkFeatureMap(map, 'featureMap');
    const [U, V] = [checkMatrix(first, 'U'), checkMatrix(second, 'V')];
    if (U.columns !== V.columns) {
      throw new InputError('V', `has ${V.columns} columns, but U has ${U.columns}; both need one column per neuron`);
    }
    const inputs = featureMap.columns + (featureMap.bias ? 1 : 0);
    if (U.rows !== inputs) {
      throw new InputError(
        'U',
        `has ${U.rows} rows, but ${inputs} are needed: one per feature${featureMap.bias ? ' and one for the bias' : ''}`,
      );
    }
    if (classes !== undefined) checkClasses(classes, 'classes', V.rows);
    this.U = U;
    this.V = V;
    this.featureMap = featureMap;
    this.classes = classes;
  }

  /** Number of neurons m. */
  get width(): number {
    return this.U.columns;
  }

  /** Whether a column of ones is appended to the features; its weights are then the last row of U. */
  get bias(): boolean {
    return this.featureMap.bias;
  }

  /** The means subtracted from the features and the scales they are divided by; undefined without standardisation. */
  get scaling(): FeatureMap['standardization'] {
    return this.featureMap.standardization;
  }

  /** φ(X): the n×d matrix that U acts on. */
  features(X: MatrixLike): Matrix {
    return mapFeatures(toMatrix(X, 'X'), this.featureMap, 'X');
  }

  /**
   * The outputs, n×c.
   *
   * @param X n rows with the features of the training data, in any accepted form of a matrix
   * @throws InputError when X has another number of columns than in training, or is not finite
   */
  predict(X: MatrixLike): Matrix {
    return predictRelu(this.features(X), this);
  }

  /** For each row the class with the largest output: its label, or its index when the network was trained on targets. */
  predictClass(X: MatrixLike): Label[] {
    return decodeLabels(this.predict(X), this.classes ?? Array.from({ length: this.V.rows }, (_, k) => k));
  }

  /**
   * The training loss ½‖F − Y‖² + reg/2 (‖U‖² + ‖V‖²) on given data (docs/model.md, program 1), F the outputs on X.
   *
   * @param Y n×c targets, or n labels known to the network
   * @throws InputError naming X or Y; OptionsError when reg is not a finite number > 0
   */
  loss(X: MatrixLike, Y: Targets, reg: number): number {
    if (!(Number.isFinite(reg) && reg > 0))
      throw new OptionsError('reg', `expected a finite number > 0, got ${show(reg)}`);
    return trainingLoss(problemOf(this, this.features(X), Y, { reg, loss: DEFAULT_LOSS }), this);
  }

  /** Plain data, exact to the last bit; `JSON.stringify(network)` calls it. */
  toJSON(): NetworkJson {
    return serializeNetwork(this);
  }

  /**
   * The network that `toJSON` described.
   *
   * @param json the parsed JSON, not its text
   * @throws InputError naming the part that is missing or malformed
   */
  static fromJSON(json: unknown): Network {
    return new Network(parseNetwork(json));
  }
}

/** Checks an option that is a network, also one whose fields somebody changed. */
export const isNetwork: Check = (value) => {
  const expected = 'a Network, for example result.network or Network.fromJSON(JSON.parse(text))';
  if (!(value instanceof Network)) return expected;
  try {
    new Network(value);
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return `${expected}, in which ${error.message}`;
    throw error;
  }
};
