/**
 * Downloads a checkpoint from the hub into the cache, in parts: what has arrived is kept when the connection drops, the download is
 * cancelled or the page is closed, and the next attempt continues from there.
 *
 * A dropped connection is retried, with growing pauses. The complete file is checked against the hub's length and SHA-256.
 * Throws CheckpointError, or the abort's reason when cancelled.
 */
import { isSameFile } from '@/lib/checkpoints/cache-records';
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import type { CachedCheckpoint, CheckpointCache } from '@/lib/checkpoints/checkpoint-cache';
import { sha256 } from '@/lib/checkpoints/hash';
import type { HubFile } from '@/lib/checkpoints/hub';
import { hostOf, requestOk, TransientError, type HubEnvironment } from '@/lib/checkpoints/hub-request';

export type DownloadProgress =
  | {
      readonly kind: 'downloading';
      readonly loadedBytes: number;
      readonly totalBytes: number;
      /** What an earlier attempt had left. */
      readonly resumedFromBytes: number;
    }
  /** The connection dropped. */
  | { readonly kind: 'waiting'; readonly loadedBytes: number; readonly totalBytes: number; readonly seconds: number }
  /** Everything has arrived; its SHA-256 is being computed. */
  | { readonly kind: 'checking'; readonly totalBytes: number };

interface DownloadEnvironment extends HubEnvironment {
  readonly cache: CheckpointCache;
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const PART_BYTES = 4 * 2 ** 20;
/** Opening a file needs twice its memory, and a tab cannot count on more than this allows. */
export const MAX_FETCHED_BYTES = 400e6;
const TRIES_WITHOUT_PROGRESS = 4;
const FIRST_PAUSE_MS = 500;

/** @returns its entry in the cache */
export async function fetchCheckpoint(file: HubFile, environment: DownloadEnvironment): Promise<CachedCheckpoint> {
  const { cache, signal, onProgress, now } = environment;
  if (file.bytes > MAX_FETCHED_BYTES) {
    throw new CheckpointError(
      `The weights of “${file.repo}” have ${Math.round(file.bytes / 1e6)} MB; the limit in a browser is ${MAX_FETCHED_BYTES / 1e6} MB. Choose a smaller model.`,
    );
  }
  await fetchParts(file, environment);
  signal?.throwIfAborted();
  onProgress({ kind: 'checking', totalBytes: file.bytes });
  const bytes = await cache.readPartial(file.repo);
  const hasLength = bytes?.byteLength === file.bytes;
  const digest = hasLength ? await sha256(bytes) : null;
  if (digest === null || (file.sha256 !== null && digest !== file.sha256)) {
    await cache.removePartial(file.repo);
    throw new CheckpointError(
      `What arrived for “${file.repo}” is not what ${hostOf(environment.hubUrl)} describes: its ${hasLength ? 'SHA-256' : 'length'} differs. It was deleted; download it again.`,
    );
  }
  const entry: CachedCheckpoint = {
    id: file.repo,
    label: file.repo.split('/')[1] ?? file.repo,
    source: { kind: 'hub', repo: file.repo, revision: file.revision },
    bytes: file.bytes,
    sha256: digest,
    verified: file.sha256 === null ? 'length' : 'hub',
    savedAtMs: now(),
    configJson: file.configJson,
  };
  await cache.finish(entry);
  return entry;
}

/** Until the parts in the cache are as long as the file. */
async function fetchParts(file: HubFile, environment: DownloadEnvironment): Promise<void> {
  const { cache, signal, onProgress, pause } = environment;
  const resumedFromBytes = await usablePartialBytes(file, cache);
  let failures = 0;
  for (let stored = resumedFromBytes; stored < file.bytes;) {
    try {
      stored = await fetchFrom(stored, file, resumedFromBytes, environment);
      if (stored < file.bytes) throw new TransientError('The connection ended before the file did.');
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof TransientError)) throw error;
      const before = stored;
      stored = await cache.partialBytes(file.repo);
      failures = stored > before ? 0 : failures + 1;
      if (failures >= TRIES_WITHOUT_PROGRESS) throw gaveUp(error, stored);
      const ms = FIRST_PAUSE_MS * 2 ** failures;
      onProgress({ kind: 'waiting', loadedBytes: stored, totalBytes: file.bytes, seconds: ms / 1000 });
      await pause(ms);
      signal?.throwIfAborted();
    }
  }
}

/** What an earlier attempt left of this exact file. */
async function usablePartialBytes(file: HubFile, cache: CheckpointCache): Promise<number> {
  const partial = await cache.partial(file.repo);
  if (partial === null) return 0;
  if (isSameFile(partial.file, file) && partial.bytes <= file.bytes) return partial.bytes;
  await cache.removePartial(file.repo);
  return 0;
}

/** Stores one answer of the hub. @returns how many bytes of the file are stored when it ends */
async function fetchFrom(
  from: number,
  file: HubFile,
  resumedFromBytes: number,
  environment: DownloadEnvironment,
): Promise<number> {
  const { cache, signal, onProgress } = environment;
  const response = await requestOk(file.url, file.repo, environment, from === 0 ? {} : { Range: `bytes=${from}-` });
  const { revision, bytes: totalBytes, sha256 } = file;
  const start = startOf(response, from);
  let stored = start;
  let loadedBytes = start;
  let pending: Uint8Array<ArrayBuffer>[] = [];
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return;
    const part = new Uint8Array(await new Blob(pending).arrayBuffer());
    pending = [];
    await cache.addPart(file.repo, { revision, bytes: totalBytes, sha256 }, stored, part);
    stored += part.byteLength;
  };
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const piece = await nextPiece(reader);
      if (piece === null) break;
      pending.push(piece);
      loadedBytes += piece.byteLength;
      if (loadedBytes > totalBytes) {
        pending = [];
        await cache.removePartial(file.repo);
        throw new CheckpointError(
          `More arrived for “${file.repo}” than the ${totalBytes} bytes that it should have. It was deleted; download it again.`,
        );
      }
      onProgress({
        kind: 'downloading',
        loadedBytes,
        totalBytes,
        resumedFromBytes: start === from ? resumedFromBytes : 0,
      });
      if (loadedBytes - stored >= PART_BYTES) await flush();
      signal?.throwIfAborted();
    }
  } finally {
    // Also after a cancel or a drop, so that the next attempt need not fetch it again.
    await flush();
    await reader?.cancel().catch(() => undefined);
  }
  return stored;
}

/** @returns `null` at the end. @throws TransientError when the connection drops */
async function nextPiece(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return (await reader?.read())?.value ?? null;
  } catch (cause) {
    throw new TransientError('The connection dropped.', { cause });
  }
}

/** Where the answer begins in the file: a host may ignore a range and send everything. */
function startOf(response: Response, requested: number): number {
  if (response.status !== 206) return 0;
  // Where the page may not read the header, the requested range is assumed; the SHA-256 decides in the end.
  const stated = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1];
  if (stated === undefined || Number(stated) === requested) return requested;
  throw new TransientError('The host sent another part of the file than requested.');
}

function gaveUp(error: TransientError, stored: number): CheckpointError {
  const left =
    stored === 0
      ? ''
      : ` The ${(stored / 1e6).toFixed(1)} MB that arrived are kept, and the next attempt continues from there.`;
  return new CheckpointError(`${error.message}${left}`, { cause: error });
}
