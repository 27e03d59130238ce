/** `npm run reproduce` and `npm run convert` as their users run them, bundled once for all tests of a file. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { bundlePaper } from '../../scripts/paper.mjs';
import { type Outcome, type RunningProgram, startNode } from '../support/spawn.js';

const folder = fileURLToPath(new URL('../../build', import.meta.url));
mkdirSync(folder, { recursive: true });
const bundle = mkdtempSync(join(folder, 'paper-'));
afterAll(() => rmSync(bundle, { recursive: true }));
const main = await bundlePaper(bundle);

export const startPaper = (...words: string[]): RunningProgram => startNode(main, ...words);

export const runPaper = (...words: string[]): Promise<Outcome> => startPaper(...words).outcome;
