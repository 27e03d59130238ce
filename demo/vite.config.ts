/** The playground: built against the library's sources, served from any folder of any static host. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const source = (path: string): string => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  resolve: {
    alias: [
      { find: /^convex-relu$/, replacement: source('index.ts') },
      { find: /^convex-relu\/(baselines|linalg|worker)$/, replacement: source('$1/index.ts') },
    ],
  },
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 800 },
});
