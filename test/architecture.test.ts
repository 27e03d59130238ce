/**
 * Holds the shape of the source tree: which layer may import which, no cycles, no side effects at import, and the few
 * files that alone may touch the loader, the binary and WebAssembly memory. Reads syntax trees, so comments and
 * strings cannot mislead it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What each layer may import besides itself; a layer is a folder of src/, or index.ts. The proof and the relaxation share nothing. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  engine: ['base'],
  linalg: ['base', 'engine'],
  problem: ['base', 'engine', 'linalg'],
  relaxation: ['base', 'engine', 'linalg', 'problem'],
  proof: ['base', 'engine', 'linalg', 'problem'],
  network: ['base', 'engine', 'linalg', 'problem'],
  growth: ['base', 'engine', 'linalg', 'problem', 'proof', 'network'],
  tasks: ['base', 'engine', 'linalg', 'problem', 'relaxation', 'proof', 'network', 'growth'],
  baselines: ['base', 'engine', 'linalg', 'problem', 'network', 'tasks'],
  datasets: ['base', 'linalg'],
  index: ['base', 'engine', 'linalg', 'problem', 'relaxation', 'proof', 'network', 'growth', 'tasks'],
  worker: [
    'base',
    'engine/init-options',
    'index',
    'problem/targets',
    'problem/losses/loss',
    'problem/losses/named',
    'tasks',
  ],
  cli: [
    'base/show',
    'base/untrusted',
    'engine/load',
    'index',
    'network/rounding/roundings',
    'baselines/index',
    'datasets/index',
  ],
};

/** What paper/ may import of src/: the public entries, and what the command line has for programs of their own. */
const PAPER_MAY_IMPORT = [
  'index',
  'baselines/index',
  'datasets/index',
  'cli/arguments',
  'cli/csv',
  'cli/exit-codes',
  'cli/interrupt',
  'cli/output-file',
  'cli/package-version',
  'cli/progress',
  'cli/run-program',
];

/** What ECMAScript rounds exactly, or does not round at all; everything else of Math may differ between engines in the last bit. */
const EXACT_MATH: ReadonlySet<string> = new Set(
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2'.split(' '),
);

/** What the search for them finds where they belong. */
const SQUARED_FORMULAS = [
  'problem/losses/squared: f[k] - y[k]',
  'problem/losses/squared: square / 2',
  'problem/losses/squared: algebra.inner(a, a) / 2',
  'problem/losses/squared: algebra.axpy(-1, flat(Y), flat(out))',
  'problem/losses/unit-quadratic: sumOfSquares(R) / 2',
];

/** What looks like them: the mean square error, a score that regression is judged by whatever it was trained with, and L-BFGS's own Y. */
const SQUARED_ALLOWED: readonly string[] = [
  'baselines/compare: value - Y.data[k]',
  'cli/score: value - Y.data[k]',
  'network/lbfgs: algebra.axpy(-this.#alpha[k], this.#Y[k], r)',
];

/** Twice the rows where no forms are meant: operations that lose digits, and the forms that files of release 0.1 had. */
const TWICE_ALLOWED: readonly string[] = [
  'proof/exact/cone-search: 2 * n',
  'proof/exact/cone-search: 2n',
  'proof/older: 2 * rows',
];

/** Modules that a process or a worker starts with. */
const EXECUTABLES = ['cli/main', 'worker/worker-entry'];

/** What Algebra gives a face to; the rest has one wrapper each, beside its user. */
const DENSE_KERNELS: ReadonlySet<string> = new Set(
  `gemm gemv dot axpy axpby scale copy fill hadamard divide minimum maxAbs stepRatio allFinite mirror symmetrize copyMatrix transpose
   cholesky triangularInverse solveLower solveLowerTransposed eigh eighRange eighBetween eigenvalues smallestEigenvalue projectPsd projectDnn`.split(
    /\s+/,
  ),
);

interface SourceFile {
  /** Path below src/ without its extension, with forward slashes, e.g. `wasm/load`. */
  readonly module: string;
  readonly syntax: ts.SourceFile;
  /** Modules of src/ it imports, as `module` above. */
  readonly imports: readonly string[];
  /** Packages and node: modules it imports. */
  readonly packages: readonly string[];
}

const files = listTypeScript('src').map(readSource);

