/** What the engine fetches from the site that serves the app: models, manifests, kernels. */
import { EngineError } from '@/engine/engine-error';

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

/** The compiled kernels of that name. @throws EngineError (`network`) */
export async function fetchKernels(fetch: Fetch, basePath: string, file: string): Promise<ArrayBuffer> {
  return (await fetchOrExplain(fetch, `${basePath}/kernels/${file}`, 'the packed kernels')).arrayBuffer();
}
