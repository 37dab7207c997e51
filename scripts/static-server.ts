import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import sirv from 'sirv';
import { HEADERS_MANIFEST, type HeadersManifest } from '@/scripts/postbuild';
import { ASSET_POLICY, COMMON_HEADERS } from '@/scripts/security-policy';

/**
 * The export over HTTP, with the headers it deserves: isolation (COOP, COEP), each page's own policy, and caching by kind.
 * sirv finds, types and streams the files; this file only says what stands around them.
 */

export type StaticServerOptions = {
  readonly directory: string;
  /** '' or '/sub': the path the export was built for. */
  readonly base: string;
  /** false imitates a host that cannot set headers: no isolation, no policy, no caching rules. */
  readonly headers: boolean;
};

const UNREGISTERED = new Set(['', '.safetensors', '.npy', '.bin', '.pth']);

export function readManifest(directory: string): HeadersManifest {
  return JSON.parse(readFileSync(join(directory, HEADERS_MANIFEST), 'utf8')) as HeadersManifest;
}

/** The page that sirv picks for a path: the file itself, the file with .html, or the folder's index.html. */
function pageOf(pathname: string, manifest: HeadersManifest): string | null {
  const path = pathname.replace(/^\/+|\/+$/g, '');
  const candidates = path === '' ? ['index.html'] : [path, `${path}.html`, `${path}/index.html`];
  return candidates.find((candidate) => candidate in manifest.pages) ?? null;
}

function setHeadersFor(response: ServerResponse, pathname: string, manifest: HeadersManifest): void {
  const page = pageOf(pathname, manifest);
  const policy = page === null ? ASSET_POLICY : (manifest.pages[page] ?? ASSET_POLICY);
  response.setHeader('Content-Security-Policy', policy);
  // Next puts a hash of the content into the names below _next/static; everything else is asked for anew, and answered 304 by its ETag.
  const immutable = pathname.startsWith('/_next/static/');
  response.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

/** A server over an export sealed by `scripts/postbuild.ts`; not yet listening. Throws when the folder holds no such export. */
export function createStaticServer({ directory, base, headers }: StaticServerOptions): Server {
  const manifest = readManifest(directory);
  const notFoundPage = join(directory, '404.html');

  const notFound = (response: ServerResponse): void => {
    if (!existsSync(notFoundPage)) return sendText(response, 404, 'not found\n');
    if (headers) setHeadersFor(response, '/404.html', manifest);
    response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' }).end(readFileSync(notFoundPage));
  };

  const files = sirv(directory, {
    etag: headers,
    onNoMatch: (_request, response) => notFound(response),
    setHeaders: (response, pathname) => {
      if (headers) setHeadersFor(response, pathname, manifest);
      // Weights, arrays and the samples' IDX files have no registered type; without one a browser would sniff.
      if (UNREGISTERED.has(extname(pathname)) && pageOf(pathname, manifest) === null) {
        response.setHeader('Content-Type', 'application/octet-stream');
      }
    },
  });

  return createServer((request: IncomingMessage, response: ServerResponse) => {
    if (headers) for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
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

/**
 * Listens on `port`, or on the next free one of the twenty after it (`exact` forbids that; 0 lets the system choose).
 * Resolves to the port taken.
 */
export async function listen(server: Server, port: number, host: string, exact: boolean): Promise<number> {
  const last = exact || port === 0 ? port : port + 20;
  for (let candidate = port; ; candidate++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(candidate, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : candidate;
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || candidate >= last) throw error;
    }
  }
}
