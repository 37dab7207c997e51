import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchImage, normalizeImageAddress, type FetchImageOptions } from '@/lib/images/fetch-image';
import { ImageError } from '@/lib/images/image-error';

let server: Server | null = null;

/** A real server on this machine; its address ends in /picture.png. */
async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const { port } = started.address() as AddressInfo;
  return `http://127.0.0.1:${port}/picture.png`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function failure(address: string, options?: FetchImageOptions): Promise<ImageError> {
  const error: unknown = await fetchImage(address, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ImageError);
  if (!(error instanceof ImageError)) throw new Error('unreachable');
  return error;
}

describe('an address', () => {
  it.each([
    ['https://example.org/a.jpg', 'https://example.org/a.jpg'],
    ['  http://example.org/a.jpg?x=1#y ', 'https://example.org/a.jpg?x=1#y'],
    ['http://example.org:8080/a', 'https://example.org:8080/a'],
    ['example.org/a.jpg', 'https://example.org/a.jpg'],
    ['//example.org/a.jpg', 'https://example.org/a.jpg'],
    ['http://localhost:3000/a.png', 'http://localhost:3000/a.png'],
    ['http://127.0.0.1:9/a.png', 'http://127.0.0.1:9/a.png'],
    ['data:image/png;base64,AAAA', 'data:image/png;base64,AAAA'],
    ['blob:https://example.org/123', 'blob:https://example.org/123'],
  ])('%s is asked for as %s', (text, expected) => {
    expect(normalizeImageAddress(text)).toBe(expected);
  });

  it.each([
    '',
    '   ',
    'cat',
    'a b.jpg',
    'ftp://example.org/a',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'https://',
    'mailto:a@b.c',
  ])('is refused in words: %j', (text) => {
    expect(() => normalizeImageAddress(text)).toThrow(ImageError);
  });

  it('never leads anywhere but to https, this machine, data or blob', () => {
    const text = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.tuple(fc.constantFrom('http:', 'JavaScript:', 'ws://', 'HTTP://', 'x://'), fc.string()).map(([a, b]) => a + b),
    );
    fc.assert(
      fc.property(text, (candidate) => {
        try {
          expect(normalizeImageAddress(candidate)).toMatch(
            /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/)|data:image\/|blob:)/i,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(ImageError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('fetching a picture', () => {
  it('gives the bytes and sends neither cookies nor a referrer', async () => {
    let headers: Record<string, unknown> = {};
    const address = await serve((request, response) => {
      headers = request.headers;
      response.setHeader('content-type', 'image/png').end(Buffer.of(1, 2, 3));
    });
    const blob = await fetchImage(address);
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(Uint8Array.of(1, 2, 3));
    expect(blob.type).toBe('image/png');
    expect(headers.cookie).toBeUndefined();
    expect(headers.referer).toBeUndefined();
  });

  it.each([
    [403, 'blocked', 'does not allow'],
    [404, 'not-found', 'no picture at this address'],
    [500, 'not-found', 'status 500'],
  ])('names status %i', async (status, kind, words) => {
    const address = await serve((_, response) => void response.writeHead(status).end());
    const error = await failure(address);
    expect(error.kind).toBe(kind);
    expect(error.sentence).toContain(words);
  });

  it('believes a Content-Length that is too large', async () => {
    const address = await serve(
      (_, response) => void response.writeHead(200, { 'content-length': 5000 }).flushHeaders(),
    );
    expect((await failure(address, { maxBytes: 4999 })).kind).toBe('too-large');
  });

  it('stops when more comes than allowed, though nothing was announced', async () => {
    const address = await serve((_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(1000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect((await failure(address, { maxBytes: 10_000 })).kind).toBe('too-large');
  });

  it('names CORS and the host when the browser says nothing but TypeError', async () => {
    const error = await failure('https://example.org/a.png', {
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    });
    expect(error.kind).toBe('blocked');
    expect(error.sentence).toContain('example.org');
    expect(error.sentence).toContain('CORS');
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it('can be cancelled before and while it waits', async () => {
    const address = await serve(() => undefined); // never answers
    expect((await failure(address, { signal: AbortSignal.abort() })).kind).toBe('cancelled');
    const controller = new AbortController();
    const waiting = failure(address, { signal: controller.signal });
    controller.abort();
    expect((await waiting).kind).toBe('cancelled');
  });

  it('can be cancelled in the middle of the body', async () => {
    const controller = new AbortController();
    const address = await serve((_, response) => {
      response.write(Buffer.alloc(1000), () => controller.abort());
    });
    expect((await failure(address, { signal: controller.signal })).kind).toBe('cancelled');
  });

  it('gives up on a server that does not answer in time', async () => {
    const address = await serve(() => undefined);
    const error = await failure(address, { timeoutMs: 20 });
    expect(error.kind).toBe('not-found');
    expect(error.sentence).toContain('did not answer');
  });
});
