/** One training run: the convex solve in the library's worker; Adam, the sweep over widths and Lambda in the page's own. */
import type { Progress } from 'convex-relu';
import type { Trainer } from 'convex-relu/worker';
import type { Answer, Task } from './background.js';
import type { Dataset } from './dataset.js';
import { type Problem, plainNetwork, prepare, problemOf } from './features.js';
import type { PlainNetwork } from './plain-network.js';
import type { Settings } from './settings.js';

export type TrainedResult = Awaited<ReturnType<Trainer['train']>>;

export interface SessionEvents {
  onProgress(progress: Progress): void;
  onNetwork(network: PlainNetwork): void;
  onResult(result: TrainedResult): void;
  onAdam(network: PlainNetwork, loss: number): void;
  onWidth(width: number, loss: number): void;
  onLambda(answer: Extract<Answer, { kind: 'lambda' }>): void;
  /** Everything has finished. */
  onEnd(): void;
}

/**
 * Resolves when the convex solve is done; the comparison goes on until `onEnd`.
 *
 * @throws (rejects with) what `train` throws, or the signal's reason
 */
export async function runSession(
  trainer: Trainer,
  dataset: Dataset,
  settings: Settings,
  events: SessionEvents,
  signal: AbortSignal,
): Promise<TrainedResult> {
  const problem = problemOf(dataset, settings);
  const { featureMap } = prepare(problem);
  const { tolerance, maxWidth, rounding, seed } = settings;
  let bestLoss = Number.POSITIVE_INFINITY;
  const result = await trainer.train(problem.X, problem.labels, {
    ...problem.options,
    tolerance,
    maxWidth,
    rounding,
    seed,
    signal,
    onProgress: (progress) => {
      const { weights, loss = Number.POSITIVE_INFINITY } = progress;
      const isBetter = loss < bestLoss;
      bestLoss = Math.min(bestLoss, loss);
      if (weights && isBetter) events.onNetwork(plainNetwork({ ...weights, featureMap }));
      events.onProgress(progress);
    },
  });
  events.onNetwork(plainNetwork(result.network));
  events.onResult(result);
  compare(problem, result, settings, events, signal);
  return result;
}

function compare(
  problem: Problem,
  result: TrainedResult,
  { seed }: Settings,
  events: SessionEvents,
  signal: AbortSignal,
): void {
  const worker = new Worker(new URL('./background-worker.ts', import.meta.url), { type: 'module' });
  signal.addEventListener('abort', () => worker.terminate(), { once: true });
  const ask = (task: Task): void => worker.postMessage(task);
  worker.onmessage = ({ data: answer }: MessageEvent<Answer>) => {
    if (answer.kind === 'lambda') events.onLambda(answer);
    else if (answer.kind === 'width') events.onWidth(answer.width, answer.loss);
    else if (answer.kind === 'adam') events.onAdam(answer.network, answer.loss);
    else if (answer.task === 'widths') {
      worker.terminate();
      events.onEnd();
    }
  };
  const { relaxation } = result;
  const a = relaxation?.proof.relaxation?.a;
  if (relaxation && a) ask({ kind: 'lambda', problem, G: relaxation.G.data, a: a.data });
  ask({ kind: 'adam', problem, width: Math.max(1, result.network.width), seed });
  ask({ kind: 'widths', problem, seed });
}
