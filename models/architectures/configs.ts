/** What the page knows of every architecture from its configuration alone: plain data, no tfjs. */
import type { AttentionLayout } from '@/lib/math/attention-layout';
import type { ModelConfig } from '@/models/config';
import { swinStages, windowShift } from '@/models/swin-config';

/** One block that attends: what panels call a layer. */
export interface LayerShape {
  readonly heads: number;
  readonly layout: AttentionLayout;
  /** 0-based; a DeiT has one, a Swin one for each size of its grid. */
  readonly stage: number;
}

/** The blocks that attend, in order. */
export function layersOf(config: ModelConfig): readonly LayerShape[] {
  if (config.architecture === 'deit') {
    const layout = {
      classTokens: config.distilled ? 2 : 1,
      gridSide: config.imageSize / config.patchSize,
      window: null,
    };
    return Array.from({ length: config.depth }, () => ({ heads: config.numHeads, layout, stage: 0 }));
  }
  return swinStages(config).flatMap((stage, index) =>
    Array.from({ length: stage.depth }, (_, block) => ({
      heads: stage.numHeads,
      layout: {
        classTokens: 0,
        gridSide: stage.gridSide,
        window: { size: stage.windowSize, shift: windowShift(stage, block) },
      },
      stage: index,
    })),
  );
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
