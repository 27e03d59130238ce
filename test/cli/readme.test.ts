/** README.md's table of options and its exit codes are those of the program. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ExitCode } from '../../src/cli/exit-codes.js';
import { createProgram } from '../../src/cli/program.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test("train's options are all in the table, in the same words", () => {
  const train = createProgram(() => {}).commands.find((command) => command.name() === 'train');
  const flags = train?.options.map((option) => option.flags).sort();
  const listed = [...readme.matchAll(/^\| `(--[^`]+)` \|/gm)].map(([, option]) => option).sort();
  expect(listed).toEqual(flags);
});

test('the exit codes are all in the table', () => {
  const listed = [...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(listed).toEqual(Object.values(ExitCode));
});
