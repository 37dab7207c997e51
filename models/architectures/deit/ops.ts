/** The ops of a DeiT from image to logits, in the order of its forward. */
import { parameterCost, type OpCost } from '@/lib/accounting/op-cost';
import type { PartBits } from '@/lib/accounting/precision';
import { blockOps, headOp, patchEmbedOp } from '@/models/accounting/block-ops';
import { numClassTokens, numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import { mlpHiddenSize } from '@/models/architectures/mlp-size';
import { QUANTIZATIONS } from '@/models/quantization';

/** @param config its quantization gives the norms, scales and zero points of binary parts; `bits` says which parts are binary */
export function deitOps(config: DeitConfig, bits: PartBits): readonly OpCost[] {
  const { embedDim, depth, numHeads, numClasses, distilled } = config;
  const quantization = QUANTIZATIONS[config.quantization];
  const tokens = numTokens(config);
  const size = { tokens, keys: tokens, embedDim, numHeads, hidden: mlpHiddenSize(config) };
  const heads = distilled ? ['head', 'headDist'] : ['head'];
  return [
    patchEmbedOp(config, bits),
    parameterCost({ layer: null, name: 'tokens' }, numClassTokens(config) * embedDim),
    parameterCost({ layer: null, name: 'posEmbed' }, tokens * embedDim),
    ...Array.from({ length: depth }, (_, i) => blockOps({ ...size, layer: `blocks.${i}` }, bits, quantization)).flat(),
    parameterCost({ layer: null, name: 'norm' }, 2 * embedDim),
    ...heads.map((name) => headOp(name, embedDim, numClasses, bits)),
  ];
}
