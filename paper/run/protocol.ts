/** What the pool and its workers say to each other. */

import type { Report } from '../../src/index.js';
import type { BareCell, CellSpec } from '../cells/index.js';

export interface Task {
  readonly spec: CellSpec;
  /** --data. */
  readonly folder: string | undefined;
}

/** The part of a progress report that is shown. */
export type Glimpse = Pick<Report, 'phase' | 'iteration' | 'gap'>;

export type Answer =
  | { readonly kind: 'progress'; readonly progress: Glimpse }
  | { readonly kind: 'done'; readonly cell: BareCell; readonly elapsedMs: number }
  | { readonly kind: 'failed'; readonly reason: string };
