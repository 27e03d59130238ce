// What browsers take as it is, made from dist/: the bare kernels (dist/convex-relu.wasm), and for pages without a bundler
// dist/browser/convex-relu.js (the library and its worker face) and worker-entry.js, minified. What the two share is in a chunk
// beside them, and the embedded kernels stay in dist/engine/binary.js, so that nothing is in the package twice.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const folder = join(dist, 'browser');
const exportAll = `export * from '../index.js';\nexport * from '../worker/index.js';\n`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
copyFileSync(join(root, 'build', 'convex-relu.wasm'), join(dist, 'convex-relu.wasm'));
writeFileSync(join(folder, 'convex-relu.js'), exportAll);
writeFileSync(join(folder, 'convex-relu.d.ts'), exportAll);

const kernelsOutside = {
  name: 'kernels outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/binary\.js$/ }, () => ({ path: '../engine/binary.js', external: true })),
};
await build({
  entryPoints: [join(folder, 'convex-relu.js'), join(dist, 'worker', 'worker-entry.js')],
  outdir: folder,
  entryNames: '[name]',
  chunkNames: 'shared-[hash]',
  plugins: [kernelsOutside],
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  logLevel: 'warning',
});
