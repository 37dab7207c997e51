/** The ops that DeiT and Swin share: blocks, x += attn(norm1(x)); x += mlp(norm2(x)), patch embedding, patch merging and heads. */
import {
  matrixWeights,
  parameterCost,
  productCost,
  realWeights,
  type Bias,
  type OpCost,
} from '@/lib/accounting/op-cost';
import type { CostPart, PartBits } from '@/lib/accounting/precision';
import type { CommonConfig } from '@/models/architectures/common-config';
import type { ActivationQuantization, Quantization } from '@/models/quantization';

interface BlockSize {
  /** `blocks.0` */
  readonly layer: string;
  /** N */
  readonly tokens: number;
  /** Per query: all tokens, or those of its window. */
  readonly keys: number;
  /** C */
  readonly embedDim: number;
  readonly numHeads: number;
  /** Of the MLP. */
  readonly hidden: number;
}

/** Biases of binary linears: FACTS 3 for the official ones; ours are trained without; post-training keeps them. */
const BINARY_BIAS: { readonly [Name in Quantization['name']]: Bias } = {
  none: 'added',
  'post-training': 'added',
  'bi-vit': 'idle',
  'bi-vit-elastic': 'none',
};

/** @param quantization the norms, scales and zero points that binary parts have */
export function blockOps(size: BlockSize, bits: PartBits, quantization: Quantization): readonly OpCost[] {
  const { layer, tokens, keys, embedDim, numHeads, hidden } = size;
  const bias = bits.linears === 1 ? BINARY_BIAS[quantization.name] : 'added';
  const linear = (name: string, from: number, to: number): OpCost =>
    linearOp(layer, name, 'linears', bits, tokens, from, to, bias);
  const product = (name: string, learned: number): OpCost => {
    const weights = realWeights(bits.attention === 1 ? learned : 0);
    return productCost({ layer, name }, 'attention', bits.attention, tokens * keys * embedDim, weights);
  };
  const { qkv, attention, qkNorm } = quantization;
  const qOrK = numHeads * learnedPerGroup(qkv) + (qkNorm ? 2 * (embedDim / numHeads) : 0);
  return [
    parameterCost({ layer, name: 'norm1' }, 2 * embedDim),
    linear('attn.qkv', embedDim, 3 * embedDim),
    product('attn.qk', 2 * qOrK),
    product('attn.av', numHeads * (learnedPerGroup(qkv) + learnedPerGroup(attention))),
    linear('attn.proj', embedDim, embedDim),
    parameterCost({ layer, name: 'norm2' }, 2 * embedDim),
    linear('mlp.fc1', embedDim, hidden),
    linear('mlp.fc2', hidden, embedDim),
  ];
}

/**
 * A norm over the four neighbours, and a matrix without bias.
 *
 * @param tokens after merging
 * @param embedDim C before merging: 4C goes in, 2C comes out
 */
export function mergingOps(
  layer: string,
  tokens: number,
  embedDim: number,
  bits: PartBits,
  { qkv }: Quantization,
): readonly OpCost[] {
  const [from, to] = [4 * embedDim, 2 * embedDim];
  const matrix = matrixWeights(from, to, bits.patchMerging, 'none', qkv !== null);
  const learned = realWeights(bits.patchMerging === 1 ? from * learnedPerGroup(qkv) : 0);
  const weights = { parameters: matrix.parameters + learned.parameters, bytes: matrix.bytes + learned.bytes };
  return [
    parameterCost({ layer, name: 'norm' }, 2 * from),
    productCost({ layer, name: 'reduction' }, 'patchMerging', bits.patchMerging, tokens * from * to, weights),
  ];
}

/** An alpha, and a zero point where the quantizer has one; post-training quantizers learn nothing. */
function learnedPerGroup(quantization: ActivationQuantization | null): number {
  if (quantization?.kind === 'sign-alpha') return quantization.zeroPoint ? 2 : 1;
  return quantization?.kind === 'elastic' ? 1 : 0;
}

/** A convolution with its kernel size as stride: a product for each patch. */
export function patchEmbedOp({ imageSize, patchSize, inChannels, embedDim }: CommonConfig, bits: PartBits): OpCost {
  const patches = (imageSize / patchSize) ** 2;
  return linearOp(null, 'patchEmbed', 'patchEmbed', bits, patches, patchSize ** 2 * inChannels, embedDim);
}

export function headOp(name: string, from: number, to: number, bits: PartBits): OpCost {
  return linearOp(null, name, 'heads', bits, 1, from, to);
}

function linearOp(
  layer: string | null,
  name: string,
  part: CostPart,
  { [part]: bits }: PartBits,
  rows: number,
  from: number,
  to: number,
  bias: Bias = 'added',
): OpCost {
  return productCost({ layer, name }, part, bits, rows * from * to, matrixWeights(from, to, bits, bias));
}
