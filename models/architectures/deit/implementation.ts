/** ViT and DeiT for the worker. */
import { UntoldHeadsError } from '@/lib/checkpoints/checkpoint';
import type { DeitConfig } from '@/models/architectures/deit/config';
import { readDeit } from '@/models/architectures/deit/deit';
import { deitSchema } from '@/models/architectures/deit/schema';
import type { Implementation } from '@/models/architectures/implementation';
import { countOf, inferQuantization, shapeOf } from '@/models/architectures/tensor-shapes';

/** Channels of a head of published ViTs and DeiTs; the shapes do not tell. */
const PUBLISHED_HEAD_SIZE = 64;

export const DEIT: Implementation<DeitConfig> = {
  id: 'deit',
  schema: deitSchema,
  read: (reader, config, _quantization, ofLayer) => readDeit(reader, config, ofLayer),
  isOf: ({ tensors }) => tensors.has('blocks.0.norm1.weight'),
  infer: ({ tensors }, untold) => {
    const [embedDim = 0, inChannels, patchSize = 0] = shapeOf(tensors, 'patch_embed.proj.weight');
    const [, tokens = 0] = shapeOf(tensors, 'pos_embed');
    const [numClasses] = shapeOf(tensors, 'head.weight');
    const [hidden = 0] = shapeOf(tensors, 'blocks.0.mlp.fc1.weight');
    const [ofAlpha] = tensors.get('blocks.0.attn.q_act.alpha')?.shape ?? [];
    const distilled = tensors.has('dist_token');
    return {
      architecture: 'deit',
      quantization: inferQuantization(tensors, 'blocks.0'),
      imageSize: Math.sqrt(tokens - (distilled ? 2 : 1)) * patchSize,
      patchSize,
      inChannels,
      embedDim,
      depth: countOf(tensors, /^blocks\.(\d+)\./),
      numHeads: ofAlpha ?? untold.numHeads ?? publishedHeads(embedDim),
      mlpRatio: hidden / embedDim,
      numClasses,
      distilled,
      normEps: 1e-6,
    };
  },
};

/** @throws UntoldHeadsError */
function publishedHeads(embedDim: number): number {
  if (embedDim % PUBLISHED_HEAD_SIZE !== 0) throw new UntoldHeadsError(embedDim);
  return embedDim / PUBLISHED_HEAD_SIZE;
}
