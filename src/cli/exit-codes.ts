/** What the process's exit code means; documented in README.md and in `convex-relu --help`. */
export const ExitCode = {
  ok: 0,
  /** Something nobody foresaw: a bug, a disk that is full. */
  unexpected: 1,
  /** The command line or an input file cannot be used; the message says what would work. */
  usage: 2,
  /** `verify`: a claim of the model was not proved. */
  notVerified: 3,
  /** Ctrl-C; when training, the best network so far was still reported and written. */
  interrupted: 130,
} as const;
