/**
 * A hub on this machine: it answers what the app asks of the public one, and fails on demand.
 *
 * Two servers, two origins, as on the public hub: the hub itself (model info, file listing, `resolve`) redirects weights to a storage
 * host with expiring URLs, which serves ranges with CORS headers and refuses preflights. Small files come from the hub after one more
 * redirect. Sources: the requests of `@huggingface/hub`; the public hub's answers in its documentation and issue threads.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { listen } from '@/scripts/static-server';

export interface HubRepo {
  /** owner/name */
  readonly id: string;
  readonly licence: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What goes wrong, until set otherwise. */
export interface Faults {
  /** The storage host cuts the connection after this many bytes of an answer, `drops` times or always. */
  readonly dropAfterBytes?: number;
  readonly drops?: number;
  /** The listing states a SHA-256 that is not the file's. */
  readonly wrongHash?: boolean;
  /** Speed limit of the storage host. */
  readonly bytesPerSecond?: number;
  /** The hub answers everything with this status. */
  readonly status?: number;
  /** The storage host ignores ranges and sends everything. */
  readonly noRange?: boolean;
  /** Pages may not read the headers of the storage host. */
  readonly unexposed?: boolean;
}

export interface HubServer {
  /** Starts both servers. @param port of the hub; 0 for any. The storage host takes any. @returns the hub's URL */
  readonly listen: (port?: number) => Promise<string>;
  readonly setFaults: (faults: Faults) => void;
  /** All requests so far: `GET /timm/…`, followed by the range if any. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

/** Files on the storage host; on the public hub, those over 10 MB. */
const LARGE = /\.safetensors$/;
const EXPOSED = 'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Linked-Size,X-Linked-ETag,ETag,Link';
const EXPOSED_STORAGE = 'Accept-Ranges,Content-Range,Content-Length,ETag';
const CHUNK_BYTES = 64 * 1024;

const hex = (algorithm: 'sha1' | 'sha256', bytes: Uint8Array | string): string =>
  createHash(algorithm).update(bytes).digest('hex');

export function createHub(repos: readonly HubRepo[]): HubServer {
  const byId = new Map(repos.map((repo) => [repo.id, repo]));
  const stored = new Map(
    repos.flatMap(({ files }) =>
      [...files].filter(([name]) => LARGE.test(name)).map(([, bytes]) => [hex('sha256', bytes), bytes] as const),
    ),
  );
  const requests: string[] = [];
  let faults: Faults = {};
  let dropped = 0;
  let storageUrl = '';

  const setFaults = (next: Faults): void => {
    faults = next;
    dropped = 0;
  };

  const log = ({ method, url, headers }: IncomingMessage): void => {
    requests.push(`${method} ${url}${headers.range === undefined ? '' : ` ${headers.range}`}`);
  };

  async function answerHub(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
    response.setHeader('Vary', 'Origin');
    // The app's page is isolated: see COEP in `security-policy.ts`.
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    const { pathname } = new URL(request.url ?? '/', 'http://hub.invalid');
    if (pathname === '/__faults') {
      if (request.method === 'POST') setFaults((await json(request)) as Faults);
      return sendJson(response, 200, { faults, requests });
    }
    log(request);
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', 'GET,HEAD,POST');
      response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*');
      return void response.writeHead(200).end();
    }
    if (faults.status !== undefined) return sendJson(response, faults.status, { error: 'As you asked.' });
    for (const [pattern, answer] of ROUTES) {
      const [match, id = '', revision = '', path = ''] = pattern.exec(pathname) ?? [];
      if (match === undefined) continue;
      const repo = byId.get(id);
      if (repo !== undefined) return answer(response, repo, revision, decodeURIComponent(path));
      response.setHeader('X-Error-Code', 'RepoNotFound');
      return sendJson(response, 401, { error: 'Invalid username or password.' });
    }
    sendJson(response, 404, { error: 'Sorry, this page does not exist.' });
  }

  type Answer = (response: ServerResponse, repo: HubRepo, revision: string, path: string) => void;

  const sendInfo: Answer = (response, { id, licence }) =>
    sendJson(response, 200, {
      _id: hex('sha1', `${id} `).slice(0, 24),
      id,
      sha: hex('sha1', id),
      private: false,
      gated: false,
      downloads: 0,
      likes: 0,
      lastModified: '2024-01-01T00:00:00.000Z',
      pipeline_tag: 'image-classification',
      cardData: { license: licence },
    });

