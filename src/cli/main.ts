#!/usr/bin/env node
/** The executable: runs the program and turns whatever happens into an exit code and one clear line on stderr. */
import { isMainThread, parentPort } from 'node:worker_threads';
import { CommanderError } from 'commander';
import { ConvexReluError } from '../index.js';
import { ExitCode } from './exit-codes.js';
import { createProgram } from './program.js';
import { serveCells } from './reproduce/worker.js';

// `convex-relu predict … | head` closes our output early, which is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ExitCode.ok);
  throw error;
});

// The workers of `reproduce` run this same file.
if (!isMainThread && parentPort) serveCells(parentPort);
else await runProgram();

async function runProgram(): Promise<void> {
  const program = createProgram(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    new URL(import.meta.url),
  );
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
