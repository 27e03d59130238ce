// For runtimes: one check by name; the exit code tells.
import { checkImport, checkSolve, checkWorker } from './check.mjs';

const checks = { import: checkImport, solve: checkSolve, worker: checkWorker };
await checks[process.argv[2]]();
