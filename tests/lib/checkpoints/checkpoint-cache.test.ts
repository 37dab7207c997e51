import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import {
  createCheckpointCache,
  type PartialFile,
  type CheckpointCache,
  type CachedCheckpoint,
} from '@/lib/checkpoints/checkpoint-cache';
import { fakeCaches, fakeStorage, quotaExceeded, type FakeCaches } from '@/tests/lib/checkpoints/fake-caches';

const ID = 'timm/deit_tiny_patch16_224.fb_in1k';

const bytesOf = (...values: readonly number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

function entryOf(id: string, bytes: number, savedAtMs = 1): CachedCheckpoint {
  return {
    id,
    label: `label of ${id}`,
    source: { kind: 'hub', repo: id, revision: 'a'.repeat(40) },
    bytes,
    sha256: '0'.repeat(64),
    verified: 'hub',
    savedAtMs,
    configJson: '{"architecture":"deit_tiny_patch16_224"}',
  };
}

function fileOf(bytes: number, revision = 'a'): PartialFile {
  return { revision: revision.repeat(40), bytes, sha256: '0'.repeat(64) };
}

/** The one address in the cache whose decoded name begins so. */
function addressOf({ files }: FakeCaches, prefix: string): string {
  const found = [...files.keys()].filter((address) => decodeURIComponent(new URL(address).pathname).startsWith(prefix));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

/** Breaks the record of an entry or of an unfinished download. */
function rewrite(caches: FakeCaches, prefix: string, change: (json: string) => string): void {
  const address = addressOf(caches, prefix);
  const before = new TextDecoder().decode(caches.files.get(address));
  const after = change(before);
  expect(after).not.toBe(before);
  caches.files.set(address, new TextEncoder().encode(after));
}

async function ids(cache: CheckpointCache): Promise<readonly string[]> {
  return (await cache.list()).map(({ id }) => id);
}

const KINDS: readonly (readonly [kind: string, make: () => CheckpointCache])[] = [
  ['in the Cache API', () => createCheckpointCache(fakeCaches().storage, null)],
  ['in memory', () => createCheckpointCache(null, null)],
];

describe.each(KINDS)('a cache %s', (_kind, make) => {
  it('gives back a file and all that was said of it', async () => {
    const cache = make();
    const entry = entryOf(ID, 3);
    await cache.put(entry, bytesOf(1, 2, 3));
    expect(await cache.get(ID)).toEqual({ entry, bytes: bytesOf(1, 2, 3) });
    expect(await cache.list()).toEqual([entry]);
  });

  it('keeps its own copy of a file', async () => {
    const cache = make();
    const bytes = bytesOf(1, 2, 3);
    await cache.put(entryOf(ID, 3), bytes);
    bytes.fill(9);
    expect((await cache.get(ID))?.bytes).toEqual(bytesOf(1, 2, 3));
  });

  it('hands out bytes that may be changed without changing the file', async () => {
    const cache = make();
    await cache.put(entryOf(ID, 3), bytesOf(1, 2, 3));
    (await cache.get(ID))?.bytes.fill(9);
    expect((await cache.get(ID))?.bytes).toEqual(bytesOf(1, 2, 3));
  });

  it('has nothing of what was never put there', async () => {
    const cache = make();
    expect(await cache.list()).toEqual([]);
    expect(await cache.get(ID)).toBeNull();
    expect(await cache.partial(ID)).toBeNull();
    expect(await cache.readPartial(ID)).toBeNull();
    expect(await cache.partialBytes(ID)).toBe(0);
    await expect(cache.remove(ID)).resolves.toBeUndefined();
    await expect(cache.removePartial(ID)).resolves.toBeUndefined();
  });

  it('lists the newest first, and those of the same moment by name', async () => {
    const cache = make();
    for (const [id, savedAtMs] of [
      ['b/old', 1],
      ['a/new', 3],
      ['z/middle', 2],
      ['c/middle', 2],
    ] as const)
      await cache.put(entryOf(id, 1, savedAtMs), bytesOf(0));
    expect(await ids(cache)).toEqual(['a/new', 'c/middle', 'z/middle', 'b/old']);
  });

  it('puts a newer file with the same id in the place of the older', async () => {
    const cache = make();
    await cache.put(entryOf(ID, 3, 1), bytesOf(1, 2, 3));
    await cache.put(entryOf(ID, 2, 2), bytesOf(4, 5));
    expect(await cache.list()).toEqual([entryOf(ID, 2, 2)]);
    expect((await cache.get(ID))?.bytes).toEqual(bytesOf(4, 5));
  });

  it('keeps the parts of an unfinished download apart from the files', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(5), 0, bytesOf(1, 2));
    await cache.addPart(ID, fileOf(5), 2, bytesOf(3));
    expect(await cache.partial(ID)).toEqual({ file: fileOf(5), bytes: 3 });
    expect(await cache.partialBytes(ID)).toBe(3);
    expect(await cache.readPartial(ID)).toEqual(bytesOf(1, 2, 3));
    expect(await cache.get(ID)).toBeNull();
    expect(await cache.list()).toEqual([]);
  });

  it('makes the parts of a finished download the file', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(3), 0, bytesOf(1, 2));
    await cache.addPart(ID, fileOf(3), 2, bytesOf(3));
    await cache.finish(entryOf(ID, 3));
    expect(await cache.get(ID)).toEqual({ entry: entryOf(ID, 3), bytes: bytesOf(1, 2, 3) });
    expect(await cache.partial(ID)).toBeNull();
    expect(await cache.partialBytes(ID)).toBe(0);
  });

  it('starts over with a part at the beginning', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(5, 'a'), 0, bytesOf(1, 2));
    await cache.addPart(ID, fileOf(5, 'b'), 0, bytesOf(7));
    expect(await cache.partial(ID)).toEqual({ file: fileOf(5, 'b'), bytes: 1 });
    expect(await cache.readPartial(ID)).toEqual(bytesOf(7));
  });

  it('lets the earlier file be read until the newer one is whole', async () => {
    const cache = make();
    await cache.put(entryOf(ID, 3, 1), bytesOf(1, 2, 3));
    await cache.addPart(ID, fileOf(2), 0, bytesOf(8, 9));
    expect(await cache.get(ID)).toEqual({ entry: entryOf(ID, 3, 1), bytes: bytesOf(1, 2, 3) });
    await cache.finish(entryOf(ID, 2, 2));
    expect(await cache.get(ID)).toEqual({ entry: entryOf(ID, 2, 2), bytes: bytesOf(8, 9) });
  });

  it('removes a file together with the parts of an unfinished download of it, and nothing else', async () => {
    const cache = make();
    await cache.put(entryOf(ID, 1), bytesOf(1));
    await cache.addPart(ID, fileOf(5), 0, bytesOf(1, 2));
    await cache.put(entryOf('other/model', 1), bytesOf(7));
    await cache.addPart('other/model', fileOf(5), 0, bytesOf(8));
    await cache.remove(ID);
    expect(await cache.get(ID)).toBeNull();
    expect(await cache.partial(ID)).toBeNull();
    expect(await ids(cache)).toEqual(['other/model']);
    expect(await cache.readPartial('other/model')).toEqual(bytesOf(8));
  });

  it('throws the parts away and keeps the file, when only they are to go', async () => {
    const cache = make();
    await cache.put(entryOf(ID, 1), bytesOf(1));
    await cache.addPart(ID, fileOf(5), 0, bytesOf(1, 2));
    await cache.removePartial(ID);
    expect(await cache.readPartial(ID)).toBeNull();
    expect((await cache.get(ID))?.bytes).toEqual(bytesOf(1));
  });

  it.each([
    'owner/name',
    'a/b/c',
    '../..',
    'part:entry:partial:0',
    'ü/ß 模型',
    '100%/%2F%zz',
    "it's?a=b#c&d+e",
    'file-0123456789abcdef',
    '🙂',
    '',
  ])('keeps files apart whose ids are odd: “%s”', async (id) => {
    const cache = make();
    await cache.put(entryOf('neighbour', 1, 1), bytesOf(1));
    await cache.put(entryOf(id, 2, 2), bytesOf(2, 3));
    await cache.addPart(id, fileOf(9), 0, bytesOf(4));
    expect(await ids(cache)).toEqual([id, 'neighbour']);
    expect(await cache.get(id)).toEqual({ entry: entryOf(id, 2, 2), bytes: bytesOf(2, 3) });
    expect(await cache.readPartial(id)).toEqual(bytesOf(4));
    await cache.remove(id);
    expect(await ids(cache)).toEqual(['neighbour']);
    expect((await cache.get('neighbour'))?.bytes).toEqual(bytesOf(1));
  });

  it('joins parts of any sizes to the bytes that came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 12 }), async (parts) => {
        const cache = make();
        const whole = parts.flatMap((part) => [...part]);
        let offset = 0;
        for (const part of parts) {
          await cache.addPart(ID, fileOf(whole.length), offset, Uint8Array.from(part));
          offset += part.length;
        }
        expect(await cache.partialBytes(ID)).toBe(whole.length);
        expect(await cache.readPartial(ID)).toEqual(Uint8Array.from(whole));
        await cache.finish(entryOf(ID, whole.length));
        expect((await cache.get(ID))?.bytes).toEqual(Uint8Array.from(whole));
      }),
    );
  });
});

