/** Checkpoints made up from a seed, under the keys and shapes of a configuration: for clocks and tests, where no training is needed. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { createRng } from '@/lib/math/rng';
import { mlpHiddenSize, numTokens, type DeitConfig, type ModelConfig } from '@/models/config';
import { swinStages, type SwinConfig } from '@/models/swin-config';

/**
 * Latent weights, for the quantizations 'none' and 'bi-vit-elastic'. Of the same seed, both have the same weights where both have any.
 * An attention's alpha is twice an even share, so that about every second entry is kept.
 */
export function randomWeights(config: ModelConfig, seed: number): Map<string, CheckpointTensor> {
  const maker = new Maker(config.quantization !== 'none', seed);
  if (config.architecture === 'deit') makeDeit(maker, config);
  else makeSwin(maker, config);
  return maker.tensors;
}

class Maker {
  readonly tensors = new Map<string, CheckpointTensor>();

  constructor(
    readonly binary: boolean,
    private readonly seed: number,
  ) {}

  /** Each tensor has a generator of its own: what else there is does not change it. */
  normal(key: string, shape: readonly number[], mean = 0, deviation = 0.5): void {
    const rng = createRng(this.seed * 1_000_003 + hashOf(key));
    const length = shape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length }, () => mean + deviation * rng.normal());
    this.tensors.set(key, { dtype: 'F32', shape, data });
  }

  norm(key: string, size: number): void {
    this.normal(`${key}.weight`, [size], 1, 0.1);
    this.normal(`${key}.bias`, [size], 0, 0.1);
  }

  linear(key: string, to: number, from: number): void {
    this.normal(`${key}.weight`, [to, from], 0, 1 / Math.sqrt(from));
    this.normal(`${key}.bias`, [to], 0, 0.1);
  }

  /** Positive, one for each of `size`. */
  alpha(key: string, size: number, mean: number): void {
    if (this.binary) this.normal(`${key}.alpha`, [size], mean, mean / 50);
  }

  attention(key: string, width: number, heads: number, tokens: number, qkNorm: boolean): void {
    this.linear(`${key}.qkv`, 3 * width, width);
    this.linear(`${key}.proj`, width, width);
    for (const name of ['q', 'k', 'v']) this.alpha(`${key}.${name}_act`, heads, 1);
    this.alpha(`${key}.attn_act`, heads, 2 / tokens);
    if (this.binary && qkNorm) for (const name of ['q', 'k']) this.norm(`${key}.norm_${name}`, width / heads);
  }

  mlp(key: string, width: number, hidden: number): void {
    this.linear(`${key}.fc1`, hidden, width);
    this.linear(`${key}.fc2`, width, hidden);
  }
}

/** FNV-1a of a key's letters. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const letter of key) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

function makeDeit(maker: Maker, config: DeitConfig): void {
  const { embedDim, patchSize, inChannels, numHeads, numClasses, distilled } = config;
  const names = distilled ? (['cls', 'dist'] as const) : (['cls'] as const);
  for (const name of names) maker.normal(`${name}_token`, [1, 1, embedDim]);
  maker.normal('pos_embed', [1, numTokens(config), embedDim]);
  maker.normal('patch_embed.proj.weight', [embedDim, inChannels, patchSize, patchSize], 0, 0.05);
  maker.normal('patch_embed.proj.bias', [embedDim]);
  for (let i = 0; i < config.depth; i++) {
    const block = `blocks.${i}`;
    maker.norm(`${block}.norm1`, embedDim);
    maker.attention(`${block}.attn`, embedDim, numHeads, numTokens(config), true);
    maker.norm(`${block}.norm2`, embedDim);
    maker.mlp(`${block}.mlp`, embedDim, mlpHiddenSize(config));
  }
  maker.norm('norm', embedDim);
  for (const name of distilled ? ['head', 'head_dist'] : ['head']) maker.linear(name, numClasses, embedDim);
}

function makeSwin(maker: Maker, config: SwinConfig): void {
  const { embedDim, patchSize, inChannels, numClasses } = config;
  maker.normal('patch_embed.proj.weight', [embedDim, inChannels, patchSize, patchSize], 0, 0.2);
  maker.normal('patch_embed.proj.bias', [embedDim]);
  maker.norm('patch_embed.norm', embedDim);
  const stages = swinStages(config);
  stages.forEach((stage, s) => {
    const { embedDim: width, numHeads, windowSize } = stage;
    for (let b = 0; b < stage.depth; b++) {
      const block = `layers.${s}.blocks.${b}`;
      maker.norm(`${block}.norm1`, width);
      maker.normal(`${block}.attn.relative_position_bias_table`, [(2 * windowSize - 1) ** 2, numHeads]);
      maker.attention(`${block}.attn`, width, numHeads, windowSize ** 2, false);
      maker.norm(`${block}.norm2`, width);
      maker.mlp(`${block}.mlp`, width, mlpHiddenSize({ embedDim: width, mlpRatio: config.mlpRatio }));
    }
    if (s + 1 === stages.length) return;
    const downsample = `layers.${s}.downsample`;
    maker.norm(`${downsample}.norm`, 4 * width);
    maker.normal(`${downsample}.reduction.weight`, [2 * width, 4 * width], 0, 1 / Math.sqrt(4 * width));
    maker.alpha(`${downsample}.reduction`, 2 * width, 0.02);
    maker.alpha(`${downsample}.reduction.act`, 4 * width, 1);
  });
  const last = stages.at(-1)?.embedDim ?? embedDim;
  maker.norm('norm', last);
  maker.linear('head', numClasses, last);
}
