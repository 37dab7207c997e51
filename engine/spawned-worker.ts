import type { Endpoint } from 'comlink';

/** A worker as the client needs it; a test makes one of a MessageChannel. */
export interface SpawnedWorker {
  readonly endpoint: Endpoint;
  /** Called when the worker reports an error nobody caught, or its script does not load. */
  readonly onError: (listener: (message: string) => void) => void;
  readonly terminate: () => void;
}
