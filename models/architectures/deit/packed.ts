/** A binarized DeiT as numbers for the packed kernels. */
import type { ForwardSpec } from '@/lib/kernels/forward/spec';
import { tf } from '@/lib/tf';
import { numTokens, type DeitConfig } from '@/models/architectures/deit/config';
import type { DeitEmbedding, DeitLayers } from '@/models/architectures/deit/deit';
import { blockSpec, patchSpec } from '@/models/packed-block';
import { floats, normSpec } from '@/models/packed-layers';
import type { Quantization } from '@/models/quantization';

/** @throws PackedUnavailableError */
export function deitSpec(
  { embedding, blocks, classifier }: DeitLayers,
  config: DeitConfig,
  { geluClip }: Quantization,
): ForwardSpec {
  const tokens = numTokens(config);
  const heads = classifier.heads.map((head) => {
    if (head.kind !== 'real') throw new Error('the classifier of a DeiT is real-valued');
    return { weight: floats(head.weight), bias: floats(head.bias) };
  });
  return {
    parts: blocks.map((block) => blockSpec(block, { windows: 1, tokens, order: null, bias: null }, geluClip)),
    embed: embedSpec(embedding, config),
    classify: { norm: normSpec(classifier.norm), pooled: false, heads, classes: config.numClasses },
  };
}

function embedSpec({ patchEmbed, classTokens, posEmbed }: DeitEmbedding, config: DeitConfig): ForwardSpec['embed'] {
  const [, tokens, width] = posEmbed.shape;
  const first = classTokens.length;
  const classPositions = tf.slice(posEmbed, [0, 0, 0], [1, first, width]);
  return {
    ...patchSpec(patchEmbed, config),
    first: floats(tf.add(tf.concat([...classTokens], 1), classPositions)),
    positions: floats(tf.slice(posEmbed, [0, first, 0], [1, tokens - first, width])),
    norm: null,
  };
}
