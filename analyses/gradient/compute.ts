/** How much of the loss's gradient gets through each head of each model. */
import { register, type Compute } from '@/engine/compute';
import type { MemberId } from '@/models/families/family';
import { GRADIENTS, type ModelGradients } from '@/analyses/gradient/protocol';
import { matrixRow } from '@/lib/math/number-row';
import { headFlow } from '@/lib/metrics/gradient-flow';
import { quantizerWindow } from '@/lib/metrics/quantizer-window';
import type { HeadFlow } from '@/lib/metrics/gradient-flow';
import type { Trace } from '@/engine/protocol';
import type { LayerTrace } from '@/models/trace';

/** A trace with gradients of every loaded model, and what its heads let through. The loss is a cross-entropy. */
export const analyzeGradients: Compute<typeof GRADIENTS> = async ({ target }, { modelIds, trace, step }) => {
  const models: { [id: MemberId]: ModelGradients } = {};
  for (const [done, id] of modelIds.entries()) {
    // No partial results: their arrays would be transferred, and are still needed here.
    await step({ what: `gradients of ${id}`, done, total: modelIds.length, partial: null });
    const traced = await trace(id, { gradients: true, loss: 'cross-entropy', lossClass: target });
    if (traced.loss === null) throw new Error('A trace with gradients states its loss.');
    models[id] = { loss: traced.loss, trace: traced, flow: flowOf(traced) };
  }
  return { models };
};

export const gradientsCompute = register(GRADIENTS, analyzeGradients);

/** @throws RangeError for a trace without gradients */
export function flowOf({ layers }: Trace): readonly (readonly HeadFlow[])[] {
  return layers.map((layer) => {
    const { heads } = layer;
    return Array.from({ length: heads }, (_, head) => flowOfHead(layer, head, heads));
  }); // [L][H]
}

function flowOfHead(layer: LayerTrace, head: number, heads: number): HeadFlow {
  const of = (values: Float32Array) => matrixRow(values, values.length / heads, head);
  const known = (values: Float32Array | null) => {
    if (values === null) throw new RangeError('a trace without gradients has no flow');
    return of(values);
  };
  const { quantizers, attention, attentionBinary, gradAttentionBinary } = layer;
  if (quantizers === null) throw new RangeError('a trace without gradients has no flow');
  return headFlow({
    inputs: { q: known(layer.q), k: known(layer.k), v: known(layer.v), attention: of(attention) },
    windows: {
      q: quantizerWindow(quantizers.q, head),
      k: quantizerWindow(quantizers.k, head),
      v: quantizerWindow(quantizers.v, head),
      attention: quantizerWindow(quantizers.attention, head),
    },
    gradScores: known(layer.gradScores),
    gradAttention: known(layer.gradAttention),
    gradAttentionBinary: attentionBinary === null ? null : known(gradAttentionBinary),
    gradQ: known(layer.gradQ),
  });
}
