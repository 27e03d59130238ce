// The tarball itself: metadata, types, contents, size, tree shaking.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root, run } from './support.mjs';

/** Main entry and kernels, bundled, minified and compressed. */
const MAX_GZIP_BYTES = 150_000;
/** What importing the plain matrix class may bring along: no kernels, no solver. */
const MAX_MATRIX_BYTES = 10_000;
const CONTENTS = /^package\/(dist\/.*\.(js|d\.ts|wasm)|LICENSE|README\.md|CHANGELOG\.md|package\.json)$/;

/** @returns {Record<string, () => Promise<string>>} checks that throw, or say what they saw */
export const packageChecks = (tarball, consumer) => ({
  contents: () => checkContents(tarball),
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
