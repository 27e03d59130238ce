/** What the page's own worker is asked and answers: the Adam run, the sweep over widths, and Lambda. */
import type { Problem } from './features.js';
import type { LambdaPicture } from './heatmap.js';
import type { PlainNetwork } from './plain-network.js';

export type Task =
  | { readonly kind: 'adam'; readonly problem: Problem; readonly width: number; readonly seed: number }
  | { readonly kind: 'widths'; readonly problem: Problem; readonly seed: number }
  | { readonly kind: 'lambda'; readonly problem: Problem; readonly G: Float64Array; readonly a: Float64Array };

export type Answer =
  | { readonly kind: 'adam'; readonly network: PlainNetwork; readonly loss: number }
  | { readonly kind: 'width'; readonly width: number; readonly loss: number }
  | { readonly kind: 'lambda'; readonly picture: LambdaPicture; readonly rank: number; readonly size: number }
  /** The task of that kind is finished. */
  | { readonly kind: 'done'; readonly task: Task['kind'] };
