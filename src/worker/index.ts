/** Training off the calling thread: `createTrainer` for one worker, `createPool` for one per core. */
export { createPool, type PoolOptions, TrainerPool } from './pool.js';
export { createTrainer, type TaskMethods, type Trainer, type TrainerOptions } from './trainer.js';
