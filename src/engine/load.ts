/**
 * Compiles and instantiates the kernels. The only file that knows `@assemblyscript/loader` and the embedded binary; only the
 * compiled module is cached, never an instance.
 */
import { instantiate, instantiateSync } from '@assemblyscript/loader';
import { OptionsError, WasmError } from '../base/errors.js';
import type { KernelExports } from './abi.js';
import { decodeBase64 } from './base64.js';
import { WASM_BASE64, WASM_EXPORTS } from './binary.js';
import { checkInit, type InitOptions } from './init-options.js';

let compiled: WebAssembly.Module | undefined;
/** The `init` under way, for which everything that needs the kernels waits. */
let pending: Promise<WebAssembly.Module> | undefined;

/**
 * Compiles the kernels ahead of their first use. Optional (everything that needs them calls it) and idempotent; the
 * synchronous functions of `convex-relu/linalg` work without it where the host allows compiling synchronously. What is given is checked
 * in every call, but used only by the first that succeeds: later ones find the kernels compiled.
 *
 * @throws OptionsError for an unknown or ill-valued option; WasmError when the host cannot compile WebAssembly with SIMD, the url cannot
 * be fetched, or what is given is not the module of this version. A call that failed leaves no trace: `init` may be called again.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  const { module, binary, url } = checkInit(options);
  if (module) assertOurs(module, 'module');
  if (compiled) return;
  const own = fetchModule({ module, binary, url });
  pending ??= own;
  try {
    const result = await own;
    compiled ??= result;
  } finally {
    if (pending === own) pending = undefined;
  }
}

/** Size in bytes of the embedded binary. */
export const embeddedBytes = (): number => decodeBase64(WASM_BASE64).length;

export async function instantiateKernels(): Promise<KernelExports> {
  // Whoever gave the module that could not be used was told; all others take the embedded one.
  if (!compiled && pending) await pending.catch(() => {});
  if (!compiled) await init();
  const module = compiled as WebAssembly.Module;
  return toExports((await instantiate(module).catch(refused)).instance);
}

export function instantiateKernelsSync(): KernelExports {
  try {
    compiled ??= new WebAssembly.Module(decodeBase64(WASM_BASE64));
    return toExports(instantiateSync(compiled).instance);
  } catch (cause) {
    return refused(cause);
  }
}

async function fetchModule({ module, binary, url }: InitOptions): Promise<WebAssembly.Module> {
  if (module) return module;
  if (binary) return compileGiven(binary, 'binary');
  if (url !== undefined) return compileGiven(await fetchBytes(url), 'url');
  return WebAssembly.compile(decodeBase64(WASM_BASE64)).catch(refused);
}

/** @throws WasmError when the bytes are no module, or not of this version */
async function compileGiven(bytes: BufferSource, source: string): Promise<WebAssembly.Module> {
  const module = await WebAssembly.compile(bytes).catch((cause: unknown) => {
    throw new WasmError(`${source}: could not be compiled: ${reason(cause)}; it should be convex-relu/wasm`, { cause });
  });
  assertOurs(module, source);
  return module;
}

async function fetchBytes(url: string | URL): Promise<ArrayBuffer> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw new WasmError(`url: ${url} could not be fetched: ${reason(cause)}`, { cause });
  });
  if (!response.ok) throw new WasmError(`url: ${url} answered ${response.status}; it should serve convex-relu/wasm`);
  return response.arrayBuffer();
}

/** @throws WasmError naming what tells the module from that of this version, OptionsError when it is none */
function assertOurs(module: WebAssembly.Module, source: string): void {
  let names: ReadonlySet<string>;
  let imports: number;
  try {
    names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
    imports = WebAssembly.Module.imports(module).length;
  } catch {
    throw new OptionsError(source, 'expected a WebAssembly.Module of convex-relu/wasm');
  }
  const missing = WASM_EXPORTS.filter((name) => !names.has(name));
  if (missing.length === 0 && imports === 0) return;
  const difference = missing.length > 0 ? `it lacks the export ${missing[0]}` : 'it imports what the kernels do not';
  throw new WasmError(`${source}: is not the convex-relu/wasm of this version: ${difference}`);
}

function refused(cause: unknown): never {
  throw new WasmError(`the kernels need WebAssembly with SIMD, which this host did not accept: ${reason(cause)}`, {
    cause,
  });
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The raw exports: the loader's own are wrapped to count arguments, which costs more than a small kernel. */
function toExports(instance: WebAssembly.Instance): KernelExports {
  return instance.exports as unknown as KernelExports;
}
