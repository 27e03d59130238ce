/**
 * The relaxed-SIMD twin. Node 20 runs it behind a flag, later ones as they are; CONVEX_RELU_RELAXED_HOST names another host, such as
 * `node` of the npm package node@22, or `deno run -A` by a wrapper.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createKernels } from '../../src/engine/kernels.js';
import { init } from '../../src/engine/load.js';
import { relaxedKernels } from '../../src/engine/relaxed.js';
import { MAX_ROUND_OFF_FACTOR } from '../support/tolerance.js';

interface HostResult {
  readonly file: string;
  readonly n: number;
  readonly exact: boolean;
  readonly status: number;
  readonly failed: number;
  readonly residual: number;
  readonly factorError: number;
}

const host = process.env.CONVEX_RELU_RELAXED_HOST ?? process.execPath;
const flags =
  host === process.execPath && Number.parseInt(process.versions.node, 10) < 22
    ? ['--experimental-wasm-relaxed-simd']
    : [];

describe('the relaxed-SIMD twin', () => {
  test('is as accurate as the default build', () => {
    const script = fileURLToPath(new URL('relaxed-host.mjs', import.meta.url));
    const folder = fileURLToPath(new URL('../../build', import.meta.url));
    const output = execFileSync(host, [...flags, script, folder], { encoding: 'utf8' });
    const results = JSON.parse(output) as HostResult[];
    expect(results).toHaveLength(8);
    for (const result of results) {
      expect(result).toMatchObject({ exact: true, status: 0, failed: 0 });
      expect(result.residual, JSON.stringify(result)).toBeLessThanOrEqual(MAX_ROUND_OFF_FACTOR);
      expect(result.factorError, JSON.stringify(result)).toBeLessThanOrEqual(MAX_ROUND_OFF_FACTOR);
    }
  });

  test('may be asked for anywhere: a host without it gets the default build', async () => {
    await init({ binary: relaxedKernels() });
    const { exports, arena } = await createKernels();
    const x = arena.allocate(3);
    arena.write(x, [1, 2, 3]);
    expect(exports.dot(3, x, x)).toBe(14);
  });
});
