/** The fuzz campaign in short; `npm run fuzz` makes it long (docs/testing.md). That nothing public is left out is tested here too. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startNode } from '../support/spawn.js';
import { allEntries } from './entries/all.js';

const CALLS = 2000;
/** Most of it is for a busy machine. */
const LIMIT_MS = 300_000;

const root = new URL('../../', import.meta.url);

/** What is public and not called, and why. */
const NOT_CALLED: Readonly<Record<string, string>> = {
  'Matrix#get': 'the innermost loops call it: its arguments are not looked at',
  'Matrix#set': 'the innermost loops call it: its arguments are not looked at',
  'Matrix#row': 'the inner loops call it: its argument is not looked at',
  FittedModel: 'is abstract; its heirs are made',
  'FittedModel#predict': "its heirs' are called",
  'FittedModel#predictClass': "its heirs' are called",
  'FittedModel#evaluate': 'is not public',
  'LinearModel#evaluate': 'is not public',
  'KernelRegression#evaluate': 'is not public',
  'GatedNetwork#evaluate': 'is not public',
};

/** Entries of package.json that are no modules with exports: a program for workers, bytes, and a bundle of entries that are here. */
const NO_MODULES = ['./worker-entry', './wasm', './package.json', './browser'];

/** The source that an entry of package.json is compiled from. */
const sourceOf = (entry: unknown): URL =>
  new URL((entry as { default: string }).default.replace('./dist/', 'src/').replace(/\.js$/, '.ts'), root);

/** Every function, class, static and method that a module exports. */
function callables(exported: object): string[] {
  return Object.entries(exported).flatMap(([name, value]) => {
    if (typeof value !== 'function' || value.prototype instanceof Error) return [];
    if (!/^class\b/.test(Function.prototype.toString.call(value))) return [name];
    const methods = ownFunctions(value.prototype).filter((method) => method !== 'constructor');
    return [
      name,
      ...ownFunctions(value).map((method) => `${name}.${method}`),
      ...methods.map((method) => `${name}#${method}`),
    ];
  });
}

const ownFunctions = (holder: object): string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(holder))
    .filter(([, { value }]) => typeof value === 'function')
    .map(([name]) => name);

test('every public function, class and method is called', async () => {
  const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const { entries } = allEntries(new URL('file:///nowhere.mjs'));
  const called = new Set([...entries.map(({ name }) => name), ...Object.keys(NOT_CALLED)]);
  for (const [name, entry] of Object.entries(exports)) {
    if (NO_MODULES.includes(name)) continue;
    const exported = await import(sourceOf(entry).href);
    expect(callables(exported).filter((callable) => !called.has(callable))).toEqual([]);
  }
}, 60_000);

test(`${CALLS} calls with damaged arguments end in results or in errors of the library`, {
  timeout: LIMIT_MS,
}, async () => {
  const script = fileURLToPath(new URL('run.ts', import.meta.url));
  const json = join(tmpdir(), `convex-relu-fuzz-${process.pid}.json`);
  const words = ['--import', 'tsx', script, '--calls', String(CALLS), '--seed', '1', '--json', json];
  const { stdout, stderr } = await startNode(...words).outcome;
  const report = JSON.parse(readFileSync(json, 'utf8'));
  expect(report.faults, `${stdout}${stderr}`).toEqual([]);
  expect(report.outcomes.result).toBeGreaterThan(CALLS / 5);
  expect(report.outcomes.error).toBeGreaterThan(CALLS / 5);
});
