// The examples as a reader runs them, against the installed tarball.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { hasChromium, readFromPage } from './browser.mjs';
import { root, run } from './support.mjs';

/** @returns {Record<string, () => Promise<string | undefined>>} checks that throw, or say what they saw */
export function exampleChecks(consumer, deno) {
  cpSync(join(root, 'examples'), join(consumer, 'examples'), { recursive: true });
  const lastLine = (text) => text.trim().split('\n').at(-1);
  const options = { cwd: consumer };
  return {
    'examples/node.mjs': async () => lastLine(await run(process.execPath, ['examples/node.mjs'], options)),
    'examples/worker.mjs': async () => lastLine(await run(process.execPath, ['examples/worker.mjs'], options)),
    'examples/deno.ts': async () => lastLine(await run(deno, ['run', '--no-prompt', 'examples/deno.ts'], options)),
    ...(hasChromium && { 'examples/browser.html': () => readExamplePage(consumer) }),
  };
}

async function readExamplePage(consumer) {
  // The page reaches for ../dist, as it does in the repository.
  cpSync(join(consumer, 'node_modules', 'convex-relu', 'dist'), join(consumer, 'dist'), { recursive: true });
  return readFromPage(consumer, '/examples/browser.html', () => {
    const text = document.getElementById('result').textContent;
    return text.startsWith('Loss') && text;
  });
}
