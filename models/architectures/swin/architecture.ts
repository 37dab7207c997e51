/** Swin: attention inside windows, every other block's moved by half a window. */
import type { Architecture } from '@/models/architectures/architecture';
import { swinSchema, swinStages, windowShift, type SwinConfig } from '@/models/architectures/swin/config';
import { swinOps } from '@/models/architectures/swin/ops';

export const SWIN: Architecture<SwinConfig> = {
  id: 'swin',
  label: 'Swin',
  schema: swinSchema,
  layersOf: (config) =>
    swinStages(config).flatMap((stage, index) =>
      Array.from({ length: stage.depth }, (_, block) => ({
        heads: stage.numHeads,
        layout: {
          classTokens: 0,
          gridSide: stage.gridSide,
          window: { size: stage.windowSize, shift: windowShift(stage, block) },
        },
        stage: index,
      })),
    ),
  ops: swinOps,
  sizes: ({ windowSize, embedDim, depths, numHeads }) =>
    `windows of ${windowSize}, ${embedDim} wide, ${depths.join('-')} deep, ${numHeads.join('-')} heads`,
  leavesHeadsOpen: false,
};
