/** One deliberate fault in the source, and the test files of which at least one must then fail. */
export interface Mutant {
  /** What is broken, unique among the faults of its file. */
  readonly name: string;
  /** Source file below the repository's root, in src/ or assembly/. */
  readonly file: string;
  /** Text that occurs in the file exactly once … */
  readonly find: string;
  /** … and what stands in its place in the mutant. */
  readonly replace: string;
  /** The quickest test files that are expected to notice. */
  readonly tests: readonly string[];
}

/** The source with the fault in it. A `find` that does not occur exactly once is an error: the list must follow the source. */
export function mutate(source: string, { name, file, find, replace }: Mutant): string {
  const pieces = source.split(find);
  if (pieces.length !== 2) {
    throw new Error(`${name}: ${JSON.stringify(find)} occurs ${pieces.length - 1} times in ${file}, not once`);
  }
  return pieces.join(replace);
}
