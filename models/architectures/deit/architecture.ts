/** ViT and DeiT as plain data. */
import type { Architecture } from '@/models/architectures/architecture';
import { deitLayout, numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import { deitOps } from '@/models/architectures/deit/ops';

export const DEIT: Architecture<DeitConfig> = {
  id: 'deit',
  label: 'ViT/DeiT',
  layersOf: (config) => {
    const layer = { heads: config.numHeads, layout: deitLayout(config), stage: 0 };
    return Array.from({ length: config.depth }, () => layer);
  },
  ops: deitOps,
  sizes: (config) => {
    const tokens = `${numTokens(config)} tokens${config.distilled ? ' (cls, dist)' : ''}`;
    return `${tokens}, ${config.embedDim} wide, ${config.depth} deep, ${config.numHeads} heads`;
  },
  leavesHeadsOpen: true,
  distilled: (config) => ({ ...config, distilled: true }),
};
