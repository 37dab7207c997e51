/** The one selection that drives every panel: plain data, serialized into the URL, undone and redone as a whole. */
import type { MemberId } from '@/models/families/family';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { DEFAULT_RECIPE, formatRecipe } from '@/models/recipe';

export interface Selection {
  /** An embedded family's id, or a checkpoint's in the browser's cache. */
  readonly family: string;
  /** A trained student beside a checkpoint, by its id in the cache; '' for none. */
  readonly student: string;
  /** How a checkpoint is binarized on the spot, as `formatRecipe` writes it. */
  readonly recipe: string;
  /** `sample-17` and `photo-<name>` are samples of the family; `own-<hash>` lives in this browser only. */
  readonly image: string;
  /** Token of the first layer: class tokens first, then patches in reading order. */
  readonly query: number;
  /** 0-based. */
  readonly layer: number;
  /** 0-based. */
  readonly head: number;
  readonly scaling: boolean;
  readonly ranking: boolean;
  /** Of the distortion matrix; the Attention tab knows which there are. */
  readonly metric: string;
  /** Softmaxed attention, or what the attention binarizer made of it. */
  readonly map: 'softmaxed' | 'binarized';
  readonly view: 'overlay' | 'plain';
  /** One locked scale for all panes, or each head normalized by itself (badged: it hides distortion). */
  readonly scale: 'locked' | 'per-head';
  /** Two to five members side by side; empty when compare mode is off. */
  readonly compare: readonly MemberId[];
  /** The tab that is open. */
  readonly panel: string;
  /** The class whose loss sends the gradients back; a picture without a true class has only the other. */
  readonly loss: 'true' | 'predicted';
}

/** What the app opens with, and what the build prepares the first picture for: an ankle boot in which the two cures show. */
export const DEFAULT_SELECTION: Selection = {
  family: DEFAULT_FAMILY.id,
  student: '',
  recipe: formatRecipe(DEFAULT_RECIPE),
  image: 'sample-9',
  query: 33,
  layer: 0,
  head: 2,
  scaling: true,
  ranking: true,
  metric: 'cosine',
  map: 'softmaxed',
  view: 'overlay',
  scale: 'locked',
  compare: [],
  panel: 'attention',
  loss: 'true',
};
