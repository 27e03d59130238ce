import { RunClock } from '../../src/base/run.js';

/** Expires at the given query. */
export class QueryClock extends RunClock {
  readonly #last: number;
  #queries = 0;

  constructor(last: number) {
    super({});
    this.#last = last;
  }

  override expired(): boolean {
    return ++this.#queries >= this.#last;
  }
}
