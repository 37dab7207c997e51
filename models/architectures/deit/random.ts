/** A DeiT's tensors made up from a seed. */
import { numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import { mlpHiddenSize } from '@/models/architectures/sizes';
import type { RandomTensors } from '@/models/random-tensors';

export function randomDeit(maker: RandomTensors, config: DeitConfig): void {
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