describe.each(KINDS)('downloads that get into each other’s way, %s', (_kind, make) => {
  const interrupted = /The stored parts changed while the file was downloading.*Try again\./;

  it('are interrupted when a part does not begin where the kept ones end', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1, 2, 3));
    for (const offset of [1, 2, 4]) {
      const adding = cache.addPart(ID, fileOf(9), offset, bytesOf(4));
      await expect(adding).rejects.toThrow(interrupted);
      await expect(adding).rejects.toBeInstanceOf(CheckpointError);
    }
    expect(await cache.readPartial(ID)).toEqual(bytesOf(1, 2, 3));
  });

  it('are interrupted when another tab started over', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1, 2, 3));
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1, 2));
    await expect(cache.addPart(ID, fileOf(9), 3, bytesOf(4))).rejects.toThrow(interrupted);
    expect(await cache.readPartial(ID)).toEqual(bytesOf(1, 2));
  });

  it('are interrupted when the file was removed meanwhile', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1, 2, 3));
    await cache.remove(ID);
    await expect(cache.addPart(ID, fileOf(9), 3, bytesOf(4))).rejects.toThrow(interrupted);
    expect(await cache.partial(ID)).toBeNull();
  });

  it('are interrupted when the kept parts are those of another commit, though as long', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(6, 'a'), 0, bytesOf(1, 2, 3));
    await cache.addPart(ID, fileOf(6, 'b'), 0, bytesOf(7, 8, 9));
    await expect(cache.addPart(ID, fileOf(6, 'a'), 3, bytesOf(4, 5, 6))).rejects.toThrow(interrupted);
    expect(await cache.readPartial(ID)).toEqual(bytesOf(7, 8, 9));
  });

  it('do not make a file of parts that are fewer than it has', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(3), 0, bytesOf(1, 2));
    await expect(cache.finish(entryOf(ID, 3))).rejects.toThrow(interrupted);
    expect(await cache.get(ID)).toBeNull();
    expect(await cache.readPartial(ID)).toEqual(bytesOf(1, 2));
  });

  it('finish once', async () => {
    const cache = make();
    await cache.addPart(ID, fileOf(2), 0, bytesOf(1, 2));
    await cache.finish(entryOf(ID, 2));
    await expect(cache.finish(entryOf(ID, 2))).rejects.toThrow(interrupted);
    expect((await cache.get(ID))?.bytes).toEqual(bytesOf(1, 2));
  });
});

