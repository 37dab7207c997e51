/**
 * A hub on this machine: it answers as the public one does to what the app asks, and fails on demand.
 *
 * Two servers, two origins, as there: the hub (model info, file listing, `resolve`) redirects weights to a storage host, whose addresses
 * expire, which serves ranges with CORS headers and refuses preflights. Small files come from the hub itself, behind one more redirect.
 * Sources: the requests of `@huggingface/hub`; answers of the public hub as its documentation and issue threads show them.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface StandInRepo {
  /** owner/name */
  readonly id: string;
  readonly licence: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What goes wrong, until it is set otherwise. */
export interface Faults {
  /** The storage host cuts the connection after so many bytes of an answer. */
  readonly dropAfterBytes?: number;
  /** How often it does; without it every time. */
  readonly drops?: number;
  /** The listing states another SHA-256 than the file has. */
  readonly wrongHash?: boolean;
  /** The storage host sends so many bytes a second. */
  readonly bytesPerSecond?: number;
  /** The hub answers everything with this status. */
  readonly status?: number;
  /** The storage host ignores ranges and sends everything. */
  readonly noRange?: boolean;
  /** Pages may not read the headers of the storage host. */
  readonly unexposed?: boolean;
}

export interface StandIn {
  /** Starts both servers. @param port of the hub; 0 for any. The storage host takes any. @returns the hub's address */
  readonly listen: (port?: number) => Promise<string>;
  readonly setFaults: (faults: Faults) => void;
  /** What was asked since the start: `GET /timm/…`, with the range where there was one. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

/** Weights live on the storage host, as files over 10 MB do on the public hub; here whatever has this name. */
const LARGE = /\.safetensors$/;
const EXPOSED = 'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Linked-Size,X-Linked-ETag,ETag,Link';
const EXPOSED_STORAGE = 'Accept-Ranges,Content-Range,Content-Length,ETag';
const CHUNK_BYTES = 64 * 1024;

const hex = (algorithm: 'sha1' | 'sha256', bytes: Uint8Array | string): string =>
  createHash(algorithm).update(bytes).digest('hex');

export function createStandIn(repos: readonly StandInRepo[]): StandIn {
  const byId = new Map(repos.map((repo) => [repo.id, { ...repo, revision: hex('sha1', repo.id) }]));
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
    // Both are isolated pages' neighbours: see COEP in `security-policy.ts`.
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    const { pathname } = new URL(request.url ?? '/', 'http://hub.invalid');
    if (pathname === '/__faults') return changeFaults(request, response);
    log(request);
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Methods', 'GET,HEAD,POST');
      response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*');
      return void response.writeHead(200).end();
    }
    if (faults.status !== undefined) return sendJson(response, faults.status, { error: 'As you asked.' });

