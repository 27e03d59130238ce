/**
 * The functions inside the cone kernel, which the library's own binary does not export: compiled here from assembly/exact with an entry
 * that does. MUTANT_ROOT names another root with mutated sources (test/mutation/run.ts).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = process.env.MUTANT_ROOT ?? fileURLToPath(new URL('../../../', import.meta.url));

const ENTRY = `
import { classify, coneBound, factorises, formGram, formQuadratic, linearise, subtractBelow } from './assembly/exact/cone';
import { coneSearchStart, coneSearchWorkspace } from './assembly/exact/cone-search';
import { Search } from './assembly/exact/layout';
export { classify, coneBound, coneSearchStart, coneSearchWorkspace, factorises, formGram, formQuadratic, linearise, subtractBelow };
export function allocate(bytes: f64): usize { return heap.alloc(<usize>bytes); }
export function addressOf(search: Search, name: i32): usize {
  if (name == 0) return search.vertices;
  if (name == 1) return search.sum;
  if (name == 2) return search.product;
  if (name == 3) return search.residual;
  if (name == 4) return search.linear;
  if (name == 5) return search.gram;
  if (name == 6) return search.quadratic;
  if (name == 7) return search.test;
  return search.list;
}
`;

/** Arrays of the search's workspace, in the order of \`addressOf\`. */
const ARRAYS = ['vertices', 'sum', 'product', 'residual', 'linear', 'gram', 'quadratic', 'test'] as const;
type ArrayName = (typeof ARRAYS)[number];

interface Exports {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  addressOf(search: number, name: number): number;
  coneSearchWorkspace(n: number, d: number, c: number, depth: number, candidates: number): number;
  coneSearchStart(...numbers: number[]): number;
  classify(n: number, d: number, c: number, Z: number, R: number, count: number, search: number): number;
  linearise(n: number, d: number, c: number, count: number, search: number): void;
  formQuadratic(n: number, d: number, c: number, count: number, search: number): void;
  formGram(d: number, search: number): void;
  coneBound(d: number, search: number): number;
  subtractBelow(d: number, limit: number, dropPositive: number, search: number): void;
  factorises(d: number, C: number): number;
}

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ['entry.ts', '--outFile', 'cone.wasm', '--runtime', 'stub', '--enable', 'simd', '-O1', '--noAssert'],
    {
      readFile: (name) => {
        if (name === 'entry.ts') return ENTRY;
        try {
          return readFileSync(join(root, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (name, contents) => {
        if (name === 'cone.wasm' && typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`the cone kernel did not compile: ${error?.message}\n${stderr.toString()}`);
  return WebAssembly.compile(new Uint8Array(binary));
}

/** One workspace for n rows in d dimensions with c outputs, and the functions on it. */
export class ConeFunctions {
  readonly #exports: Exports;
  readonly #search: number;
  readonly #n: number;
  readonly #d: number;
  readonly #c: number;
  readonly #Z: number;
  readonly #R: number;

  /** @param Z n×d, R n×c, row by row */
  static async create(n: number, d: number, c: number, Z: Float64Array, R: Float64Array): Promise<ConeFunctions> {
    compiled ??= compile();
    const { exports } = await WebAssembly.instantiate(await compiled, { env: { abort: () => {} } });
    return new ConeFunctions(exports as unknown as Exports, [n, d, c], Z, R);
  }

  private constructor(
    exports: Exports,
    [n, d, c]: readonly [number, number, number],
    Z: Float64Array,
    R: Float64Array,
  ) {
    this.#exports = exports;
    [this.#n, this.#d, this.#c] = [n, d, c];
    this.#Z = exports.allocate(8 * Z.length + 16);
    this.#R = exports.allocate(8 * R.length + 16);
    this.#search = exports.allocate(exports.coneSearchWorkspace(n, d, c, 2, 4) + 64);
    this.#write(this.#Z, Z);
    this.#write(this.#R, R);
    exports.coneSearchStart(n, d, c, this.#Z, this.#R, 2, 4, this.#search);
  }

  write(name: ArrayName, values: Float64Array): void {
    this.#write(this.#exports.addressOf(this.#search, ARRAYS.indexOf(name)), values);
  }

  read(name: ArrayName, length: number): Float64Array {
    const at = this.#exports.addressOf(this.#search, ARRAYS.indexOf(name));
    return new Float64Array(this.#exports.memory.buffer, at, length).slice();
  }

  /** Classifies all rows against the cone of the given vertices and forms Q and G; returns how many are ambiguous. */
  form(vertices: Float64Array): number {
    const { classify, linearise, formQuadratic, formGram, addressOf, memory } = this.#exports;
    const [n, d, c] = [this.#n, this.#d, this.#c];
    this.write('vertices', vertices);
    this.write('sum', new Float64Array(c * d));
    const list = new Int32Array(memory.buffer, addressOf(this.#search, -1), n);
    for (let i = 0; i < n; i++) list[i] = i;
    const count = classify(n, d, c, this.#Z, this.#R, n, this.#search);
    linearise(n, d, c, count, this.#search);
    formQuadratic(n, d, c, count, this.#search);
    formGram(d, this.#search);
    return count;
  }

  coneBound(): number {
    return this.#exports.coneBound(this.#d, this.#search);
  }

  /** The lower triangle of what limit · G − Q is at least. */
  subtractBelow(limit: number, dropPositive: boolean): Float64Array {
    this.#exports.subtractBelow(this.#d, limit, dropPositive ? 1 : 0, this.#search);
    return this.read('test', this.#d ** 2);
  }

  factorises(C: Float64Array): boolean {
    this.write('test', C);
    return this.#exports.factorises(this.#d, this.#exports.addressOf(this.#search, ARRAYS.indexOf('test'))) !== 0;
  }

  /** Distance between the arrays over ambiguous rows. */
  get stride(): number {
    return (this.#n + 3) & ~1;
  }

  #write(at: number, values: Float64Array): void {
    new Float64Array(this.#exports.memory.buffer, at, values.length).set(values);
  }
}
