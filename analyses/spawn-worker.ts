/** Starts the model worker in a browser. */
import type { SpawnedWorker } from '@/engine/spawned-worker';

export function spawnModelWorker(): SpawnedWorker {
  // Written inline: the bundler recognizes exactly this form and builds the worker's own chunk from it.
  const worker = new Worker(new URL('./model.worker.ts', import.meta.url), { type: 'module' });
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