    const info = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/[^/]+$/.exec(pathname);
    if (info !== null) return sendInfo(response, info[1]);
    const tree = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/[^/]+$/.exec(pathname);
    if (tree !== null) return sendTree(response, tree[1]);
    const cached = /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/[^/]+\/(.+)$/.exec(pathname);
    if (cached !== null) return sendSmall(response, cached[1], cached[2]);
    const resolve = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
    if (resolve !== null) return redirect(response, resolve[1], resolve[2], resolve[3]);
    sendJson(response, 404, { error: 'Sorry, this page does not exist.' });
  }

  async function changeFaults(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      setFaults(JSON.parse(Buffer.concat(pieces).toString('utf8')) as Faults);
    }
    sendJson(response, 200, { faults, requests });
  }

  const repoOr401 = (response: ServerResponse, id = '') => {
    const repo = byId.get(id);
    if (repo === undefined) {
      response.setHeader('X-Error-Code', 'RepoNotFound');
      sendJson(response, 401, { error: 'Invalid username or password.' });
    }
    return repo;
  };

  function sendInfo(response: ServerResponse, id?: string): void {
    const repo = repoOr401(response, id);
    if (repo === undefined) return;
    sendJson(response, 200, {
      _id: hex('sha1', `${repo.id} `).slice(0, 24),
      id: repo.id,
      sha: repo.revision,
      private: false,
      gated: false,
      downloads: 0,
      likes: 0,
      lastModified: '2024-01-01T00:00:00.000Z',
      pipeline_tag: 'image-classification',
      cardData: { license: repo.licence },
    });
  }

  function sendTree(response: ServerResponse, id?: string): void {
    const repo = repoOr401(response, id);
    if (repo === undefined) return;
    const entries = [...repo.files].map(([path, bytes]) => {
      const digest = hex('sha256', faults.wrongHash === true ? `not ${path}` : bytes);
      const lfs = LARGE.test(path) ? { lfs: { oid: digest, size: bytes.byteLength, pointerSize: 134 } } : {};
      return { type: 'file', oid: hex('sha1', bytes), size: bytes.byteLength, path, ...lfs };
    });
    sendJson(response, 200, entries);
  }

  function redirect(response: ServerResponse, id?: string, revision = '', path = ''): void {
    const repo = repoOr401(response, id);
    if (repo === undefined) return;
    const bytes = repo.files.get(decodeURIComponent(path));
    if (bytes === undefined) {
      response.setHeader('X-Error-Code', 'EntryNotFound');
      return sendJson(response, 404, { error: 'Entry not found' });
    }
    response.setHeader('X-Repo-Commit', repo.revision);
    if (!LARGE.test(path)) {
      const location = `/api/resolve-cache/models/${repo.id}/${revision}/${path}`;
      return void response.writeHead(307, { Location: location }).end();
    }
    const digest = hex('sha256', bytes);
    response.setHeader('X-Linked-Size', bytes.byteLength);
    response.setHeader('X-Linked-ETag', `"${digest}"`);
    const expires = Math.floor(Date.now() / 1000) + 3600;
    response.writeHead(302, { Location: `${storageUrl}/repos/${digest}?Expires=${expires}` }).end();
  }

  function sendSmall(response: ServerResponse, id?: string, path = ''): void {
    const repo = repoOr401(response, id);
    const bytes = repo?.files.get(decodeURIComponent(path));
    if (repo === undefined || bytes === undefined) return;
    response.setHeader('ETag', `"${hex('sha1', bytes)}"`);
    response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': bytes.byteLength });
    response.end(bytes);
  }

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
    const from = faults.noRange === true ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= bytes.byteLength) {
      return void response.writeHead(416, { 'Content-Range': `bytes */${bytes.byteLength}` }).end();
    }
    const range = `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}`;
    response.writeHead(from === 0 ? 200 : 206, {
      'Content-Length': bytes.byteLength - from,
      ...(from === 0 ? {} : { 'Content-Range': range }),
    });
    if (request.method === 'HEAD') return void response.end();
    await sendSlowly(response, bytes.subarray(from));
  }

  async function sendSlowly(response: ServerResponse, bytes: Uint8Array): Promise<void> {
    const { dropAfterBytes, drops = Infinity, bytesPerSecond } = faults;
    const end = dropAfterBytes !== undefined && dropped < drops ? dropAfterBytes : bytes.byteLength;
    for (let offset = 0; offset < Math.min(end, bytes.byteLength) && !response.destroyed; offset += CHUNK_BYTES) {
      const chunk = bytes.subarray(offset, Math.min(offset + CHUNK_BYTES, end));
      if (!response.write(chunk)) await drained(response);
      if (bytesPerSecond !== undefined) await wait((1000 * chunk.byteLength) / bytesPerSecond);
    }
    if (end >= bytes.byteLength) return void response.end();
    dropped++;
    // What was written must leave first, or the other side would see nothing of it.
    await wait(50);
    response.destroy();
  }

  const hub = serverOf(answerHub);
  const storage = serverOf(answerStorage);
  return {
    async listen(port = 0) {
      storageUrl = await listenAt(storage, 0);
      return listenAt(hub, port);
    },
    setFaults,
    requests,
    async close() {
      await Promise.all([closed(hub), closed(storage)]);
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

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

async function listenAt(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
