/**
 * The checkpoints stored in this browser: downloads from the hub and people's own files, and the parts of unfinished downloads.
 *
 * A file is stored in parts of a few megabytes. The parts of a download become the file when its entry is written, so nothing is stored
 * twice, and every entry stands for a complete file.
 */
import {
  decodeRecord,
  encodeRecord,
  ENTRY_RECORD,
  isSameFile,
  PARTIAL_RECORD,
  type CachedCheckpoint,
  type PartialFile,
  type Parts,
} from '@/lib/checkpoints/cache-records';
import { createByteStore, storageOf } from '@/lib/checkpoints/cache-storage';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';

export type { CachedCheckpoint, PartialFile } from '@/lib/checkpoints/cache-records';
export type CheckpointCache = ReturnType<typeof createCheckpointCache>;

type Bytes = Uint8Array<ArrayBuffer>;

/** Nothing larger is ever stored: a record that says otherwise is damaged. */
const LARGEST_FILE = 2 ** 31;

const ENTRY = 'entry:';
const PARTIAL = 'partial:';
const partKey = (id: string, generation: string, index: number): string => `part:${id}:${generation}:${index}`;
/** Separates the parts of a newer file with the same id from those of the stored one, which stays readable until the newer is complete. */
const newGeneration = (): string => crypto.getRandomValues(new Uint32Array(2)).join('-');
const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

function interrupted(): CheckpointError {
  return new CheckpointError(
    'The stored parts changed while the file was downloading: it was removed, or another tab is downloading it too. Try again.',
  );
}

/**
 * Methods throw CheckpointError when there is no room.
 *
 * @param caches `null` where the browser has none: then everything is kept in memory
 * @param storage for how much room there is; `null` where the browser does not say
 */
export function createCheckpointCache(caches: CacheStorage | null, storage: StorageManager | null) {
  const store = createByteStore(caches, storage);

  const readEntry = async (id: string) => decodeRecord(ENTRY_RECORD, await store.get(ENTRY + id));
  const readPartialRecord = async (id: string) => decodeRecord(PARTIAL_RECORD, await store.get(PARTIAL + id));

  async function removeParts(id: string, { generation, parts }: Parts): Promise<void> {
    for (const index of parts.keys()) await store.delete(partKey(id, generation, index));
  }

  async function join(id: string, { generation, parts }: Parts): Promise<Bytes | null> {
    if (total(parts) > LARGEST_FILE) return null;
    const joined = new Uint8Array(total(parts));
    let offset = 0;
    for (const [index, size] of parts.entries()) {
      const part = await store.get(partKey(id, generation, index));
      if (part?.byteLength !== size) return null;
      joined.set(part, offset);
      offset += size;
    }
    return joined;
  }

  async function removePartial(id: string): Promise<void> {
    const record = await readPartialRecord(id);
    await store.delete(PARTIAL + id);
    if (record !== null) await removeParts(id, record);
  }

  async function removeEntry(id: string): Promise<void> {
    const record = await readEntry(id);
    await store.delete(ENTRY + id);
    if (record !== null) await removeParts(id, record);
  }

  async function writeEntry(entry: CachedCheckpoint, { generation, parts }: Parts): Promise<void> {
    const earlier = await readEntry(entry.id);
    await store.set(ENTRY + entry.id, encodeRecord({ entry, generation, parts }));
    if (earlier !== null && earlier.generation !== generation) await removeParts(entry.id, earlier);
  }

  return {
    /** False where everything is gone when the page is closed. */
    get isLasting() {
      return store.isLasting;
    },
    storage: () => storageOf(storage),

    /** Newest first. */
    async list(): Promise<readonly CachedCheckpoint[]> {
      const keys = (await store.keys()).filter((key) => key.startsWith(ENTRY));
      const records = await Promise.all(keys.map(async (key) => decodeRecord(ENTRY_RECORD, await store.get(key))));
      return records
        .flatMap((record) => record?.entry ?? [])
        .sort((a, b) => b.savedAtMs - a.savedAtMs || (a.id < b.id ? -1 : 1));
    },

    async get(id: string): Promise<{ readonly entry: CachedCheckpoint; readonly bytes: Bytes } | null> {
      const record = await readEntry(id);
      if (record === null) return null;
      const bytes = await join(id, record);
      if (bytes?.byteLength === record.entry.bytes) return { entry: record.entry, bytes };
      // Part of it was cleared: without this, the entry would still be listed.
      await removeEntry(id);
      return null;
    },

    async put(entry: CachedCheckpoint, bytes: Bytes): Promise<void> {
      const written: Parts = { generation: newGeneration(), parts: [bytes.byteLength] };
      await store.set(partKey(entry.id, written.generation, 0), bytes);
      try {
        await writeEntry(entry, written);
      } catch (error) {
        await removeParts(entry.id, written);
        throw error;
      }
    },

    /** Also removes the parts of an unfinished download. */
    async remove(id: string): Promise<void> {
      await removeEntry(id);
      await removePartial(id);
    },

    /** Bytes of an unfinished download; 0 where there is none. */
    partialBytes: async (id: string): Promise<number> => total((await readPartialRecord(id))?.parts ?? []),

    /** The file that the parts stored so far belong to, and how many bytes they have. */
    async partial(id: string): Promise<{ readonly file: PartialFile; readonly bytes: number } | null> {
      const record = await readPartialRecord(id);
      return record === null ? null : { file: record.file, bytes: total(record.parts) };
    },

    /**
     * @param offset where `bytes` begin in the file: the end of the parts stored so far, or 0 to start over
     * @throws CheckpointError when it is neither, or the parts belong to another file
     */
    async addPart(id: string, file: PartialFile, offset: number, bytes: Bytes): Promise<void> {
      if (offset === 0) await removePartial(id);
      const stored = await readPartialRecord(id);
      const { generation, parts } = stored ?? { generation: newGeneration(), parts: [] };
      if (total(parts) !== offset || (stored !== null && !isSameFile(stored.file, file))) throw interrupted();
      await store.set(partKey(id, generation, parts.length), bytes);
      await store.set(PARTIAL + id, encodeRecord({ file, generation, parts: [...parts, bytes.byteLength] }));
    },

    /** All parts, joined. */
    async readPartial(id: string): Promise<Bytes | null> {
      const record = await readPartialRecord(id);
      return record === null ? null : join(id, record);
    },

    removePartial,

    /** Turns the parts of a finished download into the file that `entry` describes. @throws CheckpointError when they are not all there */
    async finish(entry: CachedCheckpoint): Promise<void> {
      const record = await readPartialRecord(entry.id);
      if (record === null || total(record.parts) !== entry.bytes) throw interrupted();
      await writeEntry(entry, record);
      await store.delete(PARTIAL + entry.id);
    },
  };
}
