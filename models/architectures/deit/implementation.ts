/** ViT and DeiT, as the worker runs them. */
import type { DeitConfig } from '@/models/architectures/deit/config';
import { readDeit } from '@/models/architectures/deit/deit';
import { inferDeitConfig } from '@/models/architectures/deit/infer';
import { deitSpec } from '@/models/architectures/deit/packed';
import { deitSchema } from '@/models/architectures/deit/schema';
import type { Implementation } from '@/models/architectures/implementation';

export const DEIT: Implementation<DeitConfig> = {
  id: 'deit',
  schema: deitSchema,
  read: (reader, config, _quantization, ofLayer) => {
    const { layers, ...parts } = readDeit(reader, config, ofLayer);
    return { ...parts, packedSpec: (own) => deitSpec(layers, config, own) };
  },
  isOf: ({ tensors }) => tensors.has('blocks.0.norm1.weight'),
  infer: inferDeitConfig,
};
