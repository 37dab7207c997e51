/**
 * Where the visitor's pictures stay, so that a reload brings them back: in this browser only, for a day at most.
 */
import type { OwnRecord } from '@/state/image-slice';
import type { PreprocessOptions } from '@/state/app-state';

/** Failing to keep a picture is no failure of showing it: nothing here rejects. */
export interface OwnImages {
  /** @returns `null` when it is not (or no longer) here */
  readonly get: (key: string) => Promise<OwnRecord | null>;
  readonly put: (record: OwnRecord) => Promise<void>;
  readonly putOptions: (key: string, options: PreprocessOptions) => Promise<void>;
}

/** The originals of one page view; they are up to 4 MB each. */
const KEPT_IN_MEMORY = 12;
const KEPT_ON_DISK = 12;
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Gone with the page: for tests, and where the browser refuses to store. */
export function memoryImages(): OwnImages {
  const records = new Map<string, OwnRecord>();
  return {
    get: async (key) => records.get(key) ?? null,
    put: async (record) => {
      records.delete(record.key);
      records.set(record.key, record);
      const [oldest] = records.keys();
      if (records.size > KEPT_IN_MEMORY && oldest !== undefined) records.delete(oldest);
    },
    putOptions: async (key, options) => {
      const record = records.get(key);
      if (record !== undefined) records.set(key, { ...record, options });
    },
  };
}

/** The first that has it answers; both are told everything. */
export function layeredImages(fast: OwnImages, lasting: OwnImages): OwnImages {
  return {
    get: async (key) => (await fast.get(key)) ?? lasting.get(key),
    put: async (record) => {
      await fast.put(record);
      await lasting.put(record);
    },
    putOptions: async (key, options) => {
      await fast.putOptions(key, options);
      await lasting.putOptions(key, options);
    },
  };
}

const DATABASE = 'bi-vit-lens';
const PICTURES = 'pictures';
/** Apart from the pixels: a slider writes these often. */
const OPTIONS = 'options';

type StoredPicture = Omit<OwnRecord, 'options'> & { readonly savedAtMs: number };

/** @param factory `null` where the browser has none (private windows of some): then nothing is kept */
export function indexedDbImages(factory: IDBFactory | null, nowMs: () => number = Date.now): OwnImages {
  let opened: Promise<IDBDatabase> | null = null;

  /** @returns `null` when the browser refuses: full, blocked or switched off */
  async function attempt<T>(work: (database: IDBDatabase) => Promise<T>): Promise<T | null> {
    if (factory === null) return null;
    try {
      opened ??= openDatabase(factory);
      return await work(await opened);
    } catch {
      opened = null;
      return null;
    }
  }

  return {
    get: (key) =>
      attempt(async (database) => {
        const stores = database.transaction([PICTURES, OPTIONS]);
        const [picture, options] = await Promise.all([
          settled<StoredPicture | undefined>(stores.objectStore(PICTURES).get(key)),
          settled<PreprocessOptions | undefined>(stores.objectStore(OPTIONS).get(key)),
        ]);
        if (picture === undefined || options === undefined || nowMs() - picture.savedAtMs > KEPT_MS) return null;
        const { name, original } = picture;
        return { key, name, original, options };
      }),
    put: async (record) => {
      const { options, ...picture } = record;
      await attempt(async (database) => {
        const stores = database.transaction([PICTURES, OPTIONS], 'readwrite');
        await settled(
          stores.objectStore(PICTURES).put({ ...picture, savedAtMs: nowMs() } satisfies StoredPicture, record.key),
        );
        await settled(stores.objectStore(OPTIONS).put(options, record.key));
        await prune(stores, nowMs());
      });
    },
    putOptions: async (key, options) => {
      await attempt((database) =>
        settled(database.transaction(OPTIONS, 'readwrite').objectStore(OPTIONS).put(options, key)),
      );
    },
  };
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(PICTURES);
    request.result.createObjectStore(OPTIONS);
  };
  return settled(request);
}

async function prune(transaction: IDBTransaction, nowMs: number): Promise<void> {
  const pictures = transaction.objectStore(PICTURES);
  const keys = await settled(pictures.getAllKeys());
  const ages = await Promise.all(
    keys.map(async (key) => {
      const { savedAtMs } = await settled<StoredPicture>(pictures.get(key));
      return { key, ageMs: nowMs - savedAtMs };
    }),
  );
  const tooMany = ages.sort((a, b) => a.ageMs - b.ageMs).filter(({ ageMs }, i) => i >= KEPT_ON_DISK || ageMs > KEPT_MS);
  for (const { key } of tooMany) {
    pictures.delete(key);
    transaction.objectStore(OPTIONS).delete(key);
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database refused'));
  });
}
