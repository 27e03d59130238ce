/**
 * Compiles and instantiates the kernels. The only file that knows `@assemblyscript/loader` and the embedded binary; only the
 * compiled module is cached, never an instance.
 */
import { instantiate, instantiateSync } from '@assemblyscript/loader';
import { WasmError } from '../base/errors.js';
import type { KernelExports } from './abi.js';
import { decodeBase64 } from './base64.js';
import { WASM_BASE64 } from './binary.js';

let compiled: WebAssembly.Module | undefined;
let compiling: Promise<WebAssembly.Module> | undefined;

/** Where the kernels come from, when not from the binary embedded in the package; at most one is given. */
export interface InitOptions {
  /** The compiled module, for hosts that compile WebAssembly only at deployment. */
  readonly module?: WebAssembly.Module | undefined;
  /** The bytes of `convex-relu/wasm`, or those that `convex-relu/relaxed-simd` gives. */
  readonly binary?: BufferSource | undefined;
  /** Where `convex-relu/wasm` is served. */
  readonly url?: string | URL | undefined;
}

/**
 * Compiles the kernels ahead of their first use. Optional (everything that needs them calls it) and idempotent; the
 * synchronous functions of `convex-relu/linalg` work without it where the host allows compiling synchronously. Options count
 * only in the first call: later ones find the kernels compiled.
 *
 * @throws WasmError when the host cannot compile WebAssembly with SIMD, or the url cannot be fetched
 */
export async function init(options: InitOptions = {}): Promise<void> {
  await compile(options);
}

/** Size in bytes of the embedded binary. */
export const embeddedBytes = (): number => decodeBase64(WASM_BASE64).length;

export async function instantiateKernels(): Promise<KernelExports> {
  const module = await compile();
  return guard(async () => toExports((await instantiate(module)).instance));
}

export function instantiateKernelsSync(): KernelExports {
  try {
    compiled ??= new WebAssembly.Module(decodeBase64(WASM_BASE64));
    return toExports(instantiateSync(compiled).instance);
  } catch (cause) {
    throw failure(cause);
  }
}

async function compile(options: InitOptions = {}): Promise<WebAssembly.Module> {
  if (compiled) return compiled;
  compiling ??= guard(async () => options.module ?? WebAssembly.compile(await bytes(options)));
  try {
    compiled = await compiling;
    return compiled;
  } finally {
    compiling = undefined;
  }
}

async function bytes({ binary, url }: InitOptions): Promise<BufferSource> {
  if (binary !== undefined) return binary;
  if (url === undefined) return decodeBase64(WASM_BASE64);
  const response = await fetch(url);
  if (!response.ok) throw new WasmError(`url: ${url} answered ${response.status}; it should serve convex-relu/wasm`);
  return response.arrayBuffer();
}

async function guard<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw failure(cause);
  }
}

function failure(cause: unknown): WasmError {
  if (cause instanceof WasmError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WasmError(`the kernels need WebAssembly with SIMD, which this host did not accept: ${reason}`, { cause });
}

/** The raw exports: the loader's own are wrapped to count arguments, which costs more than a small kernel. */
function toExports(instance: WebAssembly.Instance): KernelExports {
  return instance.exports as unknown as KernelExports;
}
