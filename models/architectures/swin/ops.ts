/** The ops of a Swin from image to logits, in the order of its forward. */
import { parameterCost, type OpCost } from '@/lib/accounting/op-cost';
import type { PartBits } from '@/lib/accounting/precision';
import { blockOps, headOp, mergingOps, patchEmbedOp } from '@/models/accounting/block-ops';
import { mlpHiddenSize } from '@/models/architectures/mlp-size';
import { swinStages, type SwinConfig } from '@/models/architectures/swin/config';
import { QUANTIZATIONS } from '@/models/quantization';

/** @param config its quantization gives the norms, scales and zero points of binary parts; `bits` says which parts are binary */
export function swinOps(config: SwinConfig, bits: PartBits): readonly OpCost[] {
  const { embedDim, numClasses, mlpRatio } = config;
  // Swin has no norms on q and k.
  const quantization = { ...QUANTIZATIONS[config.quantization], qkNorm: false };
  const stages = swinStages(config);
  const inside = stages.flatMap((stage, s) => {
    const tokens = stage.gridSide ** 2;
    const hidden = mlpHiddenSize({ embedDim: stage.embedDim, mlpRatio });
    const blocks = Array.from({ length: stage.depth }, (_, b) => {
      const layer = `layers.${s}.blocks.${b}`;
      const bias = parameterCost(
        { layer, name: 'attn.positionBias' },
        (2 * stage.windowSize - 1) ** 2 * stage.numHeads,
      );
      return [...blockOps({ ...stage, layer, tokens, keys: stage.windowSize ** 2, hidden }, bits, quantization), bias];
    }).flat();
    if (s + 1 === stages.length) return blocks;
    return [...blocks, ...mergingOps(`layers.${s}.downsample`, tokens / 4, stage.embedDim, bits, quantization)];
  });
  const width = stages.at(-1)?.embedDim ?? embedDim;
  return [
    patchEmbedOp(config, bits),
    parameterCost({ layer: null, name: 'patchEmbed.norm' }, 2 * embedDim),
    ...inside,
    parameterCost({ layer: null, name: 'norm' }, 2 * width),
    headOp('head', width, numClasses, bits),
  ];
}
