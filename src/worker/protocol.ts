/**
 * What crosses the border between a trainer and its worker. One job runs at a time, so messages carry no job number;
 * a worker whose job was abandoned is terminated, never reused.
 */
import type { InitOptions } from '../index.js';
import type { TaskName } from '../tasks/registry.js';
import type { EncodedError } from './errors.js';

export type ToWorker =
  | { readonly kind: 'start'; readonly lockName: string; readonly wasm: InitOptions | undefined }
  | Job
  /** The caller's `stopSignal`: end the job soon and return the best so far. */
  | { readonly kind: 'stop' };

export interface Job {
  readonly kind: 'job';
  readonly task: TaskName;
  readonly X: unknown;
  readonly Y: unknown;
  /** The caller's options without functions and signals, which cannot cross. */
  readonly options: object;
  /** Names of the options that are functions: calls of them are sent back. */
  readonly callbacks: readonly string[];
}

export type FromWorker =
  /** The worker holds its life lock, where the host has locks. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'call'; readonly callback: string; readonly value: unknown }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: EncodedError };
