// npm run test:pack: packs the repository, installs the tarball in a fresh folder and tries it everywhere it should work.
// Prints the matrix of runtimes and bundlers × (import, solve, worker); exits non-zero when any cell is red.
// --no-build packs dist/ as it lies there.
import { join } from 'node:path';
import { hasChromium, runInBrowser } from './browser.mjs';
import { bundlers } from './bundlers.mjs';
import { exampleChecks } from './examples.mjs';
import { packageChecks } from './package-checks.mjs';
import { binaryIn, installConsumer, installTools, pack, run } from './support.mjs';

const COLUMNS = ['import', 'solve', 'worker'];
const failures = [];
let skipped = 0;

const tarball = await pack(!process.argv.includes('--no-build'));
const [consumer, tools] = [await installConsumer(tarball), await installTools()];
console.log(`${tarball} installed in ${consumer}\n`);

for (const [name, check] of Object.entries(packageChecks(tarball, consumer))) {
  console.log(`${name.padEnd(24)}${await attempt(name, check)}`);
}

printRow('', COLUMNS);
const deno = binaryIn(join(tools, 'node_modules', '@deno'), 'deno');
const bun = binaryIn(join(tools, 'node_modules', '@oven'), join('bin', 'bun'));
await tryRuntime('node', (check) => run(process.execPath, ['runtime.mjs', check], { cwd: consumer }));
await tryRuntime('deno, no permissions', (check) =>
  run(deno, ['run', '--no-prompt', 'runtime.mjs', check], { cwd: consumer }),
);
await tryRuntime('bun', (check) => run(bun, ['runtime.mjs', check], { cwd: consumer }));
for (const [name, bundle] of Object.entries(bundlers(tools))) {
  const outDir = join(consumer, `out-${name}`);
  await tryPage(name, outDir, name === 'vite' ? '/assets/page.js' : '/page.js', () => bundle(consumer, outDir));
}
await tryPage('plain module script', consumer, '/plain.mjs', () => {});
await tryPage('trusted types', consumer, '/trusted.mjs', () => {}, { trustedTypes: true });

for (const way of ['binary', 'module', 'url', 'relaxed']) {
  const outcome = await attempt(`init({ ${way} })`, () => run(process.execPath, ['init.mjs', way], { cwd: consumer }));
  console.log(`init({ ${way} })`.padEnd(24) + outcome);
}

for (const [name, check] of Object.entries(exampleChecks(consumer, deno))) {
  console.log(`${name.padEnd(24)}${await attempt(name, check)}`);
}

if (skipped > 0)
  console.log(`\n${skipped} rows skipped: no Chromium at /usr/bin/chromium (CHROMIUM_PATH names another)`);
for (const { name, error } of failures) console.error(`\n${name}: ${error.message ?? error}`);
console.log(failures.length === 0 ? '\nall green' : `\n${failures.length} red`);
process.exitCode = failures.length === 0 && !(skipped > 0 && process.env.CI) ? 0 : 1;

/** Runs a check; a failure is kept for the end. */
async function attempt(name, check) {
  try {
    return (await check()) || 'ok';
  } catch (error) {
    failures.push({ name, error });
    return 'RED';
  }
}

/** Each check in a process of its own, so that one failure does not hide the next. */
async function tryRuntime(name, start) {
  const cells = [];
  for (const check of COLUMNS) cells.push(await attempt(`${name}, ${check}`, () => start(check)));
  printRow(name, cells);
}

/** Builds, opens the page, and reads the outcomes of all checks from it. */
async function tryPage(name, folder, script, build, options = {}) {
  if (!hasChromium) {
    skipped++;
    printRow(
      name,
      COLUMNS.map(() => 'skipped'),
    );
    return;
  }
  let outcomes = {};
  const page = await attempt(name, async () => {
    await build();
    outcomes = await runInBrowser(folder, script, options);
  });
  for (const check of COLUMNS.filter((each) => outcomes[each] && outcomes[each] !== 'ok')) {
    failures.push({ name: `${name}, ${check}`, error: outcomes[check] });
  }
  printRow(
    name,
    COLUMNS.map((check) => (page === 'ok' && outcomes[check] === 'ok' ? 'ok' : 'RED')),
  );
}

function printRow(name, cells) {
  console.log(name.padEnd(24) + cells.map((cell) => cell.padEnd(10)).join(''));
}
