/** Several trainers at once: many values of reg, many seeds, one worker and one WebAssembly instance per core. */
import { anything, checkOptions, type OptionChecks } from '../base/check.js';
import { show } from '../base/show.js';
import { InputError, OptionsError } from '../index.js';
import type { TrainerOptions } from './job-queue.js';
import { nodeBuiltin } from './node-channel.js';
import { createTrainer, type Trainer } from './trainer.js';

export interface PoolOptions extends TrainerOptions {
  /** Number of workers; by default the number of cores. */
  readonly size?: number | undefined;
}

/** Far more than any machine has cores. */
const MOST_WORKERS = 1024;

/** Address and kernels are checked by the trainers. */
const POOL_CHECKS: OptionChecks<PoolOptions> = { size: anything, url: anything, wasm: anything };
const NO_OPTIONS: PoolOptions = Object.freeze({ size: undefined, url: undefined, wasm: undefined });

/** A fixed set of trainers that share the items given to `map`. */
export class TrainerPool {
  readonly size: number;
  readonly #trainers: Trainer[];
  readonly #idle: Trainer[];
  readonly #waiting: ((trainer: Trainer) => void)[] = [];

  constructor(given: PoolOptions = {}) {
    const { size = availableCores(), ...options } = checkOptions<PoolOptions>(given, NO_OPTIONS, POOL_CHECKS);
    if (!(Number.isInteger(size) && size >= 1 && size <= MOST_WORKERS)) {
      throw new OptionsError(
        'size',
        `must be a whole number from 1 to ${MOST_WORKERS}, got ${show(size)}; leave it out for one worker per core`,
      );
    }
    this.size = size;
    this.#trainers = Array.from({ length: size }, () => createTrainer(options));
    this.#idle = [...this.#trainers];
  }

  /**
   * Calls `task(trainer, item, index)` for every item, as many at a time as there are workers, and returns the results in
   * the items' order. After the first failure no further item is started; those running are waited for, then it rejects.
   */
  async map<Item, Result>(
    items: Iterable<Item>,
    task: (trainer: Trainer, item: Item, index: number) => Promise<Result>,
  ): Promise<Result[]> {
    if (typeof Object(items)[Symbol.iterator] !== 'function')
      throw new InputError('items', `expected an array or another iterable, got ${show(items)}`);
    if (typeof task !== 'function') throw new InputError('task', `expected a function, got ${show(task)}`);
    const list = [...items];
    const results = new Array<Result>(list.length);
    let next = 0;
    let failure: { error: unknown } | undefined;
    const work = async (): Promise<void> => {
      while (next < list.length && failure === undefined) {
        const index = next++;
        const trainer = await this.#acquire();
        try {
          if (failure === undefined) results[index] = await task(trainer, list[index], index);
        } catch (error) {
          failure ??= { error };
        } finally {
          this.#release(trainer);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.size, list.length) }, work));
    if (failure !== undefined) throw (failure as { error: unknown }).error;
    return results;
  }

  /** Ends every worker; jobs that run or wait reject with WorkerError. Idempotent. */
  async terminate(): Promise<void> {
    await Promise.all(this.#trainers.map((trainer) => trainer.terminate()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.terminate();
  }

  #acquire(): Promise<Trainer> {
    const trainer = this.#idle.pop();
    return trainer ? Promise.resolve(trainer) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(trainer: Trainer): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(trainer);
    else this.#idle.push(trainer);
  }
}

/** A pool of trainers. Call `terminate()` when done. */
export function createPool(options: PoolOptions = {}): TrainerPool {
  return new TrainerPool(options);
}

const availableCores = (): number =>
  nodeBuiltin('node:os')?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
