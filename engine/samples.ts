/** The shipped test images as the page and the worker both fetch them. */
import { joinSamples, parseIdxImages, parseIdxLabels, type Sample } from '@/lib/images/samples';
import { EngineError } from '@/engine/engine-error';
import { familyUrl, fetchOrExplain, type Fetch } from '@/engine/manifest';

const SAMPLES = 'samples/fashion-mnist-1000';

/** @throws EngineError (`network`) when they cannot be had, or are damaged */
export async function loadSamples(fetch: Fetch, basePath: string): Promise<readonly Sample[]> {
  const file = async (name: string): Promise<Uint8Array> => {
    const response = await fetchOrExplain(fetch, familyUrl(basePath, name), 'the sample images');
    return new Uint8Array(await response.arrayBuffer());
  };
  const [images, labels] = await Promise.all([
    file(`${SAMPLES}-images-idx3-ubyte`),
    file(`${SAMPLES}-labels-idx1-ubyte`),
  ]);
  try {
    return joinSamples(parseIdxImages(images), parseIdxLabels(labels));
  } catch (cause) {
    throw new EngineError('network', 'The sample images arrived damaged. Reload the page.', { cause });
  }
}
