/** The manifest of an embedded family, fetched and checked. Apart from `fetch.ts`, so that the page loads the checks when it needs them. */
import { EngineError } from '@/engine/engine-error';
import { familyUrl, fetchOrExplain, type Fetch } from '@/engine/fetch';
import { parseManifest, type ManifestModel } from '@/models/families/manifest';

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
