/** A binarized Swin as numbers for the packed kernels. */
import type { ForwardSpec, MergeSpec } from '@/lib/kernels/forward/spec';
import { layoutKeys, layoutRows, tokensOfRows } from '@/lib/math/attention-layout';
import { signTensor } from '@/lib/quantizers/sign';
import { tf } from '@/lib/tf';
import type { SwinConfig } from '@/models/architectures/swin/config';
import type { Quantization } from '@/models/quantization';
import type { PatchMerging } from '@/models/layers/patch-merging';
import { neighbourOrder, positionBias } from '@/models/layers/window';
import { blockSpec, patchSpec, type AttentionView } from '@/models/packed-block';
import { floats, normSpec, signAlphas } from '@/models/packed-layers';
import { PackedUnavailableError } from '@/models/packed-model';
import type { SwinBlock, SwinLayers } from '@/models/architectures/swin/swin';

/** @throws PackedUnavailableError */
export function swinSpec(
  { embedding, parts, classifier }: SwinLayers,
  config: SwinConfig,
  { geluClip }: Quantization,
): ForwardSpec {
  const { norm, head } = classifier;
  if (head.kind !== 'real') throw new Error('the classifier of a Swin is real-valued');
  return {
    parts: parts.map((part) =>
      part.kind === 'merge' ? mergeSpec(part.name, part.merging) : blockSpec(part.block, viewOf(part.block), geluClip),
    ),
    embed: {
      ...patchSpec(embedding.patchEmbed, config),
      first: new Float32Array(0),
      positions: null,
      norm: normSpec(embedding.norm),
    },
    classify: {
      norm: normSpec(norm),
      pooled: true,
      heads: [{ weight: floats(head.weight), bias: floats(head.bias) }],
      classes: config.numClasses,
    },
  };
}

function viewOf({ layout, biasTable, biasRows, mask }: SwinBlock): AttentionView {
  const tokens = layoutKeys(layout);
  const bias = positionBias(biasTable, biasRows); // [1, H, n, n]
  return {
    windows: layoutRows(layout) / tokens,
    tokens,
    order: tokensOfRows(layout),
    bias: floats(mask === null ? bias : tf.add(mask, bias)),
  };
}

function mergeSpec(name: string, { gridSide, norm, weight, quantizer }: PatchMerging): MergeSpec {
  if (quantizer === null) throw new PackedUnavailableError('Its patch merging is real-valued.');
  if (quantizer.signOfZero !== 1) {
    throw new PackedUnavailableError('Its sign has a third level, sign(0) = 0, which a bit cannot hold.');
  }
  const [outputs, depth] = weight.shape;
  return {
    kind: 'merge',
    name,
    order: neighbourOrder(gridSide),
    norm: normSpec(norm),
    alpha: signAlphas(quantizer.act),
    weight: { signs: floats(signTensor(weight, 1)), outputs, depth },
    scale: floats(quantizer.alpha),
  };
}
