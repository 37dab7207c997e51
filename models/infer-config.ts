/** The configuration of a checkpoint: what its header says, or what its tensors' shapes tell. */
import { CheckpointError, UntoldHeadsError, type Checkpoint } from '@/lib/checkpoints/checkpoint';
import { parseConfig, type ModelConfig } from '@/models/config';
import type { QuantizationName } from '@/models/quantization';

/** Published ViTs and DeiTs have heads of 64 channels; a shape does not tell. */
const PUBLISHED_HEAD_SIZE = 64;
/** As in a configuration; whoever names more is refused there. */
const MAX_STAGES = 9;

/**
 * @param checkpoint under timm's names
 * @throws ConfigError when the configuration in the header, or the one that the shapes give, cannot be used
 * @throws UntoldHeadsError when heads are needed that neither the file nor `untold` tells
 * @throws CheckpointError when there is none in the header and the tensors are neither a DeiT's nor a Swin's
 */
export function configOf(checkpoint: Checkpoint, untold: Untold = {}): ModelConfig {
  const json = checkpoint.metadata.get('config');
  return parseConfig(json ?? JSON.stringify(inferConfig(checkpoint, untold)));
}

/** What the shapes of a full-precision DeiT do not tell, as whoever asks for it knows it. */
export interface Untold {
  readonly numHeads?: number;
}

function inferConfig(checkpoint: Checkpoint, untold: Untold): Record<string, unknown> {
  const isSwin = checkpoint.tensors.has('layers.0.blocks.0.norm1.weight');
  return isSwin ? inferSwinConfig(checkpoint) : inferDeitConfig(checkpoint, untold);
}

/**
 * Published Swins take images whose last stage is a single window; where a shift mask is in the file, it tells the size of the grid.
 */
function inferSwinConfig({ tensors }: Checkpoint): Record<string, unknown> {
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

function inferDeitConfig({ tensors }: Checkpoint, untold: Untold): Record<string, unknown> {
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

/** One more than the largest index: a block stays counted when one of its tensors is missing. */
function countOf(tensors: Checkpoint['tensors'], pattern: RegExp): number {
  return 1 + [...tensors.keys()].reduce((most, key) => Math.max(most, Number(pattern.exec(key)?.[1] ?? -1)), -1);
}

/** Quantizers leave their parameters behind: an alpha each, and a zero point in the official ones alone. */
function inferQuantization(tensors: Checkpoint['tensors'], firstBlock: string): QuantizationName {
  if (!tensors.has(`${firstBlock}.attn.q_act.alpha`)) return 'none';
  return tensors.has(`${firstBlock}.attn.q_act.zero_point`) ? 'bi-vit' : 'bi-vit-elastic';
}

function shapeOf(tensors: Checkpoint['tensors'], key: string): readonly number[] {
  const tensor = tensors.get(key);
  if (tensor !== undefined) return tensor.shape;
  throw new CheckpointError(
    `The file has no configuration and no tensor "${key}", so it is neither a DeiT nor a Swin under timm's names. Choose another checkpoint.`,
  );
}
