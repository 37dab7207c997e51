import type { Endpoint } from 'comlink';

/** A worker as the client needs it; a test makes one of a MessageChannel. */
export interface SpawnedWorker {
  readonly endpoint: Endpoint;
  /** Called when the worker reports an error nobody caught, or its script does not load. */
  readonly onError: (listener: (message: string) => void) => void;
  readonly terminate: () => void;
}

export function spawnModelWorker(): SpawnedWorker {
  // Written inline: the bundler recognizes exactly this form and builds the worker's own chunk from it.
  const worker = new Worker(new URL('../analyses/model.worker.ts', import.meta.url), { type: 'module' });
  return {
    endpoint: worker,
    onError: (listener) => {
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        listener(event.message || 'its script could not be loaded');
      });
      worker.addEventListener('messageerror', () => listener('it sent a message that cannot be read'));
    },
    terminate: () => worker.terminate(),
  };
}
