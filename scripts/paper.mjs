// Runs paper/: npm run reproduce, npm run report, npm run convert. Bundled from its sources into build/paper first, which takes a
// fraction of a second and starts worker threads faster than a loader in each of them.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param outdir two folders below package.json, as the sources of the command line are */
export async function bundlePaper(outdir) {
  await build({
    entryPoints: { main: join(root, 'paper', 'main.ts'), worker: join(root, 'paper', 'run', 'worker.ts') },
    outdir,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  return join(outdir, 'main.js');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await import(pathToFileURL(await bundlePaper(join(root, 'build', 'paper'))));
}
