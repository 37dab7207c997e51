/** Swin as plain data. */
import type { Architecture } from '@/models/architectures/architecture';
import { blockLayout, swinStages, type SwinConfig } from '@/models/architectures/swin/config';
import { swinOps } from '@/models/architectures/swin/ops';

export const SWIN: Architecture<SwinConfig> = {
  id: 'swin',
  label: 'Swin',
  layersOf: (config) =>
    swinStages(config).flatMap((stage, index) =>
      Array.from({ length: stage.depth }, (_, block) => ({
        heads: stage.numHeads,
        layout: blockLayout(stage, block),
        stage: index,
      })),
    ),
  ops: swinOps,
  sizes: ({ windowSize, embedDim, depths, numHeads }) =>
    `windows of ${windowSize}, ${embedDim} wide, ${depths.join('-')} deep, ${numHeads.join('-')} heads`,
  leavesHeadsOpen: false,
  distilled: null,
};
