// npm run bits: runs test/bits/program.ts on every runtime and compares the bits of its results. Prints a fingerprint by case and runtime;
// exits non-zero when one differs from that of this Node, or a runtime is missing.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { readFromPage } from '../pack/browser.mjs';
import { binaryIn, installTools, root, run } from '../pack/support.mjs';

/** The program takes ten seconds; a busy machine may have less than a core for it. */
const TIMEOUT_MS = 300_000;

const folder = join(root, '.pack', 'bits');
const program = join(folder, 'program.js');

await build({
  entryPoints: [join(root, 'test', 'bits', 'program.ts')],
  outfile: program,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  logLevel: 'warning',
});

const packages = join(await installTools(), 'node_modules');
const node22 = readdirSync(packages).find((name) => /^node-(bin-)?(darwin|linux)-/.test(name));
/** A runtime by its name: what gives the fingerprints, once the program has run there. */
const PROCESSES = {
  [`Node ${process.versions.node}`]: () => printed(process.execPath, [program]),
  'Node 22': () => printed(join(packages, node22 ?? 'node-22', 'bin', 'node'), [program]),
  Deno: () => printed(binaryIn(join(packages, '@deno'), 'deno'), ['run', '--no-prompt', program]),
  Bun: () => printed(binaryIn(join(packages, '@oven'), join('bin', 'bun')), [program]),
};
const PAGES = { Chromium: () => readFromPage(folder, '/?script=/program.js', () => globalThis.outcomes, TIMEOUT_MS) };

// The processes at once, and the page by itself: its time is shorter.
const answers = [...(await allOf(PROCESSES)), ...(await allOf(PAGES))];
const missing = answers.filter(([, outcomes]) => outcomes === undefined).map(([name]) => name);
const results = Object.fromEntries(answers.filter(([, outcomes]) => outcomes !== undefined));

const [reference = {}, ...others] = Object.values(results);
const columns = Object.keys(results);
const width = Math.max(...Object.keys(reference).map((name) => name.length)) + 2;
console.log(`${''.padEnd(width)}${columns.map((name) => name.padEnd(25)).join('')}`);
let differences = 0;
for (const [name, expected] of Object.entries(reference)) {
  const cells = others.map((outcomes) => (outcomes[name] === expected ? 'same' : `${outcomes[name]} DIFFERS`));
  differences += cells.filter((cell) => cell !== 'same').length;
  console.log(`${name.padEnd(width)}${[expected, ...cells].map((cell) => cell.padEnd(25)).join('')}`);
}
console.log(
  differences + missing.length === 0
    ? `\nthe same bits on all ${columns.length}`
    : `\n${differences} differ${missing.length > 0 ? `, no result from ${missing.join(', ')}` : ''}`,
);
process.exitCode = differences + missing.length === 0 ? 0 : 1;

/** The fingerprints from each runtime by name; undefined where there are none, and why is printed. */
function allOf(runtimes) {
  return Promise.all(
    Object.entries(runtimes).map(async ([name, start]) => {
      try {
        return [name, await start()];
      } catch (error) {
        console.error(`${name}: ${error.message}\n`);
        return [name, undefined];
      }
    }),
  );
}

async function printed(program, args) {
  if (!existsSync(program)) throw new Error(`${program} is not installed`);
  return JSON.parse(await run(program, args, { timeout: TIMEOUT_MS }));
}
