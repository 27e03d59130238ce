/** A worker thread of the run: one cell after another, each as JSON. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { type DataName, type ExperimentData, runCell } from '../cells/index.js';
import { loadData } from './data.js';
import type { Answer, Task } from './protocol.js';

const GLIMPSE_EVERY_MS = 500;

if (parentPort) serveCells(parentPort);

function serveCells(port: MessagePort): void {
  const loaded = new Map<DataName, ExperimentData>();
  port.on('message', (task: Task) => port.postMessage(answer(port, task, loaded)));
}

function answer(port: MessagePort, { spec, folder }: Task, loaded: Map<DataName, ExperimentData>): Answer {
  const name = spec.key.data;
  let shownMs = performance.now();
  try {
    const data = loaded.get(name) ?? loadData(name, folder);
    if (data === undefined) return { kind: 'failed', reason: 'its data file has gone' };
    loaded.set(name, data);
    const startMs = performance.now();
    const cell = runCell(spec, data, ({ phase, iteration, gap }) => {
      if (performance.now() - shownMs < GLIMPSE_EVERY_MS) return;
      shownMs = performance.now();
      const progress = { phase, iteration, ...(gap !== undefined && { gap }) };
      port.postMessage({ kind: 'progress', progress } satisfies Answer);
    });
    return { kind: 'done', cell, elapsedMs: performance.now() - startMs };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
