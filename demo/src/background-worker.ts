/** The page's worker for everything but the convex solve. */
import { adamSync } from 'convex-relu/baselines';
import type { Answer, Task } from './background.js';
import { type Problem, plainNetwork, prepare } from './features.js';
import { pictureLambda } from './lambda.js';

/** Steps of one Adam run; the loss curve is flat well before. */
const ADAM_STEPS = 4000;
/** Between two reports of the running Adam; about 15 pictures a second. */
const REPORT_MS = 66;
const WIDTHS = [1, 2, 3, 5, 8, 12, 20, 32, 50, 80];
const WIDTH_STEPS = 1500;
const WIDTH_STARTS = 3;

const answer = (message: Answer): void => globalThis.postMessage(message);

globalThis.addEventListener('message', ({ data: task }: MessageEvent<Task>) => {
  if (task.kind === 'adam') compare(task.problem, task.width, task.seed);
  else if (task.kind === 'widths') sweepWidths(task.problem, task.seed);
  else answer({ kind: 'lambda', ...pictureLambda(prepare(task.problem).problem, task.G, task.a) });
  answer({ kind: 'done', task: task.kind });
});

function compare(problem: Problem, width: number, seed: number): void {
  const { featureMap } = prepare(problem);
  let reported = 0;
  const { network, loss } = adamSync(problem.X, problem.labels, {
    ...problem.options,
    width,
    seed,
    maxIterations: ADAM_STEPS,
    onProgress: ({ weights, loss }) => {
      const now = performance.now();
      if (!weights || loss === undefined || now - reported < REPORT_MS) return;
      reported = now;
      answer({ kind: 'adam', network: plainNetwork({ ...weights, featureMap }), loss });
    },
  });
  answer({ kind: 'adam', network: plainNetwork(network), loss });
}

/** The best loss of a few runs at each width. */
function sweepWidths({ X, labels, options }: Problem, seed: number): void {
  for (const width of WIDTHS) {
    const starts = Array.from({ length: WIDTH_STARTS }, (_, start) => seed + start);
    const losses = starts.map((each) => {
      const run = { ...options, width, seed: each, maxIterations: WIDTH_STEPS };
      return adamSync(X, labels, run).loss;
    });
    answer({ kind: 'width', width, loss: Math.min(...losses) });
  }
}
