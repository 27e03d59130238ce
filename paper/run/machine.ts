/** Where a run took place, for the record. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { packageVersion } from '../../src/cli/package-version.js';

export interface Setting {
  readonly version: string;
  readonly commit?: string;
  readonly node: string;
  readonly machine: string;
}

export function describeSetting(): Setting {
  const commit = currentCommit();
  const cores = cpus();
  return {
    version: packageVersion(),
    ...(commit !== undefined && { commit }),
    node: process.versions.node,
    machine: `${cores.length} × ${cores[0]?.model.trim() ?? 'unknown processor'}, ${process.platform} ${process.arch}`,
  };
}

/** The commit of the checkout this program is in, `-dirty` when it has changes; undefined where it was copied without its history. */
function currentCommit(): string | undefined {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  if (!existsSync(`${root}.git`)) return undefined;
  try {
    const words = ['-C', root, 'describe', '--always', '--dirty', '--abbrev=10'];
    return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
