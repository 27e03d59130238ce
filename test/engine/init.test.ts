/** What `init` is given is checked when it is given, and a call that failed leaves no trace. */
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

/** The smallest module there is: of no use as kernels. */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const bytes = readFileSync(new URL('../../build/convex-relu.wasm', import.meta.url));
const module = new WebAssembly.Module(bytes);

/** The loader as a process finds it: nothing compiled yet. */
async function fresh() {
  vi.resetModules();
  const { init } = await import('../../src/engine/load.js');
  const { createKernels } = await import('../../src/engine/kernels.js');
  const works = async (): Promise<boolean> => typeof (await createKernels()).exports.gemm === 'function';
  return { init: init as (options?: unknown) => Promise<void>, works };
}

const FAULTS: readonly [what: string, options: unknown, error: string, message: RegExp][] = [
  ['a number', 5, 'OptionsError', /options: expected an object, got 5/],
  ['null', null, 'OptionsError', /options: expected an object/],
  ['a misspelt option', { modul: module }, 'OptionsError', /modul: is not an option; did you mean module\?/],
  ['no module', { module: {} }, 'OptionsError', /module: expected a WebAssembly.Module/],
  [
    'a module in name only',
    { module: { [Symbol.toStringTag]: 'WebAssembly.Module' } },
    'OptionsError',
    /module: expected/,
  ],
  [
    'another module',
    { module: new WebAssembly.Module(EMPTY) },
    'WasmError',
    /module: is not the convex-relu\/wasm of this/,
  ],
  ['no bytes', { binary: 'wasm' }, 'OptionsError', /binary: expected the bytes/],
  ['bytes that are no module', { binary: Uint8Array.of(1, 2) }, 'WasmError', /binary: could not be compiled/],
  [
    'the bytes of another module',
    { binary: EMPTY },
    'WasmError',
    /binary: is not the convex-relu\/wasm of this version/,
  ],
  ['no address', { url: 5 }, 'OptionsError', /url: expected an address/],
  ['an address that answers nothing', { url: 'nowhere:' }, 'WasmError', /url: nowhere: could not be fetched/],
  ['the address of something else', { url: 'data:text/plain,hello' }, 'WasmError', /url: could not be compiled/],
  ['two sources', { binary: bytes, url: 'data:,' }, 'OptionsError', /url: is given beside binary/],
];

test.each(FAULTS)('%s is refused with a sentence, and nothing is poisoned', async (_, options, name, message) => {
  const { init, works } = await fresh();
  await expect(init(options)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  await init({ module });
  expect(await works()).toBe(true);
});

test.each(FAULTS)('%s does not disturb who needs the kernels meanwhile', async (_, options, name) => {
  const { init, works } = await fresh();
  const failing = init(options);
  const [outcome, working] = await Promise.allSettled([failing, works()]);
  expect(outcome).toMatchObject({ status: 'rejected', reason: { name } });
  expect(working).toEqual({ status: 'fulfilled', value: true });
});

test.each([
  ['nothing', undefined],
  ['undefined sources', { binary: undefined }],
  ['a module', { module }],
  ['bytes', { binary: bytes }],
  ['an ArrayBuffer', { binary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) }],
  ['an address', { url: `data:application/wasm;base64,${bytes.toString('base64')}` }],
])('%s will do', async (_, options) => {
  const { init, works } = await fresh();
  await init(options);
  expect(await works()).toBe(true);
});

test('options are checked in later calls too', async () => {
  const { init } = await fresh();
  await init();
  await expect(init({ modul: 1 })).rejects.toThrow(/did you mean module/);
  await expect(init({ module: new WebAssembly.Module(EMPTY) })).rejects.toThrow(/is not the convex-relu\/wasm/);
  await init({ binary: bytes });
});