describe('what the browser keeps', () => {
  it('is there on the next visit', async () => {
    const caches = fakeCaches();
    await createCheckpointCache(caches.storage, null).put(entryOf(ID, 2), bytesOf(1, 2));
    await createCheckpointCache(caches.storage, null).addPart(ID, fileOf(9), 0, bytesOf(3));
    const later = createCheckpointCache(caches.storage, null);
    expect(later.isLasting).toBe(true);
    expect((await later.get(ID))?.bytes).toEqual(bytesOf(1, 2));
    await later.addPart(ID, fileOf(9), 1, bytesOf(4));
    expect(await later.readPartial(ID)).toEqual(bytesOf(3, 4));
  });

  it('is no more than what is listed: nothing stays behind of what was replaced or removed', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.put(entryOf(ID, 2), bytesOf(1, 2));
    const ofOneFile = caches.files.size;
    await cache.put(entryOf(ID, 3), bytesOf(1, 2, 3));
    expect(caches.files.size).toBe(ofOneFile);
    await cache.addPart(ID, fileOf(2), 0, bytesOf(4));
    await cache.addPart(ID, fileOf(2), 0, bytesOf(4, 5));
    await cache.finish(entryOf(ID, 2));
    expect(caches.files.size).toBe(ofOneFile);
    await cache.addPart(ID, fileOf(9), 0, bytesOf(6));
    await cache.remove(ID);
    expect([...caches.files.keys()]).toEqual([]);
  });

  it('is not stored twice when a download becomes a file', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.addPart(ID, fileOf(2), 0, bytesOf(1, 2));
    const written: string[] = [];
    caches.beforePut = (address) => void written.push(address);
    await cache.finish(entryOf(ID, 2));
    expect(written).toEqual([addressOf(caches, '/entry:')]);
  });

  it('is not there when all of it was cleared', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.put(entryOf(ID, 1), bytesOf(1));
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1));
    caches.files.clear();
    expect(await cache.list()).toEqual([]);
    expect(await cache.get(ID)).toBeNull();
    expect(await cache.partial(ID)).toBeNull();
  });

  it('is no longer listed once its parts turn out to be cleared', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.addPart(ID, fileOf(4), 0, bytesOf(1, 2));
    await cache.addPart(ID, fileOf(4), 2, bytesOf(3, 4));
    await cache.finish(entryOf(ID, 4));
    const parts = [...caches.files.keys()].filter((address) => address.includes('part%3A'));
    expect(parts).toHaveLength(2);
    caches.files.delete(parts[1] ?? '');
    expect(await cache.get(ID)).toBeNull();
    expect(await cache.list()).toEqual([]);
    expect([...caches.files.keys()]).toEqual([]);
  });

  it('is not the file when a part is shorter than it was', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.put(entryOf(ID, 3), bytesOf(1, 2, 3));
    caches.files.set(addressOf(caches, '/part:'), bytesOf(1, 2));
    expect(await cache.get(ID)).toBeNull();
    expect(await cache.list()).toEqual([]);
  });

  it('reads no unfinished download whose parts were cleared', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1, 2));
    caches.files.delete(addressOf(caches, '/part:'));
    expect(await cache.readPartial(ID)).toBeNull();
  });
});

