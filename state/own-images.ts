/** Where a person's pictures stay, so that a reload brings them back: in this browser only, for a day at most. */
import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval';
import type { PictureOptions } from '@/lib/images/preprocessing';
import type { OwnRecord } from '@/state/image-slice';
import { LruCache } from '@/state/lru-cache';

/** Failing to keep a picture must not keep it from being shown: nothing here rejects. */
export interface OwnImages {
  /** @returns `null` when it is not (or no longer) here */
  readonly get: (key: string) => Promise<OwnRecord | null>;
  readonly put: (record: OwnRecord) => Promise<void>;
  readonly putOptions: (key: string, options: PictureOptions) => Promise<void>;
}

/** The originals of one page view; they are up to 4 MB each. */
const KEPT_IN_MEMORY = 12;
const KEPT_ON_DISK = 12;
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Gone with the page: for tests, and where the browser refuses to store. */
export function memoryImages(): OwnImages {
  const records = new LruCache<OwnRecord>(KEPT_IN_MEMORY);
  return {
    get: async (key) => records.get(key),
    put: async (record) => records.set(record.key, record),
    putOptions: async (key, options) => {
      const record = records.get(key);
      if (record !== null) records.set(key, { ...record, options });
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

type StoredPicture = Omit<OwnRecord, 'options'> & { readonly savedAtMs: number };

const optionsKey = (key: string): string => `options ${key}`;
const pictureKey = (key: string): string => `picture ${key}`;

/** @param isAvailable whether this browser has IndexedDB (private windows of some have none): without it nothing is kept */
export function indexedDbImages(isAvailable: boolean, nowMs: () => number = Date.now): OwnImages {
  let opened: UseStore | null = null;

  /** @returns `null` when the browser refuses: full, blocked or switched off */
  async function attempt<T>(work: (store: UseStore) => Promise<T>): Promise<T | null> {
    if (!isAvailable) return null;
    try {
      opened ??= createStore('bi-vit-lens-pictures', 'pictures');
      return await work(opened);
    } catch {
      opened = null;
      return null;
    }
  }

  return {
    get: (key) =>
      attempt(async (store) => {
        const picture = await get<StoredPicture>(pictureKey(key), store);
        const options = await get<PictureOptions>(optionsKey(key), store);
        if (picture === undefined || options === undefined || nowMs() - picture.savedAtMs > KEPT_MS) return null;
        const { name, original } = picture;
        return { key, name, original, options };
      }),
    put: async ({ options, ...picture }) => {
      await attempt(async (store) => {
        await set(pictureKey(picture.key), { ...picture, savedAtMs: nowMs() } satisfies StoredPicture, store);
        await set(optionsKey(picture.key), options, store);
        await prune(store, nowMs());
      });
    },
    // Apart from the pixels: a slider writes these often.
    putOptions: async (key, options) => {
      await attempt((store) => set(optionsKey(key), options, store));
    },
  };
}

async function prune(store: UseStore, nowMs: number): Promise<void> {
  const pictures = (await entries<string, StoredPicture>(store)).filter(([key]) => key.startsWith(pictureKey('')));
  const newestFirst = pictures
    .map(([, { key, savedAtMs }]) => ({ key, savedAtMs }))
    .sort((a, b) => b.savedAtMs - a.savedAtMs);
  for (const [index, { key, savedAtMs }] of newestFirst.entries()) {
    if (index < KEPT_ON_DISK && nowMs - savedAtMs <= KEPT_MS) continue;
    await del(pictureKey(key), store);
    await del(optionsKey(key), store);
  }
}
