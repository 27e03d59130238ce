/**
 * Workers as Web Workers. A browser announces a script error, but not that a worker was ended or killed; so the worker
 * holds a Web Lock while it lives, and the page queues behind it: getting the lock means that the worker is gone.
 */
import { WorkerError } from '../index.js';
import type { Channel, ChannelEvents } from './channel.js';
import type { FromWorker } from './protocol.js';

/** @param url where the worker's module lies; by default beside this one, in the form that bundlers recognise */
export function openWebChannel(url: URL | undefined, lockName: string, { onMessage, onDeath }: ChannelEvents): Channel {
  const worker = url === undefined ? openDefault() : new Worker(trusted(sameOriginUrl(url)), { type: 'module' });
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

/** The worker beside this module. Bundlers recognise this very expression, so that nothing can be put around the address. */
function openDefault(): Worker {
  try {
    return new Worker(new URL('./worker-entry.js', import.meta.url), { type: 'module' });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WorkerError(
      `the worker cannot be started from where the bundler put it (${reason}); give createTrainer({ url }), the address of convex-relu/worker-entry, and where the page requires Trusted Types allow the policy '${POLICY}'`,
      { cause },
    );
  }
}

const POLICY = 'convex-relu';

/** What Trusted Types are in this module. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** The address as pages under `require-trusted-types-for 'script'` want it, by the policy 'convex-relu', which they must allow. */
function trusted(url: URL | string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return String(url);
  try {
    // A policy's name may be taken only once.
    policy ??= trustedTypes.createPolicy(POLICY, { createScriptURL: (address) => address });
  } catch {
    // The page allows no such policy. Whether it requires one, the worker's constructor says.
    return String(url);
  }
  return policy.createScriptURL(String(url));
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
