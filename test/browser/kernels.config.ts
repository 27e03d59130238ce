/** The library's own kernel and solver tests, run inside Chromium. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { assertChromium, LAUNCH_OPTIONS } from './chromium.js';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Tests of processes and files stay in Node; a page has neither. */
const needsNode = (path: string): boolean => /from 'node:/.test(readFileSync(file(`../../${path}`), 'utf8'));

const tests = ['assembly', 'engine', 'linalg', 'relaxation']
  .flatMap((folder) => readdirSync(file(`../${folder}`)).map((name) => `test/${folder}/${name}`))
  .filter((path) => path.endsWith('.test.ts') && !needsNode(path));

assertChromium();

export default defineConfig({
  root: file('../..'),
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