describe('a damaged record', () => {
  const damages: readonly (readonly [how: string, change: (json: string) => string])[] = [
    ['is no JSON', (json) => json.slice(0, -5)],
    ['is empty', () => ''],
    ['is something else', () => '[1,2,3]'],
    ['is null', () => 'null'],
    ['lacks its parts', (json) => json.replace('"parts"', '"pieces"')],
    ['has a part of no whole size', (json) => json.replace(/"parts":\[\d+/, '"parts":[0.5')],
    ['has a part of negative size', (json) => json.replace(/"parts":\[\d+/, '"parts":[-1')],
    ['has no hash of a hash’s length', (json) => json.replace('0'.repeat(64), '0'.repeat(63))],
  ];

  it.each(damages)('of a file that %s is not there', async (_how, change) => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.put(entryOf(ID, 1), bytesOf(1));
    await cache.put(entryOf('other/model', 1), bytesOf(2));
    rewrite(caches, `/entry:${ID}`, change);
    expect(await ids(cache)).toEqual(['other/model']);
    expect(await cache.get(ID)).toBeNull();
    await cache.put(entryOf(ID, 2), bytesOf(3, 4));
    expect((await cache.get(ID))?.bytes).toEqual(bytesOf(3, 4));
  });

  it.each(damages)('of an unfinished download that %s is not there', async (_how, change) => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1));
    rewrite(caches, '/partial:', change);
    expect(await cache.partial(ID)).toBeNull();
    expect(await cache.partialBytes(ID)).toBe(0);
    expect(await cache.readPartial(ID)).toBeNull();
    await cache.addPart(ID, fileOf(9), 0, bytesOf(3, 4));
    expect(await cache.readPartial(ID)).toEqual(bytesOf(3, 4));
  });

  it('that claims more bytes than its file has is not there', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.put(entryOf(ID, 1), bytesOf(1));
    rewrite(caches, '/entry:', (json) => json.replace('"parts":[1]', `"parts":[${2 ** 50}]`));
    expect(await cache.get(ID)).toBeNull();
    expect(await cache.list()).toEqual([]);
  });

  it('that claims a download longer than any is not read', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1));
    rewrite(caches, '/partial:', (json) => json.replace('"parts":[1]', `"parts":[${2 ** 50}]`));
    expect(await cache.readPartial(ID)).toBeNull();
  });
});