  const sendTree: Answer = (response, { files }) => {
    const entries = [...files].map(([path, bytes]) => {
      const digest = hex('sha256', faults.wrongHash === true ? `not ${path}` : bytes);
      const lfs = LARGE.test(path) ? { lfs: { oid: digest, size: bytes.byteLength, pointerSize: 134 } } : {};
      return { type: 'file', oid: hex('sha1', bytes), size: bytes.byteLength, path, ...lfs };
    });
    sendJson(response, 200, entries);
  };

  const redirect: Answer = (response, { id, files }, revision, path) => {
    const bytes = files.get(path);
    if (bytes === undefined) {
      response.setHeader('X-Error-Code', 'EntryNotFound');
      return sendJson(response, 404, { error: 'Entry not found' });
    }
    response.setHeader('X-Repo-Commit', hex('sha1', id));
    if (!LARGE.test(path)) {
      return void response.writeHead(307, { Location: `/api/resolve-cache/models/${id}/${revision}/${path}` }).end();
    }
    const digest = hex('sha256', bytes);
    response.setHeader('X-Linked-Size', bytes.byteLength);
    response.setHeader('X-Linked-ETag', `"${digest}"`);
    const expires = Math.floor(Date.now() / 1000) + 3600;
    response.writeHead(302, { Location: `${storageUrl}/repos/${digest}?Expires=${expires}` }).end();
  };

  const sendSmall: Answer = (response, { files }, _revision, path) => {
    const bytes = files.get(path) ?? new Uint8Array();
    response.setHeader('ETag', `"${hex('sha1', bytes)}"`);
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': bytes.byteLength });
    response.end(bytes);
  };

  const ROUTES: readonly (readonly [RegExp, Answer])[] = [
    [/^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/, sendInfo],
    [/^\/api\/models\/([^/]+\/[^/]+)\/tree\/([^/]+)$/, sendTree],
    [/^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/, sendSmall],
    [/^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/, redirect],
  ];

  async function answerStorage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    log(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://storage.invalid');
    const bytes = stored.get(pathname.replace('/repos/', ''));
    const isFresh = Number(searchParams.get('Expires')) * 1000 > Date.now();
    if (request.method === 'OPTIONS' || !isFresh) return void response.writeHead(403).end();
    if (bytes === undefined) return void response.writeHead(404).end();
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (faults.unexposed !== true) response.setHeader('Access-Control-Expose-Headers', EXPOSED_STORAGE);
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('ETag', `"${hex('sha256', bytes)}"`);
    response.setHeader('Content-Type', 'application/octet-stream');
    const size = bytes.byteLength;
    const from = faults.noRange === true ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= size) return void response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    response.setHeader('Content-Length', size - from);
    if (from > 0) response.setHeader('Content-Range', `bytes ${from}-${size - 1}/${size}`);
    response.writeHead(from === 0 ? 200 : 206);
    if (request.method === 'HEAD') return void response.end();
    await sendSlowly(response, bytes.subarray(from));
  }

  async function sendSlowly(response: ServerResponse, bytes: Uint8Array): Promise<void> {
    const { dropAfterBytes, drops = Infinity, bytesPerSecond } = faults;
    const end = dropAfterBytes !== undefined && dropped < drops ? dropAfterBytes : bytes.byteLength;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let offset = 0; offset < Math.min(end, bytes.byteLength); offset += CHUNK_BYTES) {
        const chunk = bytes.subarray(offset, Math.min(offset + CHUNK_BYTES, end));
        yield chunk;
        if (bytesPerSecond !== undefined) await wait((1000 * chunk.byteLength) / bytesPerSecond);
      }
    }
    await pipeline(Readable.from(chunks()), response, { end: false });
    if (end >= bytes.byteLength) return void response.end();
    dropped++;
    // Let what was written arrive first.
    await wait(50);
    response.destroy();
  }

  const hub = serverOf(answerHub);
  const storage = serverOf(answerStorage);
  const start = async (server: Server, port: number): Promise<string> =>
    `http://127.0.0.1:${await listen(server, port, '127.0.0.1', true)}`;
  return {
    async listen(port = 0) {
      storageUrl = await start(storage, 0);
      return start(hub, port);
    },
    setFaults,
    requests,
    async close() {
      for (const server of [hub, storage]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function serverOf(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Server {
  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
}
