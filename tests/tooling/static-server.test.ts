import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normalizeBase } from '@/scripts/base-path';
import { sealExport } from '@/scripts/postbuild';
import { createStaticServer, listen, type StaticServerOptions } from '@/scripts/static-server';

const HOST = '127.0.0.1';
const PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"/></head><body><script>one()</script></body></html>';

let directory: string;
let open: Server[];

async function start(options: Partial<StaticServerOptions> = {}): Promise<string> {
  const server = createStaticServer({ directory, base: '', headers: true, ...options });
  open.push(server);
  return `http://${HOST}:${await listen(server, 0, HOST, true)}`;
}

beforeEach(async () => {
  open = [];
  directory = await mkdtemp(join(tmpdir(), 'lens-serve-'));
  await mkdir(join(directory, '_next', 'static'), { recursive: true });
  await mkdir(join(directory, 'train'));
  await writeFile(join(directory, 'index.html'), PAGE);
  await writeFile(join(directory, 'train', 'index.html'), PAGE);
  await writeFile(join(directory, '404.html'), PAGE);
  await writeFile(join(directory, '_next', 'static', 'a.js'), 'export {};');
  await writeFile(join(directory, 'a.wasm'), Uint8Array.of(0, 97, 115, 109));
  await writeFile(join(directory, 'a.safetensors'), new Uint8Array(10));
  await writeFile(join(directory, 'a-idx3-ubyte'), new Uint8Array(10));
  await sealExport(directory, '');
});

afterEach(async () => {
  await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve).closeAllConnections())));
  await rm(directory, { recursive: true, force: true });
});

describe('the static server', () => {
  it('isolates every response, the missing ones too', async () => {
    const address = await start();
    for (const path of ['/', '/train/', '/_next/static/a.js', '/a.wasm', '/missing']) {
      const { headers } = await fetch(address + path);
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy'), path).toBe('require-corp');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('content-security-policy'), path).toContain("'wasm-unsafe-eval'");
    }
  });

  it('sends each page its hashes and an asset none', async () => {
    const address = await start();
    for (const path of ['/', '/train', '/train/', '/missing']) {
      expect((await fetch(address + path)).headers.get('content-security-policy'), path).toContain('sha256-');
    }
    expect((await fetch(`${address}/_next/static/a.js`)).headers.get('content-security-policy')).not.toContain(
      'sha256-',
    );
  });

  it('caches hashed names for ever and asks for the rest anew, answering 304', async () => {
    const address = await start();
    const hashed = await fetch(`${address}/_next/static/a.js`);
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const page = await fetch(`${address}/`);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const again = await fetch(`${address}/`, { headers: { 'If-None-Match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  it('names the types of WebAssembly and of weights', async () => {
    const address = await start();
    expect((await fetch(`${address}/a.wasm`)).headers.get('content-type')).toBe('application/wasm');
    for (const path of ['/a.safetensors', '/a-idx3-ubyte']) {
      expect((await fetch(address + path)).headers.get('content-type'), path).toBe('application/octet-stream');
    }
    expect((await fetch(`${address}/train`)).headers.get('content-type')).toContain('text/html');
  });

  it('serves under a base path and nowhere else', async () => {
    const address = await start({ base: '/sub' });
    expect((await fetch(`${address}/sub/train/`)).status).toBe(200);
    expect((await fetch(`${address}/train/`)).status).toBe(404);
    expect((await fetch(`${address}/subway/`)).status).toBe(404);
    const root = await fetch(`${address}/`, { redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/sub/']);
  });

  it('sends nothing of its own where headers are off', async () => {
    const { headers } = await fetch(`${await start({ headers: false })}/`);
    for (const name of ['cross-origin-opener-policy', 'content-security-policy', 'cache-control', 'etag']) {
      expect(headers.get(name), name).toBeNull();
    }
  });

  it('answers only GET and HEAD', async () => {
    const address = await start();
    expect((await fetch(`${address}/`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${address}/`, { method: 'POST' })).status).toBe(405);
  });

  it('gives no file outside of its folder', async () => {
    const port = Number(new URL(await start()).port);
    for (const path of ['/../package.json', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd']) {
      const status = await new Promise((resolve, reject) => {
        request({ host: HOST, port, path }, (response) => resolve(response.resume().statusCode))
          .on('error', reject)
          .end();
      });
      expect(status, path).toBe(404);
    }
  });

  it('takes the next free port, unless it must have the one it was given', async () => {
    const busy = createServer();
    open.push(busy);
    const port = await listen(busy, 0, HOST, true);
    const second = createStaticServer({ directory, base: '', headers: true });
    await expect(listen(second, port, HOST, true)).rejects.toThrow(/EADDRINUSE/);
    open.push(second);
    expect(await listen(second, port, HOST, false)).toBeGreaterThan(port);
  });
});

describe('a base path', () => {
  it.each([
    ['', ''],
    ['/', ''],
    ['sub', '/sub'],
    ['/a/b-c/', '/a/b-c'],
  ])('%j becomes %j', (text, base) => expect(normalizeBase(text)).toBe(base));

  it.each(['https://host/x', '/a//b', '/../x', '/a?b', '/a b'])('%j is refused', (text) => {
    expect(() => normalizeBase(text)).toThrow(/not a base path/);
  });
});
