/** What the store fetches for itself. */
import { decodeFirstPicture, FIRST_PICTURE_FILE, type FirstPicture } from '@/engine/first-picture';
import { fetchOrExplain, type Fetch } from '@/engine/fetch';

/** @throws EngineError when it cannot be had, Error when it is damaged */
export async function loadFirstPicture(fetch: Fetch, basePath: string): Promise<FirstPicture> {
  const response = await fetchOrExplain(fetch, `${basePath}/${FIRST_PICTURE_FILE}`, 'the prepared picture');
  return decodeFirstPicture(new Uint8Array(await response.arrayBuffer()));
}
