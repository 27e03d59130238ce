/**
 * What crosses the border between a trainer and its worker. One job runs at a time, so messages carry no job number;
 * a worker whose job was abandoned is terminated, never reused.
 */
import type { InitOptions } from '../index.js';
import type { EncodedError } from './errors.js';

/** The library functions a worker runs. */
export type JobMethod = 'train' | 'solveRelaxation' | 'trainPath' | 'widthSweep';

export type ToWorker =
  | { readonly kind: 'start'; readonly lockName: string; readonly wasm: InitOptions | undefined }
  | Job
  /** The caller's `stopSignal`: end the job soon and return the best so far. */
  | { readonly kind: 'stop' };

export interface Job {
  readonly kind: 'job';
  readonly method: JobMethod;
  readonly X: unknown;
  readonly Y: unknown;
  /** The caller's options without callback and signals, which cannot cross; for a path with its `regs`. */
  readonly options: object;
}

export type FromWorker =
  /** The worker holds its life lock, where the host has locks. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: unknown }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: EncodedError };
