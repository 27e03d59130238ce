/** The library's own kernel and solver tests, run inside Chromium. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { LAUNCH_OPTIONS } from './chromium.js';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Tests of processes and files stay in Node; a page has neither. */
const needsNode = (path: string): boolean => /from 'node:/.test(readFileSync(file(`../../${path}`), 'utf8'));

const tests = ['assembly', 'wasm', 'linalg', 'solver']
  .flatMap((folder) => readdirSync(file(`../${folder}`)).map((name) => `test/${folder}/${name}`))
  .filter((path) => path.endsWith('.test.ts') && !needsNode(path));

export default defineConfig({
  root: file('../..'),
  // Pages cannot read ../shared, so the tests that need it skip themselves there.
  resolve: { alias: [{ find: /^.*\/support\/shared-data\.js$/, replacement: file('no-shared-data.ts') }] },
  test: {
    include: tests,
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
