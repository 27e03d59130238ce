/**
 * Workers as Web Workers. A browser announces a script error, but not that a worker was ended or killed; so the worker
 * holds a Web Lock while it lives, and the page queues behind it: getting the lock means that the worker is gone.
 */
import type { Channel, ChannelEvents } from './channel.js';
import type { FromWorker } from './protocol.js';

/** @param url where the worker's module lies; by default beside this one, in the form that bundlers recognise */
export function openWebChannel(url: URL | undefined, lockName: string, { onMessage, onDeath }: ChannelEvents): Channel {
  const worker =
    url === undefined
      ? new Worker(new URL('./worker-entry.js', import.meta.url), { type: 'module' })
      : new Worker(sameOriginUrl(url), { type: 'module' });
  const watch = new AbortController();
  worker.onmessage = (event: MessageEvent<FromWorker>) => {
    if (event.data.kind === 'ready') watchLock(lockName, watch.signal, () => onDeath('it was ended'));
    onMessage(event.data);
  };
  worker.onmessageerror = () => onDeath('it sent what cannot be read');
  worker.onerror = (event: ErrorEvent) => {
    event.preventDefault();
    onDeath(event.message || 'its script could not be loaded; see createTrainer({ url })');
  };
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    keepAlive: () => {},
    terminate: async () => {
      watch.abort();
      worker.onmessage = worker.onmessageerror = worker.onerror = null;
      worker.terminate();
    },
  };
}

/** Calls `onFree` once the lock's holder is gone. Does nothing where the host has no locks (pages without https). */
function watchLock(name: string, signal: AbortSignal, onFree: () => void): void {
  globalThis.navigator?.locks?.request(name, { signal }, onFree).catch(() => {});
}

/** A module of another origin may be imported by a worker, but not be one: a worker of our own imports it. */
function sameOriginUrl(url: URL): URL | string {
  if (url.origin === globalThis.location?.origin || url.protocol === 'blob:' || url.protocol === 'data:') return url;
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
}
