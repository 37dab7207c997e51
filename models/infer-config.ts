/** The configuration of a checkpoint: what its header says, or what its tensors' shapes tell. */
import { CheckpointError, type Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseConfig, type ModelConfig, type QuantizationName } from '@/models/config';

/** Published DeiTs have heads of 64 channels; a shape does not tell. */
const PUBLISHED_HEAD_SIZE = 64;

/**
 * @throws ConfigError when the configuration in the header, or the one that the shapes give, cannot be used
 * @throws CheckpointError when there is none in the header and the tensors are not a DeiT's
 */
export function configOf(checkpoint: Checkpoint): ModelConfig {
  const json = checkpoint.metadata.get('config');
  return parseConfig(json ?? JSON.stringify(inferDeitConfig(checkpoint)));
}

function inferDeitConfig({ tensors }: Checkpoint): Record<string, unknown> {
  const [embedDim = 0, inChannels, patchSize = 0] = shapeOf(tensors, 'patch_embed.proj.weight');
  const [, tokens = 0] = shapeOf(tensors, 'pos_embed');
  const [numClasses] = shapeOf(tensors, 'head.weight');
  const [hidden = 0] = shapeOf(tensors, 'blocks.0.mlp.fc1.bias');
  const [numHeads = embedDim / PUBLISHED_HEAD_SIZE] = tensors.get('blocks.0.attn.q_act.alpha')?.shape ?? [];
  const distilled = tensors.has('dist_token');
  let depth = 0;
  while (tensors.has(`blocks.${depth}.norm1.weight`)) depth++;
  return {
    architecture: 'deit',
    quantization: inferQuantization(tensors),
    imageSize: Math.sqrt(tokens - (distilled ? 2 : 1)) * patchSize,
    patchSize,
    inChannels,
    embedDim,
    depth,
    numHeads,
    mlpRatio: hidden / embedDim,
    numClasses,
    distilled,
    normEps: 1e-6,
  };
}

/** Quantizers leave their parameters behind. Our own students always carry a configuration and are not guessed. */
function inferQuantization(tensors: Checkpoint['tensors']): QuantizationName {
  return tensors.has('blocks.0.attn.q_act.zero_point') ? 'bi-vit' : 'none';
}

function shapeOf(tensors: Checkpoint['tensors'], key: string): readonly number[] {
  const tensor = tensors.get(key);
  if (tensor !== undefined) return tensor.shape;
  throw new CheckpointError(
    `The file has no configuration and no tensor "${key}", so it is not a DeiT under timm's names. Choose another checkpoint.`,
  );
}