describe('source tree', () => {
  test('has something to check', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  test('imports go only downwards', () => {
    const violations = files.flatMap(({ module, imports }) => {
      const allowed = LAYERS[layerOf(module)];
      if (allowed === undefined) return [`${module} is in no known layer`];
      return imports
        .filter((target) => layerOf(target) !== layerOf(module))
        .filter((target) => !allowed.includes(layerOf(target)) && !allowed.includes(target))
        .map((target) => `${module} → ${target}`);
    });
    expect(violations).toEqual([]);
  });

  test('has no import cycle', () => {
    expect(findCycle(new Map(files.map(({ module, imports }) => [module, imports])))).toEqual([]);
  });

  test('exports no defaults', () => {
    expect(offenders((node) => ts.isExportAssignment(node) || hasDefaultModifier(node))).toEqual([]);
  });

  test('uses no `any`', () => {
    expect(offenders((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  });

  test('does nothing at import, except what is started rather than imported', () => {
    const violations = files
      .filter(({ module }) => !EXECUTABLES.includes(module))
      .flatMap(({ module, syntax }) =>
        syntax.statements
          .filter((statement) => !isDeclaration(statement))
          .map((statement) => `${module}: ${statement.getText(syntax)}`),
      );
    expect(violations).toEqual([]);
  });

  test('keeps the public entry free of code of its own', () => {
    const entry = files.find(({ module }) => module === 'index');
    expect(entry?.syntax.statements.every(ts.isExportDeclaration) ?? true).toBe(true);
  });

  test('knows the loader and the binary only in engine/load', () => {
    expect(
      files.filter(({ packages }) => packages.some((name) => name.startsWith('@assemblyscript/'))).map(name),
    ).toEqual(existing('engine/load'));
    expect(files.filter(({ imports }) => imports.includes('engine/binary')).map(name)).toEqual(existing('engine/load'));
  });

  test('touches memory.buffer only in engine/arena', () => {
    const isMemoryBuffer = (node: ts.Node): boolean =>
      ts.isPropertyAccessExpression(node) &&
      node.name.text === 'buffer' &&
      /(^|\.)#?memory$/.test(node.expression.getText());
    expect(offenders(isMemoryBuffer).filter((offender) => !offender.startsWith('engine/arena:'))).toEqual([]);
  });

  test('calls the kernels of dense linear algebra only in linalg', () => {
    const violations = kernelCalls()
      .filter(({ kernel }) => DENSE_KERNELS.has(kernel.replace(/Workspace$/, '')))
      .filter(({ module }) => layerOf(module) !== 'linalg' && layerOf(module) !== 'engine')
      .map(({ module, kernel }) => `${module}: ${kernel}`);
    expect(violations).toEqual([]);
  });

  test('calls every other kernel in one file', () => {
    const callers = new Map<string, Set<string>>();
    for (const { module, kernel } of kernelCalls()) {
      if (DENSE_KERNELS.has(kernel.replace(/Workspace$/, ''))) continue;
      callers.set(kernel, (callers.get(kernel) ?? new Set()).add(module));
    }
    expect([...callers].filter(([, modules]) => modules.size > 1)).toEqual([]);
  });

  test('leaves no result to the last bit of the host', () => {
    // The name of a lock is no result.
    expect(files.flatMap(hostArithmetic)).toEqual(['worker/job-queue: Math.random']);
  });

  test('knows only below problem/losses which loss it is', () => {
    const isOfLosses = ({ module }: SourceFile): boolean => module.startsWith('problem/losses/');
    const importers = files
      .filter(({ imports }) => imports.includes('problem/losses/squared'))
      .filter((file) => !isOfLosses(file));
    expect(importers.map(name)).toEqual([]);
    const formulasIn = ({ module, syntax }: SourceFile): string[] =>
      collect(syntax, (node) => isHalfSquare(node) || isResidual(node)).map(
        (node) => `${module}: ${node.getText(syntax)}`,
      );
    expect(files.filter(isOfLosses).flatMap(formulasIn)).toEqual(expect.arrayContaining(SQUARED_FORMULAS));
    const formulas = files
      .filter((file) => !isOfLosses(file) && !['base', 'engine', 'linalg'].includes(layerOf(file.module)))
      .flatMap(formulasIn);
    expect(formulas.filter((formula) => !SQUARED_ALLOWED.includes(formula))).toEqual([]);
    expect(SQUARED_ALLOWED.filter((allowed) => !formulas.includes(allowed))).toEqual([]);
  });

  test('knows only below problem/parts how many forms a part has', () => {
    const counts = files
      .filter(({ module }) => !module.startsWith('problem/parts/'))
      .flatMap(({ module, syntax }) => [
        ...collect(syntax, isTwiceTheRows).map((node) => `${module}: ${node.getText(syntax)}`),
        ...(syntax.getFullText().match(/(?<![\d.])\b2n(?![\w²³])/g) ?? []).map((text) => `${module}: ${text}`),
      ]);
    expect(counts).toEqual(TWICE_ALLOWED);
  });

  test('needs Node and packages only at the edges', () => {
    const allowed = (module: string, name: string): boolean =>
      module.startsWith('cli/') ||
      (module === 'engine/load' && name.startsWith('@assemblyscript/')) ||
      (module === 'worker/node-channel' && ['node:worker_threads', 'node:os'].includes(name));
    const violations = files.flatMap(({ module, packages }) =>
      packages.filter((name) => !allowed(module, name)).map((name) => `${module} → ${name}`),
    );
    expect(violations).toEqual([]);
  });
});

describe('paper', () => {
  const paper = listTypeScript('paper').map(readSource);

  test('stands on the public entries', () => {
    const violations = paper.flatMap(({ module, imports }) =>
      imports
        .filter((target) => !target.startsWith('../paper/') && !PAPER_MAY_IMPORT.includes(target))
        .map((target) => `${module} → ${target}`),
    );
    expect(violations).toEqual([]);
  });

  test('computes without the last bit of the host; what is only drawn may have it', () => {
    expect(paper.filter(({ module }) => !module.startsWith('paper/report/')).flatMap(hostArithmetic)).toEqual([]);
  });

  test('is imported by nothing in src', () => {
    const violations = files.filter(({ imports }) => imports.some((target) => target.startsWith('../'))).map(name);
    expect(violations).toEqual([]);
  });

  test('has no import cycle', () => {
    expect(findCycle(new Map(paper.map(({ module, imports }) => [`../${module}`, imports])))).toEqual([]);
  });
});

describe('tests and benchmarks', () => {
  const others = [...listTypeScript('test'), ...listTypeScript('bench')].map((path) => ({ path, syntax: parse(path) }));

  test('benny is imported only by bench/harness', () => {
    expect(others.filter(({ syntax }) => specifiers(syntax).includes('benny')).map(({ path }) => path)).toEqual([
      'bench/harness.ts',
    ]);
  });

  test('are not focused, switched off (always or where something is missing), or judged by digits', () => {
    const banned = (node: ts.Node): boolean =>
      ts.isPropertyAccessExpression(node) &&
      ['only', 'skip', 'skipIf', 'runIf', 'todo', 'fails', 'toBeCloseTo'].includes(node.name.text) &&
      ts.isCallExpression(node.parent);
    expect(
      others.flatMap(({ path, syntax }) => collect(syntax, banned).map((node) => `${path}: ${node.getText(syntax)}`)),
    ).toEqual([]);
  });
});

function listTypeScript(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => [folder, ...path.split(sep)].join('/'))
    .filter((path) => path.endsWith('.ts') && !path.includes('/node_modules/'))
    .sort();
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
}

function readSource(path: string): SourceFile {
  const syntax = parse(path);
  const all = specifiers(syntax);
  const local = (specifier: string): string =>
    relative(join(root, 'src'), join(root, dirname(path), specifier))
      .split(sep)
      .join('/')
      .replace(/\.js$/, '');
  return {
    module: path.replace(/^src\//, '').replace(/\.ts$/, ''),
    syntax,
    imports: all.filter((specifier) => specifier.startsWith('.')).map(local),
    packages: all.filter((specifier) => !specifier.startsWith('.')),
  };
}

/** Everything a file imports: import and export declarations, dynamic imports, import types. */
function specifiers(syntax: ts.SourceFile): string[] {
  return collect(syntax, () => true).flatMap((node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      return node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)
        ? [node.moduleSpecifier.text]
        : [];
    }
    const argument =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0] : undefined;
    if (argument !== undefined) return [ts.isStringLiteral(argument) ? argument.text : argument.getText(syntax)];
    return ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)
      ? [node.argument.literal.text]
      : [];
  });
}

