/** What is called: one function, method or constructor, with a way to make valid arguments for it. */
import { Matrix, Network, Proof, Random, solveRelaxationSync, trainSync } from '../../../src/index.js';
import type { Checkpoint } from '../../../src/relaxation/state.js';
import { pick } from '../values.js';

export interface Entry {
  /** The export it is about, as `function`, `Class`, `Class.static` or `Class#method`. */
  readonly name: string;
  /** Called less often: it takes long. */
  readonly isLong?: boolean;
  /** Valid arguments, made anew. */
  args(random: Random): unknown[];
  call(args: unknown[]): unknown;
  /** What is wrong with a result, in words. */
  check?(result: unknown, args: readonly unknown[]): string | undefined;
}

// biome-ignore lint/complexity/noBannedTypes: any function is called here, with arguments that are not meant for it
type AnyFunction = Function;

export const call =
  (target: AnyFunction) =>
  (args: unknown[]): unknown =>
    target(...args);

/** Calls a method of a receiver that is valid. */
export const method =
  <T extends object>(receiver: () => T, name: keyof T) =>
  (args: unknown[]): unknown => {
    const object = receiver();
    return (object[name] as AnyFunction).apply(object, args);
  };

export const numbers = (count: number, random: Random): number[] =>
  Array.from({ length: count }, () => random.normal());

/** A matrix in one of the accepted forms. */
export function matrixLike(rows: number, columns: number, random: Random): unknown {
  const table = Array.from({ length: rows }, () => numbers(columns, random));
  switch (random.integer(6)) {
    case 0:
      return table.map((row) => Float64Array.from(row));
    case 1:
      return { data: table.flat(), rows, columns };
    case 2:
      return new Matrix(Float64Array.from(table.flat()), rows, columns);
    case 3:
      return { rows, columns, get: (i: number, j: number) => table[i][j] };
    default:
      return table;
  }
}

export const symmetric = (n: number, random: Random): number[][] => {
  const A = Array.from({ length: n }, () => numbers(n, random));
  return A.map((row, i) => row.map((_, j) => (A[i][j] + A[j][i]) / 2));
};

/** Targets for n rows: numbers or labels. */
export function targets(n: number, random: Random): unknown {
  switch (random.integer(6)) {
    case 0:
      return Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 'a' : 'b'));
    case 1:
      return { labels: Array.from({ length: n }, (_, i) => i % 2) };
    case 2:
      return Array.from({ length: n }, (_, i) => i % 2 === 0);
    case 3:
      return numbers(n, random);
    default:
      return matrixLike(n, 1 + random.integer(2), random);
  }
}

/** Limits that keep a call short, now and then with all that may be given. */
export function limits(random: Random): Record<string, unknown> {
  const some: Record<string, unknown> = { timeLimitMs: 100 };
  if (random.uniform() < 0.3) some.onProgress = () => {};
  if (random.uniform() < 0.3) some.signal = new AbortController().signal;
  if (random.uniform() < 0.2) some.stopSignal = pick([new AbortController().signal, AbortSignal.abort()], random);
  return some;
}

/** The problem that receivers, proofs and checkpoints are about. */
export const BASE = (() => {
  const random = new Random(7);
  const X = Array.from({ length: 5 }, () => numbers(2, random));
  const Y = X.map(([x, y]) => [Math.abs(x) - y]);
  const labels = X.map(([x]) => (x > 0 ? 'yes' : 'no'));
  const options = { reg: 0.1, bias: true, standardize: true, maxIterations: 8 };
  const fit = trainSync(X, Y, options);
  const classifier = trainSync(X, labels, options);
  let checkpoint: Checkpoint | undefined;
  solveRelaxationSync(X, Y, {
    reg: 0.1,
    maxIterations: 3,
    onCheckpoint: (state) => {
      checkpoint = state;
    },
  });
  if (checkpoint === undefined) throw new Error('no checkpoint was made');
  return { X, Y, labels, options, fit, classifier, checkpoint };
})();

/** A copy that may be damaged; classes of the library are made anew. */
export function copy<T>(value: T): T {
  if (value instanceof Matrix) return value.clone() as T;
  if (value instanceof Network) return Network.fromJSON(JSON.parse(JSON.stringify(value))) as T;
  if (value instanceof Proof) return Proof.load(value.save()) as T;
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (Array.isArray(value)) return value.map(copy) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, copy(entry)]);
  return Object.fromEntries(entries) as T;
}

/** The parts of an object whose fields are its parts, as a plain object. */
export const partsOf = (value: object): Record<string, unknown> => copy({ ...value });

/** As it would lie in a file, if it can be written at all. */
export function asText(value: unknown): unknown {
  try {
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

/** Whether somebody asks for what can be done, but takes long: that is no fault. */
export const isHonestWork = (count: unknown): boolean => typeof count === 'number' && count > 1e6 && count < 2 ** 31;
