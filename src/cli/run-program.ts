/** Runs a command line and turns whatever happens into an exit code and one clear line on stderr. */
import { type Command, CommanderError } from 'commander';
import { ConvexReluError } from '../index.js';
import { ExitCode } from './exit-codes.js';

/** @param create makes the program; its actions hand their exit code to the function given here */
export async function runProgram(create: (finish: (exitCode: number) => void) => Command): Promise<void> {
  // `convex-relu predict … | head` closes our output early, which is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(ExitCode.ok);
    throw error;
  });
  const program = create((exitCode) => {
    process.exitCode = exitCode;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  // commander has already said what is wrong; its own exit code is 0 after --help and --version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  if (error instanceof ConvexReluError) {
    console.error(`error: ${error.message}`);
    return error.code === 'wasm' || error.code === 'numerical' ? ExitCode.unexpected : ExitCode.usage;
  }
  console.error(error);
  return ExitCode.unexpected;
}
