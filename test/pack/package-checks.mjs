// The tarball itself: metadata, types, contents, size, tree shaking.
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root, run } from './support.mjs';

/** Main entry and kernels, bundled, minified and compressed. */
const MAX_GZIP_BYTES = 130_000;
/** All files of the package: a duplicate of the kernels or of the library would not fit. */
const MAX_UNPACKED_BYTES = 1_800_000;
/** What importing the plain matrix class may bring along: no kernels, no solver. */
const MAX_MATRIX_BYTES = 10_000;
const CONTENTS = /^package\/(dist\/.*\.(js|d\.ts|wasm)|LICENSE|README\.md|CHANGELOG\.md|package\.json)$/;

/** @returns {Record<string, () => Promise<string>>} checks that throw, or say what they saw */
export const packageChecks = (tarball, consumer) => ({
  contents: () => checkContents(tarball),
  'kernels once': () => checkKernels(consumer),
  publint: () => checkPublint(consumer),
  'are the types wrong': () => checkTypesWrong(tarball),
  'strict consumer': () => checkConsumerTypes(consumer),
  size: () => checkSize(consumer),
  'tree shaking': () => checkTreeShaking(consumer),
});

async function checkContents(tarball) {
  const files = (await run('tar', ['-tzf', tarball])).trim().split('\n');
  const unexpected = files.filter((file) => !CONTENTS.test(file));
  if (unexpected.length > 0) throw new Error(`unexpected files: ${unexpected.join(', ')}`);
  return `${files.length} files`;
}

/** The kernels are there as a file and once embedded, the relaxed ones once, and nowhere else. */
function checkKernels(consumer) {
  const folder = join(consumer, 'node_modules', 'convex-relu');
  const files = readdirSync(folder, { recursive: true }).map((path) => join(folder, path));
  const texts = files
    .filter((file) => /\.(js|ts)$/.test(file))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  // 'AGFzbQE' is base64 of the first bytes of every WebAssembly module.
  const holders = texts.filter(({ text }) => text.includes('AGFzbQE')).map(({ file }) => file.slice(folder.length + 1));
  const expected = ['dist/engine/binary-relaxed.js', 'dist/engine/binary.js'];
  if (holders.sort().join() !== expected.join()) throw new Error(`kernels in ${holders.join(', ')}`);
  const bytes = files.reduce((sum, file) => sum + (statSync(file).isFile() ? statSync(file).size : 0), 0);
  if (bytes > MAX_UNPACKED_BYTES) throw new Error(`${bytes} bytes unpacked, more than ${MAX_UNPACKED_BYTES}`);
  return `embedded once; ${(bytes / 1e6).toFixed(2)} MB unpacked`;
}

async function checkPublint(consumer) {
  const pkgDir = join(consumer, 'node_modules', 'convex-relu');
  const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
  if (messages.length > 0) throw new Error(messages.map((message) => formatMessage(message, pkg)).join('\n'));
  return 'no messages';
}

async function checkTypesWrong(tarball) {
  const attw = join(root, 'node_modules', '.bin', 'attw');
  // The bare binary has no types; CommonJS consumers get the ES modules, as package.json says.
  await run(attw, [tarball, '--profile', 'esm-only', '--exclude-entrypoints', './wasm', '--format', 'ascii']);
  return 'no problems';
}

async function checkConsumerTypes(consumer) {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')];
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'nodenext'];
  await run(tsc, [...strict, ...types, 'types.ts'], { cwd: consumer });
  return 'strict, library declarations included';
}

async function bundleOf(source, consumer) {
  const outfile = join(mkdtempSync(join(tmpdir(), 'convex-relu-size-')), 'bundle.js');
  const stdin = { contents: source, resolveDir: consumer };
  const options = { bundle: true, minify: true, format: 'esm', target: 'es2022', write: false, logLevel: 'silent' };
  const { outputFiles } = await build({ stdin, outfile, ...options });
  return outputFiles[0].contents;
}

async function checkSize(consumer) {
  const bytes = gzipSync(await bundleOf(`export * from 'convex-relu';`, consumer), { level: 9 }).length;
  if (bytes > MAX_GZIP_BYTES) throw new Error(`${bytes} bytes gzipped, more than ${MAX_GZIP_BYTES}`);
  return `${(bytes / 1000).toFixed(1)} kB gzipped of ${MAX_GZIP_BYTES / 1000}`;
}

async function checkTreeShaking(consumer) {
  const { length } = await bundleOf(`export { Matrix } from 'convex-relu';`, consumer);
  if (length > MAX_MATRIX_BYTES) throw new Error(`Matrix alone brings ${length} bytes, more than ${MAX_MATRIX_BYTES}`);
  return `Matrix alone is ${(length / 1000).toFixed(1)} kB`;
}
