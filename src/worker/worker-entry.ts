/** The module that runs inside the worker. Its one side effect is to listen. */
import { nodeBuiltin } from './node-channel.js';
import type { ToWorker } from './protocol.js';
import { createServer } from './serve.js';

const { parentPort } = nodeBuiltin('node:worker_threads') ?? {};

if (parentPort) {
  const serve = createServer((message, transfer) => parentPort.postMessage(message, transfer));
  parentPort.on('message', (message: ToWorker) => void serve(message));
} else {
  const serve = createServer((message, transfer) => globalThis.postMessage(message, { transfer }));
  globalThis.addEventListener('message', (event: MessageEvent<ToWorker>) => void serve(event.data));
}
