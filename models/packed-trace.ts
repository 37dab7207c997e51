/** A trace without gradients, from the packed kernels. */
import { tf } from '@/lib/tf';
import { numTokens, type DeitConfig } from '@/models/config';
import type { BlockView, PackedModel } from '@/models/packed';
import type { LayerTrace, Trace } from '@/models/trace';

/** @param image normalized, row-major [channels, size, size] */
export function tracePacked(config: DeitConfig, packed: PackedModel, image: Float32Array): Trace {
  const layers: LayerTrace[] = [];
  const block = (view: BlockView): void => void layers.push(layerOf(view));
  const { inChannels, imageSize } = config;
  const logits = tf.tidy(() => {
    const input = tf.tensor4d(image, [1, inChannels, imageSize, imageSize]);
    return Float32Array.from(packed.forward(input, { block }).dataSync());
  });
  return { config, numTokens: numTokens(config), logits, layers, loss: null };
}

function layerOf({ qBinary, kBinary, vBinary, scores, attention, attentionBinary, output }: BlockView): LayerTrace {
  const seen = { qBinary, kBinary, vBinary, scores, attention, attentionBinary, output };
  const notAsked = { q: null, k: null, v: null, quantizers: null };
  const noGradients = { gradScores: null, gradAttention: null, gradAttentionBinary: null };
  return { ...notAsked, ...seen, ...noGradients, gradQ: null, gradK: null, gradV: null };
}
