/** The losses by the names that options and files use. */
import type { Loss } from './loss.js';
import { squared } from './squared.js';

export const LOSSES: readonly Loss[] = [squared];

/** The loss of that name; undefined when there is none. */
export const lossNamed = (name: unknown): Loss | undefined => LOSSES.find((loss) => loss.name === name);
