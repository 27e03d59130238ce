/**
 * Conjugate gradients as long as they make progress, then the dense factorisation: a dense iteration costs many times more but
 * reaches further. Both work on the same point, so the switch costs nothing.
 */
import type { ProblemSize } from '../size.js';
import { succeedsSteps } from '../succeeds.js';
import { cgBytes, cgFlops } from './cg.js';
import type { Backend, Direction, DirectionSettings, NewtonPoint, RightHandSide } from './contract.js';
import { denseBytes } from './dense.js';

/** Progress is lost when the gap shrank by less than `factor` over `window` iterations, judged only below the gap `below`: far from the
 *  optimum steps are often short through no fault of the solves, so patience is longer there. */
const RULES = [
  { window: 3, factor: 0.7, below: 0.05 },
  { window: 10, factor: 0.9, below: 1 },
] as const;

/** Bytes and flops of what the back end adds to an iteration: both are held in the end, and the first iterations are the first's. */
export const hybridBytes = (size: ProblemSize): number => cgBytes(size) + denseBytes(size);
export const hybridFlops = cgFlops;

export class HybridBackend implements Backend {
  readonly #first: Backend;
  readonly #createSecond: () => Backend;
  readonly #secondMs: number;
  #current: Backend;

  /**
   * @param createSecond called at the switch, so that its memory is taken only then
   * @param secondMs least duration of an iteration with the second: where the time left is shorter there is no switch
   * @param resumeAt the back end that an interrupted run had reached
   */
  constructor(first: Backend, createSecond: () => Backend, secondMs: number, resumeAt: Backend['name'] = first.name) {
    this.#first = first;
    this.#createSecond = createSecond;
    this.#secondMs = secondMs;
    this.#current = resumeAt === first.name ? first : createSecond();
  }

  get name(): 'dense' | 'cg' {
    return this.#current.name;
  }

  get settings(): DirectionSettings {
    return this.#current.settings;
  }

  get cgSteps(): number {
    return this.#first.cgSteps;
  }

  *prepare(newton: NewtonPoint): Generator<void, boolean> {
    if (this.#current !== this.#first) return yield* this.#current.prepare(newton);
    const canSwitch = this.#secondMs <= newton.remainingMs();
    const stays = !canSwitch || !isStuck(newton.gaps);
    if (stays && (yield* succeedsSteps(this.#first.prepare(newton)))) return true;
    if (!canSwitch) return false;
    this.#current = this.#createSecond();
    return yield* this.#current.prepare(newton);
  }

  *solve(rightHandSide: RightHandSide, direction: Direction): Generator<void, void> {
    yield* this.#current.solve(rightHandSide, direction);
  }
}

function isStuck(gaps: readonly number[]): boolean {
  const now = gaps.at(-1) ?? Number.POSITIVE_INFINITY;
  return RULES.some(({ window, factor, below }) => {
    const before = gaps.at(-1 - window);
    return before !== undefined && before < below && now > factor * before;
  });
}
