/** Builds the playground, serves it, and opens pages on it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { LAUNCH_OPTIONS } from './chromium.js';

const configFile = fileURLToPath(new URL('../../demo/vite.config.ts', import.meta.url));
const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url));

export interface Playground {
  open(options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

export async function startPlayground(): Promise<Playground> {
  const outDir = await mkdtemp(join(tmpdir(), 'convex-relu-playground-'));
  await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const server = await preview({
    configFile,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  const [url] = server.resolvedUrls?.local ?? [];
  const browser: Browser = await chromium.launch(LAUNCH_OPTIONS);
  return {
    open: async (options = {}) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
      page.setDefaultTimeout(60_000);
      await page.addInitScript(watchPage);
      await page.goto(url as string);
      return page;
    },
    close: async () => {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

/** What the tests ask of a page beyond what it shows. */
export interface Watched {
  readonly workers: Worker[];
  readonly longTasksMs: number[];
  layoutShift: number;
  readonly errors: string[];
}

declare global {
  var watched: Watched;
}

/** Runs in the page before its own scripts: keeps its workers, long tasks, layout shifts and errors. */
function watchPage(): void {
  const watched: Watched = { workers: [], longTasksMs: [], layoutShift: 0, errors: [] };
  globalThis.watched = watched;
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      watched.workers.push(this);
    }
  };
  globalThis.addEventListener('error', ({ message }) => watched.errors.push(message));
  globalThis.addEventListener('unhandledrejection', ({ reason }) => watched.errors.push(String(reason)));
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.longTasksMs.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) watched.layoutShift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Presses Train and waits for the network. */
export async function trainToEnd(page: Page): Promise<void> {
  await page.click('#train');
  await page.waitForFunction(() => document.getElementById('phase')?.textContent?.startsWith('Done'));
}

/** Waits until Adam, the sweep over widths and Lambda have been shown too. */
export async function waitForComparison(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.getElementById('cancel') as HTMLButtonElement).disabled);
}

export const textOf = async (page: Page, selector: string): Promise<string> => (await page.textContent(selector)) ?? '';

export async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
