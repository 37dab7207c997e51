/** ViT and DeiT: every token sees all, in every block. */
import type { Architecture } from '@/models/architectures/architecture';
import { deitSchema, numClassTokens, numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import { deitOps } from '@/models/architectures/deit/ops';

export const DEIT: Architecture<DeitConfig> = {
  id: 'deit',
  label: 'ViT/DeiT',
  schema: deitSchema,
  layersOf: (config) => {
    const { imageSize, patchSize, depth, numHeads } = config;
    const layout = { classTokens: numClassTokens(config), gridSide: imageSize / patchSize, window: null };
    return Array.from({ length: depth }, () => ({ heads: numHeads, layout, stage: 0 }));
  },
  ops: deitOps,
  sizes: (config) =>
    `${numTokens(config)} tokens, ${config.embedDim} wide, ${config.depth} deep, ${config.numHeads} heads`,
  leavesHeadsOpen: true,
};
