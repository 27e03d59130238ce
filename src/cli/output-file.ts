/**
 * Files that a long run writes at its end. Whether that will be possible is checked at its beginning; the file appears whole or not at all;
 * and a finished run is never lost: what cannot be written where it was asked for goes to the folder for temporary files.
 */
import { closeSync, lstatSync, openSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { printable } from '../base/show.js';
import { InputError } from '../index.js';

/** Links followed before they count as a circle. */
const MOST_LINKS = 40;

/** Where the bytes go: a regular file by way of a draft beside it, or a character device such as /dev/null directly. */
interface Target {
  readonly path: string;
  readonly isDevice: boolean;
}

/**
 * Fails early, before hours of work, when the file cannot be written later.
 *
 * @param option named in the message, e.g. `--out`
 * @throws InputError naming the option
 */
export function checkOutput(option: string, path: string): void {
  const target = resolveTarget(option, path);
  if (target.isDevice) return;
  const draft = draftOf(target.path);
  try {
    closeSync(openSync(draft, 'wx'));
  } catch (error) {
    throw new InputError(option, `${printable(path)} cannot be written: ${reasonOf(error)}`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes the file whole or not at all; an existing one is replaced, behind a link the file it points to. @throws InputError naming the option */
export function writeOutput(option: string, path: string, content: string | Uint8Array): void {
  const target = resolveTarget(option, path);
  const draft = draftOf(target.path);
  try {
    if (target.isDevice) writeFileSync(target.path, content);
    else {
      writeFileSync(draft, content, { flag: 'wx' });
      renameSync(draft, target.path);
    }
  } catch (error) {
    if (!target.isDevice) rmSync(draft, { force: true });
    throw new InputError(option, `${path} could not be written: ${reasonOf(error)}`);
  }
}

/** `writeOutput`, or if that fails a file of the same name among the temporary ones. Returns where it is, and what was wrong. */
export function saveOutput(
  option: string,
  path: string,
  content: string | Uint8Array,
): { readonly path: string; readonly problem: string | undefined } {
  try {
    writeOutput(option, path, content);
    return { path, problem: undefined };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const rescue = join(tmpdir(), `convex-relu-${process.pid}-${basename(path)}`);
    writeOutput(option, rescue, content);
    return { path: rescue, problem: error.message };
  }
}

const draftOf = (path: string): string => `${path}.${process.pid}.part`;

/** Follows links, also to a file that is not there yet. @throws InputError naming the option */
function resolveTarget(option: string, path: string): Target {
  try {
    return followLinks(option, path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(option, `${printable(path)} cannot be written: ${reasonOf(error)}`);
  }
}

function followLinks(option: string, path: string): Target {
  let current = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const found = lstatSync(current, { throwIfNoEntry: false });
    if (found?.isSymbolicLink()) {
      current = resolve(dirname(current), readlinkSync(current));
      continue;
    }
    if (found?.isDirectory()) throw new InputError(option, `${path} is a folder; name a file in it`);
    if (found && !found.isFile() && !found.isCharacterDevice()) {
      throw new InputError(option, `${path} is neither a file nor a character device; name a file`);
    }
    const folder = dirname(current);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new InputError(option, `there is no folder ${folder}`);
    }
    return { path: current, isDevice: found?.isCharacterDevice() ?? false };
  }
  throw new InputError(option, `${path} is a circle of links`);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
};

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code !== undefined && REASONS[code]) || message;
}
