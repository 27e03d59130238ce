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
  layoutShift: number;
  readonly errors: string[];
}

declare global {
  var watched: Watched;
}

/** Runs in the page before its own scripts: keeps its workers, layout shifts and errors. */
function watchPage(): void {
  const watched: Watched = { workers: [], layoutShift: 0, errors: [] };
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
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) watched.layoutShift += entry.value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly name?: string };
  /** Wall-clock and processor time in microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
}

/**
 * Milliseconds of the longest task of the page's main thread while `action` ran: by the clock, which counts what other processes
 * take meanwhile, and by the processor's time, which does not.
 */
export async function longestTask(page: Page, action: () => Promise<void>): Promise<{ wallMs: number; cpuMs: number }> {
  const browser = page.context().browser() as Browser;
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] });
  await action();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const isMain = ({ pid, tid }: TraceEvent): boolean => mains.some((main) => main.pid === pid && main.tid === tid);
  const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && isMain(event));
  if (tasks.length === 0) throw new Error('the trace holds no task of the main thread');
  const longest = (time: 'dur' | 'tdur'): number => Math.max(...tasks.map((task) => task[time] ?? 0)) / 1000;
  return { wallMs: longest('dur'), cpuMs: longest('tdur') };
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
