/** The options of training and solving: one flat type, one table of defaults, one check per option. */
import { OptionsError } from './errors.js';
import type { Checkpoint, RunLimits } from './types.js';

/**
 * How the relaxation is solved, by the interior point: `'dense'` with a dense Cholesky factorisation, `'cg'` with preconditioned
 * conjugate gradients (little memory, to about 1e-4), `'hybrid'` with the second and then the first, `'auto'` by size. `'admm'` is the
 * simple first-order method: one eigendecomposition an iteration, thousands of iterations, for comparison.
 */
export const METHODS = ['auto', 'dense', 'cg', 'hybrid', 'admm'] as const;
export type Method = (typeof METHODS)[number];

/** How the relaxation's solution is turned into neurons to start from (docs/algorithm.md). */
export const ROUNDINGS = ['gaussian', 'nearest-cone', 'three-operator', 'eigenvectors'] as const;
export type RoundingName = (typeof ROUNDINGS)[number];

/** Every option may be left out; DEFAULT_OPTIONS then holds. */
export interface Options extends RunLimits {
  /** Weight decay: the factor of ½(‖U‖² + ‖V‖²) in the training loss; > 0. */
  readonly reg?: number | undefined;
  /** Append a column of ones to X, as the paper does; its weights are regularised like all others. */
  readonly bias?: boolean | undefined;
  /** Subtract each feature's training mean and divide by its standard deviation, in training and in prediction. */
  readonly standardize?: boolean | undefined;
  /** Relative gap (value − lowerBound) / value of the relaxation at which the solver stops; in (0, 1). */
  readonly tolerance?: number | undefined;
  /** Iterations of the solver after which it returns what it has; a whole number ≥ 0. */
  readonly maxIterations?: number | undefined;
  /** How the relaxation is solved. */
  readonly method?: Method | undefined;
  /** Rounding of the relaxation's solution, or several to try; the best network is kept. */
  readonly rounding?: RoundingName | readonly RoundingName[] | undefined;
  /** Most neurons the network may have; a whole number ≥ 1, or Infinity. */
  readonly maxWidth?: number | undefined;
  /** Receives the state of the relaxation's solve (by the interior point) before every iteration; copying it costs far less than the iteration. */
  readonly onCheckpoint?: ((checkpoint: Checkpoint) => void) | undefined;
  /** Continues the relaxation's solve of the same problem from such a state, bit for bit. */
  readonly resume?: Checkpoint | undefined;
  /** Seed of every random choice; a whole number in [0, 2⁵³). The same seed gives the same bits. */
  readonly seed?: number | undefined;
}

/** Options with every default filled in. */
export type ResolvedOptions = {
  readonly [K in keyof Options]-?: K extends keyof RunLimits | 'onCheckpoint' | 'resume'
    ? Options[K]
    : Exclude<Options[K], undefined>;
};

export const DEFAULT_OPTIONS: ResolvedOptions = Object.freeze({
  reg: 0.1,
  bias: false,
  standardize: false,
  tolerance: 1e-3,
  maxIterations: 200,
  method: 'auto',
  rounding: 'gaussian',
  maxWidth: Number.POSITIVE_INFINITY,
  seed: 0,
  onCheckpoint: undefined,
  resume: undefined,
  onProgress: undefined,
  signal: undefined,
  stopSignal: undefined,
  timeLimitMs: undefined,
});

/** Says what an option must be; undefined when the value is fine. */
export type Check = (value: unknown) => string | undefined;

const isNumber = (value: unknown): value is number => typeof value === 'number';

const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
export const positive: Check = (value) =>
  isNumber(value) && value > 0 && Number.isFinite(value) ? undefined : 'a finite number > 0, for example 0.1';
const fraction: Check = (value) =>
  isNumber(value) && value > 0 && value < 1 ? undefined : 'a number between 0 and 1, for example 1e-3';
const count: Check = (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : 'a whole number ≥ 0');
export const width: Check = (value) =>
  value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && Number(value) >= 1)
    ? undefined
    : 'a whole number ≥ 1, or Infinity';
const duration: Check = (value) => (isNumber(value) && value >= 0 ? undefined : 'a number of milliseconds ≥ 0');
const callback: Check = (value) => (typeof value === 'function' ? undefined : 'a function');
const checkpoint: Check = (value) =>
  typeof value === 'object' && value !== null && 'version' in value && value.version === 1
    ? undefined
    : 'a checkpoint from onCheckpoint';
const abortSignal: Check = (value) => {
  const isSignal = typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
  return isSignal ? undefined : "an AbortSignal, for example AbortSignal.timeout(1000) or an AbortController's signal";
};
const oneOf =
  (choices: readonly string[]): Check =>
  (value) =>
    choices.some((choice) => choice === value) ? undefined : `one of ${choices.map(quote).join(', ')}`;

const someOf =
  (choices: readonly string[]): Check =>
  (value) => {
    const given: readonly unknown[] = Array.isArray(value) ? value : [value];
    const isFine = given.length > 0 && given.every((name) => choices.some((choice) => choice === name));
    return isFine ? undefined : `one of ${choices.map(quote).join(', ')}, or an array of these`;
  };

/** One check per option of a family of functions. */
export type OptionChecks<T> = { readonly [K in keyof T]-?: Check };

export const OPTION_CHECKS: OptionChecks<ResolvedOptions> = {
  reg: positive,
  bias: boolean,
  standardize: boolean,
  tolerance: fraction,
  maxIterations: count,
  method: oneOf(METHODS),
  rounding: someOf(ROUNDINGS),
  maxWidth: width,
  seed: count,
  onCheckpoint: callback,
  resume: checkpoint,
  onProgress: callback,
  signal: abortSignal,
  stopSignal: abortSignal,
  timeLimitMs: duration,
};

/**
 * Checks the options and fills in the defaults; an option that is undefined counts as left out.
 *
 * @throws OptionsError for an unknown option (naming the nearest known one), a wrong type or a value out of range
 */
export function resolveOptions(options: Options = {}): ResolvedOptions {
  return checkOptions(options, DEFAULT_OPTIONS, OPTION_CHECKS);
}

/** `resolveOptions` for any family of options: those of `checks`, with their defaults. */
export function checkOptions<T extends object>(
  options: { readonly [K in keyof T]?: T[K] | undefined },
  defaults: T,
  checks: OptionChecks<T>,
): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OptionsError('options', `expected an object such as { reg: 0.1 }, got ${show(options)}`);
  }
  const known: Readonly<Record<string, Check>> = checks;
  const given = Object.entries(options as Readonly<Record<string, unknown>>).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known);
      throw new OptionsError(
        name,
        `is not an option; did you mean ${nearest(name, names)}? The options are ${names.join(', ')}`,
      );
    }
    const expected = known[name](value);
    if (expected !== undefined) throw new OptionsError(name, `expected ${expected}, got ${show(value)}`);
  }
  return Object.freeze({ ...defaults, ...Object.fromEntries(given) });
}

function nearest(name: string, names: readonly string[]): string {
  const typed = name.toLowerCase();
  /** A common beginning counts double, so that a word and its abbreviation are near. */
  const distance = (known: string) =>
    editDistance(typed, known.toLowerCase()) - 2 * commonPrefix(typed, known.toLowerCase());
  return names.reduce((best, known) => (distance(known) < distance(best) ? known : best));
}

function commonPrefix(first: string, second: string): number {
  let length = 0;
  while (length < first.length && first[length] === second[length]) length++;
  return length;
}

/** Levenshtein distance: the fewest insertions, deletions and substitutions that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substitution = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}

const quote = (text: string): string => `'${text}'`;

function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
