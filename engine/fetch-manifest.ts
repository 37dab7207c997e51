/** The manifest of an embedded family, fetched and checked. */
import { EngineError } from '@/engine/engine-error';
import { familyUrl, fetchOrExplain, type Fetch } from '@/engine/fetch';

/**
 * @param parse the worker, which fetches the files that it names, checks all of it by `parseManifest`; the page, which shows a few of
 * its numbers, takes `readMeasurements` and does without the code for the rest
 * @throws EngineError (`network`) when it cannot be loaded, or `parse` throws
 */
export async function fetchManifest<Model>(
  fetch: Fetch,
  basePath: string,
  familyId: string,
  parse: (text: string) => readonly Model[],
): Promise<readonly Model[]> {
  const url = familyUrl(basePath, familyId, 'manifest.json');
  const text = await (await fetchOrExplain(fetch, url, 'the list of models')).text();
  try {
    return parse(text);
  } catch (cause) {
    throw new EngineError(
      'network',
      'The list of models is damaged. Reload the page; if that does not help, the site has to be built again.',
      { cause },
    );
  }
}
