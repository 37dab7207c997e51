/**
 * What the panels look at: the embedded family, or a backbone in its place. Sizes and names only, plain data; everything that a panel
 * has to know of a model's shape before (and besides) its trace.
 */
import type { AttentionLayout } from '@/lib/math/attention-layout';
import { FASHION_MNIST_CLASSES } from '@/lib/images/samples';
import { FAMILY, MODEL_IDS, type ModelId } from '@/engine/protocol';

/** One attention block. */
export interface LayerShape {
  readonly heads: number;
  readonly layout: AttentionLayout;
  /** 0-based; a DeiT has one, a Swin one for each size of its grid. */
  readonly stage: number;
}

export interface Subject {
  readonly kind: 'family' | 'backbone';
  /** Of the shelf's entry; '' for the family. */
  readonly id: string;
  readonly name: string;
  /** Side of the pictures, pixels. */
  readonly imageSize: number;
  readonly channels: number;
  /** Those that attend, in order; at least one. */
  readonly layers: readonly LayerShape[];
  /** By index; may be fewer than there are classes. */
  readonly classNames: readonly string[];
  readonly classes: number;
  /** Which of the five places are taken. */
  readonly modelIds: readonly ModelId[];
}

const FAMILY_LAYOUT: AttentionLayout = {
  classTokens: FAMILY.tokens - FAMILY.gridSide ** 2,
  gridSide: FAMILY.gridSide,
  window: null,
};

export const FAMILY_SUBJECT: Subject = {
  kind: 'family',
  id: '',
  name: 'Fashion-MNIST family',
  imageSize: FAMILY.imageSize,
  channels: 1,
  layers: Array.from({ length: FAMILY.layers }, () => ({ heads: FAMILY.heads, layout: FAMILY_LAYOUT, stage: 0 })),
  classNames: FASHION_MNIST_CLASSES,
  classes: FAMILY.classes,
  modelIds: MODEL_IDS,
};

/** Tokens of the first layer, which a selection's query counts. */
export function queryCount({ layers }: Subject): number {
  const layout = layers[0]?.layout;
  return layout === undefined ? 1 : layout.classTokens + layout.gridSide ** 2;
}

/** The shape of that layer; of the last one beyond it. */
export function layerAt({ layers }: Subject, layer: number): LayerShape {
  const shape = layers[Math.min(layer, layers.length - 1)];
  if (shape === undefined) throw new RangeError('a model without layers');
  return shape;
}
