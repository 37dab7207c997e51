/**
 * Named bytes in the browser's Cache API, or in memory where a page has none (private windows, plain http). Nothing is held between
 * calls, so a cache that is cleared is simply empty the next time. Throws CheckpointError when there is no room.
 */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';

export interface ByteStore {
  /** False where everything is gone when the page is closed. */
  readonly isLasting: boolean;
  keys(): Promise<readonly string[]>;
  get(key: string): Promise<Uint8Array<ArrayBuffer> | null>;
  set(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The part of `Cache` that is used. */
interface ByteCache {
  keys(): Promise<readonly { readonly url: string }[]>;
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
  delete(url: string): Promise<boolean>;
}

const CACHE_NAME = 'bi-vit-lens-backbones-1';
/** A cache is keyed by addresses; this one is never fetched (RFC 2606 reserves `.invalid`). */
const ROOT = 'https://cache.invalid/';
const addressOf = (key: string): string => ROOT + encodeURIComponent(key);

function memoryCache(): ByteCache {
  const kept = new Map<string, Blob>();
  return {
    keys: async () => [...kept.keys()].map((url) => ({ url })),
    match: async (url) => (kept.has(url) ? new Response(kept.get(url)) : undefined),
    put: async (url, response) => void kept.set(url, await response.blob()),
    delete: async (url) => kept.delete(url),
  };
}

/** The site's storage, as the browser estimates it; `null` where it does not. */
export async function storageOf(
  storage: StorageManager | null,
): Promise<{ readonly usageBytes: number; readonly quotaBytes: number } | null> {
  try {
    const { usage, quota } = (await storage?.estimate()) ?? {};
    return usage === undefined || quota === undefined ? null : { usageBytes: usage, quotaBytes: quota };
  } catch {
    return null;
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const isQuotaExceeded = (error: unknown): boolean => error instanceof Error && error.name === 'QuotaExceededError';

/**
 * @param caches `null`, or one that refuses to open, is replaced by memory
 * @param storage for the message when there is no room
 */
export function createByteStore(caches: CacheStorage | null, storage: StorageManager | null): ByteStore {
  let memory: ByteCache | null = caches === null ? memoryCache() : null;

  async function noRoom(bytes: number): Promise<CheckpointError> {
    const room = await storageOf(storage);
    const known =
      room === null
        ? ''
        : ` (it gives this site ${megabytes(room.quotaBytes)}, of which ${megabytes(room.usageBytes)} are used)`;
    return new CheckpointError(
      `The browser has no room for another ${megabytes(bytes)}${known}. Remove a model that is stored here, or free disk space, and try again.`,
    );
  }

  async function open(): Promise<ByteCache> {
    if (memory !== null || caches === null) return (memory ??= memoryCache());
    try {
      return await caches.open(CACHE_NAME);
    } catch (error) {
      if (isQuotaExceeded(error)) throw await noRoom(0);
      // Blocked for this site: downloads still work until the page is closed.
      return (memory = memoryCache());
    }
  }

  return {
    get isLasting() {
      return memory === null;
    },
    async keys() {
      const addresses = (await (await open()).keys()).map(({ url }) => url).filter((url) => url.startsWith(ROOT));
      return addresses.map((url) => decodeURIComponent(url.slice(ROOT.length)));
    },
    async get(key) {
      const cache = await open();
      try {
        const response = await cache.match(addressOf(key));
        return response === undefined ? null : new Uint8Array(await response.arrayBuffer());
      } catch {
        return null; // cleared while it was read
      }
    },
    async set(key, bytes) {
      const cache = await open();
      try {
        await cache.put(addressOf(key), new Response(bytes));
      } catch (cause) {
        if (isQuotaExceeded(cause)) throw await noRoom(bytes.byteLength);
        throw new CheckpointError('The browser could not store the file. Reload the page and try again.', { cause });
      }
    },
    async delete(key) {
      await (await open()).delete(addressOf(key));
    },
  };
}
