// Must type-check under a consumer's strictest settings.
import { type Progress, type TrainResult, train } from 'convex-relu';
import { adam, type DescentResult } from 'convex-relu/baselines';
import { type Dataset, randomTeacher, stratifiedHalves } from 'convex-relu/datasets';
import { eigh } from 'convex-relu/linalg';
import { createPool, createTrainer } from 'convex-relu/worker';

const onProgress = ({ value, lowerBound }: Progress): void => console.log(value, lowerBound);
export const fit: TrainResult = await train([[1], [2]], ['a', 'b'], { reg: 0.1, onProgress });
export const label: string | number | boolean = fit.network.predictClass([[1]])[0];
export const largest: number = eigh([[1]]).values[0];
export const inWorker: TrainResult = await createTrainer().train([[1]], [[1]], { reg: 0.1 });
export const bounds: number[] = await createPool().map(
  [0.1, 1],
  async (trainer, reg) => (await trainer.solveRelaxation([[1]], [[1]], { reg })).lowerBound,
);
export const descent: DescentResult = await adam([[1]], [[1]], { width: 2 });
export const halves: Dataset = stratifiedHalves(randomTeacher(0), 1);
