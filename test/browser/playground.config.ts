/** The playground in Chromium, driven from Node. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: { include: ['test/browser/**/*.spec.ts'], testTimeout: 90_000, hookTimeout: 90_000, fileParallelism: false },
});
