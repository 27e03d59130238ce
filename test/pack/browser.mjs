// The bundles in a real browser, under the strictest content security policy that docs/packaging.md promises to suffice.
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';

const { path, args } = JSON.parse(readFileSync(new URL('../browser/chromium.json', import.meta.url), 'utf8'));
const CHROMIUM = process.env.CHROMIUM_PATH ?? path;
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";
const TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types convex-relu";
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
const TIMEOUT_MS = 60_000;

export const hasChromium = existsSync(CHROMIUM);

/** Opens a page of one module script served from `folder`; resolves to the outcome of each check. */
export const runInBrowser = (folder, script, { trustedTypes = false } = {}) =>
  readFromPage(
    folder,
    `/?script=${encodeURIComponent(script)}${trustedTypes ? '&trusted-types' : ''}`,
    () => globalThis.outcomes,
  );

/** Opens a page served from `folder` and calls `read` in it until it returns something. */
export async function readFromPage(folder, path, read, timeout = TIMEOUT_MS) {
  const server = createServer((request, response) => serve(folder, request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`http://127.0.0.1:${server.address().port}${path}`);
    try {
      return await (await page.waitForFunction(read, undefined, { timeout })).jsonValue();
    } catch {
      throw new Error(`the page did not finish: ${errors.join('; ') || 'no error was shown'}`);
    }
  } finally {
    await browser.close();
    server.close();
  }
}

async function serve(folder, { url }, response) {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const script = searchParams.get('script');
  if (pathname === '/') {
    const policy = searchParams.has('trusted-types') ? POLICY + TRUSTED_TYPES : POLICY;
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(`<!doctype html><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`);
    return;
  }
  try {
    const content = await readFile(join(folder, pathname));
    response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream' });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}
