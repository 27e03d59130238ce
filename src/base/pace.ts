/** When long work in plain TypeScript pauses: it counts what it does, so that the pauses are the same on every machine. */

/** Operations between two pauses: a few hundredths of a second. */
const PIECE = 2e7;

export class Pace {
  #done = 0;

  /** Counts so many operations more; whether a pause is due. */
  isDue(operations: number): boolean {
    this.#done += operations;
    if (this.#done < PIECE) return false;
    this.#done = 0;
    return true;
  }
}
