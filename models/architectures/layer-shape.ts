/** One block that attends, as the page knows it: what panels call a layer. */
import type { AttentionLayout } from '@/lib/math/attention-layout';

export interface LayerShape {
  readonly heads: number;
  readonly layout: AttentionLayout;
  /** 0-based; a DeiT has one, a Swin one for each size of its grid. */
  readonly stage: number;
}

/** Tokens of the first layer, which a selection's query counts. */
export function queryCount([first]: readonly LayerShape[]): number {
  return first === undefined ? 1 : first.layout.classTokens + first.layout.gridSide ** 2;
}

/** The shape of that layer; of the last one beyond it. @throws RangeError for a model without layers */
export function layerAt(layers: readonly LayerShape[], layer: number): LayerShape {
  const shape = layers[Math.min(layer, layers.length - 1)];
  if (shape === undefined) throw new RangeError('a model without layers');
  return shape;
}
