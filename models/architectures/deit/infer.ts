/** A DeiT's configuration out of its tensors' shapes. */
import { UntoldHeadsError, type Checkpoint } from '@/lib/checkpoints/checkpoint';
import { countOf, inferQuantization, shapeOf, type Untold } from '@/models/architectures/tensor-shapes';

/** Published ViTs and DeiTs have heads of 64 channels; a shape does not tell. */
const PUBLISHED_HEAD_SIZE = 64;

export function inferDeitConfig({ tensors }: Checkpoint, untold: Untold): Record<string, unknown> {
  const [embedDim = 0, inChannels, patchSize = 0] = shapeOf(tensors, 'patch_embed.proj.weight');
  const [, tokens = 0] = shapeOf(tensors, 'pos_embed');
  const [numClasses] = shapeOf(tensors, 'head.weight');
  const [hidden = 0] = shapeOf(tensors, 'blocks.0.mlp.fc1.weight');
  const [ofAlpha] = tensors.get('blocks.0.attn.q_act.alpha')?.shape ?? [];
  const numHeads = ofAlpha ?? untold.numHeads ?? publishedHeads(embedDim);
  const distilled = tensors.has('dist_token');
  return {
    architecture: 'deit',
    quantization: inferQuantization(tensors, 'blocks.0'),
    imageSize: Math.sqrt(tokens - (distilled ? 2 : 1)) * patchSize,
    patchSize,
    inChannels,
    embedDim,
    depth: countOf(tensors, /^blocks\.(\d+)\./),
    numHeads,
    mlpRatio: hidden / embedDim,
    numClasses,
    distilled,
    normEps: 1e-6,
  };
}

/** @throws UntoldHeadsError */
function publishedHeads(embedDim: number): number {
  if (embedDim % PUBLISHED_HEAD_SIZE !== 0) throw new UntoldHeadsError(embedDim);
  return embedDim / PUBLISHED_HEAD_SIZE;
}
