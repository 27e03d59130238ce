/** Calls with damaged arguments, each reproducible by its number, and what must hold of every one of them. */
import { ConvexReluError, InputError, OptionsError, Random, trainSync } from '../../src/index.js';
import { eigh } from '../../src/linalg/index.js';
import { damage } from './damage.js';
import type { Entry } from './entries/entry.js';
import { fingerprint } from './fingerprint.js';
import { CallersError, pick } from './values.js';

export interface Fault {
  readonly kind: 'untyped error' | 'poor error' | 'mutated input' | 'wrong result' | 'later calls poisoned';
  readonly call: number;
  readonly entry: string;
  /** What was damaged. */
  readonly damage: string;
  readonly detail: string;
}

export type Outcome = 'result' | 'error' | 'callers error';

/** Longest message; a piece of somebody's text may be repeated, not all of it. */
const LONGEST_MESSAGE = 2000;

export interface Attempt {
  readonly outcome: Outcome;
  readonly faults: readonly Fault[];
}

/** The entry that call number `call` of a seed is about. */
export function entryOf(entries: readonly Entry[], seed: number, call: number): Entry {
  return chooseEntry(entries, streamOf(seed, call));
}

/** Share of the calls that long functions have. */
const LONG_SHARE = 0.1;

function chooseEntry(entries: readonly Entry[], random: Random): Entry {
  const isLong = random.uniform() < LONG_SHARE;
  const kind = entries.filter((entry) => (entry.isLong === true) === isLong);
  return pick(kind.length > 0 ? kind : entries, random);
}

/** Each call has its own stream, so that it can be made alone. */
const streamOf = (seed: number, call: number): Random => new Random(seed * 2 ** 32 + call);

export async function attempt(entries: readonly Entry[], seed: number, call: number): Promise<Attempt> {
  const random = streamOf(seed, call);
  const entry = chooseEntry(entries, random);
  const args = entry.args(random);
  const what = damage(args, random).join('; ');
  const before = fingerprint(args);
  const faults: Fault[] = [];
  const report = (kind: Fault['kind'], detail: string): void => {
    faults.push({ kind, call, entry: entry.name, damage: what, detail });
  };
  let outcome: Outcome = 'result';
  let result: unknown;
  try {
    result = await entry.call(args);
  } catch (error) {
    outcome = error instanceof CallersError ? 'callers error' : 'error';
    if (outcome === 'error') judgeError(error, report);
  }
  if (fingerprint(args) !== before) report('mutated input', 'the arguments are not what they were');
  if (outcome === 'result' && entry.check) checkResult(entry.check, result, args, report);
  return { outcome, faults };
}

/** A check calls the library again, with the same odd data. */
function checkResult(
  check: NonNullable<Entry['check']>,
  result: unknown,
  args: readonly unknown[],
  report: (kind: Fault['kind'], detail: string) => void,
): void {
  try {
    const fault = check(result, args);
    if (fault !== undefined) report('wrong result', fault);
  } catch (error) {
    if (!(error instanceof CallersError)) report('wrong result', `its check: ${describe(error)}`);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/;

function judgeError(error: unknown, report: (kind: Fault['kind'], detail: string) => void): void {
  if (!(error instanceof ConvexReluError)) {
    report('untyped error', describe(error));
    return;
  }
  const { message, name } = error;
  if (message === '' || name === '' || name === 'ConvexReluError')
    report('poor error', `no name or message: ${describe(error)}`);
  if (message.length > LONGEST_MESSAGE) report('poor error', `${message.length} characters: ${message.slice(0, 200)}`);
  if (CONTROLS.test(message.replaceAll('\n', '')))
    report('poor error', `control characters: ${JSON.stringify(message)}`);
  if (/\bundefined is not\b|\[object Object\]/.test(message)) report('poor error', message);
  const named = error instanceof InputError ? error.argument : error instanceof OptionsError ? error.option : name;
  if (!named) report('poor error', `names no argument: ${message}`);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const at = error.stack?.split('\n').find((line) => line.includes('/src/')) ?? error.stack?.split('\n')[1] ?? '';
  return `${error.name}: ${error.message.slice(0, 200)} ${at.trim()}`;
}

const X = [
  [1, 2],
  [-1, 0.5],
  [0.3, -2],
  [2, 1],
];
const Y = [[1], [0], [2], [-1]];

/** The bits of a solve that has nothing odd in it. */
export function knownGood(): string {
  const { network, loss, lowerBound } = trainSync(X, Y, { reg: 0.1, maxIterations: 6, seed: 1 });
  const { values } = eigh([
    [2, 1],
    [1, 3],
  ]);
  const globals = [Object.prototype, Array.prototype, Function.prototype].map((each) => Reflect.ownKeys(each).length);
  return JSON.stringify([network, loss, lowerBound, [...values], globals]);
}
