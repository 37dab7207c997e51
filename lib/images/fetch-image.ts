import { ImageError } from '@/lib/images/image-error';

export interface FetchImageOptions {
  readonly signal?: AbortSignal;
  /** Largest accepted file. */
  readonly maxBytes?: number;
  /** How long the server may take for everything. */
  readonly timeoutMs?: number;
  /** For tests; the browser's own otherwise. */
  readonly fetch?: typeof fetch;
}

/** 64 MiB: more than any camera's JPEG. */
export const MAX_DOWNLOAD_BYTES = 64 * 2 ** 20;
const TIMEOUT_MS = 30_000;
const SAVE_INSTEAD = 'Save the picture to your device and drop it here instead.';
const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The address that is really asked: a missing scheme becomes https, and http becomes https (a page served over https may not load plain http,
 * and nearly every host answers both), except on this machine. `data:image/` and `blob:` addresses pass unchanged.
 * Throws ImageError (`bad-address`).
 */
export function normalizeImageAddress(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw badAddress('The address is empty.');
  if (/^data:/i.test(trimmed)) {
    if (/^data:image\//i.test(trimmed)) return trimmed;
    throw badAddress('This data: address does not hold an image.');
  }
  if (/^blob:/i.test(trimmed)) return trimmed;
  if (/^file:/i.test(trimmed)) {
    throw new ImageError(
      'bad-address',
      'A web page may not read your files by their address. Drop the file here instead.',
    );
  }
  // "localhost:3000/a.png" would parse as a scheme "localhost:", so a scheme must be followed by two slashes.
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  if (!hasScheme && /^[a-z][a-z0-9+-]*:(?!\d)/i.test(trimmed)) throw badAddress('Only https addresses can be loaded.');
  const url = parseUrl(hasScheme ? trimmed : `https://${trimmed.replace(/^\/+/, '')}`);
  if (url === null || /\s/.test(trimmed) || url.hostname === '') throw badAddress('This is not a web address.');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badAddress('Only https addresses can be loaded.');
  const isLoopback = LOOPBACK_HOSTS.includes(url.hostname);
  if (!isLoopback && !url.hostname.includes('.') && !url.hostname.startsWith('['))
    throw badAddress('This is not a web address.');
  if (url.protocol === 'http:' && !isLoopback) url.protocol = 'https:';
  return url.href;
}

/**
 * Downloads a picture's bytes. No cookies and no referrer are sent. The size is checked against Content-Length first and against what really comes.
 * Throws ImageError: `bad-address`, `blocked` (CORS, 401, 403), `not-found` (other statuses, no answer in time), `too-large`, `cancelled`.
 */
export async function fetchImage(address: string, options: FetchImageOptions = {}): Promise<Blob> {
  const { signal, maxBytes = MAX_DOWNLOAD_BYTES, timeoutMs = TIMEOUT_MS } = options;
  const href = normalizeImageAddress(address);
  if (signal?.aborted) throw cancelled();
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const request: RequestInit = {
      mode: 'cors',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: controller.signal,
    };
    const response = await (options.fetch ?? fetch)(href, request);
    checkStatus(response, href);
    const announced = Number(response.headers.get('content-length') ?? 'NaN');
    if (announced > maxBytes) throw tooLarge(announced, maxBytes);
    return await readLimited(response, maxBytes, stop);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    if (signal?.aborted) throw cancelled();
    if (timedOut)
      throw new ImageError(
        'not-found',
        `${hostOf(href)} did not answer within ${timeoutMs / 1000} seconds. ${SAVE_INSTEAD}`,
      );
    throw blockedOrOffline(href, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** Reads the body piece by piece and gives up as soon as it is longer than allowed: Content-Length may be missing or wrong. */
async function readLimited(response: Response, maxBytes: number, stop: () => void): Promise<Blob> {
  const type = response.headers.get('content-type') ?? '';
  if (response.body === null) return new Blob([], { type });
  const reader = response.body.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(pieces, { type });
    received += value.length;
    if (received > maxBytes) {
      stop();
      throw tooLarge(received, maxBytes);
    }
    pieces.push(value);
  }
}

function checkStatus(response: Response, href: string): void {
  if (response.ok) return;
  const host = hostOf(href);
  if (response.status === 401 || response.status === 403) {
    throw new ImageError(
      'blocked',
      `${host} does not allow this picture to be fetched (status ${response.status}). ${SAVE_INSTEAD}`,
    );
  }
  if (response.status === 404 || response.status === 410) {
    throw new ImageError(
      'not-found',
      `${host} has no picture at this address (status ${response.status}). Check the address.`,
    );
  }
  throw new ImageError(
    'not-found',
    `${host} could not deliver the picture (status ${response.status}). Try again later, or save the picture and drop it here.`,
  );
}

/** A script sees the same bare TypeError for a missing CORS header, a refused connection and an unknown host, so the sentence names both. */
function blockedOrOffline(href: string, cause: unknown): ImageError {
  const isOffline = typeof navigator !== 'undefined' && navigator.onLine === false;
  if (isOffline)
    return new ImageError(
      'not-found',
      'This device is offline, so the address cannot be loaded. Drop or paste a picture instead.',
      cause,
    );
  return new ImageError(
    'blocked',
    `${hostOf(href)} does not let other web pages read this picture (it sends no CORS permission), or it cannot be reached. ${SAVE_INSTEAD}`,
    cause,
  );
}

function hostOf(href: string): string {
  return parseUrl(href)?.host || 'This address';
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function badAddress(detail: string): ImageError {
  return new ImageError('bad-address', `${detail} Enter one such as https://example.org/picture.jpg.`);
}

function tooLarge(bytes: number, maxBytes: number): ImageError {
  const megabytes = (count: number): string => `${Math.round(count / 1e5) / 10} MB`;
  return new ImageError(
    'too-large',
    `This file has ${megabytes(bytes)} or more; ${megabytes(maxBytes)} are the most that is loaded from an address. Use a smaller version of the picture.`,
  );
}

function cancelled(): ImageError {
  return new ImageError('cancelled', 'Loading the picture was cancelled.');
}
