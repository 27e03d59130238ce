/** The program that every runtime runs: fingerprints by case, printed, and in a page left where the browser is asked for them. */
import { init } from '../../src/index.js';
import { cases } from './cases.js';
import { fingerprint } from './fingerprint.js';

await init();
const outcomes: Record<string, string> = {};
for (const [name, compute] of Object.entries(cases())) outcomes[name] = fingerprint(compute());
Object.assign(globalThis, { outcomes });
console.log(JSON.stringify(outcomes));
