/** A Swin's configuration out of its tensors' shapes. */
import type { Checkpoint } from '@/lib/checkpoints/checkpoint';
import { countOf, inferQuantization, shapeOf } from '@/models/architectures/tensor-shapes';

/** As in a configuration; whoever names more is refused there. */
const MAX_STAGES = 9;

/**
 * Published Swins take images whose last stage is a single window; where a shift mask is in the file, it tells the size of the grid.
 */
export function inferSwinConfig({ tensors }: Checkpoint): Record<string, unknown> {
  const [embedDim = 0, inChannels, patchSize = 0] = shapeOf(tensors, 'patch_embed.proj.weight');
  const [numClasses] = shapeOf(tensors, 'head.weight');
  const [hidden = 0] = shapeOf(tensors, 'layers.0.blocks.0.mlp.fc1.weight');
  const [biases = 0] = shapeOf(tensors, 'layers.0.blocks.0.attn.relative_position_bias_table');
  const depths: number[] = [];
  const numHeads: number[] = [];
  const stages = Math.min(MAX_STAGES, countOf(tensors, /^layers\.(\d+)\./));
  for (let stage = 0; stage < stages; stage++) {
    const [, heads = 0] = shapeOf(tensors, `layers.${stage}.blocks.0.attn.relative_position_bias_table`);
    depths.push(countOf(tensors, new RegExp(`^layers\\.${stage}\\.blocks\\.(\\d+)\\.`)));
    numHeads.push(heads);
  }
  const windowSize = (Math.sqrt(biases) + 1) / 2;
  const [windows] = tensors.get('layers.0.blocks.1.attn_mask')?.shape ?? [];
  const gridSide = windows === undefined ? windowSize * 2 ** (depths.length - 1) : Math.sqrt(windows) * windowSize;
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
}
