/** From the selection's image to its pixels: whatever it takes to have them, the newest wish wins. */
import type { StoreApi } from 'zustand/vanilla';
import { isImageError } from '@/lib/images/image-error';
import type { RasterImage } from '@/lib/images/raster';
import type { Sample } from '@/lib/images/samples';
import { ownImage, ownRecord, sampleImage, sampleIndex } from '@/lib/store/image-slice';
import type { CurrentImage, LensActions, LensState, PreprocessOptions } from '@/lib/store/lens-state';
import type { OwnImages } from '@/lib/store/own-images';
import { replaceSelection, select } from '@/lib/store/selection-slice';
import { DEFAULT_SELECTION } from '@/lib/store/selection-types';
import type { FirstPicture } from '@/lib/worker/first-picture';

export interface ImageLoader {
  /** Brings the selection's image on screen. */
  readonly load: () => Promise<void>;
  readonly setSamples: (samples: readonly Sample[]) => void;
  /** One sample ahead of all others. */
  readonly offerSample: (first: FirstPicture) => void;
  readonly add: (original: RasterImage, name: string, atMs: number) => void;
  readonly setPreprocess: (change: Partial<PreprocessOptions>) => void;
}

interface Surroundings {
  readonly store: StoreApi<LensState>;
  readonly ownImages: OwnImages;
  readonly notify: LensActions['notify'];
}

export function imageLoader({ store, ownImages, notify }: Surroundings): ImageLoader {
  const { getState, setState } = store;
  let early: Sample | null = null;

  const show = (current: CurrentImage): void => setState(({ image }) => ({ image: { ...image, current } }));

  async function load(): Promise<void> {
    const { selection, image } = getState();
    const key = selection.image;
    if (image.current?.key === key) return;
    const index = sampleIndex(key);
    if (index !== null) {
      const sample = image.samples?.[index] ?? (early?.index === index ? early : null);
      if (sample !== null) show(sampleImage(sample));
      // Without samples yet, their arrival calls again; beyond the last one there is nothing to wait for.
      else if (image.samples !== null)
        fallBack('This sample does not exist', 'There is no sample of that number; another one is shown instead.');
      return;
    }
    const record = await ownImages.get(key);
    if (getState().selection.image !== key) return;
    if (record === null) {
      fallBack(
        'Your picture is not here any more',
        'A picture of your own stays in the browser where it was chosen, for a day at most. Choose it again; a sample is shown instead.',
      );
    } else show(ownImage(record));
  }

  function fallBack(title: string, sentence: string): void {
    notify({ kind: 'info', title, sentence });
    setState((state) => replaceSelection(state, { ...state.selection, image: DEFAULT_SELECTION.image }));
  }

  return {
    load,
    setSamples: (samples) => {
      setState(({ image }) => ({ image: { ...image, samples } }));
      void load();
    },
    offerSample: ({ index, label, bytes }) => {
      early = { index, label, bytes: Uint8Array.from(bytes) };
      void load();
    },
    add: (original, name, atMs) => {
      const record = ownRecord(original, name);
      try {
        const image = ownImage(record);
        void ownImages.put(record);
        // One step: pixels and selection change together, so nobody looks for the picture in the storage.
        setState((state) => ({
          ...select(state, { image: record.key }, atMs),
          image: { ...state.image, current: image },
        }));
      } catch (error) {
        const sentence = isImageError(error) ? error.sentence : 'This picture cannot be used. Choose another one.';
        notify({ kind: 'error', title: 'The picture was not taken', sentence });
      }
    },
    setPreprocess: (change) => {
      const { current } = getState().image;
      if (current?.kind !== 'own') return;
      const { key, name, original } = current;
      const options = { ...current.options, ...change };
      show(ownImage({ key, name, original, options }));
      void ownImages.putOptions(key, options);
    },
  };
}
