/**
 * Compiles and instantiates the kernels. The only file that knows `@assemblyscript/loader` and the embedded binary; only the
 * compiled module is cached, never an instance.
 */
import { instantiate, instantiateSync } from '@assemblyscript/loader';
import { WasmError } from '../errors.js';
import type { KernelExports } from './abi.js';
import { WASM_BASE64 } from './binary.js';

let compiled: WebAssembly.Module | undefined;
let compiling: Promise<WebAssembly.Module> | undefined;

/**
 * Compiles the kernels ahead of their first use. Optional (everything that needs them calls it) and idempotent; the
 * synchronous functions of `convex-relu/linalg` work without it where the host allows compiling synchronously.
 *
 * @throws WasmError when the host cannot compile WebAssembly with SIMD
 */
export async function init(): Promise<void> {
  await compile();
}

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

async function compile(): Promise<WebAssembly.Module> {
  if (compiled) return compiled;
  compiling ??= guard(() => WebAssembly.compile(decodeBase64(WASM_BASE64)));
  try {
    compiled = await compiling;
    return compiled;
  } finally {
    compiling = undefined;
  }
}

async function guard<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw failure(cause);
  }
}

function failure(cause: unknown): WasmError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WasmError(`the kernels need WebAssembly with SIMD, which this host did not accept: ${reason}`, { cause });
}

/** The raw exports: the loader's own are wrapped to count arguments, which costs more than a small kernel. */
function toExports(instance: WebAssembly.Instance): KernelExports {
  return instance.exports as unknown as KernelExports;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
