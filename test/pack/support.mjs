// Running things with a time limit, and the fresh folder that the tarball is installed in.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(here));
const TIMEOUT_MS = 120_000;

const execFileAsync = promisify(execFile);

/** Runs a program; throws with what it printed when it fails or takes too long. */
export async function run(program, args, options = {}) {
  const { timeout = TIMEOUT_MS } = options;
  try {
    const { stdout } = await execFileAsync(program, args, { maxBuffer: 64e6, ...options, timeout });
    return stdout;
  } catch (error) {
    const why = error.killed ? `no end within ${timeout / 1000} s` : `exit code ${error.code}`;
    throw new Error(`${[program, ...args].join(' ')}: ${why}\n${error.stderr || error.stdout || ''}`);
  }
}

const INSTALL = ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];

/** Packs the repository as `npm publish` would; returns the tarball's path. */
export async function pack(shouldBuild) {
  const destination = mkdtempSync(join(tmpdir(), 'convex-relu-tarball-'));
  const args = ['pack', '--silent', '--pack-destination', destination, ...(shouldBuild ? [] : ['--ignore-scripts'])];
  await run('npm', args, { cwd: root });
  return join(destination, readdirSync(destination)[0]);
}

/** A fresh folder with nothing but the consumer's files and the installed tarball. */
export async function installConsumer(tarball) {
  const folder = mkdtempSync(join(tmpdir(), 'convex-relu-consumer-'));
  cpSync(join(here, 'consumer'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await run('npm', [...INSTALL, tarball], { cwd: folder });
  return folder;
}

/** Installs runtimes and bundlers into .pack/tools, or finds them there. */
export async function installTools() {
  const folder = join(root, '.pack', 'tools');
  mkdirSync(folder, { recursive: true });
  cpSync(join(here, 'tools', 'package.json'), join(folder, 'package.json'));
  await run('npm', INSTALL, { cwd: folder });
  return folder;
}

/** The executable of the one platform package that npm chose. */
export function binaryIn(scope, path) {
  const [platform] = readdirSync(scope).filter((name) => existsSync(join(scope, name, path)));
  return join(scope, platform, path);
}
