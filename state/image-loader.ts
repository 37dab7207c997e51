/** From the selection's image to its pixels: whatever it takes to have them, the newest wish wins. */
import type { StoreApi } from 'zustand/vanilla';
import type { FirstPicture } from '@/engine/first-picture';
import { isImageError } from '@/lib/images/image-error';
import type { PictureOptions } from '@/lib/images/preprocessing';
import type { RasterImage } from '@/lib/images/raster';
import type { AppActions, AppState, CurrentImage, SampleImage } from '@/state/app-state';
import { ownImage, ownRecord, type OwnRecord } from '@/state/image-slice';
import type { OwnImages } from '@/state/own-images';
import { greyImage, greySample, type SampleSource } from '@/state/sample-sources';
import { replaceSelection, select } from '@/state/selection-slice';
import { DEFAULT_SELECTION } from '@/state/selection-types';

export interface ImageLoader {
  /** Brings the selection's image on screen. */
  readonly load: () => Promise<void>;
  /** Fetches the list of the family's samples. @throws EngineError */
  readonly loadSamples: () => Promise<void>;
  /** One sample ahead of all others. */
  readonly offerSample: (first: FirstPicture) => void;
  readonly add: (original: RasterImage, name: string, atMs: number) => Promise<void>;
  readonly setOptions: (change: Partial<PictureOptions>) => Promise<void>;
}

interface ImageEnvironment {
  readonly store: StoreApi<AppState>;
  readonly ownImages: OwnImages;
  readonly notify: AppActions['notify'];
  /** Of the family on screen. */
  readonly samples: () => SampleSource;
}

export function imageLoader({ store, ownImages, notify, samples: sourceOf }: ImageEnvironment): ImageLoader {
  const { getState, setState } = store;
  let early: SampleImage | null = null;
  /** The newest choice of options while it is applied: the next one adds to it. */
  let pending: OwnRecord | null = null;

  const show = (current: CurrentImage): void => setState(({ image }) => ({ image: { ...image, current } }));

  async function load(): Promise<void> {
    const { selection, image, family } = getState();
    const key = selection.image;
    // While another family is on its way its pictures are of another size.
    if (image.current?.key === key || selection.family !== family.id) return;
    const isStale = (): boolean => getState().selection.image !== key || getState().family.id !== family.id;
    if (key.startsWith('own-')) return loadOwn(key, isStale);
    if (early?.key === key && family.id === DEFAULT_SELECTION.family) return show(early);
    const { samples } = image;
    if (samples === null) return; // their arrival calls again
    const sample = samples.find((each) => each.key === key);
    if (sample === undefined) return firstSample(isOfThisKind(key, samples[0]?.key ?? ''));
    try {
      const loaded = await sourceOf().image(sample, family.preprocessing);
      if (!isStale()) show(loaded);
    } catch {
      notify({
        kind: 'error',
        title: 'The picture was not loaded',
        sentence: 'It could not be fetched. Check the connection and choose it again, or take a picture of your own.',
      });
    }
  }

  async function loadOwn(key: string, isStale: () => boolean): Promise<void> {
    const record = await ownImages.get(key);
    if (isStale()) return;
    if (record === null) {
      notify({
        kind: 'info',
        title: 'Your picture is not here any more',
        sentence:
          'A picture of your own stays in the browser where it was chosen, for a day at most. Choose it again; a sample is shown instead.',
      });
      return firstSample(false);
    }
    const image = await ownImage(record, getState().family.preprocessing);
    if (!isStale()) show(image);
  }

  /** The family's first sample takes the place of one that it does not have. */
  function firstSample(isMissing: boolean): void {
    if (isMissing)
      notify({
        kind: 'info',
        title: 'This sample does not exist',
        sentence: 'There is no sample of that name; another one is shown instead.',
      });
    const { family, image } = getState();
    const first = family.id === DEFAULT_SELECTION.family ? DEFAULT_SELECTION.image : image.samples?.[0]?.key;
    if (first !== undefined) setState((state) => replaceSelection(state, { ...state.selection, image: first }));
  }

  return {
    load,
    loadSamples: async () => {
      const { family } = getState();
      const samples = await sourceOf().list();
      if (getState().family.id !== family.id) return;
      setState(({ image }) => ({ image: { ...image, samples } }));
      await load();
    },
    offerSample: ({ imageKey, label, bytes }) => {
      const { classNames, config } = getState().family;
      const index = Number(imageKey.replace('sample-', ''));
      early = greyImage(
        greySample({ index, label: label ?? 0, bytes: Uint8Array.from(bytes) }, classNames, config.imageSize),
      );
      void load();
    },
    add: async (original, name, atMs) => {
      const record = ownRecord(original, name);
      const { family } = getState();
      try {
        const image = await ownImage(record, family.preprocessing);
        void ownImages.put(record);
        // One step: pixels and selection change together, so nobody looks for the picture in the storage.
        setState((state) => ({
          ...select(state, { image: record.key }, atMs, state.family),
          // When another family came meanwhile, the selection has the picture prepared for that one.
          ...(state.family.id === family.id ? { image: { ...state.image, current: image } } : {}),
        }));
      } catch (error) {
        const sentence = isImageError(error) ? error.sentence : 'This picture cannot be used. Choose another one.';
        notify({ kind: 'error', title: 'The picture was not taken', sentence });
      }
    },
    setOptions: async (change) => {
      const { image, family } = getState();
      const { current } = image;
      if (current?.kind !== 'own') return;
      const record = withOptions(pending?.key === current.key ? pending : current, change);
      pending = record;
      try {
        const next = await ownImage(record, family.preprocessing);
        const { image: present, family: shown } = getState();
        if (pending !== record || present.current?.key !== record.key || shown.id !== family.id) return;
        show(next);
        void ownImages.putOptions(record.key, record.options);
      } finally {
        if (pending === record) pending = null;
      }
    },
  };
}

/** The other kind belongs to another family: nothing is missing then. */
function isOfThisKind(key: string, first: string): boolean {
  return key.split('-')[0] === first.split('-')[0];
}

function withOptions({ key, name, original, options }: OwnRecord, change: Partial<PictureOptions>): OwnRecord {
  return { key, name, original, options: { ...options, ...change } };
}
