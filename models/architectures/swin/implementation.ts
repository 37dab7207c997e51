/** Swin for the worker. */
import { swinSchema } from '@/models/architectures/swin/schema';
import type { Implementation } from '@/models/architectures/implementation';
import type { SwinConfig } from '@/models/architectures/swin/config';
import { readSwin } from '@/models/architectures/swin/swin';
import { countOf, inferQuantization, shapeOf } from '@/models/architectures/tensor-shapes';

/** One more than a configuration may have, which then rejects it. */
const MAX_STAGES = 9;

export const SWIN: Implementation<SwinConfig> = {
  id: 'swin',
  schema: swinSchema,
  read: readSwin,
  isOf: ({ tensors }) => tensors.has('layers.0.blocks.0.norm1.weight'),
  infer: ({ tensors }) => {
    const biasTable = 'attn.relative_position_bias_table';
    const [embedDim = 0, inChannels, patchSize = 0] = shapeOf(tensors, 'patch_embed.proj.weight');
    const [numClasses] = shapeOf(tensors, 'head.weight');
    const [hidden = 0] = shapeOf(tensors, 'layers.0.blocks.0.mlp.fc1.weight');
    const [biases = 0] = shapeOf(tensors, `layers.0.blocks.0.${biasTable}`);
    const stages = Array.from({ length: Math.min(MAX_STAGES, countOf(tensors, /^layers\.(\d+)\./)) }, (_, s) => s);
    const depths = stages.map((s) => countOf(tensors, new RegExp(`^layers\\.${s}\\.blocks\\.(\\d+)\\.`)));
    const numHeads = stages.map((s) => shapeOf(tensors, `layers.${s}.blocks.0.${biasTable}`)[1] ?? 0);
    const windowSize = (Math.sqrt(biases) + 1) / 2;
    // A shift mask tells the size of the grid; published Swins take images whose last stage is a single window.
    const [windows] = tensors.get('layers.0.blocks.1.attn_mask')?.shape ?? [];
    const gridSide = windowSize * (windows === undefined ? 2 ** (depths.length - 1) : Math.sqrt(windows));
    return {
      architecture: 'swin',
      quantization: inferQuantization(tensors, 'layers.0.blocks.0'),
      imageSize: gridSide * patchSize,
      patchSize,
      inChannels,
      embedDim,
      depths,
      numHeads,
      windowSize,
      mlpRatio: hidden / embedDim,
      numClasses,
      normEps: 1e-5,
    };
  },
};
