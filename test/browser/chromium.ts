/** Where Debian's Chromium is, and how it starts without a display, a sandbox (as root) or calls home. */
import { existsSync } from 'node:fs';
import chromium from './chromium.json' with { type: 'json' };

const { path, args } = chromium;

/** CHROMIUM_PATH names another one. */
export const CHROMIUM = process.env.CHROMIUM_PATH ?? path;

export const LAUNCH_OPTIONS = { executablePath: CHROMIUM, args };

/** @throws Error saying how to install it when it is missing: a test that cannot run is no test that passes */
export function assertChromium(): void {
  if (existsSync(CHROMIUM)) return;
  throw new Error(
    `no Chromium at ${CHROMIUM} (bash scripts/install-chromium.sh installs it; CHROMIUM_PATH names another)`,
  );
}
