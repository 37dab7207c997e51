import { ImageError } from '@/lib/images/image-error';

export interface FetchImageOptions {
  readonly signal?: AbortSignal;
  /** Largest accepted file. */
  readonly maxBytes?: number;
  /** For the whole download. */
  readonly timeoutMs?: number;
  /** For tests; the browser's own otherwise. */
  readonly fetch?: typeof fetch;
}

/** 64 MiB: more than any camera's JPEG. */
const MAX_DOWNLOAD_BYTES = 64 * 2 ** 20;
const TIMEOUT_MS = 30_000;
const SAVE_INSTEAD = 'Save the picture to your device and drop it here instead.';
const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The address to fetch: a missing scheme and http both become https (a page served over https may not load plain http, and nearly every
 * host answers both), except on this machine. `data:image/` and `blob:` addresses pass unchanged. Throws ImageError (`bad-address`).
 */
export function normalizeImageAddress(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw badAddress('The address is empty.');
  if (/^(data:image\/|blob:)/i.test(trimmed)) return trimmed;
  if (/^data:/i.test(trimmed)) throw badAddress('This data: address does not hold an image.');
  if (/^file:/i.test(trimmed)) {
    throw new ImageError('bad-address', 'A web page may not read your files by address. Drop the file here instead.');
  }
  // "localhost:3000/a.png" would parse as a scheme "localhost:", so a scheme must be followed by two slashes.
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  if (!hasScheme && /^[a-z][a-z0-9+-]*:(?!\d)/i.test(trimmed)) throw badAddress('Only https addresses can be loaded.');
  const full = hasScheme ? trimmed : `https://${trimmed.replace(/^\/+/, '')}`;
  if (!URL.canParse(full) || /\s/.test(trimmed)) throw badAddress('This is not a web address.');
  const url = new URL(full);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badAddress('Only https addresses can be loaded.');
  const isLoopback = LOOPBACK_HOSTS.includes(url.hostname);
  if (!isLoopback && !/\.|^\[/.test(url.hostname)) throw badAddress('This is not a web address.');
  if (!isLoopback) url.protocol = 'https:';
  return url.href;
}

/**
 * Downloads a picture's bytes, without cookies or a referrer. The size is checked both against Content-Length and while reading.
 * Throws ImageError: `bad-address`, `blocked` (CORS, 401, 403), `not-found` (other statuses, no answer in time), `too-large`, `cancelled`.
 */
export async function fetchImage(address: string, options: FetchImageOptions = {}): Promise<Blob> {
  const { signal, maxBytes = MAX_DOWNLOAD_BYTES, timeoutMs = TIMEOUT_MS } = options;
  const href = normalizeImageAddress(address);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await (options.fetch ?? fetch)(href, {
      mode: 'cors',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    if (!response.ok) throw refusal(response.status, hostOf(href));
    return await readLimited(response, maxBytes);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    if (signal?.aborted) throw new ImageError('cancelled', 'Loading the picture was cancelled.');
    throw timeout.aborted ? timedOut(href, timeoutMs) : blockedOrOffline(href, error);
  }
}

/** Stops as soon as the body is longer than allowed: Content-Length may be missing or wrong. */
async function readLimited(response: Response, maxBytes: number): Promise<Blob> {
  const reader = response.body?.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = Number(response.headers.get('content-length') ?? 0);
  for (let received = 0; ; bytes = received) {
    if (bytes > maxBytes) {
      await reader?.cancel();
      throw tooLarge(bytes, maxBytes);
    }
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return new Blob(pieces, { type: response.headers.get('content-type') ?? '' });
    received += value.length;
    pieces.push(value);
  }
}

function refusal(status: number, host: string): ImageError {
  switch (status) {
    case 401:
    case 403:
      return new ImageError(
        'blocked',
        `${host} does not allow this picture to be fetched (status ${status}). ${SAVE_INSTEAD}`,
      );
    case 404:
    case 410:
      return new ImageError(
        'not-found',
        `${host} has no picture at this address (status ${status}). Check the address.`,
      );
    default:
      return new ImageError(
        'not-found',
        `${host} could not deliver the picture (status ${status}). Try again later, or save the picture and drop it here.`,
      );
  }
}

function timedOut(href: string, timeoutMs: number): ImageError {
  return new ImageError(
    'not-found',
    `${hostOf(href)} did not answer within ${timeoutMs / 1000} seconds. ${SAVE_INSTEAD}`,
  );
}

/** A script sees the same bare TypeError for a missing CORS header, a refused connection and an unknown host, so the sentence names both. */
function blockedOrOffline(href: string, cause: unknown): ImageError {
  return typeof navigator !== 'undefined' && navigator.onLine === false
    ? new ImageError(
        'not-found',
        'This device is offline, so the address cannot be loaded. Drop or paste a picture instead.',
        cause,
      )
    : new ImageError(
        'blocked',
        `${hostOf(href)} does not let other web pages read this picture (it sends no CORS permission), or it cannot be reached. ${SAVE_INSTEAD}`,
        cause,
      );
}

/** data: and blob: addresses have no host. */
function hostOf(href: string): string {
  return new URL(href).host || 'This address';
}

function badAddress(detail: string): ImageError {
  return new ImageError('bad-address', `${detail} Enter one such as https://example.org/picture.jpg.`);
}

function tooLarge(bytes: number, maxBytes: number): ImageError {
  const megabytes = (count: number): string => `${Math.round(count / 1e5) / 10} MB`;
  return new ImageError(
    'too-large',
    `This file has at least ${megabytes(bytes)}; the limit for pictures from an address is ${megabytes(maxBytes)}. Use a smaller version of the picture.`,
  );
}
