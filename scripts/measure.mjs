// The size of the source in numbers: lines per file (median, largest), functions over 60 lines, public names of each entry, and
// what the package weighs. `npm run measure`; reads syntax trees, so that comments and strings do not count as code.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import ts from 'typescript';

const MAX_FUNCTION_LINES = 60;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

for (const folder of ['src', 'paper', 'demo/src', 'assembly']) printFolder(folder);
printEntries();
await printPackage();

function printFolder(folder) {
  const files = readdirSync(join(root, folder), { recursive: true })
    .filter((path) => path.endsWith('.ts') && !/binary|micro-kernel/.test(path))
    .map((path) => parse(join(folder, path)))
    .sort((first, second) => second.lines - first.lines);
  const total = files.reduce((sum, { lines }) => sum + lines, 0);
  const median = files[Math.floor(files.length / 2)].lines;
  console.log(`${folder}: ${files.length} files, ${total} lines, median ${median}`);
  console.log(
    `  largest: ${files
      .slice(0, 5)
      .map(({ path, lines }) => `${path} ${lines}`)
      .join(', ')}`,
  );
  const long = files.flatMap(longFunctions).sort((first, second) => second.lines - first.lines);
  console.log(`  functions over ${MAX_FUNCTION_LINES} lines: ${long.length}`);
  for (const { path, name, lines } of long) console.log(`    ${lines} ${path} ${name}`);
}

function parse(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const syntax = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, syntax, lines: text.split('\n').length - 1 };
}

function longFunctions({ path, syntax }) {
  const found = [];
  const lineOf = (position) => syntax.getLineAndCharacterOfPosition(position).line;
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body) {
      const lines = lineOf(node.end) - lineOf(node.getStart(syntax)) + 1;
      const name = node.name?.getText(syntax) ?? node.parent?.name?.getText(syntax) ?? '(anonymous)';
      if (lines > MAX_FUNCTION_LINES) found.push({ path, name, lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return found;
}

function printEntries() {
  const program = ts.createProgram(
    ['index', 'linalg/index', 'baselines/index', 'datasets/index', 'worker/index'].map((entry) =>
      join(root, 'src', `${entry}.ts`),
    ),
    { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, skipLibCheck: true },
  );
  const checker = program.getTypeChecker();
  const counts = program.getRootFileNames().map((file) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file));
    return `${file.slice(root.length + 5, -3)} ${checker.getExportsOfModule(module).length}`;
  });
  console.log(`public names: ${counts.join(', ')}`);
}

async function printPackage() {
  const output = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ size, unpackedSize, entryCount }] = JSON.parse(output);
  console.log(`package as built: ${entryCount} files, ${unpackedSize} bytes unpacked, ${size} packed`);
  const { outputFiles } = await build({
    stdin: { contents: "export { train } from './dist/index.js';", resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  const [{ contents }] = outputFiles;
  console.log(`browser bundle of train: ${contents.length} bytes, ${gzipSync(contents, { level: 9 }).length} gzipped`);
}
