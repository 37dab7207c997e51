/** The weights of an embedded family. */
import { EngineError } from '@/engine/engine-error';
import { familyUrl, fetchOrExplain, type Fetch } from '@/engine/fetch';
import { fetchManifest } from '@/engine/fetch-manifest';
import type { Progress } from '@/engine/protocol';
import { sha256 } from '@/lib/checkpoints/hash';
import { parseManifest, type ManifestModel } from '@/models/families/manifest';

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
  const manifest = await fetchManifest(fetch, basePath, familyId, parseManifest);
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
