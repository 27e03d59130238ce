import { describe, expect, test } from 'vitest';
import { runCli } from './spawn.js';

describe('info', () => {
  test('tells the version and the size of the build', async () => {
    const { exitCode, stdout } = await runCli('info');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^convex-relu \d+\.\d+\.\d+, Node \d+\.\d+\.\d+, WebAssembly with SIMD: \d+ bytes\n$/);
  });

  test('tells what training would cost', async () => {
    const { exitCode, stdout } = await runCli('info', '75', '5', '3', '--json');
    expect(exitCode).toBe(0);
    // 75·74/2 + 75·5 + 5·6/2 + 80·3 + 3·4/2 unknowns.
    expect((JSON.parse(stdout) as { cost: unknown }).cost).toMatchObject({ unknowns: 3411, fits: true });
  });

  test('says when a problem is too large', async () => {
    expect((await runCli('info', '5000', '20', '10')).stdout).toContain('more than WebAssembly can address');
  });
});
