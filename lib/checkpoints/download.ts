/**
 * Fetches a backbone from the hub onto the cache, in parts: what arrived stays when the connection drops, the visitor cancels or the
 * page is left, and the next try goes on from there.
 *
 * A dropped connection is taken up again by itself, with growing pauses. What is whole is held against the hub's length and SHA-256
 * before it counts as kept. Throws: CheckpointError, a sentence; the abort's reason when cancelled.
 */
import { CheckpointError } from '@/lib/checkpoints/checkpoint';
import { sha256 } from '@/lib/checkpoints/hash';
import type { HubFile } from '@/lib/checkpoints/hub';
import { askHub, hostOf, PassingError, type HubSurroundings } from '@/lib/checkpoints/hub-answer';
import type { PartialFile, CheckpointCache, CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';

export type DownloadProgress =
  | {
      readonly kind: 'downloading';
      readonly loadedBytes: number;
      readonly totalBytes: number;
      /** What an earlier try had left. */
      readonly resumedFromBytes: number;
    }
  /** The connection dropped. */
  | { readonly kind: 'waiting'; readonly loadedBytes: number; readonly totalBytes: number; readonly seconds: number }
  /** Everything is here; its SHA-256 is being computed. */
  | { readonly kind: 'checking'; readonly totalBytes: number };

export interface DownloadSurroundings extends HubSurroundings {
  readonly cache: CheckpointCache;
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

const PART_BYTES = 4 * 2 ** 20;
/** Twice the memory of the file is needed while it is opened; this is as much as a tab can be trusted with. */
export const MAX_FETCHED_BYTES = 400e6;
const TRIES_WITHOUT_PROGRESS = 4;
const FIRST_PAUSE_MS = 500;

/** @returns the entry that stands for it on the cache from now on */
export async function fetchCheckpoint(file: HubFile, environment: DownloadSurroundings): Promise<CachedCheckpoint> {
  const { cache, signal, onProgress, now } = environment;
  if (file.bytes > MAX_FETCHED_BYTES) {
    throw new CheckpointError(
      `The weights of “${file.repo}” are ${Math.round(file.bytes / 1e6)} MB; up to ${MAX_FETCHED_BYTES / 1e6} MB fit into a browser here. Choose a smaller model.`,
    );
  }
  await arrive(file, environment);
  signal?.throwIfAborted();
  onProgress({ kind: 'checking', totalBytes: file.bytes });
  const bytes = await cache.readPartial(file.repo);
  const digest = bytes === null ? null : await sha256(bytes);
  const isWhole = bytes?.byteLength === file.bytes && (file.sha256 === null || digest === file.sha256);
  if (digest === null || !isWhole) {
    await cache.removePartial(file.repo);
    throw new CheckpointError(
      `What arrived for “${file.repo}” is not what ${hostOf(environment.hubUrl)} describes: ${bytes?.byteLength === file.bytes ? 'its SHA-256 differs' : 'its length differs'}. It was thrown away; fetch it again.`,
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

/** Until the parts on the cache are as long as the file. */
async function arrive(file: HubFile, environment: DownloadSurroundings): Promise<void> {
  const { cache, signal, onProgress, pause } = environment;
  const resumedFromBytes = await goodPartialBytes(file, cache);
  let failures = 0;
  for (let kept = resumedFromBytes; kept < file.bytes;) {
    try {
      kept = await stream(file, kept, resumedFromBytes, environment);
      if (kept < file.bytes) throw new PassingError('The connection ended before the file did.');
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof PassingError)) throw error;
      const before = kept;
      kept = await cache.partialBytes(file.repo);
      failures = kept > before ? 0 : failures + 1;
      if (failures >= TRIES_WITHOUT_PROGRESS) throw gaveUp(error, kept);
      const ms = FIRST_PAUSE_MS * 2 ** failures;
      onProgress({ kind: 'waiting', loadedBytes: kept, totalBytes: file.bytes, seconds: ms / 1000 });
      await pause(ms);
      signal?.throwIfAborted();
    }
  }
}

/** What is left of an earlier try, if that was for the very same file. */
async function goodPartialBytes(file: HubFile, cache: CheckpointCache): Promise<number> {
  const partial = await cache.partial(file.repo);
  if (partial === null) return 0;
  const isSame =
    partial.file.revision === file.revision && partial.file.bytes === file.bytes && partial.file.sha256 === file.sha256;
  if (isSame && partial.bytes <= file.bytes) return partial.bytes;
  await cache.removePartial(file.repo);
  return 0;
}

/** One answer of the hub onto the cache. @returns how many bytes of the file are there when it ends */
async function stream(
  file: HubFile,
  from: number,
  resumedFromBytes: number,
  environment: DownloadSurroundings,
): Promise<number> {
  const { cache, signal, onProgress } = environment;
  const response = await askHub(file.url, file.repo, environment, from === 0 ? {} : { Range: `bytes=${from}-` });
  const start = startOf(response, from);
  const partial: PartialFile = {
    revision: file.revision,
    bytes: file.bytes,
    sha256: file.sha256,
  };
  let kept = start;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const flush = async (): Promise<void> => {
    if (pendingBytes === 0) return;
    const part = new Uint8Array(pendingBytes);
    let offset = 0;
    for (const chunk of pending) {
      part.set(chunk, offset);
      offset += chunk.byteLength;
    }
    pending = [];
    pendingBytes = 0;
    await cache.addPart(file.repo, partial, kept, part);
    kept += part.byteLength;
  };
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const piece = await nextPiece(reader);
      if (piece === null) break;
      pending.push(piece);
      pendingBytes += piece.byteLength;
      if (kept + pendingBytes > file.bytes) {
        pending = [];
        pendingBytes = 0;
        throw await tooLong(file, cache);
      }
      onProgress({
        kind: 'downloading',
        loadedBytes: kept + pendingBytes,
        totalBytes: file.bytes,
        resumedFromBytes: start === from ? resumedFromBytes : 0,
      });
      if (pendingBytes >= PART_BYTES) await flush();
      signal?.throwIfAborted();
    }
  } finally {
    // Also when it was cancelled or dropped: the next try need not ask for it again.
    await flush();
    await reader?.cancel().catch(() => undefined);
  }
  return kept;
}

/** @returns `null` at the end. @throws PassingError when the connection drops */
async function nextPiece(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<Uint8Array | null> {
  try {
    const { value } = (await reader?.read()) ?? {};
    return value ?? null;
  } catch (cause) {
    throw new PassingError('The connection dropped.', { cause });
  }
}

/** Where the answer begins in the file: a host may ignore a range and send everything. */
function startOf(response: Response, asked: number): number {
  if (response.status !== 206) return 0;
  // Where the header may not be read, a range is taken to be the one asked for; the SHA-256 has the last word.
  const stated = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1];
  if (stated !== undefined && Number(stated) !== asked) {
    throw new PassingError('The host sent another piece of the file than was asked for.');
  }
  return asked;
}

async function tooLong(file: HubFile, cache: CheckpointCache): Promise<CheckpointError> {
  await cache.removePartial(file.repo);
  return new CheckpointError(
    `More arrived for “${file.repo}” than the ${file.bytes} bytes that it should have. It was thrown away; fetch it again.`,
  );
}

function gaveUp(error: PassingError, kept: number): CheckpointError {
  const left =
    kept === 0 ? '' : ` The ${(kept / 1e6).toFixed(1)} MB that arrived are kept, and the next try goes on from there.`;
  return new CheckpointError(`${error.message}${left}`, { cause: error });
}
