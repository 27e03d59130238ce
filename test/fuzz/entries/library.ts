/** `convex-relu` without its long functions. */
import { readFileSync } from 'node:fs';
import * as library from '../../../src/index.js';
import {
  asText,
  BASE,
  call,
  copy,
  type Entry,
  isHonestWork,
  limits,
  matrixLike,
  method,
  numbers,
  partsOf,
  targets,
} from './entry.js';

const { Matrix, Network, Proof, Random } = library;

const isDoubles = (value: unknown): value is Float64Array =>
  ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Float64Array]';

const oldNetwork = (): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL('../../fixtures/models/version-2-numbers.json', import.meta.url), 'utf8')).network;

const saved = (value: object): unknown => JSON.parse(JSON.stringify(value));

/** Everything that can be done with a network, which must not end otherwise because the network is odd. */
function useNetwork(network: library.Network): void {
  const { columns } = network.featureMap;
  const X = Matrix.zeros(2, columns);
  network.predict(X);
  network.predictClass(X);
  network.features(X);
  network.loss(X, Matrix.zeros(2, network.V.rows), 0.1);
  Network.fromJSON(saved(network));
}

const base = { ...BASE, matrix: new Matrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3) };

export const LIBRARY: readonly Entry[] = [
  { name: 'toMatrix', args: (random) => [matrixLike(3, 2, random), 'X'], call: call(library.toMatrix) },
  {
    name: 'Matrix',
    args: (random) => [Float64Array.from(numbers(6, random)), 2, 3],
    call: (args) => {
      const matrix = new Matrix(...(args as [Float64Array, number, number]));
      matrix.transpose().toArray();
      return matrix.clone();
    },
  },
  { name: 'Matrix.zeros', args: () => [2, 3], call: call(Matrix.zeros) },
  { name: 'Matrix#transpose', args: () => [0], call: method(() => base.matrix, 'transpose') },
  { name: 'Matrix#clone', args: () => [0], call: method(() => base.matrix, 'clone') },
  { name: 'Matrix#toArray', args: () => [0], call: method(() => base.matrix, 'toArray') },
  {
    name: 'Random',
    args: () => [5],
    call: ([seed]) => new Random(seed as number).normal(),
  },
  { name: 'Random#uniform', args: () => [0], call: method(() => new Random(1), 'uniform') },
  { name: 'Random#integer', args: () => [7], call: method(() => new Random(1), 'integer') },
  { name: 'Random#normal', args: () => [0], call: method(() => new Random(1), 'normal') },
  {
    name: 'Random#permutation',
    args: () => [7],
    call: ([count]) => (isHonestWork(count) ? undefined : new Random(1).permutation(count as number)),
  },
  {
    name: 'Random#fillNormal',
    args: () => [new Float64Array(3)],
    // It fills what it is given: of a good target a copy.
    call: ([target]) =>
      new Random(1).fillNormal(isDoubles(target) && target.length > 0 ? target.slice() : (target as Float64Array)),
  },
  { name: 'init', args: () => [{ binary: Uint8Array.of(0, 97, 115, 109) }], call: call(library.init) },
  { name: 'criticalWidthBound', args: () => [5, 2], call: call(library.criticalWidthBound) },
  {
    name: 'Network',
    args: (random) => [partsOf((random.uniform() < 0.5 ? BASE.fit : BASE.classifier).network)],
    call: ([parts]) => useNetwork(new Network(parts as never)),
  },
  {
    name: 'Network.fromJSON',
    args: () => [saved(BASE.classifier.network)],
    call: ([json]) => useNetwork(Network.fromJSON(json)),
  },
  {
    name: 'Network#features',
    args: (random) => [matrixLike(3, 2, random)],
    call: method(() => BASE.fit.network, 'features'),
  },
  {
    name: 'Network#predict',
    args: (random) => [matrixLike(3, 2, random)],
    call: method(() => BASE.fit.network, 'predict'),
  },
  {
    name: 'Network#predictClass',
    args: (random) => [matrixLike(3, 2, random)],
    call: method(() => BASE.classifier.network, 'predictClass'),
  },
  {
    name: 'Network#loss',
    args: (random) => [
      matrixLike(3, 2, random),
      random.uniform() < 0.5 ? ['yes', 'no', 'no'] : matrixLike(3, 2, random),
      0.1,
    ],
    call: method(() => BASE.classifier.network, 'loss'),
  },
  { name: 'Network#toJSON', args: () => [''], call: method(() => BASE.fit.network, 'toJSON') },
  {
    name: 'Proof',
    args: (random) => {
      const { checksum, ...parts } = partsOf((random.uniform() < 0.5 ? BASE.fit : BASE.classifier).proof);
      return random.uniform() < 0.5 ? [parts] : [parts, checksum];
    },
    call: (args) => {
      const proof = new Proof(...(args as ConstructorParameters<typeof Proof>));
      Proof.load(proof.save());
      return library.verifyProofSync(BASE.X, BASE.Y, proof);
    },
    check: (result) => boundFault(result),
  },
  { name: 'Proof.fromJSON', args: () => [saved(BASE.fit.proof)], call: call(Proof.fromJSON) },
  {
    name: 'Proof.load',
    args: (random) => [random.uniform() < 0.5 ? saved(BASE.fit.proof) : BASE.fit.proof.save()],
    call: ([proof]) => {
      const text = typeof proof === 'string' ? proof : asText(proof);
      return library.verifyProofSync(BASE.X, BASE.Y, Proof.load(text as string));
    },
    check: (result) => boundFault(result),
  },
  { name: 'Proof#save', args: () => [''], call: method(() => BASE.fit.proof, 'save') },
  { name: 'Proof#toJSON', args: () => [''], call: method(() => BASE.fit.proof, 'toJSON') },
  {
    name: 'readOldProof',
    args: (random) => [oldNetwork(), matrixLike(16, 2, random), matrixLike(16, 1, random), { lowerBound: 0.1 }],
    call: call(library.readOldProof),
  },
  { name: 'estimateCost', args: () => [{ n: 5, d: 2, c: 1 }, 'auto'], call: call(library.estimateCost) },
  { name: 'explain', args: () => [copy(BASE.fit)], call: call(library.explain) },
  {
    name: 'prepareData',
    args: (random) => [matrixLike(4, 2, random), targets(4, random), { reg: 0.1, bias: true, standardize: true }],
    call: call(library.prepareData),
  },
  ...(['verifyProof', 'verifyProofSync'] as const).map((name) => ({
    name,
    args: (random: library.Random) => [
      copy(BASE.X),
      copy(BASE.Y),
      random.uniform() < 0.5 ? copy(BASE.fit.proof) : { ...partsOf(BASE.fit.proof) },
      limits(random),
    ],
    call: call(library[name]),
    check: (result: unknown) => boundFault(result),
  })),
];

/** A proof of the base problem that claims more than the loss of a network there is. */
function boundFault(result: unknown): string | undefined {
  const { valid, lowerBound, reg } = result as library.VerifiedProof;
  if (!Number.isFinite(lowerBound) || lowerBound < 0) return `lower bound ${lowerBound}`;
  if (!valid) return undefined;
  // With a smaller weight decay the same network is cheaper; its loss there bounds what may be claimed.
  const { network } = BASE.fit;
  const weights = [...network.U.data, ...network.V.data].reduce((sum, weight) => sum + weight * weight, 0);
  const loss = BASE.fit.loss + (((reg as number) - BASE.options.reg) / 2) * weights;
  return lowerBound <= loss * (1 + 1e-9) ? undefined : `FALSE BOUND: ${lowerBound} above the loss ${loss}`;
}
