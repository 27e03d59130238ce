/** The test runner with one fault in the source it loads (test/mutation/run.ts); no file is changed. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { type Mutant, mutate } from './mutant.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Source text by path: the mutated file, or the embedded binary that was compiled from it. */
const replaced = new Map<string, string>();
const mutant: Mutant | undefined = process.env.MUTANT && JSON.parse(process.env.MUTANT);
if (mutant?.file.startsWith('src/')) {
  replaced.set(root + mutant.file, mutate(readFileSync(root + mutant.file, 'utf8'), mutant));
}
if (process.env.MUTANT_WASM) {
  const bytes = readFileSync(process.env.MUTANT_WASM).toString('base64');
  const embedded = readFileSync(`${root}src/engine/binary.ts`, 'utf8');
  replaced.set(`${root}src/engine/binary.ts`, embedded.replace(/'[A-Za-z0-9+/=]{1000,}'/, `'${bytes}'`));
}

export default defineConfig({
  root,
  plugins: [{ name: 'mutant', enforce: 'pre', load: (id) => replaced.get(id) }],
  test: { include: ['test/**/*.test.ts'], testTimeout: 150_000, pool: 'forks' },
});
