/** The shape of a backbone, from its configuration. */
import type { LayerShape, Subject } from '@/state/subject';
import type { OpenedBackbone } from '@/engine/backbone';
import type { ModelConfig } from '@/models/config';
import { swinStages, windowShift } from '@/models/swin-config';

export function subjectOf(
  { id, label, config, modelIds }: Pick<OpenedBackbone, 'id' | 'label' | 'config' | 'modelIds'>,
  classNames: readonly string[],
): Subject {
  return {
    kind: 'backbone',
    id,
    name: label,
    imageSize: config.imageSize,
    channels: config.inChannels,
    layers: layersOf(config),
    classNames,
    classes: config.numClasses,
    modelIds,
  };
}

/** The attention blocks of a model, in order. */
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
