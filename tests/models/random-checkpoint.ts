/** Small DeiT checkpoints with random weights, also with packed bits, written independently of the models. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { packSigns } from '@/lib/checkpoints/sign-bits';
import { createRng } from '@/lib/math/rng';
import { parseConfig, type ModelConfig } from '@/models/config';
import type { DeitConfig } from '@/models/architectures/deit/config';
import { deitOnly } from '@/tests/models/deit-only';

export const ELASTIC_MICRO: DeitConfig = deitOnly(
  parseConfig(
    JSON.stringify({
      architecture: 'deit',
      quantization: 'bi-vit-elastic',
      imageSize: 8,
      patchSize: 4,
      inChannels: 1,
      embedDim: 12,
      depth: 2,
      numHeads: 3,
      mlpRatio: 2,
      numClasses: 5,
      distilled: false,
      normEps: 1e-6,
    }),
  ),
);

export interface RandomCheckpointOptions {
  readonly seed?: number;
  /** Binary linears as bits and scales, or as latent weights. */
  readonly storage?: 'bits' | 'latent';
}

/** For the quantizations 'none' and 'bi-vit-elastic'. */
export function randomCheckpoint(
  config: DeitConfig,
  { seed = 1, storage = 'bits' }: RandomCheckpointOptions = {},
): Map<string, CheckpointTensor> {
  const rng = createRng(seed);
  const tensors = new Map<string, CheckpointTensor>();
  const { embedDim: c, numHeads, patchSize, inChannels, numClasses, quantization } = config;
  const binary = quantization !== 'none';

  const normal = (key: string, shape: readonly number[], mean = 0, deviation = 0.5): Float32Array => {
    const length = shape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length }, () => mean + deviation * rng.normal());
    tensors.set(key, { dtype: 'F32', shape, data });
    return data;
  };
  const norm = (key: string, size: number): void => {
    normal(`${key}.weight`, [size], 1, 0.1);
    normal(`${key}.bias`, [size], 0, 0.1);
  };
  const linear = (key: string, to: number, from: number, real: boolean): void => {
    const weight = normal(`${key}.weight`, [to, from]);
    if (real) normal(`${key}.bias`, [to]);
    if (real || storage === 'latent') return;
    const scale = Float32Array.from({ length: to }, (_, row) => {
      const values = weight.subarray(row * from, (row + 1) * from);
      return values.reduce((sum, w) => sum + Math.abs(w), 0) / from;
    });
    tensors.delete(`${key}.weight`);
    const bits = packSigns(weight, to, from);
    tensors.set(`${key}.weight_bits`, { dtype: 'U8', shape: [to, Math.ceil(from / 8)], data: bits });
    tensors.set(`${key}.weight_scale`, { dtype: 'F32', shape: [to], data: scale });
  };

  const classTokens = config.distilled ? ['cls_token', 'dist_token'] : ['cls_token'];
  for (const key of classTokens) normal(key, [1, 1, c]);
  normal('pos_embed', [1, (config.imageSize / patchSize) ** 2 + classTokens.length, c]);
  normal('patch_embed.proj.weight', [c, inChannels, patchSize, patchSize]);
  normal('patch_embed.proj.bias', [c]);
  for (let i = 0; i < config.depth; i++) {
    norm(`blocks.${i}.norm1`, c);
    linear(`blocks.${i}.attn.qkv`, 3 * c, c, !binary);
    linear(`blocks.${i}.attn.proj`, c, c, !binary);
    norm(`blocks.${i}.norm2`, c);
    linear(`blocks.${i}.mlp.fc1`, c * config.mlpRatio, c, !binary);
    linear(`blocks.${i}.mlp.fc2`, c, c * config.mlpRatio, !binary);
    if (!binary) continue;
    for (const name of ['q', 'k']) norm(`blocks.${i}.attn.norm_${name}`, c / numHeads);
    for (const name of ['q', 'k', 'v']) normal(`blocks.${i}.attn.${name}_act.alpha`, [numHeads], 1, 0.1);
    normal(`blocks.${i}.attn.attn_act.alpha`, [numHeads], 0.3, 0.02);
  }
  norm('norm', c);
  for (const key of config.distilled ? ['head', 'head_dist'] : ['head']) linear(key, numClasses, c, true);
  return tensors;
}

/** Standard normal pixels. */
export function randomImage({ inChannels, imageSize }: ModelConfig, seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: inChannels * imageSize ** 2 }, () => rng.normal());
}
