/** The losses as options and files name them. */
import type { Loss } from './loss.js';
import { squared } from './squared.js';

/** The loss of those who name none. */
export const DEFAULT_LOSS: Loss = squared;

export const LOSSES: readonly Loss[] = [squared];

/** The loss whose `toJSON` gives this; undefined when there is none. */
export const lossNamed = (json: unknown): Loss | undefined => LOSSES.find((loss) => loss.toJSON() === json);
