/** `convex-relu/relaxed-simd`: the kernels with fused multiply–adds. A module of its own, so that only bundles that ask for it carry it. */
import { decodeBase64 } from './base64.js';
import { RELAXED_WASM_BASE64 } from './binary-relaxed.js';

/**
 * The kernels compiled with relaxed SIMD, for `init({ binary: relaxedKernels() })`: 5–30 % faster, but the last bits of results
 * then depend on the host. Undefined where the host refuses them (Node 20), and `init` then takes the embedded ones.
 */
export function relaxedKernels(): Uint8Array<ArrayBuffer> | undefined {
  const bytes = decodeBase64(RELAXED_WASM_BASE64);
  return WebAssembly.validate(bytes) ? bytes : undefined;
}
