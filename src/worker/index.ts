/** Training off the calling thread: `createTrainer` for one worker, `createPool` for one per core. */

export type { TrainerOptions } from './job-queue.js';
export { createPool, type PoolOptions, TrainerPool } from './pool.js';
export { createTrainer, type TaskMethods, type Trainer } from './trainer.js';
