/** Where the kernels come from, checked as far as that is possible without touching them. */
import { type Check, checkOptions } from '../base/check.js';
import { OptionsError } from '../base/errors.js';

/** Where the kernels come from, when not from the binary embedded in the package; at most one is given. */
export interface InitOptions {
  /** The compiled module, for hosts that compile WebAssembly only at deployment. */
  readonly module?: WebAssembly.Module | undefined;
  /** The bytes of `convex-relu/wasm`, or those that `convex-relu/relaxed-simd` gives. */
  readonly binary?: BufferSource | undefined;
  /** Where `convex-relu/wasm` is served. */
  readonly url?: string | URL | undefined;
}

/** Told by its name, for it may come from another realm. */
const isInstance =
  (names: readonly string[], expected: string): Check =>
  (value) =>
    names.includes(Object.prototype.toString.call(value).slice(8, -1)) ? undefined : expected;

const isBytes: Check = (value) =>
  ArrayBuffer.isView(value) ? undefined : isInstance(['ArrayBuffer'], 'the bytes of convex-relu/wasm')(value);

export const isAddress: Check = (value) =>
  (typeof value === 'string' && value !== '') || value instanceof URL ? undefined : 'an address, a string or a URL';

/** @throws OptionsError for an unknown option, a wrong type, or more than one source */
export function checkInit(options: InitOptions): InitOptions {
  const checked = checkOptions<InitOptions>(
    options,
    { module: undefined, binary: undefined, url: undefined },
    {
      module: isInstance(['WebAssembly.Module'], 'a WebAssembly.Module of convex-relu/wasm'),
      binary: isBytes,
      url: isAddress,
    },
  );
  const given = (['module', 'binary', 'url'] as const).filter((name) => checked[name] !== undefined);
  if (given.length > 1)
    throw new OptionsError(given[1], `is given beside ${given[0]}; the kernels come from one of them`);
  return checked;
}
