/** Everything that is called. */
import { BASELINES } from './baselines.js';
import { DATASETS } from './datasets.js';
import type { Entry } from './entry.js';
import { FILES } from './files.js';
import { LIBRARY } from './library.js';
import { LINALG } from './linalg.js';
import { TASKS, workerEntries } from './tasks.js';

/** @param workerUrl of the worker's module, built for Node */
export function allEntries(workerUrl: URL): { entries: readonly Entry[]; end: () => Promise<void> } {
  const { entries, end } = workerEntries(workerUrl);
  return { entries: [...LIBRARY, ...TASKS, ...LINALG, ...BASELINES, ...DATASETS, ...FILES, ...entries], end };
}
