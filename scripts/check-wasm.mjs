// Checks build/convex-relu.wasm against its promises: at most 64 kB, no imports, exactly the exports that the interface
// KernelExports in src/engine/abi.ts declares, with as many parameters, and the embedded copy is this very build.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const LIMIT_BYTES = 64 * 1024;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const problems = [];

const bytes = readFileSync(join(root, 'build', 'convex-relu.wasm'));
const relaxed = readFileSync(join(root, 'build', 'convex-relu.relaxed.wasm'));
if (relaxed.length > LIMIT_BYTES)
  problems.push(`the relaxed module has ${relaxed.length} bytes, more than ${LIMIT_BYTES}`);
if (bytes.length > LIMIT_BYTES) problems.push(`the module has ${bytes.length} bytes, more than ${LIMIT_BYTES}`);

const module = new WebAssembly.Module(bytes);
for (const { module: from, name } of WebAssembly.Module.imports(module)) problems.push(`imports ${from}.${name}`);

const { exports } = new WebAssembly.Instance(module);
const declared = readInterface();
for (const [name, parameters] of declared) {
  const value = exports[name];
  if (value === undefined) problems.push(`${name} is declared in abi.ts but not exported by assembly/index.ts`);
  else if (typeof value === 'function' && value.length !== parameters) {
    problems.push(`${name} takes ${value.length} parameters, abi.ts declares ${parameters}`);
  }
}
for (const name of Object.keys(exports)) {
  if (!declared.has(name)) problems.push(`${name} is exported by assembly/index.ts but not declared in abi.ts`);
}

const embedded = readFileSync(join(root, 'src', 'engine', 'binary.ts'), 'utf8');
if (!embedded.includes(bytes.toString('base64'))) problems.push('src/engine/binary.ts is not this build');

for (const problem of problems) console.error(`wasm: ${problem}`);
console.log(`build/convex-relu.wasm: ${bytes.length} bytes, ${declared.size} exports`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Names in KernelExports with their number of parameters (undefined for what is not a function). */
function readInterface() {
  const file = join(root, 'src', 'engine', 'abi.ts');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const declaration = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === 'KernelExports',
  );
  return new Map(
    declaration.members.map((member) => [
      member.name.text,
      ts.isMethodSignature(member) ? member.parameters.length : undefined,
    ]),
  );
}
