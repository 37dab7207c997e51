/** The ops of a model from image to logits, in the order of its forward. */
import { blockOps, mergingOps } from '@/models/accounting/block-ops';
import { heldCost, productCost, type OpCost } from '@/lib/accounting/op-cost';
import type { PartBits } from '@/lib/accounting/precision';
import { matrixHeld } from '@/lib/accounting/weights';
import { mlpHiddenSize, numClassTokens, numTokens, type DeitConfig, type ModelConfig } from '@/models/config';
import { QUANTIZATIONS } from '@/models/quantization';
import { swinStages, type SwinConfig } from '@/models/swin-config';

/**
 * @param config its quantization says what binary parts bring along; what is binary, `bits` alone says
 */
export function modelOps(config: ModelConfig, bits: PartBits): readonly OpCost[] {
  switch (config.architecture) {
    case 'deit':
      return deitOps(config, bits);
    case 'swin':
      return swinOps(config, bits);
  }
}

function deitOps(config: DeitConfig, bits: PartBits): readonly OpCost[] {
  const { embedDim, depth, numHeads, numClasses, distilled } = config;
  const quantization = QUANTIZATIONS[config.quantization];
  const tokens = numTokens(config);
  const size = { tokens, keys: tokens, embedDim, numHeads, hidden: mlpHiddenSize(config) };
  const heads = distilled ? ['head', 'headDist'] : ['head'];
  return [
    patchEmbedOp(config, bits),
    heldCost({ layer: null, name: 'tokens' }, numClassTokens(config) * embedDim),
    heldCost({ layer: null, name: 'posEmbed' }, tokens * embedDim),
    ...Array.from({ length: depth }, (_, i) => blockOps({ ...size, layer: `blocks.${i}` }, bits, quantization)).flat(),
    heldCost({ layer: null, name: 'norm' }, 2 * embedDim),
    ...heads.map((name) => headOp(name, embedDim, numClasses, bits)),
  ];
}

function swinOps(config: SwinConfig, bits: PartBits): readonly OpCost[] {
  const { embedDim, numClasses, mlpRatio } = config;
  // Swin has no norms on q and k.
  const quantization = { ...QUANTIZATIONS[config.quantization], qkNorm: false };
  const stages = swinStages(config);
  const inside = stages.flatMap((stage, s) => {
    const tokens = stage.gridSide ** 2;
    const hidden = mlpHiddenSize({ embedDim: stage.embedDim, mlpRatio });
    const blocks = Array.from({ length: stage.depth }, (_, b) => {
      const layer = `layers.${s}.blocks.${b}`;
      const bias = heldCost({ layer, name: 'attn.positionBias' }, (2 * stage.windowSize - 1) ** 2 * stage.numHeads);
      return [...blockOps({ ...stage, layer, tokens, keys: stage.windowSize ** 2, hidden }, bits, quantization), bias];
    }).flat();
    if (s + 1 === stages.length) return blocks;
    const merging = { layer: `layers.${s}.downsample`, tokens: tokens / 4, embedDim: stage.embedDim };
    return [...blocks, ...mergingOps(merging, bits, quantization)];
  });
  const width = stages.at(-1)?.embedDim ?? embedDim;
  return [
    patchEmbedOp(config, bits),
    heldCost({ layer: null, name: 'patchEmbed.norm' }, 2 * embedDim),
    ...inside,
    heldCost({ layer: null, name: 'norm' }, 2 * width),
    headOp('head', width, numClasses, bits),
  ];
}

/** A convolution whose kernel is its stride: a product for each patch. */
function patchEmbedOp({ imageSize, patchSize, inChannels, embedDim }: ModelConfig, bits: PartBits): OpCost {
  const size = { from: patchSize ** 2 * inChannels, to: embedDim };
  const macs = (imageSize / patchSize) ** 2 * size.from * size.to;
  return productCost(
    { layer: null, name: 'patchEmbed' },
    'patchEmbed',
    bits.patchEmbed,
    macs,
    matrixHeld(size, bits.patchEmbed, 'added'),
  );
}

function headOp(name: string, from: number, to: number, bits: PartBits): OpCost {
  return productCost(
    { layer: null, name },
    'heads',
    bits.heads,
    from * to,
    matrixHeld({ from, to }, bits.heads, 'added'),
  );
}
