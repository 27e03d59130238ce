/** Where Debian's Chromium is, and how it starts without a display, a sandbox (as root) or calls home. */
import { existsSync } from 'node:fs';

/** CHROMIUM_PATH names another one. */
export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

export const hasChromium = existsSync(CHROMIUM);

export const LAUNCH_OPTIONS = {
  executablePath: CHROMIUM,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** In CI a missing browser is a failure; elsewhere the tests say that they were skipped. */
export const mustRun = hasChromium || process.env.CI !== undefined;

export const SKIPPED = `skipped: no Chromium at ${CHROMIUM} (bash scripts/install-chromium.sh installs it; CHROMIUM_PATH names another)`;
