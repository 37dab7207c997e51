/** Where a family's sample pictures come from: IDX files beside its weights, or the photographs that ship with the app. */
import { EngineError } from '@/engine/engine-error';
import { familyUrl, fetchOrExplain, type Fetch } from '@/engine/fetch';
import { preparePicture, type Preprocessing } from '@/lib/images/preprocessing';
import type { RasterImage } from '@/lib/images/raster';
import { joinSamples, parseIdxImages, parseIdxLabels, type Sample } from '@/lib/images/samples';
import type { ModelFamily } from '@/models/families/family';
import { OWN_IMAGE_MAX_PIXELS, type FamilySample, type SampleImage } from '@/state/app-state';
import { LruCache } from '@/state/lru-cache';

export interface SampleSource {
  /** @throws EngineError (`network`) */
  readonly list: () => Promise<readonly FamilySample[]>;
  /** As the family's models see it. @throws EngineError, ImageError */
  readonly image: (sample: FamilySample, preprocessing: Preprocessing) => Promise<SampleImage>;
}

export interface SampleEnvironment {
  readonly fetch: Fetch;
  readonly basePath: string;
}

export function sampleSource(
  { id, samples, classNames, config }: Pick<ModelFamily, 'id' | 'samples' | 'classNames' | 'config'>,
  environment: SampleEnvironment,
): SampleSource {
  switch (samples.kind) {
    case 'idx':
      return idxSource(id, samples.name, classNames, config.imageSize, environment);
    case 'photographs':
      return photographSource(environment);
    default:
      return samples satisfies never;
  }
}

/** A sample that is here already. */
export function greySample({ index, label, bytes }: Sample, classNames: readonly string[], side: number): FamilySample {
  return {
    key: `sample-${index}`,
    title: `${classNames[label] ?? label}, sample ${index}`,
    classIndex: label,
    thumbnail: { kind: 'grey', side, bytes },
    credit: null,
  };
}

/** @throws TypeError for a sample whose pixels are elsewhere */
export function greyImage(sample: FamilySample): SampleImage {
  const { key, thumbnail } = sample;
  if (thumbnail.kind !== 'grey') throw new TypeError(`${key} has no pixels of its own`);
  const { bytes } = thumbnail;
  return { kind: 'sample', key, sample, bytes, pixels: Float32Array.from(bytes, (byte) => byte / 255) };
}

function idxSource(
  familyId: string,
  name: string,
  classNames: readonly string[],
  side: number,
  { fetch, basePath }: SampleEnvironment,
): SampleSource {
  const file = async (suffix: string): Promise<Uint8Array> => {
    const response = await fetchOrExplain(
      fetch,
      familyUrl(basePath, familyId, `${name}-${suffix}`),
      'the sample images',
    );
    return new Uint8Array(await response.arrayBuffer());
  };
  return {
    list: async () => {
      const [images, labels] = await Promise.all([file('images-idx3-ubyte'), file('labels-idx1-ubyte')]);
      try {
        const samples = joinSamples(parseIdxImages(images), parseIdxLabels(labels));
        return samples.map((sample) => greySample(sample, classNames, side));
      } catch (cause) {
        throw new EngineError('network', 'The sample images arrived damaged. Reload the page.', { cause });
      }
    },
    image: async (sample) => greyImage(sample),
  };
}

/** Decoded photographs are up to 1 MB each. */
const PHOTOGRAPHS_KEPT = 12;

/** Its code comes when the first photograph is wanted. */
function photographSource({ fetch, basePath }: SampleEnvironment): SampleSource {
  const decoded = new LruCache<RasterImage>(PHOTOGRAPHS_KEPT);

  async function decode(key: string, url: string, title: string): Promise<RasterImage> {
    const known = decoded.get(key);
    if (known !== null) return known;
    const response = await fetchOrExplain(fetch, url, `the photograph “${title}”`);
    const { decodeBlob } = await import('@/lib/images/decode');
    const { image } = await decodeBlob(await response.blob(), { maxPixels: OWN_IMAGE_MAX_PIXELS });
    decoded.set(key, image);
    return image;
  }

  return {
    list: async () => {
      const { loadPhotographs } = await import('@/lib/images/photographs');
      const photographs = await loadPhotographs(fetch, basePath);
      return photographs.map(({ id, title, url, credit, licence }) => ({
        key: `photo-${id}`,
        title,
        classIndex: null,
        thumbnail: { kind: 'url', url },
        credit: `${credit}, ${licence}`,
      }));
    },
    image: async (sample, preprocessing) => {
      const { key, title, thumbnail } = sample;
      if (thumbnail.kind !== 'url') throw new TypeError(`${key} has no address`);
      const { pixels, bytes } = await preparePicture(await decode(key, thumbnail.url, title), preprocessing);
      return { kind: 'sample', key, sample, pixels, bytes };
    },
  };
}