function collect(root: ts.Node, wanted: (node: ts.Node) => boolean): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (wanted(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** Every `exports.kernel` by the module it stands in. */
function kernelCalls(): { module: string; kernel: string }[] {
  return files.flatMap(({ module, syntax }) =>
    collect(
      syntax,
      (node) => ts.isPropertyAccessExpression(node) && /(^|\.)exports$/.test(node.expression.getText(syntax)),
    ).map((node) => ({ module, kernel: (node as ts.PropertyAccessExpression).name.text })),
  );
}

/** Functions of Math, and powers, whose result the engine chooses. Whole powers of two that are written out are exact in all of them. */
function hostArithmetic({ module, syntax }: SourceFile): string[] {
  const isInexact = (node: ts.Node): boolean => {
    if (ts.isPropertyAccessExpression(node)) {
      return node.expression.getText(syntax) === 'Math' && !EXACT_MATH.has(node.name.text);
    }
    // Math itself as a value (a destructuring, Math['pow']) hides what is taken from it.
    if (ts.isIdentifier(node) && node.text === 'Math') return !ts.isPropertyAccessExpression(node.parent);
    if (!ts.isBinaryExpression(node)) return false;
    const { kind } = node.operatorToken;
    if (kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) return true;
    return kind === ts.SyntaxKind.AsteriskAsteriskToken && !/^2 \*\* -?\d+$/.test(node.getText(syntax));
  };
  return collect(syntax, isInexact).map((node) => `${module}: ${node.getText(syntax)}`);
}

function offenders(wanted: (node: ts.Node) => boolean): string[] {
  return files.flatMap(({ module, syntax }) =>
    collect(syntax, wanted).map((node) => `${module}: ${node.getText(syntax)}`),
  );
}

/** A statement that declares or re-exports; a variable counts when only pure construction is on its right side. */
function isDeclaration(statement: ts.Statement): boolean {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.every(({ initializer }) => isPure(initializer));
  return (
    (ts.isImportDeclaration(statement) && statement.importClause !== undefined) ||
    ts.isExportDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  );
}

/** No await, and no call except building a collection, a typed array or a frozen object, or plain arithmetic. */
function isPure(expression: ts.Expression | undefined): boolean {
  if (expression === undefined || ts.isArrowFunction(expression) || ts.isFunctionExpression(expression)) return true;
  if (ts.isAwaitExpression(expression) || ts.isDeleteExpression(expression)) return false;
  if (
    ts.isCallExpression(expression) &&
    !/^(Object\.|Math\.|Symbol$|Array\.from$)/.test(expression.expression.getText())
  )
    return false;
  if (ts.isNewExpression(expression) && !/^(Map|Set|WeakMap|WeakRef|\w+Array)$/.test(expression.expression.getText()))
    return false;
  let pure = true;
  ts.forEachChild(expression, (child) => {
    if (ts.isExpression(child)) pure &&= isPure(child);
  });
  return pure;
}

/** 2n, but for 2nm and the like, which count operations. */
function isTwiceTheRows(node: ts.Node): boolean {
  const isProduct = (other: ts.Node): other is ts.BinaryExpression =>
    ts.isBinaryExpression(other) && other.operatorToken.kind === ts.SyntaxKind.AsteriskToken;
  if (!isProduct(node) || isProduct(node.parent) || node.left.getText() !== '2') return false;
  return /^(?:this\.)?#?(?:n|rows)$|\.rows$/.test(node.right.getText());
}

/** Half of a sum of squares: what the squared loss is, and what its conjugate begins with. */
function isHalfSquare(node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const { left, right, operatorToken } = node;
  const [first, second] = [left.getText(), right.getText()];
  const half =
    operatorToken.kind === ts.SyntaxKind.SlashToken && second === '2'
      ? first
      : operatorToken.kind === ts.SyntaxKind.AsteriskToken && ['0.5', '(1 / 2)'].includes(first)
        ? second
        : operatorToken.kind === ts.SyntaxKind.AsteriskToken && ['0.5', '(1 / 2)'].includes(second)
          ? first
          : '';
  return (
    !half.includes('sqrt') &&
    /\bsquare\b|sumOfSquares|norm|squareOf|(?:inner|dot)\((.+), \1\)|\b(\w+) \* \2\b/i.test(half)
  );
}

/** Targets minus outputs, or the other way round: the gradient of the squared loss. */
function isResidual(node: ts.Node): boolean {
  const isTarget = (text: string): boolean => /^(?:\w+\.)*#?(?:Y\b|y\[)/.test(text);
  if (ts.isCallExpression(node) && /\.axpy$/.test(node.expression.getText())) {
    return node.arguments.some((argument) => isTarget(argument.getText().replace(/^flat\(/, '')));
  }
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  if (kind !== ts.SyntaxKind.MinusToken && kind !== ts.SyntaxKind.MinusEqualsToken) return false;
  return isTarget(node.left.getText()) || isTarget(node.right.getText());
}

const hasDefaultModifier = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false);

const layerOf = (module: string): string => module.split('/')[0] ?? module;

const name = ({ module }: SourceFile): string => module;

const existing = (module: string): string[] => (files.some((file) => file.module === module) ? [module] : []);

/** The modules of one import cycle, or [] when there is none. Type imports count too: they tie files together too. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (module: string, path: readonly string[]): string[] => {
    if (path.includes(module)) return [...path.slice(path.indexOf(module)), module];
    if (done.has(module)) return [];
    for (const target of graph.get(module) ?? []) {
      const cycle = visit(target, [...path, module]);
      if (cycle.length > 0) return cycle;
    }
    done.add(module);
    return [];
  };
  for (const module of graph.keys()) {
    const cycle = visit(module, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
