// What browsers take as it is, made from dist/: the bare kernels (dist/convex-relu.wasm) and two self-contained modules for
// pages without a bundler, dist/browser/convex-relu.js (the library and its worker face) and the worker's own beside it.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const exportAll = (from) => `export * from '${from}index.js';\nexport * from '${from}worker/index.js';\n`;

mkdirSync(join(dist, 'browser'), { recursive: true });
copyFileSync(join(root, 'build', 'convex-relu.wasm'), join(dist, 'convex-relu.wasm'));
const options = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  logLevel: 'warning',
};
await build({
  ...options,
  stdin: { contents: exportAll('./'), resolveDir: dist },
  outfile: join(dist, 'browser', 'convex-relu.js'),
});
await build({
  ...options,
  entryPoints: [join(dist, 'worker', 'worker-entry.js')],
  outfile: join(dist, 'browser', 'worker-entry.js'),
});
writeFileSync(join(dist, 'browser', 'convex-relu.d.ts'), exportAll('../'));
