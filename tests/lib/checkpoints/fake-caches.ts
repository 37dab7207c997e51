/**
 * A browser's Cache API in memory, for tests: keyed by normalized addresses, handing out copies, oldest first; and able to fail as
 * browsers do (no room, blocked for the site, cleared by the visitor).
 */

export interface FakeCaches {
  readonly storage: CacheStorage;
  /** What is kept, by address, over all caches; a test may damage or clear it. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Called before something is kept; what it throws is what `put` rejects with. */
  beforePut: (address: string, bytes: number) => void;
  /** Called before a cache is opened. */
  beforeOpen: () => void;
}

type Key = Parameters<Cache['match']>[0];

function addressOf(key: Key): string {
  return new URL(typeof key === 'string' || key instanceof URL ? key : key.url).href;
}

function unsupported(): never {
  throw new Error('not in this fake');
}

export function fakeCaches(): FakeCaches {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const opened = new Set<string>();

  const cache: Cache = {
    match: async (key) => {
      const bytes = files.get(addressOf(key));
      return bytes === undefined ? undefined : new Response(bytes.slice());
    },
    keys: async () => [...files.keys()].map((address) => new Request(address)),
    put: async (key, response) => {
      const address = addressOf(key);
      const bytes = new Uint8Array(await response.arrayBuffer());
      fake.beforePut(address, bytes.byteLength);
      files.set(address, bytes);
    },
    delete: async (key) => files.delete(addressOf(key)),
    add: unsupported,
    addAll: unsupported,
    matchAll: unsupported,
  };

  const fake: FakeCaches = {
    files,
    beforePut: () => {},
    beforeOpen: () => {},
    storage: {
      open: async (name) => {
        fake.beforeOpen();
        opened.add(name);
        return cache;
      },
      has: async (name) => opened.has(name),
      keys: async () => [...opened],
      delete: unsupported,
      match: unsupported,
    },
  };
  return fake;
}

/** A browser that tells how much room there is. */
export function fakeStorage(usage: number, quota: number): StorageManager {
  return {
    estimate: async () => ({ usage, quota }),
    getDirectory: unsupported,
    persist: async () => false,
    persisted: async () => false,
  };
}

/** As a browser throws it when a site has used up its room. */
export function quotaExceeded(): DOMException {
  return new DOMException('Quota exceeded.', 'QuotaExceededError');
}
