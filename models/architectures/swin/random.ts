/** A Swin's tensors made up from a seed. */
import { mlpHiddenSize } from '@/models/architectures/sizes';
import { swinStages, type SwinConfig } from '@/models/architectures/swin/config';
import type { RandomTensors } from '@/models/random-tensors';

export function randomSwin(maker: RandomTensors, config: SwinConfig): void {
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
