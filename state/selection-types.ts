/**
 * The one selection that drives every panel: plain data, serialized into the URL, undone and redone as a whole.
 */
import { DEFAULT_RECIPE, formatRecipe } from '@/models/recipe';
import { DEFAULT_SAMPLE_INDEX, type MatrixMetric, type ModelId } from '@/engine/protocol';

export interface Selection {
  /** A model of the visitor's in the family's place, by its id on the shelf; '' for the family. */
  readonly backbone: string;
  /** A trained student beside it, by its id on the shelf; '' for none. */
  readonly student: string;
  /** How the backbone is binarized on the spot, as `formatRecipe` writes it. */
  readonly recipe: string;
  /**
   * `sample-17` is the 17th of the family's test images, `photo-<name>` a shipped photograph; `own-<hash>` lives in this browser
   * tab only.
   */
  readonly image: string;
  /** Token of the first layer: class tokens first, then patches in reading order. */
  readonly query: number;
  /** 0-based. */
  readonly layer: number;
  /** 0-based. */
  readonly head: number;
  readonly scaling: boolean;
  readonly ranking: boolean;
  readonly metric: MatrixMetric;
  /** Softmaxed attention, or what the attention binarizer made of it. */
  readonly map: 'softmaxed' | 'binarized';
  readonly view: 'overlay' | 'plain';
  /** One locked scale for all panes, or each head normalized by itself (badged: it hides distortion). */
  readonly scale: 'locked' | 'per-head';
  /** Two to five models side by side; empty when compare mode is off. */
  readonly compare: readonly ModelId[];
  /** The tab that is open. */
  readonly panel: PanelId;
  /** The class whose loss sends the gradients back; a picture without a true class has only the other. */
  readonly loss: 'true' | 'predicted';
}

/** The tabs, in the order of the story: what happens, why (twice), and what follows from it. */
export const PANEL_IDS = [
  'attention',
  'gradient',
  'ranking',
  'binarizers',
  'attribution',
  'precision',
  'cost',
  'live',
] as const;
export type PanelId = (typeof PANEL_IDS)[number];

/** An ankle boot whose first-layer attention breaks and mends in plain sight: the two switches say why. */
export const DEFAULT_SELECTION: Selection = {
  backbone: '',
  student: '',
  recipe: formatRecipe(DEFAULT_RECIPE),
  image: `sample-${DEFAULT_SAMPLE_INDEX}`,
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
