/** Swin, as the worker runs it. */
import { swinSchema } from '@/models/architectures/swin/schema';
import type { Implementation } from '@/models/architectures/implementation';
import type { SwinConfig } from '@/models/architectures/swin/config';
import { inferSwinConfig } from '@/models/architectures/swin/infer';
import { swinSpec } from '@/models/architectures/swin/packed';
import { readSwin } from '@/models/architectures/swin/swin';

export const SWIN: Implementation<SwinConfig> = {
  id: 'swin',
  schema: swinSchema,
  read: (reader, config, quantization, ofLayer) => {
    const { layers, ...parts } = readSwin(reader, config, quantization, ofLayer);
    return { ...parts, packedSpec: (own) => swinSpec(layers, config, own) };
  },
  isOf: ({ tensors }) => tensors.has('layers.0.blocks.0.norm1.weight'),
  infer: inferSwinConfig,
};
