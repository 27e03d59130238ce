/** The page's worker for everything but the convex solve. */

import { adam, type FlatProblem } from './adam.js';
import { ADAM_STEPS, type Answer, type Task } from './background.js';
import { pictureLambda } from './lambda.js';

/** Between two reports of the running Adam; about 15 pictures a second. */
const REPORT_MS = 66;
const WIDTHS = [1, 2, 3, 5, 8, 12, 20, 32, 50, 80];
const WIDTH_STEPS = 1500;
const WIDTH_STARTS = 3;

const answer = (message: Answer): void => globalThis.postMessage(message);

globalThis.addEventListener('message', ({ data: task }: MessageEvent<Task>) => {
  if (task.kind === 'adam') compare(task.problem, task.width, task.seed);
  else if (task.kind === 'widths') sweepWidths(task.problem, task.seed);
  else answer({ kind: 'lambda', ...pictureLambda(task.problem, task.G, task.a) });
  answer({ kind: 'done', task: task.kind });
});

function compare(problem: FlatProblem, width: number, seed: number): void {
  let reported = 0;
  for (const { step, loss, U, V } of adam(problem, width, ADAM_STEPS, seed)) {
    const now = performance.now();
    if (now - reported < REPORT_MS && step < ADAM_STEPS) continue;
    reported = now;
    answer({ kind: 'adam', step, loss, U: U.slice(), V: V.slice() });
  }
}

/** The best loss of a few runs at each width. */
function sweepWidths(problem: FlatProblem, seed: number): void {
  for (const width of WIDTHS) {
    let best = Number.POSITIVE_INFINITY;
    for (let start = 0; start < WIDTH_STARTS; start++) {
      for (const { loss } of adam(problem, width, WIDTH_STEPS, seed + start)) best = Math.min(best, loss);
    }
    answer({ kind: 'width', width, loss: best });
  }
}
