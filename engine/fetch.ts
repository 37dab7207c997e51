/** What the engine fetches from the site that serves the app: models, manifests, kernels. */
import { sha256 } from '@/lib/checkpoints/hash';
import { EngineError } from '@/engine/engine-error';
import type { Progress } from '@/engine/protocol';
import { parseManifest, type ManifestModel } from '@/models/families/manifest';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** A file of an embedded family; `basePath` is '' or '/sub'. */
export function familyUrl(basePath: string, familyId: string, file: string): string {
  return `${basePath}/models/${familyId}/${file}`;
}

/** @param what named in the sentence: "the list of models". @throws EngineError (`network`), also for an answer that is not 200 */
export async function fetchOrExplain(fetch: Fetch, url: string, what: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new EngineError('network', `Could not load ${what}. Check the connection and reload the page.`, { cause });
  }
  if (!response.ok) {
    throw new EngineError(
      'network',
      `Could not load ${what} (the server answered ${response.status}). Reload the page.`,
    );
  }
  return response;
}

/** @throws EngineError (`network`) when it cannot be loaded or is damaged */
export async function fetchManifest(
  fetch: Fetch,
  basePath: string,
  familyId: string,
): Promise<readonly ManifestModel[]> {
  const url = familyUrl(basePath, familyId, 'manifest.json');
  const text = await (await fetchOrExplain(fetch, url, 'the list of models')).text();
  try {
    return parseManifest(text);
  } catch (cause) {
    throw new EngineError(
      'network',
      'The list of models is damaged. Reload the page; if that does not help, the site has to be built again.',
      { cause },
    );
  }
}

/** The compiled kernels of that name. @throws EngineError (`network`) */
export async function fetchKernels(fetch: Fetch, basePath: string, file: string): Promise<ArrayBuffer> {
  return (await fetchOrExplain(fetch, `${basePath}/kernels/${file}`, 'the packed kernels')).arrayBuffer();
}

export interface MemberFile {
  readonly id: string;
  readonly label: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** All weights of an embedded family. @throws EngineError: `network`, or `checkpoint` for a file that the manifest does not name */
export async function fetchMembers(
  fetch: Fetch,
  basePath: string,
  familyId: string,
  onProgress: (progress: Progress) => void,
): Promise<readonly MemberFile[]> {
  const manifest = await fetchManifest(fetch, basePath, familyId);
  const totalBytes = manifest.reduce((sum, { bytes }) => sum + bytes, 0);
  let loadedBytes = 0;
  return Promise.all(
    manifest.map(async (entry) => {
      const url = familyUrl(basePath, familyId, entry.file);
      const response = await fetchOrExplain(fetch, url, `the model “${entry.label}”`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      await verify(bytes, entry);
      loadedBytes += bytes.byteLength;
      onProgress({ kind: 'loading', what: entry.label, loadedBytes, totalBytes });
      return { id: entry.id, label: entry.label, bytes };
    }),
  );
}

async function verify(bytes: Uint8Array<ArrayBuffer>, { label, sha256: expected }: ManifestModel): Promise<void> {
  // Pages served without TLS have no digest; there only the file's own structure is checked.
  if (globalThis.crypto?.subtle === undefined) return;
  if ((await sha256(bytes)) === expected) return;
  throw new EngineError(
    'checkpoint',
    `The model “${label}” did not arrive as it was published (its SHA-256 differs). Reload the page.`,
  );
}
