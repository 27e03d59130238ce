/** Bundles in which a module does not know where it lies. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { startNode } from '../support/spawn.js';
import { buildWorkerEntry } from './entry.js';

const SCRIPT = `
  import { createTrainer } from './src/worker/index.ts';
  const [X, Y] = [[[1], [2], [3]], [[1], [0], [2]]];
  async function main() {
    const named = createTrainer({ url: process.argv[2] });
    const { status } = await named.solveRelaxation(X, Y, {});
    await named.terminate();
    const refusals = [];
    for (const options of [{}, { url: './worker-entry.js' }]) {
      const trainer = createTrainer(options);
      refusals.push(await trainer.solveRelaxation(X, Y, {}).catch(({ name, option, message }) => ({ name, option, message })));
      await trainer.terminate();
    }
    console.log(JSON.stringify({ status, refusals }));
  }
  main();
`;

test("a bundle in CommonJS works with the worker's address, and without says what to give", async () => {
  const outfile = join(await mkdtemp(join(tmpdir(), 'convex-relu-cjs-')), 'bundle.cjs');
  const root = fileURLToPath(new URL('../../', import.meta.url));
  await build({
    stdin: { contents: SCRIPT, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  const { stdout, stderr } = await startNode(outfile, (await buildWorkerEntry()).href).outcome;
  const { status, refusals } = JSON.parse(stdout || `{ "error": ${JSON.stringify(stderr)} }`);
  expect(status).toBe('certified');
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({ name: 'OptionsError', option: 'url' });
    expect(refusal.message).toContain("pathToFileURL(require.resolve('convex-relu/worker-entry'))");
  }
});
