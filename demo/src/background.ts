/** What the page's own worker is asked and answers: the Adam run, the sweep over widths, and Lambda. */
import type { FlatProblem } from './adam.js';
import type { LambdaPicture } from './heatmap.js';

export type Task =
  | { readonly kind: 'adam'; readonly problem: FlatProblem; readonly width: number; readonly seed: number }
  | { readonly kind: 'widths'; readonly problem: FlatProblem; readonly seed: number }
  | { readonly kind: 'lambda'; readonly problem: FlatProblem; readonly G: Float64Array; readonly a: Float64Array };

export type Answer =
  | {
      readonly kind: 'adam';
      readonly loss: number;
      readonly U: Float64Array;
      readonly V: Float64Array;
      readonly step: number;
    }
  | { readonly kind: 'width'; readonly width: number; readonly loss: number }
  | { readonly kind: 'lambda'; readonly picture: LambdaPicture; readonly rank: number; readonly size: number }
  /** The task of that kind is finished. */
  | { readonly kind: 'done'; readonly task: Task['kind'] };

/** Steps of one Adam run; the loss curve is flat well before. */
export const ADAM_STEPS = 4000;
