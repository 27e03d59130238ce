/** The lists of faults follow the source: each can still be put into its file. `npm run mutate` runs them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutate } from './mutant.js';
import { PROOF_MUTANTS } from './mutants/proof.js';
import { SOLVER_MUTANTS } from './mutants/solver.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe.each([
  ['proof', PROOF_MUTANTS],
  ['elsewhere', SOLVER_MUTANTS],
])('the faults in the list %s', (_, mutants) => {
  it('have texts that stand in their files once, and tests that exist', () => {
    for (const mutant of mutants) {
      const source = readFileSync(join(root, mutant.file), 'utf8');
      expect(mutate(source, mutant), mutant.name).not.toBe(source);
      for (const test of mutant.tests) expect(existsSync(join(root, test)), `${mutant.name}: ${test}`).toBe(true);
    }
  });

  it('have each a name of their own in their file', () => {
    const names = mutants.map(({ file, name }) => `${file}: ${name}`);
    expect(names).toEqual([...new Set(names)]);
  });
});
