/**
 * The ops of one transformer block, of DeiT or Swin: x += attn(norm1(x)); x += mlp(norm2(x)).
 *
 * They differ in how many keys a query sees: all N tokens, or those of its window.
 */
import { heldCost, productCost, type OpCost } from '@/lib/accounting/op-cost';
import type { PartBits } from '@/lib/accounting/precision';
import { addHeld, matrixHeld, realHeld, type Bias } from '@/lib/accounting/weights';
import type { Quantization } from '@/models/quantization';
import type { ActivationQuantization } from '@/models/quantization';

export interface BlockSize {
  /** `blocks.0` */
  readonly layer: string;
  /** N */
  readonly tokens: number;
  /** That each query sees. */
  readonly keys: number;
  /** C */
  readonly embedDim: number;
  readonly numHeads: number;
  /** Of the MLP. */
  readonly hidden: number;
}

/** Biases of binary block linears: FACTS 3 for the official ones; ours are trained without; after training they stay. */
const BINARY_BIAS: { readonly [Name in Quantization['name']]: Bias } = {
  none: 'added',
  'post-training': 'added',
  'bi-vit': 'idle',
  'bi-vit-elastic': 'none',
};

/** @param quantization what a binary part brings along: its own norms, scales and zero points */
export function blockOps(size: BlockSize, bits: PartBits, quantization: Quantization): readonly OpCost[] {
  const { layer, tokens, keys, embedDim, numHeads, hidden } = size;
  const bias = bits.linears === 1 ? BINARY_BIAS[quantization.name] : 'added';
  const linear = (name: string, from: number, to: number): OpCost =>
    productCost(
      { layer, name },
      'linears',
      bits.linears,
      tokens * from * to,
      matrixHeld({ from, to }, bits.linears, bias),
    );
  const product = (name: string, learned: number): OpCost =>
    productCost(
      { layer, name },
      'attention',
      bits.attention,
      tokens * keys * embedDim,
      realHeld(bits.attention === 1 ? learned : 0),
    );
  const { qkv, attention, qkNorm } = quantization;
  const qOrK = numHeads * learnedPerGroup(qkv) + (qkNorm ? 2 * (embedDim / numHeads) : 0);
  return [
    heldCost({ layer, name: 'norm1' }, 2 * embedDim),
    linear('attn.qkv', embedDim, 3 * embedDim),
    product('attn.qk', 2 * qOrK),
    product('attn.av', numHeads * (learnedPerGroup(qkv) + learnedPerGroup(attention))),
    linear('attn.proj', embedDim, embedDim),
    heldCost({ layer, name: 'norm2' }, 2 * embedDim),
    linear('mlp.fc1', embedDim, hidden),
    linear('mlp.fc2', hidden, embedDim),
  ];
}

export interface MergingSize {
  readonly layer: string;
  /** After merging. */
  readonly tokens: number;
  /** C before merging: [4C] goes in, [2C] comes out. */
  readonly embedDim: number;
}

/** The patch merging of Swin: a norm over the four neighbours, and a matrix without bias. */
export function mergingOps({ layer, tokens, embedDim }: MergingSize, bits: PartBits, { qkv }: Quantization): OpCost[] {
  const size = { from: 4 * embedDim, to: 2 * embedDim };
  const learned = qkv !== null;
  const channels = bits.patchMerging === 1 ? size.from * learnedPerGroup(qkv) : 0;
  const held = addHeld(matrixHeld(size, bits.patchMerging, 'none', learned), realHeld(channels));
  const macs = tokens * size.from * size.to;
  return [
    heldCost({ layer, name: 'norm' }, 2 * size.from),
    productCost({ layer, name: 'reduction' }, 'patchMerging', bits.patchMerging, macs, held),
  ];
}

/** An alpha, and a zero point where the quantizer has one; nothing is learned by one that is made after training. */
function learnedPerGroup(quantization: ActivationQuantization | null): number {
  switch (quantization?.kind) {
    case 'sign-alpha':
      return quantization.zeroPoint ? 2 : 1;
    case 'elastic':
      return 1;
    default:
      return 0;
  }
}

export interface PatchSizes {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly inChannels: number;
  readonly embedDim: number;
}

/** A convolution whose kernel is its stride: a product for each patch. */
export function patchEmbedOp({ imageSize, patchSize, inChannels, embedDim }: PatchSizes, bits: PartBits): OpCost {
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

export function headOp(name: string, from: number, to: number, bits: PartBits): OpCost {
  return productCost(
    { layer: null, name },
    'heads',
    bits.heads,
    from * to,
    matrixHeld({ from, to }, bits.heads, 'added'),
  );
}