describe('a browser without room', () => {
  const full = (): never => {
    throw quotaExceeded();
  };

  it('is a sentence with how much room there is', async () => {
    const caches = fakeCaches();
    caches.beforePut = full;
    const cache = createCheckpointCache(caches.storage, fakeStorage(48_000_000, 50_000_000));
    const putting = cache.put(entryOf(ID, 3_200_000), new Uint8Array(3_200_000));
    await expect(putting).rejects.toBeInstanceOf(CheckpointError);
    await expect(putting).rejects.toThrow(
      'The browser has no room for another 3.2 MB (it gives this site 50.0 MB, of which 48.0 MB are used). Remove a model',
    );
    expect(await cache.list()).toEqual([]);
  });

  it.each([
    ['has no way to tell how much', null],
    [
      'refuses to tell how much',
      { ...fakeStorage(0, 0), estimate: () => Promise.reject(new TypeError('not here')) } satisfies StorageManager,
    ],
    ['tells only half of it', { ...fakeStorage(0, 0), estimate: async () => ({ usage: 1 }) } satisfies StorageManager],
  ])('is a sentence without numbers where it %s', async (_how, storage) => {
    const caches = fakeCaches();
    caches.beforePut = full;
    const cache = createCheckpointCache(caches.storage, storage);
    await expect(cache.put(entryOf(ID, 1), bytesOf(1))).rejects.toThrow(
      'The browser has no room for another 0.0 MB. Remove a model that is stored here',
    );
    expect(await cache.storage()).toBeNull();
  });

  it('keeps the parts of a download that it had room for', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.addPart(ID, fileOf(9), 0, bytesOf(1, 2));
    caches.beforePut = full;
    await expect(cache.addPart(ID, fileOf(9), 2, bytesOf(3))).rejects.toThrow(/no room/);
    caches.beforePut = () => {};
    expect(await cache.readPartial(ID)).toEqual(bytesOf(1, 2));
    await cache.addPart(ID, fileOf(9), 2, bytesOf(3));
    expect(await cache.readPartial(ID)).toEqual(bytesOf(1, 2, 3));
  });

  it('keeps the earlier file when there is no room for the newer', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    await cache.put(entryOf(ID, 2, 1), bytesOf(1, 2));
    caches.beforePut = full;
    await expect(cache.put(entryOf(ID, 3, 2), bytesOf(3, 4, 5))).rejects.toThrow(/no room/);
    expect(await cache.get(ID)).toEqual({ entry: entryOf(ID, 2, 1), bytes: bytesOf(1, 2) });
  });

  it('keeps nothing that nobody can reach when the file fits and its entry does not', async () => {
    const caches = fakeCaches();
    const cache = createCheckpointCache(caches.storage, null);
    caches.beforePut = (address) => (address.includes('/entry') ? full() : undefined);
    await expect(cache.put(entryOf(ID, 3), bytesOf(1, 2, 3))).rejects.toThrow(/no room/);
    await cache.remove(ID);
    expect([...caches.files.keys()]).toEqual([]);
  });

  it('is not what another failure is called', async () => {
    const caches = fakeCaches();
    const cause = new TypeError('disk');
    caches.beforePut = () => {
      throw cause;
    };
    const putting = createCheckpointCache(caches.storage, null).put(entryOf(ID, 1), bytesOf(1));
    await expect(putting).rejects.toBeInstanceOf(CheckpointError);
    await expect(putting).rejects.toThrow('The browser could not store the file. Reload the page and try again.');
    await expect(putting).rejects.toMatchObject({ cause });
  });

  it('is a sentence also when it refuses to open the cache for that', async () => {
    const caches = fakeCaches();
    caches.beforeOpen = full;
    const cache = createCheckpointCache(caches.storage, null);
    await expect(cache.put(entryOf(ID, 1), bytesOf(1))).rejects.toThrow(/no room/);
    expect(cache.isLasting).toBe(true);
  });
});

describe('a browser without a place to keep files', () => {
  it('says from the start that nothing lasts where it has no Cache API', () => {
    expect(createCheckpointCache(null, null).isLasting).toBe(false);
  });

  it('keeps them in memory, and says so, where the cache refuses to open', async () => {
    const caches = fakeCaches();
    let opened = 0;
    caches.beforeOpen = () => {
      opened++;
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    const cache = createCheckpointCache(caches.storage, null);
    await cache.put(entryOf(ID, 2), bytesOf(1, 2));
    expect(cache.isLasting).toBe(false);
    expect((await cache.get(ID))?.bytes).toEqual(bytesOf(1, 2));
    expect(await ids(cache)).toEqual([ID]);
    expect(caches.files.size).toBe(0);
    expect(opened).toBe(1);
  });

  it('tells how much room there is, where that is known', async () => {
    expect(await createCheckpointCache(null, fakeStorage(3, 10)).storage()).toEqual({ usageBytes: 3, quotaBytes: 10 });
    expect(await createCheckpointCache(null, null).storage()).toBeNull();
  });
});
