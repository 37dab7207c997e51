import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchCheckpoint, MAX_FETCHED_BYTES, type DownloadProgress } from '@/lib/checkpoints/download';
import { describeRepo, type HubFile } from '@/lib/checkpoints/hub';
import type { FetchLike } from '@/lib/checkpoints/hub-request';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { createCheckpointCache, type CheckpointCache } from '@/lib/checkpoints/checkpoint-cache';
import { LARGE_BYTES, LARGE_REPO, PUBLISHED_WEIGHTS, startLocalHub } from '@/tests/lib/checkpoints/local-hub';

const local = startLocalHub();
const DEIT_TINY = 'timm/deit_tiny_patch16_224.fb_in1k';

interface Options {
  readonly cache?: CheckpointCache;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly fetch?: FetchLike;
}

const describeHere = (repo = LARGE_REPO) => describeRepo(repo, { hubUrl: local.url, fetch: globalThis.fetch });

function download(
  file: HubFile,
  { cache = createCheckpointCache(null, null), signal, onProgress, fetch }: Options = {},
) {
  return fetchCheckpoint(file, {
    hubUrl: local.url,
    fetch: fetch ?? globalThis.fetch,
    cache,
    now: () => 1234,
    pause: async () => {},
    onProgress: onProgress ?? (() => {}),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Ranges that the storage host was asked for since. */
const storageRequests = (since: number): readonly string[] =>
  local.hub.requests.slice(since).filter((request) => request.startsWith('GET /repos/'));

describe('a download from the hub', () => {
  it('ends on the cache, byte for byte, checked against the hub’s SHA-256', async () => {
    const cache = createCheckpointCache(null, null);
    const file = await describeHere();
    const entry = await download(file, { cache });
    expect(entry).toMatchObject({
      id: LARGE_REPO,
      label: 'large',
      bytes: LARGE_BYTES,
      verified: 'hub',
      savedAtMs: 1234,
    });
    expect(entry.source).toEqual({ kind: 'hub', repo: LARGE_REPO, revision: file.revision });
    const kept = await cache.get(LARGE_REPO);
    expect(Buffer.compare(kept?.bytes ?? new Uint8Array(), local.large)).toBe(0);
    expect(await cache.partial(LARGE_REPO)).toBeNull();
  });

  it('tells how far it is, up to the whole, then that it checks', async () => {
    const seen: DownloadProgress[] = [];
    await download(await describeHere(), { onProgress: (progress) => seen.push(progress) });
    const loaded = seen.flatMap((progress) => (progress.kind === 'downloading' ? progress.loadedBytes : []));
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(LARGE_BYTES);
    expect(seen.at(-1)).toEqual({ kind: 'checking', totalBytes: LARGE_BYTES });
  });

  it('goes on by itself, by range, when the connection drops', async () => {
    local.hub.setFaults({ dropAfterBytes: 2_000_000, drops: 2 });
    const seen: DownloadProgress[] = [];
    const cache = createCheckpointCache(null, null);
    const since = local.hub.requests.length;
    await download(await describeHere(), { cache, onProgress: (progress) => seen.push(progress) });
    expect(Buffer.compare((await cache.get(LARGE_REPO))?.bytes ?? new Uint8Array(), local.large)).toBe(0);
    expect(seen.filter(({ kind }) => kind === 'waiting')).toHaveLength(2);
    const asked = storageRequests(since);
    expect(asked).toHaveLength(3);
    expect(asked[0]).not.toMatch(/bytes=/);
    expect(asked[1]).toMatch(/ bytes=\d+-$/);
    expect(asked[2]).toMatch(/ bytes=\d+-$/);
  });

  it('goes on where pages may not read the storage host’s headers', async () => {
    local.hub.setFaults({ dropAfterBytes: 2_000_000, drops: 1, unexposed: true });
    const hidden: FetchLike = async (url, init) => {
      const response = await fetch(url, init);
      const isStorage = response.url.includes('/repos/');
      return isStorage ? new Response(response.body, { status: response.status }) : response;
    };
    const entry = await download(await describeHere(), { fetch: hidden });
    expect(entry.verified).toBe('hub');
  });

  it('starts over where the host ignores ranges', async () => {
    local.hub.setFaults({ dropAfterBytes: 2_000_000, drops: 1, noRange: true });
    const cache = createCheckpointCache(null, null);
    await download(await describeHere(), { cache });
    expect(Buffer.compare((await cache.get(LARGE_REPO))?.bytes ?? new Uint8Array(), local.large)).toBe(0);
  });

  it('gives up after four tries without a byte, and keeps what had arrived', async () => {
    const cache = createCheckpointCache(null, null);
    const file = await describeHere();
    let storageAnswers = 0;
    const failing: FetchLike = async (url, init) => {
      if (++storageAnswers > 1) throw new TypeError('fetch failed');
      return fetch(url, init);
    };
    local.hub.setFaults({ dropAfterBytes: 1_000_000 });
    await expect(download(file, { cache, fetch: failing })).rejects.toThrow(
      /does not answer.*The 1\.0 MB that arrived are kept/,
    );
    expect(storageAnswers).toBe(5);
    expect(await cache.partialBytes(LARGE_REPO)).toBe(1_000_000);
  });

  it('stops when it is cancelled, keeps what arrived, and the next try asks only for the rest', async () => {
    const cache = createCheckpointCache(null, null);
    const file = await describeHere();
    const controller = new AbortController();
    const cancelled = download(file, {
      cache,
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.kind === 'downloading' && progress.loadedBytes > 1_500_000) controller.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    const kept = await cache.partialBytes(LARGE_REPO);
    expect(kept).toBeGreaterThan(1_500_000);
    expect(await cache.get(LARGE_REPO)).toBeNull();

    const seen: DownloadProgress[] = [];
    const since = local.hub.requests.length;
    await download(file, { cache, onProgress: (progress) => seen.push(progress) });
    expect(storageRequests(since)[0]).toMatch(new RegExp(` bytes=${kept}-$`));
    expect(seen[0]).toMatchObject({ kind: 'downloading', resumedFromBytes: kept });
    expect(Buffer.compare((await cache.get(LARGE_REPO))?.bytes ?? new Uint8Array(), local.large)).toBe(0);
  });

  it('begins anew where the parts on the cache are those of another commit', async () => {
    const cache = createCheckpointCache(null, null);
    const file = await describeHere();
    const earlier = { revision: 'a'.repeat(40), bytes: file.bytes, sha256: file.sha256 };
    await cache.addPart(LARGE_REPO, earlier, 0, new Uint8Array(1000));
    const since = local.hub.requests.length;
    await download(file, { cache });
    expect(storageRequests(since)).toEqual([expect.not.stringContaining('bytes=')]);
  });
});

describe('what arrives wrong', () => {
  it('is thrown away when its SHA-256 is not the one that the hub states', async () => {
    local.hub.setFaults({ wrongHash: true });
    const cache = createCheckpointCache(null, null);
    await expect(download(await describeHere(), { cache })).rejects.toThrow(/its SHA-256 differs\. It was deleted/);
    expect(await cache.list()).toEqual([]);
    expect(await cache.partialBytes(LARGE_REPO)).toBe(0);
  });

  it('is thrown away when it is longer than it should be', async () => {
    const cache = createCheckpointCache(null, null);
    const file = { ...(await describeHere()), bytes: 100_000 };
    await expect(download(file, { cache })).rejects.toThrow(/More arrived for “lens\/large” than the 100000 bytes/);
    expect(await cache.partialBytes(LARGE_REPO)).toBe(0);
  });

  it('is said to be checked by its length only where the hub gives no hash', async () => {
    const entry = await download({ ...(await describeHere()), sha256: null });
    expect(entry.verified).toBe('length');
  });

  it('is not asked for when it would not fit', async () => {
    const since = local.hub.requests.length;
    const file = { ...(await describeHere('lens/deit_micro')), bytes: MAX_FETCHED_BYTES + 1 };
    await expect(download(file)).rejects.toThrow(/Choose a smaller model/);
    expect(storageRequests(since)).toEqual([]);
  });
});

describe.skipIf(!existsSync(join(PUBLISHED_WEIGHTS, 'deit_tiny_patch16_224.safetensors')))(
  'the published DeiT-Tiny (skipped where its weights are not at hand)',
  () => {
    it('arrives over a dropping connection as a checkpoint that can be read', async () => {
      local.hub.setFaults({ dropAfterBytes: 9_000_000, drops: 2 });
      const cache = createCheckpointCache(null, null);
      const entry = await download(await describeHere(DEIT_TINY), { cache });
      const kept = await cache.get(DEIT_TINY);
      expect(entry.bytes).toBe(22_884_912);
      expect(parseSafetensors(kept?.bytes ?? new Uint8Array()).tensors.get('cls_token')?.shape).toEqual([1, 1, 192]);
    });
  },
);
