/** Builds the worker's module as a package would hold it: Node cannot run TypeScript in a worker thread. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Returns the url of the bundled src/worker/worker-entry.ts. */
export async function buildWorkerEntry(): Promise<URL> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'convex-relu-worker-')), 'worker-entry.mjs');
  const entry = fileURLToPath(new URL('../../src/worker/worker-entry.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
  return pathToFileURL(outfile);
}

/** A worker module with the given source. */
export async function writeWorker(source: string): Promise<URL> {
  const path = join(await mkdtemp(join(tmpdir(), 'convex-relu-worker-')), 'worker.mjs');
  await writeFile(path, source);
  return pathToFileURL(path);
}
