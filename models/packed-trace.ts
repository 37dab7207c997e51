/** A trace without gradients, from the packed kernels. */
import { layoutKeys, layoutRows } from '@/lib/math/attention-layout';
import { tf } from '@/lib/tf';
import { imageBatch } from '@/models/image-batch';
import type { ModelConfig } from '@/models/architectures/configs';
import type { AttentionBlock } from '@/models/model';
import type { BlockView } from '@/lib/kernels/forward/run-context';
import type { PackedModel } from '@/models/packed-model';
import { headsFirst, tokensOfFirst, type LayerTrace, type Trace } from '@/models/trace';

/**
 * @param blocks those with attention, in order
 * @param image normalized, row-major [channels, size, size]
 */
export function tracePacked(
  config: ModelConfig,
  blocks: readonly AttentionBlock[],
  packed: PackedModel,
  image: Float32Array,
): Trace {
  const layers: LayerTrace[] = [];
  const block = (view: BlockView): void => {
    const seen = blocks[layers.length];
    if (seen?.name !== view.name) throw new Error(`the packed model ran ${view.name} out of order`);
    layers.push(layerOf(seen, view));
  };
  const logits = tf.tidy(() => Float32Array.from(packed.forward(imageBatch([image], config), { block }).dataSync()));
  return { config, numTokens: tokensOfFirst(layers), logits, layers, loss: null };
}

function layerOf({ attention: { heads, layout } }: AttentionBlock, view: BlockView): LayerTrace {
  const windows = layoutRows(layout) / layoutKeys(layout);
  const arranged = (values: Float32Array): Float32Array => headsFirst(values, windows, heads);
  return {
    heads,
    layout,
    q: null,
    k: null,
    v: null,
    quantizers: null,
    qBinary: arranged(view.qBinary),
    kBinary: arranged(view.kBinary),
    vBinary: arranged(view.vBinary),
    scores: arranged(view.scores),
    attention: arranged(view.attention),
    attentionBinary: arranged(view.attentionBinary),
    output: view.output,
    gradScores: null,
    gradAttention: null,
    gradAttentionBinary: null,
    gradQ: null,
    gradK: null,
    gradV: null,
  };
}
