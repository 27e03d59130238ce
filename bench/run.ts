/**
 * `npm run bench` runs every bench/<folder>/<name>.bench.ts, `npm run bench -- gemm solve/` those whose path contains one
 * of the words, `npm run bench -- --once` each case a single time. A benchmark that fails makes the exit code 1.
 */
import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { machine, once } from './harness.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const words = process.argv.slice(2).filter((word) => word !== '--once');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(sep).join('/'))
  .filter((file) => file.endsWith('.bench.ts') && !file.includes('node_modules/'))
  .sort();
const chosen = words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word)));

if (words.length > 0 && chosen.length === 0) {
  console.error(`No benchmark matches ${words.join(', ')}. There are:\n${files.map((file) => `  ${file}`).join('\n')}`);
  process.exit(2);
}

console.log(`${machine()}${once ? ', one iteration each' : ''}`);
for (const file of chosen) {
  console.log(`\n== ${file}`);
  try {
    const { bench } = (await import(pathToFileURL(join(folder, file)).href)) as { bench?: () => Promise<unknown> };
    if (bench === undefined) throw new Error(`${file} does not export a function bench()`);
    await bench();
  } catch (error) {
    console.error(`FAILED ${file}:`, error);
    process.exitCode = 1;
  }
}
