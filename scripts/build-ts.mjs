// Compiles src/ to dist/, from nothing, and then drops the declarations that no public entry leads to: nobody can import them.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [join(root, types)]));
const needed = new Set();
for (const entry of entries) follow(entry);
for (const path of readdirSync(dist, { recursive: true })) {
  const file = join(dist, path);
  if (file.endsWith('.d.ts') && !needed.has(file)) rmSync(file);
}

/** Adds the file, where it is there already, and all that its imports lead to. */
function follow(file) {
  if (needed.has(file) || !existsSync(file)) return;
  needed.add(file);
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'));
  for (const { fileName } of importedFiles) {
    if (fileName.startsWith('.')) follow(join(dirname(file), fileName.replace(/\.js$/, '.d.ts')));
  }
}
