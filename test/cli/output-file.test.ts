import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkOutput, saveOutput, writeOutput } from '../../src/cli/output-file.js';
import { complaint } from './complaint.js';

const folder = mkdtempSync(join(tmpdir(), 'convex-relu-output-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

describe('an output file', () => {
  test('is written whole, over an older one too, and leaves no draft behind', () => {
    const path = at('model.json');
    checkOutput('--out', path);
    expect(readdirSync(folder)).toEqual([]);
    writeOutput('--out', path, 'one');
    writeOutput('--out', path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['model.json']);
  });

  test('behind a link is the file the link points to, there already or not', () => {
    mkdirSync(at('real'));
    symlinkSync('real/target.json', at('link.json'));
    symlinkSync('link.json', at('link-to-link.json'));
    for (const content of ['first', 'second']) {
      checkOutput('--out', at('link-to-link.json'));
      writeOutput('--out', at('link-to-link.json'), content);
      expect(readFileSync(at('real/target.json'), 'utf8')).toBe(content);
    }
    expect(lstatSync(at('link.json')).isSymbolicLink()).toBe(true);
  });

  test('may be a character device, which stays one', () => {
    checkOutput('--out', '/dev/null');
    writeOutput('--out', '/dev/null', 'gone');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('is refused at once where it cannot be', () => {
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync('round', at('about'));
    symlinkSync('about', at('round'));
    expect(complaint(() => checkOutput('--out', folder))).toContain('--out: ');
    expect(complaint(() => checkOutput('--out', folder))).toContain('is a folder');
    expect(complaint(() => checkOutput('--out', at('absent/model.json')))).toContain('there is no folder');
    expect(complaint(() => checkOutput('--proof', at('pipe')))).toMatch(/^--proof: .* neither a file nor/);
    expect(complaint(() => checkOutput('--out', at('round')))).toContain('circle of links');
    expect(complaint(() => checkOutput('--out', at('x'.repeat(300))))).toContain('the name is too long');
    expect(complaint(() => checkOutput('--out', '/proc/model.json'))).toContain('cannot be written');
  });

  test('on a full disk says so', () => {
    expect(complaint(() => writeOutput('--out', '/dev/full', 'model'))).toBe(
      '--out: /dev/full could not be written: the disk is full',
    );
  });

  test('that cannot be written any more goes to the temporary files', () => {
    const { path, problem } = saveOutput('--out', '/dev/full', 'model');
    expect(problem).toContain('the disk is full');
    expect(readFileSync(path, 'utf8')).toBe('model');
    rmSync(path);
    writeFileSync(at('fine'), '');
    expect(saveOutput('--out', at('fine'), 'model')).toEqual({ path: at('fine'), problem: undefined });
  });
});
