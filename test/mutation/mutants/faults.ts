/** Shorthand for several faults in one file that the same tests must notice. */
import type { Mutant } from '../mutant.js';

/** @param entries name, text and what stands in its place */
export const faults = (
  file: string,
  tests: readonly string[],
  entries: readonly (readonly [name: string, find: string, replace: string])[],
): Mutant[] => entries.map(([name, find, replace]) => ({ name, file, find, replace, tests }));
