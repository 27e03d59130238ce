/** Workers as `node:worker_threads`: Node, Deno and Bun. */
import type { Channel, ChannelEvents } from './channel.js';
import type { FromWorker } from './protocol.js';

interface NodeModules {
  readonly 'node:worker_threads': typeof import('node:worker_threads');
  readonly 'node:os': typeof import('node:os');
}

/** Node's built-in module, or undefined in a browser. No import statement, which bundlers for the browser would reject. */
export function nodeBuiltin<Id extends keyof NodeModules>(id: Id): NodeModules[Id] | undefined {
  return globalThis.process?.getBuiltinModule?.(id);
}

export function openNodeChannel(
  { Worker }: typeof import('node:worker_threads'),
  url: URL,
  { onMessage, onDeath }: ChannelEvents,
): Channel {
  const worker = new Worker(url);
  worker.on('message', (message: FromWorker) => onMessage(message));
  worker.on('messageerror', (error) => onDeath(`it sent what cannot be read (${error.message})`));
  worker.on('error', (error: Error) => onDeath(error.message));
  worker.on('exit', (exitCode) => onDeath(`it ended with exit code ${exitCode}`));
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    keepAlive: (busy) => (busy ? worker.ref() : worker.unref()),
    terminate: async () => {
      worker.removeAllListeners();
      await worker.terminate();
    },
  };
}
