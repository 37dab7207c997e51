/**
 * Named bytes that outlive the page: the Cache API as a drawer of files, or the page's own memory where a browser has no such place
 * (private windows, pages over plain http).
 *
 * Nothing is held between calls: a cache that the browser or the visitor clears is just empty the next time.
 * Throws: CheckpointError when there is no room.
 */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';

export interface Drawer {
  /** Whether what is put in is still there on the next visit. */
  readonly isLasting: boolean;
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
}

const CACHE_NAME = 'bi-vit-lens-backbones-1';
/** A cache is keyed by addresses; this one is never asked for (RFC 2606 keeps `.invalid` from existing). */
const ROOT = 'https://cache.invalid/';

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

function addressOf(name: string): string {
  return ROOT + encodeURIComponent(name);
}

function nameOf(address: string): string | null {
  return address.startsWith(ROOT) ? decodeURIComponent(address.slice(ROOT.length)) : null;
}

function memoryDrawer(): Drawer {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    isLasting: false,
    names: async () => [...kept.keys()],
    read: async (name) => kept.get(name) ?? null,
    // A copy: whoever put it in may hand the buffer to a worker, which empties it.
    write: async (name, bytes) => void kept.set(name, bytes.slice()),
    remove: async (name) => void kept.delete(name),
  };
}

/** How much room there is, as a browser reports it; `null` where it does not. */
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

async function noRoom(bytes: number, storage: StorageManager | null): Promise<CheckpointError> {
  const room = await storageOf(storage);
  const known =
    room === null
      ? ''
      : ` (it lets this site keep ${megabytes(room.quotaBytes)}, of which ${megabytes(room.usageBytes)} are used)`;
  return new CheckpointError(
    `The browser has no room for the next ${megabytes(bytes)}${known}. Remove a model that is kept here, or free disk space, and try again.`,
  );
}

/**
 * @param caches `null`, or one that refuses to open, is replaced by memory
 * @param storage to say how much room there was
 */
export function createDrawer(caches: CacheStorage | null, storage: StorageManager | null): Drawer {
  const memory = memoryDrawer();
  let refused = caches === null;

  const open = async (): Promise<Cache | null> => {
    if (caches === null || refused) return null;
    try {
      return await caches.open(CACHE_NAME);
    } catch (error) {
      if (isNamed(error, 'QuotaExceededError')) throw await noRoom(0, storage);
      // Blocked for this site: what is fetched now must at least serve this page.
      refused = true;
      return null;
    }
  };

  return {
    get isLasting() {
      return !refused;
    },
    async names() {
      const cache = await open();
      if (cache === null) return memory.names();
      return (await cache.keys()).flatMap(({ url }) => nameOf(url) ?? []);
    },
    async read(name) {
      const cache = await open();
      if (cache === null) return memory.read(name);
      try {
        const response = await cache.match(addressOf(name));
        return response === undefined ? null : new Uint8Array(await response.arrayBuffer());
      } catch {
        // Cleared while it was read.
        return null;
      }
    },
    async write(name, bytes) {
      const cache = await open();
      if (cache === null) return memory.write(name, bytes);
      try {
        await cache.put(addressOf(name), new Response(bytes));
      } catch (error) {
        if (isNamed(error, 'QuotaExceededError')) throw await noRoom(bytes.byteLength, storage);
        throw new CheckpointError('The browser could not keep the file. Reload the page and try again.', {
          cause: error,
        });
      }
    },
    async remove(name) {
      const cache = await open();
      await (cache === null ? memory.remove(name) : cache.delete(addressOf(name)));
    },
  };
}
