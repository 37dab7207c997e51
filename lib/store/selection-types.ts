/**
 * The one selection that drives every panel: plain data, serialized into the URL, undone and redone as a whole.
 */
import { DEFAULT_SAMPLE_INDEX, type MatrixMetric, type ModelId } from '@/lib/worker/protocol';

export interface Selection {
  /** `sample-17` is the 17th of the shipped test images; `own-<hash>` lives in this browser tab only. */
  readonly image: string;
  /** Token index: 0 is CLS, 1.. are patches in reading order. */
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
