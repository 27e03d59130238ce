#!/usr/bin/env node
/** The executable. */
import { createProgram } from './program.js';
import { runProgram } from './run-program.js';

await runProgram(createProgram);
