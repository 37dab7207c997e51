/**
 * What this browser keeps: backbones from the hub and visitors' own files, in the Cache API, and the parts of unfinished downloads.
 *
 * A file is kept in parts of a few megabytes. Those of an unfinished download become the file when its entry is written, so nothing is
 * ever stored twice, and an entry stands for a whole file or does not stand at all. What was cleared, by whomever, is not there.
 * Throws: CheckpointError when there is no room, or when the parts changed under a download.
 */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { createDrawer, storageOf } from '@/lib/checkpoints/cache-storage';
import {
  decodeEntry,
  decodePartial,
  encodeRecord,
  type EntryRecord,
  type PartialFile,
  type PartialRecord,
  type Parts,
  type CachedCheckpoint,
} from '@/lib/checkpoints/cache-records';

export type { PartialFile, CachedCheckpoint, ShelfSource } from '@/lib/checkpoints/cache-records';

export interface CheckpointCache {
  /** False where everything is gone when the page is left. */
  readonly isLasting: boolean;
  /** Newest first. */
  list(): Promise<readonly CachedCheckpoint[]>;
  get(id: string): Promise<{ readonly entry: CachedCheckpoint; readonly bytes: Uint8Array<ArrayBuffer> } | null>;
  put(entry: CachedCheckpoint, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** With the parts of an unfinished download. */
  remove(id: string): Promise<void>;
  /** Bytes of an unfinished download; 0 where there is none. */
  partialBytes(id: string): Promise<number>;
  storage(): Promise<{ readonly usageBytes: number; readonly quotaBytes: number } | null>;

  /** The file that the parts kept so far belong to, and how many bytes they are. */
  partial(id: string): Promise<{ readonly file: PartialFile; readonly bytes: number } | null>;
  /** @param offset where `bytes` begin in the file: the end of the parts kept so far, or 0 to start over */
  addPart(id: string, file: PartialFile, offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** All parts, joined. */
  readPartial(id: string): Promise<Uint8Array<ArrayBuffer> | null>;
  removePartial(id: string): Promise<void>;
  /** Makes the parts of a finished download the file that `entry` describes. */
  finish(entry: CachedCheckpoint): Promise<void>;
}

/** Nothing larger is ever kept: a record that says otherwise is damaged. */
const LARGEST_FILE = 2 ** 31;

const ENTRY = 'entry:';
const PARTIAL = 'partial:';
const partName = (id: string, generation: string, index: number): string => `part:${id}:${generation}:${index}`;
const total = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

const interrupted = (): CheckpointError =>
  new CheckpointError(
    'The parts kept so far changed while the file was downloading: it was removed, or another tab downloads it too. Try again.',
  );

function isSameFile(a: PartialFile, b: PartialFile): boolean {
  return a.revision === b.revision && a.bytes === b.bytes && a.sha256 === b.sha256;
}

/** Tells apart the parts of an earlier file with the same id, which stay readable until the new one is whole. */
function newGeneration(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * @param caches `null` where the browser has none: then everything is kept in memory, and `isLasting` is false
 * @param storage to say how much room there is; `null` where the browser does not tell
 */
export function createCheckpointCache(caches: CacheStorage | null, storage: StorageManager | null): CheckpointCache {
  const drawer = createDrawer(caches, storage);

  const readEntry = async (id: string): Promise<EntryRecord | null> => decodeEntry(await drawer.read(ENTRY + id));
  const readPartialRecord = async (id: string): Promise<PartialRecord | null> =>
    decodePartial(await drawer.read(PARTIAL + id));

  const removeParts = async (id: string, { generation, parts }: Parts): Promise<void> => {
    for (const index of parts.keys()) await drawer.remove(partName(id, generation, index));
  };

  const join = async (id: string, { generation, parts }: Parts): Promise<Uint8Array<ArrayBuffer> | null> => {
    if (total(parts) > LARGEST_FILE) return null;
    const joined = new Uint8Array(total(parts));
    let offset = 0;
    for (const [index, size] of parts.entries()) {
      const part = await drawer.read(partName(id, generation, index));
      if (part === null || part.byteLength !== size) return null;
      joined.set(part, offset);
      offset += size;
    }
    return joined;
  };

  const removePartial = async (id: string): Promise<void> => {
    const record = await readPartialRecord(id);
    await drawer.remove(PARTIAL + id);
    if (record !== null) await removeParts(id, record);
  };

  const removeEntry = async (id: string): Promise<void> => {
    const record = await readEntry(id);
    await drawer.remove(ENTRY + id);
    if (record !== null) await removeParts(id, record);
  };

  const writeEntry = async (entry: CachedCheckpoint, { generation, parts }: Parts): Promise<void> => {
    const earlier = await readEntry(entry.id);
    await drawer.write(ENTRY + entry.id, encodeRecord({ entry, generation, parts }));
    if (earlier !== null && earlier.generation !== generation) await removeParts(entry.id, earlier);
  };

  return {
    get isLasting() {
      return drawer.isLasting;
    },

    async list() {
      const names = (await drawer.names()).filter((name) => name.startsWith(ENTRY));
      const records = await Promise.all(names.map(async (name) => decodeEntry(await drawer.read(name))));
      return records
        .flatMap((record) => (record === null ? [] : record.entry))
        .sort((a, b) => b.savedAtMs - a.savedAtMs || (a.id < b.id ? -1 : 1));
    },

    async get(id) {
      const record = await readEntry(id);
      const bytes = record === null ? null : await join(id, record);
      if (record === null) return null;
      if (bytes !== null && bytes.byteLength === record.entry.bytes) return { entry: record.entry, bytes };
      // Part of it was cleared: an entry without its file would go on saying "kept".
      await removeEntry(id);
      return null;
    },

    async put(entry, bytes) {
      const written: Parts = { generation: newGeneration(), parts: [bytes.byteLength] };
      await drawer.write(partName(entry.id, written.generation, 0), bytes);
      try {
        await writeEntry(entry, written);
      } catch (error) {
        await removeParts(entry.id, written);
        throw error;
      }
    },

    async remove(id) {
      await removeEntry(id);
      await removePartial(id);
    },

    partialBytes: async (id) => total((await readPartialRecord(id))?.parts ?? []),
    storage: () => storageOf(storage),

    async partial(id) {
      const record = await readPartialRecord(id);
      return record === null ? null : { file: record.file, bytes: total(record.parts) };
    },

    async addPart(id, file, offset, bytes) {
      if (offset === 0) await removePartial(id);
      const kept = await readPartialRecord(id);
      if (total(kept?.parts ?? []) !== offset || (kept !== null && !isSameFile(kept.file, file))) throw interrupted();
      const generation = kept?.generation ?? newGeneration();
      const parts = kept?.parts ?? [];
      await drawer.write(partName(id, generation, parts.length), bytes);
      await drawer.write(PARTIAL + id, encodeRecord({ file, generation, parts: [...parts, bytes.byteLength] }));
    },

    async readPartial(id) {
      const record = await readPartialRecord(id);
      return record === null ? null : join(id, record);
    },

    removePartial,

    async finish(entry) {
      const record = await readPartialRecord(entry.id);
      if (record === null || total(record.parts) !== entry.bytes) throw interrupted();
      await writeEntry(entry, record);
      await drawer.remove(PARTIAL + entry.id);
    },
  };
}
