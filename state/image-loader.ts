/** From the selection's image to its pixels: whatever it takes to have them, the newest wish wins. */
import type { StoreApi } from 'zustand/vanilla';
import { isImageError } from '@/lib/images/image-error';
import type { RasterImage } from '@/lib/images/raster';
import type { Sample } from '@/lib/images/samples';
import type { BackboneDesk } from '@/state/backbone-desk';
import { ownImage, ownRecord, sampleImage, sampleIndex, type OwnRecord } from '@/state/image-slice';
import type { CurrentImage, AppActions, AppState, OwnImage, PreprocessOptions } from '@/state/app-state';
import type { OwnImages } from '@/state/own-images';
import { replaceSelection, select } from '@/state/selection-slice';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import type { FirstPicture } from '@/engine/first-picture';

export interface ImageLoader {
  /** Brings the selection's image on screen. */
  readonly load: () => Promise<void>;
  readonly setSamples: (samples: readonly Sample[]) => void;
  /** One sample ahead of all others. */
  readonly offerSample: (first: FirstPicture) => void;
  readonly add: (original: RasterImage, name: string, atMs: number) => void;
  readonly setPreprocess: (change: Partial<PreprocessOptions>) => void;
}

interface Environment {
  readonly store: StoreApi<AppState>;
  readonly ownImages: OwnImages;
  readonly notify: AppActions['notify'];
  /** `null` until a backbone was wanted: it knows how pictures become what a backbone sees. */
  readonly backbones: () => Pick<BackboneDesk, 'photo' | 'own'> | null;
}

export function imageLoader({ store, ownImages, notify, backbones }: Environment): ImageLoader {
  const { getState, setState } = store;
  let early: Sample | null = null;

  const show = (current: CurrentImage): void => setState(({ image }) => ({ image: { ...image, current } }));

  async function load(): Promise<void> {
    const { selection, image, subject } = getState();
    const key = selection.image;
    // While another model is on its way its pictures are of another size.
    if (image.current?.key === key || selection.backbone !== subject.id) return;
    if (subject.kind === 'backbone' && key.startsWith('photo-')) return loadPhoto(key);
    const index = sampleIndex(key);
    if (index !== null && subject.kind === 'family') return loadSample(index);
    if (!key.startsWith('own-')) return replace(null); // the other kind of model's
    const record = await ownImages.get(key);
    if (getState().selection.image !== key || getState().subject !== subject) return;
    if (record === null) {
      fallBack(
        'Your picture is not here any more',
        'A picture of your own stays in the browser where it was chosen, for a day at most. Choose it again; a sample is shown instead.',
      );
    } else show(await asSeen(record));
  }

  function loadSample(index: number): void {
    const { samples } = getState().image;
    const sample = samples?.[index] ?? (early?.index === index ? early : null);
    if (sample !== null) show(sampleImage(sample));
    // Without samples yet, their arrival calls again; beyond the last one there is nothing to wait for.
    else if (samples !== null)
      fallBack('This sample does not exist', 'There is no sample of that number; another one is shown instead.');
  }

  async function loadPhoto(key: string): Promise<void> {
    const { subject } = getState();
    try {
      const photo = (await backbones()?.photo(key)) ?? null;
      if (getState().selection.image !== key || getState().subject !== subject) return;
      if (photo !== null) show(photo);
      else fallBack('This photograph does not exist', 'There is none of that name; another one is shown instead.');
    } catch {
      notify({
        kind: 'error',
        title: 'The photograph was not loaded',
        sentence: 'It could not be fetched. Check the connection and choose it again, or take a picture of your own.',
      });
    }
  }

  /** A visitor's picture as the models at hand see it. @throws ImageError */
  async function asSeen(record: OwnRecord): Promise<OwnImage> {
    const { subject } = getState();
    const desk = backbones();
    return subject.kind === 'backbone' && desk !== null ? desk.own(record) : ownImage(record);
  }

  function fallBack(title: string, sentence: string): void {
    replace({ title, sentence });
  }

  /** The models' first picture in its place. */
  function replace(notice: { readonly title: string; readonly sentence: string } | null): void {
    if (notice !== null) notify({ kind: 'info', ...notice });
    const { subject, image } = getState();
    const first = image.photographs?.[0];
    if (subject.kind === 'backbone' && first === undefined) return;
    const key = subject.kind === 'backbone' && first !== undefined ? `photo-${first.id}` : DEFAULT_SELECTION.image;
    setState((state) => replaceSelection(state, { ...state.selection, image: key }));
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
      const take = (image: OwnImage): void => {
        void ownImages.put(record);
        // One step: pixels and selection change together, so nobody looks for the picture in the storage.
        setState((state) => ({
          ...select(state, { image: record.key }, atMs),
          image: { ...state.image, current: image },
        }));
      };
      const refuse = (error: unknown): void => {
        const sentence = isImageError(error) ? error.sentence : 'This picture cannot be used. Choose another one.';
        notify({ kind: 'error', title: 'The picture was not taken', sentence });
      };
      const desk = backbones();
      try {
        take(getState().subject.kind === 'backbone' && desk !== null ? desk.own(record) : ownImage(record));
      } catch (error) {
        refuse(error);
      }
    },
    setPreprocess: (change) => {
      const { current } = getState().image;
      if (current?.kind !== 'own') return;
      const { key, name, original } = current;
      const options = { ...current.options, ...change };
      const record = { key, name, original, options };
      const desk = backbones();
      show(getState().subject.kind === 'backbone' && desk !== null ? desk.own(record) : ownImage(record));
      void ownImages.putOptions(key, options);
    },
  };
}
