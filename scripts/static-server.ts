/**
 * The export over HTTP, with the headers that it needs: isolation (COOP, COEP), each page's own policy, caching by kind of file.
 * sirv finds, types and streams the files.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import sirv from 'sirv';
import { HEADERS_MANIFEST, type HeadersManifest } from '@/scripts/postbuild';
import { ASSET_POLICY, COMMON_HEADERS } from '@/scripts/security-policy';

export type StaticServerOptions = {
  readonly directory: string;
  /** '' or '/sub': the path the export was built for. */
  readonly base: string;
  /** false imitates a host that cannot set headers: no isolation, no policy, no caching rules. */
  readonly headers: boolean;
};

/** Weights, arrays and IDX files have no registered type; without one a browser would sniff. */
const UNREGISTERED = new Set(['', '.safetensors', '.npy', '.bin', '.pth']);

export function readManifest(directory: string): HeadersManifest {
  return JSON.parse(readFileSync(join(directory, HEADERS_MANIFEST), 'utf8')) as HeadersManifest;
}

/** The policy of the page that sirv picks for a path: the file, the file with .html, or the folder's index.html. */
function pagePolicyOf(pathname: string, { pages }: HeadersManifest): string | null {
  const path = pathname.replace(/^\/+|\/+$/g, '');
  const candidates = path === '' ? ['index.html'] : [path, `${path}.html`, `${path}/index.html`];
  return candidates.map((candidate) => pages[candidate]).find((policy) => policy !== undefined) ?? null;
}

/** A server over an export sealed by `scripts/postbuild.ts`, not yet listening. Throws when the folder has no such export. */
export function createStaticServer({ directory, base, headers }: StaticServerOptions): Server {
  const manifest = readManifest(directory);
  const notFoundPage = join(directory, '404.html');

  const setHeaders = (response: ServerResponse, pathname: string): void => {
    const policy = pagePolicyOf(pathname, manifest);
    if (policy === null && UNREGISTERED.has(extname(pathname))) {
      response.setHeader('Content-Type', 'application/octet-stream');
    }
    if (!headers) return;
    response.setHeader('Content-Security-Policy', policy ?? ASSET_POLICY);
    // Next puts a hash of the content into names below _next/static; the rest is revalidated by its ETag.
    const immutable = pathname.startsWith('/_next/static/');
    response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  };
  const sendText = (response: ServerResponse, status: number, text: string): void =>
    void response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
  const files = sirv(directory, {
    etag: headers,
    setHeaders,
    onNoMatch: (_request, response) => {
      if (!existsSync(notFoundPage)) return sendText(response, 404, 'not found\n');
      setHeaders(response, '/404.html');
      response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' }).end(readFileSync(notFoundPage));
    },
  });

  return createServer((request, response) => {
    if (headers) response.setHeaders(new Map(Object.entries(COMMON_HEADERS)));
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return sendText(response, 405, 'only GET and HEAD\n');
    }
    const url = request.url ?? '/';
    if (base !== '') {
      if (url === '/' || url === base) return void response.writeHead(302, { Location: `${base}/` }).end();
      if (!url.startsWith(`${base}/`)) return sendText(response, 404, `this export is served under ${base}/\n`);
      request.url = url.slice(base.length);
    }
    files(request, response);
  });
}

/** Listens on `port` (0: any), or on the next free one of the twenty after it unless `exact`. Resolves to the port taken. */
export async function listen(server: Server, port: number, host: string, exact: boolean): Promise<number> {
  const last = exact || port === 0 ? port : port + 20;
  for (let candidate = port; ; candidate++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(candidate, host, () => resolve(void server.off('error', reject)));
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || candidate >= last) throw error;
    }
  }
}
