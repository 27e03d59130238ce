// Each bundler with its plainest configuration for a browser; where it does not find workers by itself, the worker's module
// is a second entry point, as docs/packaging.md says. Every build leaves page.js in `outDir`.
import { readdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import * as vite from 'vite';

/** @returns {Record<string, (folder: string, outDir: string) => Promise<void>>} */
export function bundlers(toolsFolder) {
  const require = createRequire(join(toolsFolder, 'package.json'));
  const load = (name) => import(pathToFileURL(require.resolve(name)).href);
  return {
    vite: (folder, outDir) => bundleWithVite(folder, outDir),
    webpack: (folder, outDir) => bundleWithWebpack(require('webpack'), folder, outDir),
    esbuild: (folder, outDir) => bundleWithEsbuild(folder, outDir),
    rollup: async (folder, outDir) =>
      bundleWithRollup(await load('rollup'), await load('@rollup/plugin-node-resolve'), folder, outDir),
  };
}

async function bundleWithVite(folder, outDir) {
  await vite.build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, target: 'es2022', rollupOptions: { input: join(folder, 'page.mjs') } },
  });
  const [entry] = readdirSync(join(outDir, 'assets')).filter((name) => name.startsWith('page-'));
  renameSync(join(outDir, 'assets', entry), join(outDir, 'assets', 'page.js'));
}

function bundleWithWebpack(webpack, folder, outDir) {
  const configuration = {
    mode: 'production',
    context: folder,
    entry: { page: './page.mjs' },
    experiments: { outputModule: true },
    output: { path: outDir, filename: '[name].js', module: true, chunkFormat: 'module' },
  };
  return new Promise((resolve, reject) => {
    webpack(configuration, (error, stats) => {
      if (error) reject(error);
      else if (stats.hasErrors()) reject(new Error(stats.toString('errors-only')));
      else resolve();
    });
  });
}

async function bundleWithEsbuild(folder, outDir) {
  await esbuild.build({
    absWorkingDir: folder,
    entryPoints: { page: 'page.mjs', 'worker-entry': 'convex-relu/worker-entry' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    outdir: outDir,
    logLevel: 'silent',
  });
}

async function bundleWithRollup({ rollup }, { nodeResolve }, folder, outDir) {
  const bundle = await rollup({
    input: {
      page: join(folder, 'page.mjs'),
      'worker-entry': join(folder, 'node_modules/convex-relu/dist/worker/worker-entry.js'),
    },
    plugins: [nodeResolve({ browser: true })],
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  await bundle.write({ dir: outDir, format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' });
}
