/** The library's own kernel and solver tests, run inside Chromium. */
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { LAUNCH_OPTIONS } from './chromium.js';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: file('../..'),
  // Pages cannot read ../shared, so the tests that need it skip themselves there.
  resolve: { alias: [{ find: /^.*\/support\/shared-data\.js$/, replacement: file('no-shared-data.ts') }] },
  test: {
    include: ['test/{assembly,wasm,linalg,solver}/**/*.test.ts'],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: LAUNCH_OPTIONS }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
